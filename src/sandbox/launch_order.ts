/**
 * What a host tells the program that becomes its child.
 *
 * @module
 */
import type { Life } from "./confine.ts";
import type { Confinement } from "./confinement.ts";
import type { Starting } from "./runtime_paths.ts";

/** The exit code of a child that never was: its fence could not be raised. */
export const LAUNCH_FAILED = 125;

/** What stands before the names of the child's variables while they are the launcher's, whose own are the host's. */
export const CHILD_VARIABLE = "AIRLOCK_CHILD_";

/** An order to confine oneself and become another program. */
export interface Order {
  /** What remains allowed. */
  readonly confinement: Confinement;
  /** If the program is Deno: what it starts, for what it must read and execute itself. */
  readonly start?: Starting | undefined;
  /** What to become, with the variables that were meant for it. Without it, the order is to print the report. */
  readonly program?: { readonly path: string; readonly args: readonly string[] } | undefined;
  /** How long the child may live, counted from its start. */
  readonly life?: Life | undefined;
  /** Whether a part of the wall that is not available is a reason not to start. */
  readonly whole: boolean;
}
