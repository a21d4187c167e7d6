/**
 * `wippy.lock`: where a project keeps its index files.
 *
 * @module
 */

import type { Issues } from "../config/issue.ts";
import { field, mapField, show } from "../config/node.ts";
import { tree } from "../config/tree.ts";

/**
 * The directory that a project's index files lie below, relative to the lock file.
 *
 * @param text The lock file's text.
 * @param file Its name, for positions.
 * @param issues Receives what is wrong.
 * @returns `directories.src`, by default `.`.
 */
export function sourceDirectory(text: string, file: string, issues: Issues): string {
  const root = tree(text, file, issues);
  const directories = root?.type === "map" ? mapField(root, "directories") : undefined;
  const src = directories === undefined ? undefined : field(directories, "src");
  if (src === undefined) return ".";
  if (src.type === "scalar" && typeof src.value === "string") return src.value || ".";
  issues.error("type", src.at, `directories.src must be a string, found ${show(src)}`);
  return ".";
}
