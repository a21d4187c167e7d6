/**
 * A point in time as something to wait for.
 *
 * @module
 */
import type { Waitable } from "../io/waitable.ts";

/** `setTimeout` counts milliseconds in 31 bits; a later deadline is reached in several steps. */
const MAX_DELAY = 2 ** 31 - 1;

/** Ready from an instant of the monotonic clock on. A timer runs only while somebody watches. */
export class Deadline implements Waitable {
  readonly #when: bigint;
  readonly #now: () => bigint;
  readonly #running: Set<() => void> | undefined;

  /**
   * @param when The instant, in nanoseconds.
   * @param now The clock it belongs to.
   * @param running Has, while a timer runs, what stops it.
   */
  constructor(when: bigint, now: () => bigint, running?: Set<() => void>) {
    this.#when = when;
    this.#now = now;
    this.#running = running;
  }

  /** Whether the instant has come. */
  ready(): boolean {
    return this.#now() >= this.#when;
  }

  /** See {@linkcode Waitable.watch}. Never wakes before the instant. */
  watch(wake: () => void): () => void {
    let timer: ReturnType<typeof setTimeout>;
    const arm = () => {
      const left = this.#when - this.#now();
      // Timers may fire a little early by this clock: then what is left is waited for as well.
      const ms = Math.min(Math.ceil(Number(left > 0n ? left : 0n) / 1e6), MAX_DELAY);
      timer = setTimeout(() => this.ready() ? wake() : arm(), ms);
    };
    arm();
    const stop = () => {
      clearTimeout(timer);
      this.#running?.delete(stop);
    };
    this.#running?.add(stop);
    return stop;
  }
}
