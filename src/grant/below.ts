/**
 * Host paths that lie in one another.
 *
 * @module
 */

/** Whether a path is a directory, or below it. Both are absolute and without `.`, `..` and doubled slashes. */
export function isAtOrBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

/** A path without slashes at its end, except for the root. */
export function trimmed(path: string): string {
  return path.replace(/\/+$/, "") || "/";
}
