/**
 * The same window for guests: a directory and a link are swapped under the path that a guest opens, all walls around it.
 * By the link alone it is not held: of 300,000 opens in a process that may do everything, 25 led to the secret.
 */
import assert from "node:assert/strict";
import { commandLine, environment, repository } from "../support/airlock.ts";
import { pathOf } from "../guests/run.ts";
import { withSwaps } from "./swaps.ts";

/** How many opens: a million are tried before releases. */
const TRIES = Number(Deno.env.get("AIRLOCK_RACE") ?? 20_000);

Deno.test({
  name: `a guest in its process opens a path ${
    TRIES.toLocaleString("en")
  } times while it is swapped, and sees no secret`,
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withSwaps(async (mount, canary) => {
      const { counts, seconds } = await race(mount, TRIES);
      console.log(`race: ${JSON.stringify(counts)} in ${seconds.toFixed(1)} s`);
      assert.equal(Object.values(counts).reduce((sum, count) => sum + count, 0), TRIES);
      assert.equal(counts[canary], undefined);
      assert.ok((counts["granted"] ?? 0) > 0, "the way was open sometimes");
      assert.ok((counts["EPERM"] ?? 0) > 0, "and there was the link sometimes");
    }),
});

/** How often the guest came to what: texts, and names of errno. */
async function race(
  mount: string,
  tries: number,
): Promise<{ counts: Record<string, number>; seconds: number }> {
  const words = [`race=${tries}:/box/swapped/file`];
  const [program, ...args] = commandLine([
    ...["exec", pathOf("race"), "--isolation", "process", "--dir", `${mount}::/box`, "--", ...words],
  ]);
  const start = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(program!, {
    args,
    cwd: repository,
    clearEnv: true,
    env: environment(),
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  assert.ok(success, text.decode(stderr));
  const counts = [...text.decode(stdout).matchAll(/ (\d+) ([^,]+),/g)].map((
    [, count, what],
  ) => [what!, Number(count)]);
  return { counts: Object.fromEntries(counts), seconds: (performance.now() - start) / 1000 };
}
