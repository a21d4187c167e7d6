/**
 * What an input stream reads from. Files, sockets and bodies implement this; the rules of the guest's side
 * (errors, closing, blocking) are in one place, `InputStream`.
 *
 * @module
 */
import type { Fill } from "../../component/abi/fill.ts";
import type { Waitable } from "./waitable.ts";

/** A producer of bytes that never blocks. Ready means: `read` gives bytes, the end, or a failure. */
export interface Source extends Waitable {
  /**
   * Takes what is there now.
   *
   * @param max At most so many bytes; may be 0. Never more than 1 MiB, whatever the guest asks for.
   * @returns The bytes, which are the caller's until the next read of any source by the same guest; none if there are
   * none yet; `null` at the end.
   * @throws Anything: the guest sees `last-operation-failed`, and then a closed stream.
   */
  read(max: number): Uint8Array | null;
  /**
   * Bytes that are certain to be there, to be written straight into the guest's memory.
   *
   * @returns `undefined` where `read` must tell.
   */
  direct?(max: number): Fill | undefined;
  /**
   * The same without looking at the bytes. Where absent, they are read and dropped.
   *
   * @returns How many; `null` at the end.
   */
  skip?(max: number): number | null;
  /** The stream was dropped. */
  close?(): void;
}

/** The most that one call takes from a source. */
export const MAX_READ = 1 << 20;
