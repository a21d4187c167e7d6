/**
 * Errors → exit codes and the lines that explain them.
 *
 * @module
 */
import { note } from "./output.ts";

/** Wrong usage of the command line. */
export class UsageError extends Error {
  /** Always `UsageError`. */
  override readonly name = "UsageError";
  /** Always `usage`. */
  readonly code = "usage";
}

/** Errors that mean nothing of the guest ran: its declaration, its file or the call was wrong. */
const BEFORE: ReadonlySet<string> = new Set([
  "ArgumentError",
  "ConfigError",
  "DecodeError",
  "EntryError",
  "EnvironmentError",
  "IntegrityError",
  "LinkError",
  "ListenError",
  "MethodError",
  "NotCapable",
  "NotFound",
  "ScopeError",
  "UnsupportedError",
  "UsageError",
  "WatError",
  "WitError",
]);

/** As `timeout` of the GNU core utilities has it. */
const TIME_IS_UP = 124;

/**
 * Says on stderr what went wrong and returns the exit code: the guest's own, 1 for a trap or refused
 * capability, 2 for wrong usage, configuration or integrity, 124 where its time was up.
 */
export function report(error: unknown): number {
  if (!(error instanceof Error)) {
    note(`airlock: ${String(error)}`);
    return 1;
  }
  if (error.name === "ExitError" && "exitCode" in error) return error.exitCode as number;
  if (error.name === "ConfigError") note(error.message);
  else if (error.name === "UsageError") note(`airlock: ${error.message}`);
  else note(`airlock: ${error.name}: ${error.message}`);
  const frames = (error as { frames?: readonly string[] }).frames;
  for (const frame of frames ?? []) note(`    at ${frame}`);
  if (error.name === "LimitError" && "limit" in error && error.limit === "max_execution_ms") {
    return TIME_IS_UP;
  }
  return BEFORE.has(error.name) ? 2 : 1;
}
