/**
 * Which process a guest runs in.
 *
 * @module
 */
import type { Grant } from "../grant/grant.ts";
import { scopeOf } from "../scope/mod.ts";
import { UnsupportedError } from "./error.ts";

/** `inline`: this process. `process`: one that can do what the grant says and nothing else. */
export type Isolation = "inline" | "process";

/** What a declaration says of it. */
export interface Wanted {
  /** The declared kind. */
  readonly isolation: "auto" | Isolation;
  /** What the guest may touch. */
  readonly grant: Grant;
  /** The longest that a call may take. */
  readonly maxExecutionMs: number | undefined;
  /** The walls that it insists on. */
  readonly require?: readonly ("deno" | "os")[] | undefined;
  /** Who asks, for messages. */
  readonly of: string;
}

/**
 * Decides. `auto` is this process only where it can do no more than the guest is granted.
 *
 * @throws {UnsupportedError} If a limit is declared that this process could not hold.
 */
export function isolationOf({ isolation, grant, maxExecutionMs, require = [], of }: Wanted): Isolation {
  if (isolation === "inline" && maxExecutionMs !== undefined) {
    throw new UnsupportedError(
      `${of}: limits.max_execution_ms and isolation: inline exclude each other: only a process of the guest's own ` +
        "can be stopped while it computes",
    );
  }
  if (isolation !== "auto") return isolation;
  return maxExecutionMs !== undefined || require.length > 0 || widerThan(grant).length > 0
    ? "process"
    : "inline";
}

/**
 * The kinds of permission that this process has without any bound, and that a grant does not ask for so.
 *
 * Deno tells whether something is allowed, and never the list of what is: a process that was started with lists counts
 * as made for what it runs.
 */
function widerThan(grant: Grant): string[] {
  const net = scopeOf(grant).net === true ? [] : ["net" as const];
  return (["read", "write", ...net, "env", "run", "ffi", "sys"] as const).filter((name) =>
    Deno.permissions.querySync({ name }).state === "granted"
  );
}
