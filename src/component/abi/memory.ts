/**
 * A guest memory as generated code sees it: views that are made once and again only after the memory grew.
 *
 * @module
 */
import { Trap } from "../error.ts";

/** Lists and strings are bounded by the specification to this many bytes. */
export const MAX_BYTES: number = (1 << 28) - 1;

/**
 * What one call may make the host hold, in bytes. The specification bounds each string and list, not their sum: a
 * list of a million strings that are all the same 256 MiB takes a guest 8 MB.
 */
export const MAX_LIFTED: number = 2 ** 30;
/** Roughly what a JavaScript value takes that is no number in a typed array. */
export const BYTES_PER_VALUE = 64;

/** What is left of `MAX_LIFTED` for the values that are being lifted now. Lifting is never interleaved. */
export const budget = { left: 0 };

/** Takes from the budget. */
export function charge(bytes: number): void {
  budget.left -= bytes;
  if (budget.left < 0) {
    throw new Trap(`the values of one call would take the host more than ${MAX_LIFTED} bytes`);
  }
}

/** Cached views of one memory. `u8.length === 0` tells that the buffer was detached by growth. */
export class Memory {
  /** All bytes. */
  u8: Uint8Array<ArrayBuffer>;
  /** The same bytes, for everything wider than one. */
  dv: DataView<ArrayBuffer>;
  readonly #memory: WebAssembly.Memory;

  /** @param memory The core memory. */
  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.u8 = new Uint8Array(memory.buffer as ArrayBuffer);
    this.dv = new DataView(memory.buffer as ArrayBuffer);
  }

  /** Makes the views again; to be called where `u8.length === 0`. */
  refresh(): void {
    const buffer = this.#memory.buffer as ArrayBuffer;
    if (buffer === this.u8.buffer) return;
    this.u8 = new Uint8Array(buffer);
    this.dv = new DataView(buffer);
  }

  /**
   * Checks that a range lies in memory and is aligned.
   *
   * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#loading
   */
  check(pointer: number, size: number, align: number, what: string): void {
    if ((pointer & (align - 1)) !== 0) {
      throw new Trap(`${what}: pointer ${pointer} is not aligned to ${align}`);
    }
    if (pointer + size > this.u8.length) {
      throw new Trap(`${what}: ${pointer}+${size} is out of bounds of a memory of ${this.u8.length} bytes`);
    }
  }
}

/** A core `realloc`, wrapped with the checks that the specification wants. */
export type Allocate = (oldPointer: number, oldSize: number, align: number, size: number) => number;

/** What an instance may do right now; shared by all generated functions of one component instance. */
export interface Flags {
  mayEnter: boolean;
  mayLeave: boolean;
}

/**
 * Wraps `realloc`: the guest may not call out of it, and its result must be aligned and in bounds.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#lifting-and-lowering-context
 */
export function allocator(
  realloc: (oldPointer: number, oldSize: number, align: number, size: number) => number,
  memory: Memory,
  flags: Flags,
  fate: { readonly dead: Error | undefined },
): Allocate {
  return (oldPointer, oldSize, align, size) => {
    flags.mayLeave = false;
    const pointer = realloc(oldPointer, oldSize, align, size) >>> 0;
    // A guest can catch what killed it, and return as if nothing had happened.
    if (fate.dead !== undefined) throw fate.dead;
    if (memory.u8.length === 0) memory.refresh();
    if ((pointer & (align - 1)) !== 0 || pointer + size > memory.u8.length) {
      memory.check(pointer, size, align, "realloc");
    }
    flags.mayLeave = true;
    return pointer;
  };
}
