/**
 * Guest paths as text: what can be said of them without asking the host.
 *
 * @module
 */
import { failure } from "./error_code.ts";

/** PATH_MAX, without the NUL that ends a path in C. */
const MAX_BYTES = 4095;

const WINDOWS = Deno.build.os === "windows";

/**
 * What Windows would read more into than a name: another separator, a drive or stream, a trailing dot or blank that
 * it takes off (`.. ` would be `..`), a device.
 */
const UNSAFE_ON_WINDOWS = /[\\:]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * Refuses what no path can be.
 *
 * @throws {ComponentError} `no-entry` (empty), `invalid` (NUL), `illegal-byte-sequence`, `name-too-long`.
 */
export function checkText(path: string): void {
  if (path === "") throw failure("no-entry");
  if (path.length > MAX_BYTES || byteLength(path) > MAX_BYTES) throw failure("name-too-long");
  if (path.includes("\0")) throw failure("invalid");
  if (!path.isWellFormed()) throw failure("illegal-byte-sequence");
}

/** Whether a path or a link's target starts at a root, or at a drive. */
export function isAbsolute(path: string): boolean {
  return path.startsWith("/") || (WINDOWS && /^\\|^[A-Za-z]:/.test(path));
}

/** The names of a path in reverse, ready to be popped. `.` and `..` are among them, empty ones are not. */
export function namesReversed(path: string): string[] {
  const names = path.split("/").filter((name) => name !== "");
  if (WINDOWS && names.some((name) => name !== "." && name !== ".." && UNSAFE_ON_WINDOWS.test(name))) {
    throw failure("not-permitted");
  }
  return names.reverse();
}

/** A link's target in the guest's spelling. */
export function targetText(target: string): string {
  return WINDOWS ? target.replaceAll("\\", "/") : target;
}

/** One step down, on the host. */
export function below(directory: string, name: string): string {
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

function byteLength(path: string): number {
  // Every UTF-16 unit is at most three bytes of UTF-8: short paths need no look.
  return path.length * 3 <= MAX_BYTES ? path.length : new TextEncoder().encode(path).length;
}
