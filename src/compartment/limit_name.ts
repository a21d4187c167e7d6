/**
 * Limits by the names that declarations have for them.
 *
 * @module
 */
import { LimitError } from "../component/error.ts";

/** What the engine calls an option, and `limits` of an entry calls the same. */
const DECLARED: Readonly<Record<string, string>> = { maxMemoryBytes: "max_memory_bytes" };

/** Has an error name a limit as an entry declares it: who wrote the file knows no other name. */
export function nameAsDeclared(error: unknown): void {
  if (!(error instanceof LimitError)) return;
  const name = Object.hasOwn(DECLARED, error.limit) ? DECLARED[error.limit] : undefined;
  if (name !== undefined) Object.defineProperty(error, "limit", { value: name, enumerable: true });
}
