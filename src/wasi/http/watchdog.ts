/**
 * A timer for what should go on and on: told again and again that something happened, it barks when nothing did.
 *
 * @module
 */

/** What a timer can be set to: 24 days. */
const MAX_DELAY = 2 ** 31 - 1;

/** What wasmtime allows as well. Nothing waits forever, even if the guest would. */
const DEFAULT_TIMEOUT = 600_000;

/**
 * A duration in milliseconds.
 *
 * @param nanoseconds `undefined`: the default.
 */
export function milliseconds(nanoseconds: bigint | undefined): number {
  if (nanoseconds === undefined) return DEFAULT_TIMEOUT;
  const whole = (nanoseconds + 999_999n) / 1_000_000n;
  return whole > MAX_DELAY ? MAX_DELAY : Number(whole);
}

/** One timer. To touch it costs a look at the clock, not a timer of the system's. */
export class Watchdog {
  readonly #bark: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timeout = 0;
  #deadline = 0;

  /** @param bark Called once when the time has passed; the dog sleeps then. */
  constructor(bark: () => void) {
    this.#bark = bark;
  }

  /** Watches from now on; where it does so already, the time begins anew. */
  start(timeout: number): void {
    if (this.#timer !== undefined && timeout === this.#timeout) return this.touch();
    this.stop();
    this.#timeout = timeout;
    this.touch();
    this.#sleep(timeout);
  }

  /** Something happened: the time begins anew. */
  touch(): void {
    this.#deadline = performance.now() + this.#timeout;
  }

  /** Watches no more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #sleep(delay: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const left = this.#deadline - performance.now();
      // Timers may come a millisecond early.
      left > 1 ? this.#sleep(left) : this.#bark();
    }, delay);
  }
}
