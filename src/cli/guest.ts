/**
 * The program of a process that has nothing but what one guest was granted. It is bundled into one file
 * (`deno task bundle`), so that the kernel has to let it read no other of Airlock's.
 *
 * @module
 */
import { type Job, jobText } from "../compartment/become.ts";
import { serveChannel } from "../compartment/child.ts";
import { Guest } from "../compartment/guest.ts";
import { type PlainSpec, specOf } from "../compartment/spec.ts";
import type { Grant } from "../grant/grant.ts";
import { report } from "./exit_code.ts";
import { printResult, readArguments } from "./result.ts";

type Told = Job & { readonly spec: PlainSpec };

/** Calls a guest once, as `run` and `exec` do, in this process. */
async function run(): Promise<number> {
  try {
    const { spec, words, env }: Told = JSON.parse(jobText());
    return await callGuest(await Guest.load(specOf(spec)), words, env);
  } catch (error) {
    return report(error);
  }
}

/**
 * Calls a guest and prints its result.
 *
 * @param words The words of the command line: the program's arguments, or one for each parameter.
 * @param env The variables that the guest sees.
 * @returns The exit code.
 */
export async function callGuest(guest: Guest, words: readonly string[], env: Grant["env"]): Promise<number> {
  const args = guest.isProgram ? [] : readArguments(guest.method, words);
  return await printResult(guest.method.type, guest.call(args, { stdio: {}, args: words, env }));
}

if (import.meta.main) {
  if (Deno.args[0] === "channel") await serveChannel();
  // Not by letting the event loop run dry: a guest that has ended may have left a read of stdin behind.
  else Deno.exit(await run());
}
