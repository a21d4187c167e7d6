/**
 * A file as a sink: `write-via-stream` and `append-via-stream`.
 *
 * @module
 */
import type { Sink } from "../io/sink.ts";
import { advanced, type OpenFile } from "./file.ts";

/** The most that one permit allows. */
const ROOM = 1 << 20;

/** Writes on from an offset, or always at the end. What was written is with the system: there is nothing to flush. */
export class FileSink implements Sink {
  readonly #file: OpenFile;
  /** Undefined: append. */
  #offset: number | bigint | undefined;

  /**
   * @param file Kept open until this is closed.
   * @param offset Where to start; at the end, always, if absent.
   */
  constructor(file: OpenFile, offset?: number | bigint) {
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

  /** See {@linkcode Sink.room}. */
  room(): number {
    return ROOM;
  }

  /** See {@linkcode Sink.write}. */
  write(bytes: Uint8Array): void {
    for (let left = bytes; left.length > 0;) {
      left = left.subarray(this.#writeSome(left));
    }
  }

  /** Nothing is held back. */
  flush(): void {}

  /** The stream was dropped. */
  close(): void {
    this.#file.release();
  }

  #writeSome(bytes: Uint8Array): number {
    if (this.#offset === undefined) return this.#file.append(bytes);
    const count = this.#file.writeAt(bytes, this.#offset);
    this.#offset = advanced(this.#offset, count);
    return count;
  }
}
