/**
 * `wasi:clocks/wall-clock`: {@link https://github.com/WebAssembly/wasi-clocks/blob/v0.2.3/wit/wall-clock.wit}
 *
 * @module
 */

const SECOND = 1_000_000_000n;

/** `record datetime`: time since 1970-01-01T00:00:00Z. */
export interface Datetime {
  /** Whole seconds. */
  seconds: bigint;
  /** And so many nanoseconds, less than 1,000,000,000. */
  nanoseconds: number;
}

/** A `datetime` from nanoseconds since 1970; a time before that is 1970, since a `datetime` has no sign. */
export function datetime(ns: bigint): Datetime {
  if (ns < 0n) return { seconds: 0n, nanoseconds: 0 };
  return { seconds: ns / SECOND, nanoseconds: Number(ns % SECOND) };
}

/** `now: func() -> datetime`: the system's clock, in steps of a microsecond (`Date.now` has milliseconds). */
export function now(): Datetime {
  return datetime(Temporal.Now.instant().epochNanoseconds);
}

/** `resolution: func() -> datetime`: V8 keeps this time as a double of milliseconds, whose step is 2^-10 ms today. */
export function resolution(): Datetime {
  return { seconds: 0n, nanoseconds: 1000 };
}
