/**
 * How a load sees files: an interface, so that tests need none, and the one that reads real ones.
 *
 * @module
 */
import { checkRead, may } from "./permitted.ts";

/** A child of a directory. */
export interface Child {
  /** Its name, without the directory. */
  readonly name: string;
  /** What it is. Links to directories are `other`: following them may never end. */
  readonly type: "file" | "directory" | "other";
}

/** Reading, and nothing else. */
export interface Files {
  /** The directory that relative paths are relative to; absolute. */
  cwd(): string;
  /** What a path leads to, links followed; `undefined` where nothing is. */
  type(path: string): "file" | "directory" | "other" | undefined;
  /** Whether a file is there, as far as the process may look: never throws, never asks for permission. */
  exists(path: string): boolean;
  /** Where a path leads, every link in it followed. */
  realPath(path: string): string;
  /** A file's length in bytes. */
  size(path: string): number;
  /** A file's text. What is no UTF-8 is none. */
  readText(path: string): string;
  /** A directory's children, in any order. */
  readDirectory(path: string): Iterable<Child>;
}

/** Why a file cannot be read, without the name of the call, and of the file, that Deno puts after it. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/: \w+ '.*'$/s, "");
}

function decode(bytes: Uint8Array): void {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("it is not UTF-8 text");
  }
}

/** The files of this machine, as far as the process may read them. None of it asks for permission. */
export const realFiles: Files = {
  cwd: () => Deno.cwd(),
  type(path) {
    checkRead(path);
    try {
      const stat = Deno.statSync(path);
      return stat.isFile ? "file" : stat.isDirectory ? "directory" : "other";
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
        return undefined;
      }
      throw error;
    }
  },
  exists(path) {
    // Looking for the project root climbs out of what a narrow process may read.
    if (!may({ name: "read", path })) return false;
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  },
  realPath(path) {
    checkRead(path);
    return Deno.realPathSync(path);
  },
  size(path) {
    checkRead(path);
    return Deno.statSync(path).size;
  },
  readText(path) {
    checkRead(path);
    const text = Deno.readTextFileSync(path);
    // What cannot be decoded has been replaced; so may be what was written like that.
    if (text.includes("\uFFFD")) decode(Deno.readFileSync(path));
    return text;
  },
  *readDirectory(path) {
    checkRead(path);
    for (const child of Deno.readDirSync(path)) {
      const link = child.isSymlink ? realFiles.type(`${path}/${child.name}`) : undefined;
      const file = child.isFile || link === "file";
      yield { name: child.name, type: file ? "file" : child.isDirectory ? "directory" : "other" };
    }
  },
};
