/**
 * One call of a guest in this process, as `run` and `exec` make it.
 *
 * @module
 */
import { type CallOptions, Guest } from "../compartment/guest.ts";
import { readJob } from "../compartment/job.ts";
import { type GuestSpec, specOf } from "../compartment/spec.ts";
import type { Grant } from "../grant/grant.ts";
import { report } from "./exit_code.ts";
import { printResult, readArguments } from "./result.ts";

/**
 * Does the job that this process was told, and returns the exit code.
 *
 * @param prepare What is left to do once this process knows its guest, before anything of that is loaded.
 */
export async function runJob(
  prepare: (spec: GuestSpec) => Promise<GuestSpec> = (spec) => Promise.resolve(spec),
): Promise<number> {
  try {
    const { spec, words, env } = readJob();
    return await callGuest(await Guest.load(await prepare(specOf(spec))), words, env);
  } catch (error) {
    return report(error);
  }
}

/**
 * Calls a guest and prints its result.
 *
 * @param words The words of the command line: the program's arguments, or one for each parameter.
 * @param env The variables that the guest sees.
 * @param audit Told of each capability that is used or refused, if anybody is.
 * @returns The exit code.
 */
export async function callGuest(
  guest: Guest,
  words: readonly string[],
  env: Grant["env"],
  audit?: CallOptions["audit"],
): Promise<number> {
  const args = guest.isProgram ? [] : readArguments(guest.method, words);
  return await printResult(guest.method.type, guest.call(args, { stdio: {}, args: words, env, audit }));
}
