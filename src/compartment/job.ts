/**
 * What a process is to do once it has become the guest's. It is told in variables.
 *
 * @module
 */
import type { Grant } from "../grant/grant.ts";
import type { PlainSpec } from "./spec.ts";

/** What the program is called with, in JSON: `{spec, words, env}`. Long ones are told in several variables. */
export const JOB = "AIRLOCK_JOB";

/** Linux takes no variable of more than 128 KiB; a character may take three bytes. */
const LONGEST = 40_000;

/** What a process is to do once it has become the guest's. */
export interface Job {
  /** The words of the command line. */
  readonly words: readonly string[];
  /** The variables that the guest sees. */
  readonly env: Grant["env"];
}

/** The same, with the guest that it is to be done for. */
export type Told = Job & { readonly spec: PlainSpec };

/** The variables that tell a process its job. */
export function jobVariables(told: Told): Record<string, string> {
  const pieces = JSON.stringify(told).match(new RegExp(`.{1,${LONGEST}}`, "gsu")) ?? [];
  return Object.fromEntries(pieces.map((piece, i) => [i === 0 ? JOB : `${JOB}_${i}`, piece]));
}

/** The job, in the process that was told it. */
export function readJob(): Told {
  let text = Deno.env.get(JOB) ?? "";
  for (let i = 1;; i++) {
    // What was not told may not be asked for.
    const { state } = Deno.permissions.querySync({ name: "env", variable: `${JOB}_${i}` });
    const piece = state === "granted" ? Deno.env.get(`${JOB}_${i}`) : undefined;
    if (piece === undefined) return JSON.parse(text);
    text += piece;
  }
}
