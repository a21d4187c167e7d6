/**
 * Errors, as events tell of them.
 *
 * @module
 */
import type { EventError } from "./events_types.ts";

/** What is told of an error. */
export function eventError(error: unknown): EventError {
  if (!(error instanceof Error)) {
    return Object.freeze({ name: "Error", code: undefined, message: String(error) });
  }
  const { name, message } = error;
  const { code } = error as { readonly code?: unknown };
  const known = typeof code === "string" || typeof code === "number" ? code : undefined;
  return Object.freeze({ name, code: known, message });
}
