/**
 * The two ways in which a definition most often turns out to be invalid.
 *
 * @module
 */
import { DecodeError } from "../error.ts";

/** Messages quote names, and a name may be as long as the file. */
const MAX_MESSAGE = 1_000;

/** Throws the error for bytes that can be read but break a rule. */
export function invalid(message: string, offset: number, reading: string): never {
  const short = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
  throw new DecodeError(short, offset, reading, "invalid");
}

/** The item at an index, or an error that names the index space. */
export function at<T>(space: readonly T[], index: number, what: string, offset: number): T {
  const item = space[index];
  if (item === undefined) {
    invalid(`unknown ${what} ${index}: index out of bounds (there are ${space.length})`, offset, what);
  }
  return item;
}
