/**
 * Which files below a directory may be index files.
 *
 * @module
 */

import type { Files } from "./files.ts";

const INDEX_FILE = /\.(?:ya?ml|json)$/;

/**
 * Every `.yaml`, `.yml` and `.json` file below a directory, in the order of their names. `node_modules` is
 * skipped; other directories are not, whatever they are called.
 *
 * @param skip Directories to pass by.
 */
export function walk(
  directory: string,
  files: Files,
  skip: (path: string) => boolean = () => false,
): readonly string[] {
  const found: string[] = [];
  const children = [...files.readDirectory(directory)].sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, type } of children) {
    const path = directory === "." ? name : `${directory.replace(/[\\/]+$/, "")}/${name}`;
    if (type === "directory" && name !== "node_modules" && !skip(path)) {
      found.push(...walk(path, files, skip));
    } else if (type === "file" && INDEX_FILE.test(name)) found.push(path);
  }
  return found;
}
