/**
 * Bytes that a host function returns without having them: they are read straight into the guest's memory, where
 * any other host would read them into a buffer first and copy that.
 *
 * @module
 */
import type { Allocate, Memory } from "./memory.ts";
import { stored } from "./strings.ts";

/** A `list<u8>` still to be written. Returned by the direct form of a host function, see `direct()`. */
export class Fill {
  /** How many bytes there will be, at most. */
  readonly length: number;
  /**
   * Writes them. It must not throw, nor keep the view: a failure is told by the next call.
   *
   * @returns How many were written.
   */
  readonly write: (into: Uint8Array) => number;

  /**
   * Announces bytes.
   *
   * @param length How many there will be, at most.
   * @param write Writes them into the guest's memory; returns how many.
   */
  constructor(length: number, write: (into: Uint8Array) => number) {
    this.length = length;
    this.write = write;
  }
}

/** Stores a `Fill`; leaves the pointer in `stored` and returns the length. */
export function storeFill(memory: Memory, allocate: Allocate, fill: Fill): number {
  const { length } = fill;
  const pointer = allocate(0, 0, 1, length);
  const written = fill.write(memory.u8.subarray(pointer, pointer + length));
  // Fewer only where a file was cut at this very moment. The rest is not given back: the adapter of preview 1 traps
  // on any realloc but a fresh one, and to a guest's allocator a list in a larger block is one it rounded up.
  stored.pointer = pointer;
  return written;
}

type Func = (...args: never[]) => unknown;

const directs = new WeakMap<object, Func>();

/**
 * Gives a method a direct form: called with the object before the arguments, it may return a `Fill` where the
 * method would return bytes. Guests get the direct form; JavaScript callers the method.
 *
 * @param method A method on a resource class's prototype that returns `list<u8>`.
 * @param form Its direct form.
 */
export function direct(method: Func, form: Func): void {
  directs.set(method, form);
}

/** The direct form of a method, if it has one. */
export function directOf(method: Func): Func | undefined {
  return directs.get(method);
}
