/**
 * `wasi:clocks/monotonic-clock`:
 * {@link https://github.com/WebAssembly/wasi-clocks/blob/v0.2.3/wit/monotonic-clock.wit}
 *
 * @module
 */
import { Pollable } from "../io/pollable.ts";
import { Deadline } from "./deadline.ts";

/** The end of `u64` time, 584 years after the start. */
const FOREVER = (1n << 64n) - 1n;

/**
 * `now: func() -> instant`: nanoseconds since the start of the process. Deno gives `performance.now()` in milliseconds
 * with nanosecond digits where no permission or flag coarsens it.
 */
export function now(): bigint {
  return BigInt(Math.round(performance.now() * 1e6));
}

let tick: bigint | undefined;

/** `resolution: func() -> duration`: nanoseconds of one tick of this platform's clock, measured once. */
export function resolution(): bigint {
  return tick ??= measure();
}

/**
 * `subscribe-instant: func(when: instant) -> pollable`: ready from `when` on.
 *
 * @param timers Has, while the guest waits for it, what stops the timer.
 */
export function subscribeInstant(when: bigint, timers?: Set<() => void>): Pollable {
  return new Pollable(new Deadline(when, now, timers));
}

/** `subscribe-duration: func(when: duration) -> pollable`: ready after so many nanoseconds; 0 is ready at once. */
export function subscribeDuration(when: bigint, timers?: Set<() => void>): Pollable {
  const deadline = now() + when;
  return subscribeInstant(deadline < FOREVER ? deadline : FOREVER, timers);
}

/** Every reading is a whole number of ticks, so the tick divides every difference: their greatest common divisor. */
function measure(): bigint {
  let divisor = 0n;
  let last = now();
  for (let changes = 0, reads = 0; changes < 64 && reads < 1e6; reads++) {
    const next = now();
    if (next === last) continue;
    divisor = gcd(next - last, divisor);
    last = next;
    changes++;
  }
  return divisor > 0n ? divisor : 1n;
}

function gcd(a: bigint, b: bigint): bigint {
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}
