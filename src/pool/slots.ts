/**
 * Slots and a queue: a pool whose count is fixed, or set from outside.
 *
 * @module
 */
import { ClosedError } from "./error.ts";
import type { Pool, RunOptions } from "./pool.ts";
import { Queue } from "./queue.ts";

/** Slots, handed out first come, first served. */
export class Slots implements Pool {
  /** How many may wait in the queue; more wait outside of it. */
  readonly buffer: number;
  #size: number;
  /** Slots that are taken. Where the count has shrunk, there are more of them than it says, until they are given back. */
  #taken = 0;
  /** Nested calls that found no slot free. They are none of the count: what waits for a slot does not wait for them. */
  #beyond = 0;
  readonly #queue = new Queue();
  #drained: PromiseWithResolvers<void> | undefined;
  #closed = false;

  /**
   * @param size How many calls run at once.
   * @param buffer How many may wait in the queue.
   */
  constructor(size: number, buffer = Infinity) {
    this.#size = size;
    this.buffer = buffer;
  }

  /** How many calls run at once, just now. */
  get size(): number {
    return this.#size;
  }

  /** How many calls run, those beyond the count included. */
  get running(): number {
    return this.#taken + this.#beyond;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Whether one who comes now must wait. */
  get full(): boolean {
    return this.#taken >= this.#size;
  }

  /** Whether one who comes now must wait outside of the queue. */
  get queueFull(): boolean {
    return this.full && this.waiting >= this.buffer;
  }

  /** Runs something in a slot, as soon as one is free. */
  async run<T>(work: () => Promise<T>, { signal, nested = false }: RunOptions = {}): Promise<T> {
    if (this.#closed && !nested) throw new ClosedError("pool is closed");
    signal?.throwIfAborted();
    if (nested && this.full) return await this.#runBeyond(work);
    if (this.full) await this.#queue.wait(signal);
    else this.#taken++;
    try {
      return await work();
    } finally {
      this.#taken--;
      this.#ended();
    }
  }

  /** Resolves once nothing runs and nothing waits. */
  async drain(): Promise<void> {
    // A nested call may come at the very moment at which the last of the others ends.
    while (this.running > 0) await (this.#drained ??= Promise.withResolvers()).promise;
  }

  /** Takes nothing more but nested calls; resolves once all that came before is over. */
  close(): Promise<void> {
    this.#closed = true;
    return this.drain();
  }

  /** Sets how many calls run at once. What runs goes on. */
  protected resize(size: number): void {
    this.#size = size;
    this.#admit();
  }

  /** Told of each call that has ended. */
  protected onEnd(): void {}

  async #runBeyond<T>(work: () => Promise<T>): Promise<T> {
    this.#beyond++;
    try {
      return await work();
    } finally {
      this.#beyond--;
      this.#ended();
    }
  }

  #ended(): void {
    this.onEnd();
    this.#admit();
    if (this.running > 0) return;
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  /** The slot is the next one's from here on, though he learns of it a moment later: nobody overtakes him. */
  #admit(): void {
    while (this.waiting > 0 && !this.full) {
      this.#taken++;
      this.#queue.admit();
    }
  }
}
