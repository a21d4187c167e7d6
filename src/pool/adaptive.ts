/**
 * Slots whose count follows the work.
 *
 * @module
 */
import type { RunOptions } from "./pool.ts";
import { nextSizing, type Observation, type Sizing, smallest, TICK } from "./sizing.ts";
import { Slots } from "./slots.ts";

/** What tells the time, and ticks. */
export interface Clock {
  /** Milliseconds since some moment. */
  now(): number;
  /**
   * Calls something again and again.
   *
   * @returns Stops that.
   */
  every(milliseconds: number, call: () => void): () => void;
}

const clock: Clock = {
  now: () => performance.now(),
  every(milliseconds, call) {
    const timer = setInterval(call, milliseconds);
    return () => clearInterval(timer);
  },
};

const NOTHING: Observation = { running: 0, waiting: 0, ended: 0 };

/** From one slot to a number of them. */
export class AdaptiveSlots extends Slots {
  readonly #most: number;
  readonly #clock: Clock;
  #sizing: Sizing = smallest;
  #ended = 0;
  /** Stops the ticks. They come only while there is work: they would keep a process alive that has nothing else to do. */
  #stop: (() => void) | undefined;
  #stoppedAt = 0;

  /**
   * @param most The most calls that run at once.
   * @param buffer How many may wait in the queue.
   * @param time What ticks; by default the machine's own time.
   */
  constructor(most: number, buffer = Infinity, time: Clock = clock) {
    super(smallest.size, buffer);
    this.#most = most;
    this.#clock = time;
    this.#stoppedAt = time.now();
  }

  /** Runs something in a slot, as soon as one is free. */
  override run<T>(work: () => Promise<T>, options?: RunOptions): Promise<T> {
    if (this.#stop === undefined) this.#start();
    return super.run(work, options);
  }

  protected override onEnd(): void {
    this.#ended++;
  }

  /** The ticks that were left out saw nothing. */
  #start(): void {
    let missed = Math.floor((this.#clock.now() - this.#stoppedAt) / TICK);
    for (; missed > 0 && (this.size > 1 || this.#sizing.pause > 0); missed--) this.#see(NOTHING);
    this.#stop = this.#clock.every(TICK, () => this.#tick());
  }

  #tick(): void {
    const { running, waiting } = this;
    this.#see({ running, waiting, ended: this.#ended });
    this.#ended = 0;
    if (running > 0) return;
    this.#stop?.();
    this.#stop = undefined;
    this.#stoppedAt = this.#clock.now();
  }

  #see(seen: Observation): void {
    this.#sizing = nextSizing(this.#sizing, seen, this.#most);
    if (this.#sizing.size !== this.size) this.resize(this.#sizing.size);
  }
}
