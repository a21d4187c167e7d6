/**
 * `read-directory`.
 *
 * @module
 */
import type { OpenDirectory } from "./directory.ts";
import { attempt, codeOf, failure, translated } from "./error_code.ts";
import type { Opened } from "./opened.ts";
import { below } from "./path.ts";
import { typeOf } from "./stat.ts";
import type { DescriptorType, DirectoryEntry } from "./types.ts";

/** What Deno puts in the place of bytes that are no UTF-8. */
const REPLACEMENT = "\uFFFD";

/** The entries of a directory, as they were when the listing began. */
export class Entries {
  readonly #path: string;
  readonly #opened: Opened;
  /** The list that Deno has made, which is the only one: each entry is translated when it is asked for. */
  #entries: readonly Deno.DirEntry[];
  #index = 0;

  /** @throws {ComponentError} An `error-code`. */
  constructor(directory: OpenDirectory) {
    this.#path = directory.verified();
    this.#opened = directory.opened;
    const entries = attempt(() => Array.from(Deno.readDirSync(this.#path)));
    this.#opened.holdNames(entries.length);
    this.#entries = entries;
  }

  /**
   * The next entry; `undefined` after the last one.
   *
   * @throws {ComponentError} `illegal-byte-sequence` for a name that no guest can spell. The listing can go on.
   */
  next(): DirectoryEntry | undefined {
    for (
      let entry = this.#entries[this.#index++];
      entry !== undefined;
      entry = this.#entries[this.#index++]
    ) {
      const type = this.#typeOf(entry);
      if (type !== undefined) return { type, name: entry.name };
    }
    this.release();
    return undefined;
  }

  /** Lets go of what was not asked for. */
  release(): void {
    this.#opened.releaseNames(this.#entries.length);
    this.#entries = [];
  }

  /** The type of an entry; `undefined` if it has gone since. */
  #typeOf(entry: Deno.DirEntry): DescriptorType | undefined {
    const readable = !entry.name.includes(REPLACEMENT);
    if (readable && entry.isFile) return "regular-file";
    if (readable && entry.isDirectory) return "directory";
    if (readable && entry.isSymlink) return "symbolic-link";
    try {
      return typeOf(Deno.lstatSync(below(this.#path, entry.name)));
    } catch (error) {
      if (codeOf(error) !== "no-entry") throw translated(error);
      if (!readable) throw failure("illegal-byte-sequence");
      return undefined;
    }
  }
}

/** `resource directory-entry-stream`. */
export class DirectoryEntryStream {
  readonly #entries: Entries;

  /** @param entries What it gives. */
  constructor(entries: Entries) {
    this.#entries = entries;
  }

  /** `read-directory-entry: func() -> result<option<directory-entry>, error-code>` */
  readDirectoryEntry(): DirectoryEntry | undefined {
    return this.#entries.next();
  }

  /** Ends the listing. */
  [Symbol.dispose](): void {
    this.#entries.release();
  }
}
