/**
 * A file as a source: `read-via-stream`.
 *
 * @module
 */
import { Fill } from "../../component/abi/fill.ts";
import type { Source } from "../io/source.ts";
import { advanced, type OpenFile } from "./file.ts";

/** Reads on from an offset, and ends at the end of the file. */
export class FileSource implements Source {
  readonly #file: OpenFile;
  #offset: number | bigint;
  #end = 0;

  /** @param file Kept open until this is closed. */
  constructor(file: OpenFile, offset: number | bigint) {
    this.#file = file.retain();
    this.#offset = offset;
  }

  /** Always: files do not make one wait. */
  ready(): boolean {
    return true;
  }

  /** Never changes. */
  watch(): () => void {
    return () => {};
  }

  /**
   * See {@linkcode Source.read}, with one difference: the bytes are valid until the next read of any file by this guest.
   * They are in the guest's memory, or in a sink, before it can ask for more.
   */
  read(max: number): Uint8Array | null {
    const buffer = this.#file.opened.scratch(max);
    if (max === 0) return buffer;
    const count = this.#file.readAt(buffer, this.#offset);
    if (count === 0) return null;
    this.#offset = advanced(this.#offset, count);
    return count === max ? buffer : buffer.subarray(0, count);
  }

  /** See {@linkcode Source.direct}: what lies before the end, where the end was when it was last looked at. */
  direct(max: number): Fill | undefined {
    const offset = this.#offset;
    if (typeof offset !== "number" || offset + max > this.#end) {
      // Near the end, or before the first look. A file that grows is looked at again each time.
      if (typeof offset !== "number" || max === 0 || offset + max > (this.#end = this.#sizeNow())) {
        return undefined;
      }
    }
    return new Fill(max, (into) => {
      let count = 0;
      try {
        count = this.#file.readAt(into, offset);
      } catch {
        // The next read meets the same error, and can return it.
      }
      // Shorter than it was, or failing: let `read` tell.
      if (count < max) this.#end = 0;
      this.#offset = advanced(offset, count);
      return count;
    });
  }

  #sizeNow(): number {
    try {
      return this.#file.size();
    } catch {
      return 0;
    }
  }

  /** See {@linkcode Source.skip}. */
  skip(max: number): number | null {
    if (max === 0) return 0;
    const left = this.#file.size() - Number(this.#offset);
    if (left <= 0) return null;
    const count = Math.min(left, max);
    this.#offset = advanced(this.#offset, count);
    return count;
  }

  /** The stream was dropped. */
  close(): void {
    this.#file.release();
  }
}
