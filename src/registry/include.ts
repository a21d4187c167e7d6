/**
 * The files that `file://` names: which one is meant, and whether it may be read.
 *
 * @module
 */

import type { Include } from "../config/include.ts";
import { type Files, reasonOf } from "./files.ts";
import { absolute, join, parent } from "./host_path.ts";

/** The most that is read of a file. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Where an index file stands among the others. */
export interface IncludeFrom {
  /** The index file. */
  readonly file: string;
  /** The directory of the sources: nothing outside it is read, and a slash in front means it. Asked for where it is needed. */
  readonly root: () => string;
}

/**
 * Reads what an index file names.
 *
 * @param files How files are read.
 * @param from The index file.
 * @param read Told of every file that is read.
 */
export function includer(files: Files, from: IncludeFrom, read: (file: string) => void): Include {
  return (reference) => {
    if (reference.replaceAll("/", "") === "") return { wrong: "it names no file" };
    if (/[\\\0]/.test(reference)) {
      return { wrong: "a backslash or a null character is no part of a file's name" };
    }
    const root = absolute(from.root(), files.cwd);
    const own = parent(absolute(from.file, files.cwd));
    const fromRoot = reference.startsWith("/");
    const path = fromRoot ? join(root, `.${reference}`) : join(own, reference);
    if (!isBelow(path, root)) return { wrong: `it is outside ${root}` };
    try {
      const type = files.type(path);
      if (type === undefined) return { wrong: `there is no file ${path}` };
      if (type !== "file") return { wrong: `${path} is no regular file` };
      // A link may lead anywhere; without one on the way, the path has said enough.
      const real = files.realPath(path);
      if (real !== path && !isBelow(real, files.realPath(root))) {
        return { wrong: `${path} is a link that leads out of ${root}` };
      }
      const size = files.size(real);
      if (size > MOST_BYTES) {
        return { wrong: `${path} has ${size} bytes, and ${MOST_BYTES} are the most` };
      }
      read(path);
      // What was judged, and nothing that has come in its place.
      return { text: files.readText(real), file: fromRoot ? path : join(parent(from.file), reference) };
    } catch (error) {
      return { wrong: reasonOf(error) };
    }
  };
}

function isBelow(path: string, root: string): boolean {
  const separator = root.startsWith("/") ? "/" : "\\";
  return path.startsWith(root.endsWith(separator) ? root : root + separator) && path !== root;
}
