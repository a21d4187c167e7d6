/** Runs the link's column: guests in a process that may do everything, with no other wall. */
import { airlock, type Outcome } from "../support/airlock.ts";
import { pathOf } from "../guests/run.ts";
import type { GuestAttempt, World } from "./act.ts";
import { acts } from "./acts.ts";
import type { Result } from "./child.ts";
import { linkOf } from "./link_acts.ts";
import { makeWorld } from "./world.ts";

/** Whether guests get what the world grants, or each what it takes. */
export type Grant = "world" | "whatever";

/** The results of both worlds, in the order of the table. */
export async function runLink(grant: Grant): Promise<Result[]> {
  const of = { files: await runWorld("files", grant), network: await runWorld("network", grant) };
  return acts.map(({ act, world = "files" }) => of[world].get(act)!);
}

async function runWorld(kind: "files" | "network", grant: Grant): Promise<Map<string, Result>> {
  await using living = await makeWorld();
  const { world } = living;
  const results = new Map<string, Result>();
  const rows = acts.filter((row) => (row.world ?? "files") === kind).map(({ act }) => ({
    act,
    ...linkOf(act),
  }));
  const together: { act: string; words: readonly string[] }[] = [];
  for (const row of rows) {
    if ("absent" in row) {
      results.set(row.act, {
        act: row.act,
        outcome: "absent",
        detail: `no function of WASI has such a name: ${row.absent}`,
      });
    } else if (row.attempt.guest === "race") {
      together.push({ act: row.act, words: row.attempt.words(world) });
    } else {
      const options = grant === "world" ? optionsOf(kind, world) : row.attempt.grantedBy!(world);
      results.set(row.act, await tryOne(row.act, row.attempt, world, options));
    }
  }
  const options = grant === "world" ? optionsOf(kind, world) : ["--dir", "/::/", "--allow-system"];
  for (const result of await tryFiles(together, options)) results.set(result.act, result);
  return results;
}

/** The options of `exec` for the same as the other walls leave: one mount to write to and one to read, or both to read and one host. */
export function optionsOf(kind: "files" | "network", { mount, readOnly, granted }: World): string[] {
  const files = kind === "files";
  return [
    ...["--dir", `${mount}::${mount}${files ? "" : ":ro"}`, "--dir", `${readOnly}::${readOnly}:ro`],
    ...files ? [] : ["--net", `127.0.0.1:${granted}`, "--net", `localhost:${granted}`, "--net-private"],
  ];
}

function exec(guest: string, options: readonly string[], words: readonly string[]): Promise<Outcome> {
  return airlock(["exec", pathOf(guest), "--isolation", "inline", ...options, "--", ...words]);
}

async function tryOne(
  act: string,
  { guest, words, done = /^(.*: ok\n)+$/ }: GuestAttempt,
  world: World,
  options: readonly string[],
): Promise<Result> {
  const { stdout, stderr } = await exec(guest, options, words(world));
  return { act, outcome: done.test(stdout) ? "done" : "refused", detail: (stdout + stderr).slice(-200) };
}

/** Acts on files are tried by one process, one after the other: a line comes of each word. */
async function tryFiles(
  rows: readonly { readonly act: string; readonly words: readonly string[] }[],
  options: readonly string[],
): Promise<Result[]> {
  const words = rows.flatMap((row) => row.words);
  if (words.length === 0) return [];
  const { code, stdout, stderr } = await exec("race", options, words);
  const lines = stdout.trimEnd().split("\n");
  if (code !== 0 || lines.length !== words.length) throw new Error(`the guest broke off: ${stderr}${stdout}`);
  return rows.map(({ act, words }) => {
    const own = lines.splice(0, words.length).map((line) => line.slice(line.lastIndexOf(": ") + 2));
    return { act, outcome: own.every((line) => line === "ok") ? "done" : "refused", detail: own.join(", ") };
  });
}
