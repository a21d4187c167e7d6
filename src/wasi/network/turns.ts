/**
 * How many do something at once; the others wait, in order.
 *
 * @module
 */

/** A number of turns. */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param count How many at once. */
  constructor(count: number) {
    this.#free = count;
  }

  /** Does it when a turn is free. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      next === undefined ? this.#free++ : next();
    }
  }
}
