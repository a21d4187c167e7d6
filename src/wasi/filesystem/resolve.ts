/**
 * From a directory and a guest path to one host path, component by component:
 * {@link https://github.com/WebAssembly/wasi-filesystem/blob/main/path-resolution.md}
 *
 * The rules are those of Linux's `openat2` with `RESOLVE_BENEATH`: a path, and every link on the way, is relative and
 * never leaves the directory that it is resolved against, not even to come back. So every directory on the way is
 * looked at before it is entered, links are expanded here and never by the host, and what is returned is a path whose
 * parents are all real directories.
 *
 * Deno has no `openat`: between this look and the call that follows, another process that may write to the mount can
 * put a link in the place of a directory. Opening checks what it got (`open.ts`), which narrows that window; the wall
 * below this one, Landlock, closes it.
 *
 * @module
 */
import type { OpenDirectory } from "./directory.ts";
import { attempt, codeOf, failure, translated } from "./error_code.ts";
import { below, checkText, isAbsolute, namesReversed, targetText } from "./path.ts";

/** As many links as Linux expands in one path. */
const MAX_LINKS = 40;

/** Where a path leads. */
export interface Place {
  /** On the host. All but the last component are real directories. */
  readonly path: string;
  /** What is there; `undefined` if nothing is. */
  readonly info: Deno.FileInfo | undefined;
  /** The path ended in a slash: only a directory will do. */
  readonly slash: boolean;
}

/** The last component of a path, not looked at, in a directory that exists. */
export interface Slot {
  /** On the host. All but the last component are real directories. */
  readonly path: string;
  /** The path ended in a slash: only a directory will do. */
  readonly slash: boolean;
  /** The last component is no name but `.` or `..`: the slot is taken, by a directory that cannot be moved. */
  readonly dots?: "." | "..";
}

/**
 * Resolves all of a path.
 *
 * @param base Where from.
 * @param path The guest's.
 * @param follow Whether a link that is the last component is expanded. With a slash behind it, it always is.
 * @param mayBeMissing Whether the last component may be absent.
 * @throws {ComponentError} An `error-code`: `not-permitted` where the path would leave `base`.
 */
export function locate(base: OpenDirectory, path: string, follow: boolean, mayBeMissing = false): Place {
  const walk = new Walk(base, path);
  while (walk.next()) {
    const info = walk.look(mayBeMissing);
    if (info?.isSymlink && (follow || walk.slash || !walk.last)) walk.expand();
    else if (walk.last) {
      if (walk.slash && info !== undefined && !info.isDirectory) throw failure("not-directory");
      return { path: walk.path, info, slash: walk.slash };
    } else walk.enter(info);
  }
  return { path: walk.directory, info: walk.lookHere(), slash: walk.slash };
}

/**
 * Resolves a path up to its last component, which is to be created, removed or renamed, and never expanded.
 *
 * @throws {ComponentError} An `error-code`, as {@linkcode locate}.
 */
export function locateSlot(base: OpenDirectory, path: string): Slot {
  const walk = new Walk(base, path);
  while (walk.next()) {
    if (walk.last) return { path: walk.path, slash: walk.slash };
    const info = walk.look(false);
    if (info?.isSymlink) walk.expand();
    else walk.enter(info);
  }
  return { path: walk.directory, slash: walk.slash, dots: walk.dots };
}

/** One walk down a path. */
class Walk {
  /** Where it stands: a real directory at or below the base. */
  directory: string;
  /** The way back up. Empty at the base, which `..` cannot leave. */
  readonly #parents: string[] = [];
  /** What is left to go, in reverse. */
  readonly #names: string[];
  #links = 0;
  /** The component under consideration. */
  path = "";
  /** Whether the path, or the link that its end was expanded from, ended in a slash. */
  slash: boolean;
  /** Which of the two the last component was, if it was one of them. */
  dots: "." | ".." = ".";

  constructor(base: OpenDirectory, path: string) {
    checkText(path);
    if (isAbsolute(path)) throw failure("not-permitted");
    this.#names = namesReversed(path);
    this.slash = path.endsWith("/");
    this.directory = base.verified();
  }

  /** Whether the component under consideration is the last one. */
  get last(): boolean {
    return this.#names.length === 0;
  }

  /** Goes on to the next name; `.` and `..` are dealt with on the way. */
  next(): boolean {
    for (let name = this.#names.pop(); name !== undefined; name = this.#names.pop()) {
      if (name === "..") {
        const parent = this.#parents.pop();
        if (parent === undefined) throw failure("not-permitted");
        this.directory = parent;
        this.dots = "..";
      } else if (name === ".") {
        this.dots = ".";
      } else {
        this.path = below(this.directory, name);
        return true;
      }
    }
    return false;
  }

  /** What the component is. Only the last one may be missing. */
  look(mayBeMissing: boolean): Deno.FileInfo | undefined {
    try {
      return Deno.lstatSync(this.path);
    } catch (error) {
      if (mayBeMissing && this.last && codeOf(error) === "no-entry") return undefined;
      throw translated(error);
    }
  }

  /** What the directory is that it stands in. The base's own path may be a link, which its mount is trusted with. */
  lookHere(): Deno.FileInfo {
    const look = this.#parents.length === 0 ? Deno.statSync : Deno.lstatSync;
    return attempt(() => look(this.directory));
  }

  /** Replaces the component, a link, by the names of its target. */
  expand(): void {
    if (++this.#links > MAX_LINKS) throw failure("loop");
    const target = targetText(attempt(() => Deno.readLinkSync(this.path)));
    if (isAbsolute(target)) throw failure("not-permitted");
    if (this.last) this.slash ||= target.endsWith("/");
    this.#names.push(...namesReversed(target));
  }

  /** Goes into the component, which has to be a directory. */
  enter(info: Deno.FileInfo | undefined): void {
    if (!info?.isDirectory) throw failure("not-directory");
    this.#parents.push(this.directory);
    this.directory = this.path;
  }
}
