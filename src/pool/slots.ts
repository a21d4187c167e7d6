/**
 * How many calls of one entry run at once, and who waits. Every call gets a fresh instance in every pool, so
 * a pool is a count of slots and a queue.
 *
 * @module
 */

/** Slots, handed out first come, first served. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param count How many calls run at once. */
  constructor(count: number) {
    this.#free = count;
  }

  /** Runs something in a slot, as soon as one is free. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
