/**
 * The entries of a directory by number, as `fd_readdir` counts them with its cookies.
 *
 * @module
 */
import type { DirectoryEntryStream } from "../../wasi/filesystem/entries.ts";
import type { DirectoryEntry as Item } from "../../wasi/filesystem/types.ts";

/** POSIX lists them, `wasi:filesystem` does not. */
const DOTS: readonly Item[] = [{ name: ".", type: "directory" }, { name: "..", type: "directory" }];

/**
 * One listing: what was there when it began. It is kept for all calls that go on from it, so that a guest that removes
 * what it is told of misses nothing.
 */
export class Listing {
  readonly #stream: DirectoryEntryStream;
  readonly #items: Item[] = [...DOTS];
  #ended = false;

  /** @param stream Gives the entries; this object's own from now on. */
  constructor(stream: DirectoryEntryStream) {
    this.#stream = stream;
  }

  /**
   * The entry of a number.
   *
   * @returns `undefined` behind the last one.
   * @throws {ComponentError} `illegal-byte-sequence`: its name is not one that a guest can spell.
   */
  at(index: number): Item | undefined {
    while (index >= this.#items.length && !this.#ended) {
      const item = this.#stream.readDirectoryEntry();
      if (item === undefined) this.#ended = true;
      else this.#items.push(item);
    }
    return this.#items[index];
  }

  /** Lets go of what was not asked for. */
  close(): void {
    this.#stream[Symbol.dispose]();
  }
}
