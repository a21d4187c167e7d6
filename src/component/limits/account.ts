/**
 * What the memories of an instance hold together, and may hold.
 *
 * @module
 */
import { LimitError } from "../error.ts";
import { type Bounds, MAX_MEMORY_BYTES, type MemoryShape } from "./bound.ts";

type Func = (...args: never[]) => unknown;

const PAGE = 65536;
/** The most that a 32-bit memory can have. */
const MAX_PAGES = 65536;

/** The account of one instance and of all instances inside it. */
export class Account {
  /** What all memories and tables may hold, in bytes. */
  readonly limit: number;
  readonly #memories = new Map<WebAssembly.Memory, BoundedMemory>();
  /** Bytes that are taken, or will be once all memories are made. */
  used: number;

  /**
   * Opens the account.
   *
   * @param limit What all memories and tables may hold, in bytes.
   * @param initial What they begin with.
   * @throws {LimitError} If that is more.
   */
  constructor(limit: number, initial: number) {
    if (initial > limit) {
      throw new LimitError(
        `the memories and tables of the component begin with ${initial} bytes, ` +
          `more than the ${limit} that they may have`,
        MAX_MEMORY_BYTES,
        limit,
        { asked: initial },
      );
    }
    this.limit = limit;
    this.used = initial;
  }

  /** What is left, in whole pages. */
  get pagesLeft(): number {
    return Math.floor((this.limit - this.used) / PAGE);
  }

  /**
   * The memories of a core instance, for its import object. What they begin with is in the account already.
   *
   * @throws {RangeError} If the machine has no room for them.
   */
  make(shapes: readonly MemoryShape[]): Record<string, WebAssembly.Memory> {
    const made: Record<string, WebAssembly.Memory> = Object.create(null);
    shapes.forEach((shape, i) => {
      const bounded = new BoundedMemory(shape, this);
      this.#memories.set(bounded.memory, bounded);
      made[i] = bounded.memory;
    });
    return made;
  }

  /**
   * Lets a core instance grow its memories, before any of its code has run.
   *
   * @param bounds How its module was rewritten.
   * @param exports Its exports.
   * @param imports What it was given, with the memories that were made for it.
   */
  connect(
    bounds: Bounds,
    exports: WebAssembly.Exports,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): void {
    if (bounds.grown.length === 0) return;
    (exports[bounds.grow] as WebAssembly.Global).value = growFunction();
    for (const { global, memory } of bounds.grown) {
      const core = typeof memory === "number"
        ? imports[bounds.from]![memory]
        : imports[memory.module]![memory.name];
      (exports[global] as WebAssembly.Global).value = this.#memories.get(core as WebAssembly.Memory)!;
    }
  }
}

/** A memory that asks the account before it grows. */
class BoundedMemory {
  readonly memory: WebAssembly.Memory;
  readonly #account: Account;
  readonly #maximum: number;
  #pages: number;

  constructor({ initial, maximum = MAX_PAGES }: MemoryShape, account: Account) {
    this.#account = account;
    this.#pages = initial;
    // By itself it can never take more than is left now: V8 sees to that, whatever the account says.
    this.#maximum = Math.min(maximum, initial + account.pagesLeft);
    this.memory = new WebAssembly.Memory({ initial, maximum: this.#maximum });
  }

  /** `memory.grow`: the size before, or -1. */
  grow(delta: number): number {
    const before = this.#pages;
    if (delta === 0) return before;
    const account = this.#account;
    if (delta > account.pagesLeft || before + delta > this.#maximum) return -1;
    // Paid first, and given back without a call: a guest that is at the end of its stack could make any call fail.
    account.used += delta * PAGE;
    this.#pages = before + delta;
    try {
      this.memory.grow(delta);
    } catch {
      // The machine has no more, which is what an allocator expects of `memory.grow`.
      account.used -= delta * PAGE;
      this.#pages = before;
      return -1;
    }
    return before;
  }
}

/** `(module (import "" "g" (func (param i32 externref) (result i32))) (export "g" (func 0)))`. */
// deno-fmt-ignore
const GROW = Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
  0x01, 0x07, 0x01, 0x60, 0x02, 0x7f, 0x6f, 0x01, 0x7f,
  0x02, 0x06, 0x01, 0x00, 0x01, 0x67, 0x00, 0x00,
  0x07, 0x05, 0x01, 0x01, 0x67, 0x00, 0x00,
);
let grow: Func | undefined;

/** A global of a function type takes WebAssembly functions only, so this one is made to be one. */
function growFunction(): Func {
  return grow ??= new WebAssembly.Instance(new WebAssembly.Module(GROW), {
    "": {
      g: (delta: number, memory: unknown) => memory instanceof BoundedMemory ? memory.grow(delta >>> 0) : -1,
    },
  }).exports["g"] as Func;
}
