/**
 * How many slots an adaptive pool has: a function of what was seen at each tick, and of nothing else.
 *
 * - While all slots are taken and calls wait, it tries more of them: a quarter of what there are, or as many as there are
 *   waiting for each slot if that is more; never more than a quarter of the most at once.
 * - After four ticks it looks whether more calls end in a tick than before. If so, it keeps them; if not, it goes back,
 *   and waits before it tries again, twice as long each time.
 * - After eight ticks in a row with nothing waiting and less than half of the slots taken, it gives up a quarter.
 *
 * @module
 */

/** How often a pool is looked at, in milliseconds. */
export const TICK = 500;

/** What is seen at a tick. */
export interface Observation {
  /** How many calls run. */
  readonly running: number;
  /** How many wait. */
  readonly waiting: number;
  /** How many have ended since the tick before. */
  readonly ended: number;
}

/** More slots, on trial. */
interface Trial {
  /** What to go back to. */
  readonly from: number;
  /** How many calls ended in a tick before. */
  readonly rate: number;
  /** How many ticks it has lasted. */
  readonly ticks: number;
}

/** The count, and what is remembered for the next tick. */
export interface Sizing {
  /** How many slots there are. */
  readonly size: number;
  /** How many calls ended in each of the last ticks, the newest at the end. */
  readonly recent: readonly number[];
  /** What is being tried, if anything. */
  readonly trial: Trial | undefined;
  /** For how many ticks nothing is tried. */
  readonly pause: number;
  /** How long the next pause will be, should there be one. */
  readonly penalty: number;
  /** For how many ticks it could have done with half. */
  readonly quiet: number;
}

const TRIAL_TICKS = 4;
const QUIET_TICKS = 8;
/** The first pause: what is compared later is as it was without the trial. */
const PAUSE = TRIAL_TICKS;
const LONGEST_PAUSE = 64;

/** What an adaptive pool begins with. */
export const smallest: Sizing = {
  size: 1,
  recent: [],
  trial: undefined,
  pause: 0,
  penalty: PAUSE,
  quiet: 0,
};

/**
 * The count for the next tick.
 *
 * @param now What there is.
 * @param seen What was seen.
 * @param most The most slots there may be.
 */
export function nextSizing(now: Sizing, seen: Observation, most: number): Sizing {
  const { size, trial } = now;
  const recent = [...now.recent, seen.ended].slice(-TRIAL_TICKS);
  const quiet = seen.waiting === 0 && seen.running < size / 2 ? now.quiet + 1 : 0;
  const next = { ...now, recent, quiet, pause: Math.max(0, now.pause - 1) };
  if (trial !== undefined) {
    const ticks = trial.ticks + 1;
    if (ticks < TRIAL_TICKS) return { ...next, trial: { ...trial, ticks } };
    if (isBetter(trial.rate, rateOf(recent))) return { ...next, trial: undefined, penalty: PAUSE };
    return {
      ...next,
      size: trial.from,
      trial: undefined,
      pause: now.penalty,
      penalty: Math.min(now.penalty * 2, LONGEST_PAUSE),
    };
  }
  if (quiet >= QUIET_TICKS) return { ...next, size: Math.max(1, size - Math.ceil(size / 4)), quiet: 0 };
  if (seen.waiting === 0 || seen.running < size || size >= most || next.pause > 0) return next;
  return {
    ...next,
    size: Math.min(most, size + stepOf(size, seen.waiting, most)),
    trial: { from: size, rate: rateOf(recent), ticks: 0 },
  };
}

function stepOf(size: number, waiting: number, most: number): number {
  const wished = Math.max(Math.ceil(size / 4), Math.ceil(waiting / size));
  return Math.min(wished, Math.max(1, Math.floor(most / 4)));
}

function rateOf(recent: readonly number[]): number {
  return recent.reduce((sum, ended) => sum + ended, 0) / recent.length;
}

/** Where no call ended before or since, as with guests that sleep for long, nothing speaks against more of them. */
function isBetter(before: number, since: number): boolean {
  return since > before || since === 0 && before === 0;
}
