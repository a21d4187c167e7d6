/**
 * `file://`: strings whose text is that of a file.
 *
 * @module
 */

import type { Issues } from "./issue.ts";
import { type Node, quote } from "./node.ts";
import { rewrite } from "./rewrite.ts";

const SCHEME = "file://";

/**
 * Reads the file of a reference: what follows `file://`. A relative one is relative to the directory of the file that holds
 * it, one with a slash in front to the directory of the sources.
 */
export type Include = (reference: string) =>
  | {
    readonly text: string;
    /** The file's name, for positions: relative where that of the file that names it is. */
    readonly file: string;
  }
  | { readonly wrong: string };

/**
 * Replaces every string that begins with `file://` by the text of that file.
 *
 * @param root A file's root.
 * @param include Reads the files; `undefined` where there are none to be read.
 * @param issues Receives what is wrong.
 */
export function includeFiles<N extends Node>(root: N, include: Include | undefined, issues: Issues): N {
  return rewrite(root, "", (scalar, path) => {
    if (typeof scalar.value !== "string" || !scalar.value.startsWith(SCHEME)) return scalar;
    const found = include?.(scalar.value.slice(SCHEME.length)) ??
      { wrong: "there are no files where this is read" };
    if ("wrong" in found) {
      issues.error("file", scalar.at, `${path}: ${quote(scalar.value)} cannot be read: ${found.wrong}`);
      return scalar;
    }
    issues.conceal(found.text, scalar.value, scalar.at);
    const lines = { first: { file: found.file, line: 1, column: 1 }, column: 1 };
    return { ...scalar, value: found.text, source: scalar.value, shown: scalar.value, lines };
  });
}
