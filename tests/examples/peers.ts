/** What a README starts in another terminal, before its transcripts: blocks of `sh`. */
import assert from "node:assert/strict";
import { Staged } from "../cli/compile_support.ts";
import { Service } from "../cli/serve_support.ts";
import { assertOutcome, repository } from "../support/airlock.ts";
import { redisServer } from "../support/servers.ts";
import type { Block } from "../support/transcript.ts";
import type { Replacements } from "./workplace.ts";

/** The commands of one example's `sh` blocks, under way. */
export interface Peers extends AsyncDisposable {
  /** The addresses that they have in the README, and those that they have here: any that were free. */
  readonly addresses: Replacements;
  /** What is not installed. */
  readonly missing: string | undefined;
}

/** Starts what a README starts. A command that is none of those below fails, since it would not be tested. */
export async function startPeers(blocks: readonly Block[]): Promise<Peers> {
  await using started = new AsyncDisposableStack();
  const addresses = new Map<string, string>();
  let missing: string | undefined;
  for (const words of commandsOf(blocks)) {
    const command = words.join(" ");
    if (command.startsWith("deno run -A main.ts serve ")) {
      const { url } = started.use(await Service.start(words.slice(5)));
      addresses.set("127.0.0.1:8080", new URL(url).host);
    } else if (command === "redis-server --port 6379") {
      const redis = await redisServer();
      if (redis === undefined) missing = "redis-server";
      else addresses.set("127.0.0.1:6379", `127.0.0.1:${started.use(redis).port}`);
    } else if (!/^(deno run -A main\.ts compile |\.\/)/.test(command)) {
      assert.fail(`no test knows how to run ${command}`);
    }
  }
  const all = started.move();
  return { addresses, missing, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/**
 * Compiles what a README compiles, and runs it as the README does: as a folder, with the permissions of the binary, since
 * making a binary takes a base of it from elsewhere. Tells how many runs there were.
 */
export async function runCompiled(blocks: readonly Block[]): Promise<number> {
  await using made = new AsyncDisposableStack();
  const programs = new Map<string, Staged>();
  let runs = 0;
  for (const words of commandsOf(blocks)) {
    const output = words.indexOf("-o");
    if (words[4] === "compile" && output > 0) {
      const staged = await Staged.of(words.slice(5).toSpliced(output - 5, 2));
      programs.set(`./${words[output + 1]}`, made.use(staged));
    }
    const program = programs.get(words[0]!);
    if (program === undefined) continue;
    const outcome = await program.run(words.slice(1), { cwd: repository });
    assertOutcome(outcome, { stdout: /./ });
    runs++;
  }
  return runs;
}

/** The commands of `sh` blocks, without what is said about them. None has quotes. */
function commandsOf(blocks: readonly Block[]): string[][] {
  return blocks.filter(({ language }) => language === "sh").flatMap(({ text }) => text.trim().split("\n"))
    .map((line) => line.replace(/\s+#.*$/, "").split(" "));
}
