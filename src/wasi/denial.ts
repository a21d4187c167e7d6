/**
 * Which wall a refusal came from, noted on the error that a guest is told instead: the code is all that the guest
 * learns, and not all that there is to know.
 *
 * Noted on the very object that is thrown, not in a place that all calls share: many are under way at once.
 *
 * @module
 */
import type { Wall } from "../grant/error.ts";

const walls = new WeakMap<object, Wall>();

/**
 * Notes which wall is behind an error.
 *
 * @param told What the guest is told.
 * @param cause What the host met.
 * @returns The same `told`.
 */
export function denial<T extends object>(told: T, cause: unknown): T {
  const wall = wallBehind(cause);
  if (wall !== undefined) walls.set(told, wall);
  return told;
}

/** The wall that was noted on an error; `undefined` where none was met, or none but the link. */
export function wallOf(told: unknown): Wall | undefined {
  return typeof told === "object" && told !== null ? walls.get(told) : undefined;
}

/**
 * The wall that an error of the host speaks of.
 *
 * Deno refuses by a class of its own. What the kernel refuses, Landlock refuses or the file's own mode: it does not
 * say which, and both are the system's.
 */
export function wallBehind(cause: unknown): Wall | undefined {
  if (!(cause instanceof Error)) return undefined;
  const noted = walls.get(cause);
  if (noted !== undefined) return noted;
  if (cause.name === "NotCapable") return "deno";
  if (cause.name === "NetworkError" && "reason" in cause && cause.reason === "not-capable") {
    // Found out by our own question to Deno, unless something was tried and failed.
    return wallBehind(cause.cause) ?? "deno";
  }
  const { code, syscall } = cause as Error & { readonly code?: unknown; readonly syscall?: unknown };
  // The lookup of a name outside Deno's scope has the system's error, and no system was asked.
  if (code === "EPERM" && syscall === "getaddrinfo") return "deno";
  return code === "EACCES" || code === "EPERM" || cause.name === "PermissionDenied" ? "os" : undefined;
}
