/**
 * Lists of buffers: `iovec_array` and `ciovec_array`.
 *
 * @module
 */
import { Failure } from "./failure.ts";
import { Iovec } from "./layout.ts";
import type { GuestMemory } from "./memory.ts";

/** IOV_MAX of POSIX hosts: a longer list is `inval`, as it is there. */
const MAX_COUNT = 1024;

/** The result of reading and writing is a `size`. */
const MAX_TOTAL = 0xffff_ffff;

/** Several buffers up to this length together are written at once. */
const SCRATCH = 64 * 1024;

/** One for all guests: nothing stays in it behind a call that anybody could read. */
let scratch: Uint8Array<ArrayBuffer> | undefined;

/** The buffers of the call that is under way. One object for each guest, so that no call makes one. */
export class Vectors {
  readonly #memory: GuestMemory;
  readonly #pointers: number[] = [];
  readonly #lengths: number[] = [];
  #count = 0;
  /** Of all of them together, in bytes. */
  total = 0;

  constructor(memory: GuestMemory) {
    this.#memory = memory;
  }

  /**
   * Reads a list. All of it is checked before anything is done with any of it; buffers may overlap.
   *
   * @throws {Trap} For a list, or a buffer, that is out of bounds.
   * @throws {Failure} `inval`: too many of them, or too much in them.
   */
  read(pointer: number, count: number, what: string): void {
    const { views } = this.#memory;
    const { dv, u8: { length: end } } = views;
    if ((pointer & 3) !== 0 || pointer + count * Iovec.size > end) {
      views.check(pointer, count * Iovec.size, Iovec.align, what);
    }
    if (count > MAX_COUNT) throw new Failure("inval");
    let total = 0;
    for (let i = 0; i < count; i++) {
      const start = dv.getUint32(pointer + i * Iovec.size + Iovec.buf, true);
      const length = dv.getUint32(pointer + i * Iovec.size + Iovec.len, true);
      if (start + length > end) views.check(start, length, 1, what);
      this.#pointers[i] = start;
      this.#lengths[i] = length;
      total += length;
    }
    if (total > MAX_TOTAL) throw new Failure("inval");
    this.#count = count;
    this.total = total;
  }

  /**
   * What the guest writes, as one piece: the bytes where they lie, or a copy of them. Where there are several buffers and
   * much in them, it is the first one alone, since a write may be short.
   */
  gather(): Uint8Array<ArrayBuffer> {
    const { u8 } = this.#memory.views;
    const pointers = this.#pointers, lengths = this.#lengths;
    let first = 0;
    while (first < this.#count - 1 && lengths[first] === 0) first++;
    const length = this.#count === 0 ? 0 : lengths[first]!;
    const start = this.#count === 0 ? 0 : pointers[first]!;
    if (length === this.total || this.total > SCRATCH) return u8.subarray(start, start + length);
    scratch ??= new Uint8Array(SCRATCH);
    let filled = 0;
    for (let i = first; i < this.#count; i++) {
      const from = pointers[i]!, size = lengths[i]!;
      scratch.set(u8.subarray(from, from + size), filled);
      filled += size;
    }
    return scratch.subarray(0, filled);
  }

  /**
   * Fills the buffers in turn, until one is not filled.
   *
   * @param fill Given a part of the guest's memory and how many bytes came before it; returns how many it has put there.
   * @returns How many bytes are there now. What fails behind the first of them is for the next call to meet.
   */
  scatter(fill: (into: Uint8Array<ArrayBuffer>, before: number) => number): number {
    const { u8 } = this.#memory.views;
    let total = 0;
    for (let i = 0; i < this.#count; i++) {
      const start = this.#pointers[i]!, length = this.#lengths[i]!;
      if (length === 0) continue;
      let count: number;
      try {
        count = fill(u8.subarray(start, start + length), total);
      } catch (error) {
        if (total === 0) throw error;
        break;
      }
      total += count;
      if (count < length) break;
    }
    return total;
  }
}
