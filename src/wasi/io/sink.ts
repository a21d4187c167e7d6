/**
 * What an output stream writes to. Files, sockets and bodies implement this; permits, errors and blocking are in one
 * place, `OutputStream`.
 *
 * @module
 */
import type { Waitable } from "./waitable.ts";

/** A consumer of bytes that never blocks. Ready means: `room` is above 0, or `null`, or throws. */
export interface Sink extends Waitable {
  /**
   * How many bytes the next `write` may bring: 0 while it is full or a flush is going on, `null` once nobody
   * takes any more.
   *
   * @throws Anything: an earlier write or flush failed. The guest sees `last-operation-failed`, then a closed stream.
   */
  room(): number | null;
  /**
   * Takes all of `bytes`, now or into a buffer of its own.
   *
   * @param bytes At most `room()` many. They may lie in the guest's memory: what is kept must be copied.
   * @throws Anything, as for `room`; `closed()` where the reader is gone.
   */
  write(bytes: Uint8Array): void;
  /** Starts to bring out what was written; `room` is 0 until that is done. Throws as `write` does. */
  flush(): void;
  /** The stream was dropped. */
  close?(): void;
}
