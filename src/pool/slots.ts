/**
 * How many calls of one entry run at once, and who waits. Every call gets a fresh instance in every pool, so
 * a pool is a count of slots and a queue.
 *
 * @module
 */

/** Slots, handed out first come, first served. */
export class Slots {
  #free: number;
  readonly #count: number;
  readonly #waiting = new Set<() => void>();
  #drained: PromiseWithResolvers<void> | undefined;

  /** @param count How many calls run at once. */
  constructor(count: number) {
    this.#free = this.#count = count;
  }

  /** Whether whoever comes now must wait. */
  get full(): boolean {
    return this.#free === 0;
  }

  /** How many wait for a slot. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Runs something in a slot, as soon as one is free.
   *
   * @param signal Takes it out of the queue, if it still waits; then its reason is thrown.
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      if (next) next();
      else if (++this.#free === this.#count) this.#drained?.resolve();
    }
  }

  /** Resolves once nothing runs and nothing waits. */
  async drain(): Promise<void> {
    if (this.#free < this.#count) await (this.#drained ??= Promise.withResolvers()).promise;
  }

  /** Resolves when a slot is handed on to whoever waits here. */
  #turn(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(next);
        reject(signal!.reason);
      };
      const next = () => {
        this.#waiting.delete(next);
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      this.#waiting.add(next);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }
}
