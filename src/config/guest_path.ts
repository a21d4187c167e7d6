/**
 * Paths as a guest or an entry writes them: `/` separates, `/` is the root.
 *
 * @module
 */

/**
 * An absolute guest path without `.`, `..`, doubled and trailing slashes. `..` at the root stays at the
 * root.
 */
export function cleanGuestPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/**
 * A path inside a file system entry → its parts, or `undefined` where it leaves the entry's directory.
 * Leading slashes mean the entry's root.
 */
export function innerPath(path: string): readonly string[] | undefined {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts;
}
