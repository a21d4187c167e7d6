/**
 * How many calls of one entry run at once, and who waits. Every call gets a fresh instance in every pool, so a pool is a
 * count of slots and a queue; the kinds differ in what the count is.
 *
 * | kind | slots | queue |
 * | --- | --- | --- |
 * | `inline` | 1 | as long as it gets |
 * | `lazy` | a fixed number | as long as it gets |
 * | `static` | a fixed number | of a declared length; who comes then waits outside of it |
 * | `adaptive` | from 1 to a number, as the work asks for it | the same |
 *
 * @module
 */
import { AdaptiveSlots } from "./adaptive.ts";
import { Slots } from "./slots.ts";

/** How one call takes its place. */
export interface RunOptions {
  /** Takes it out of the queue, if it still waits; then its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether a call that holds a slot waits for this one. It never waits itself: where no slot is free it runs beyond the
   * count. Were it to wait, two entries that call one another could wait for ever, each for the other's slot.
   */
  readonly nested?: boolean | undefined;
}

/** Slots and a queue. */
export interface Pool {
  /** How many calls run at once, just now. */
  readonly size: number;
  /** How many calls run, those beyond the count included. */
  readonly running: number;
  /** How many wait. */
  readonly waiting: number;
  /** How many may wait in the queue; more wait outside of it. */
  readonly buffer: number;
  /** Whether one who comes now must wait. */
  readonly full: boolean;
  /** Whether one who comes now must wait outside of the queue: a server turns it away instead. */
  readonly queueFull: boolean;
  /**
   * Runs something in a slot, as soon as one is free; first come, first served.
   *
   * @throws {ClosedError} After {@linkcode close}.
   * @throws Whatever the work throws, or the signal's reason.
   */
  run<T>(work: () => Promise<T>, options?: RunOptions): Promise<T>;
  /** Resolves once nothing runs and nothing waits. */
  drain(): Promise<void>;
  /**
   * Takes nothing more but nested calls, which belong to calls that were taken; resolves once all that came before is
   * over.
   */
  close(): Promise<void>;
}

/** What a pool is made of. */
export interface PoolShape {
  /** Its kind. */
  readonly type: "inline" | "lazy" | "static" | "adaptive";
  /** How many calls run at once, or at most. */
  readonly workers: number;
  /** How many wait in the queue; 0 for no bound. */
  readonly buffer: number;
}

/** Makes a pool. */
export function openPool({ type, workers, buffer }: PoolShape): Pool {
  const most = buffer || Infinity;
  switch (type) {
    case "inline":
    case "lazy":
    case "static":
      return new Slots(workers, most);
    case "adaptive":
      return new AdaptiveSlots(workers, most);
  }
}
