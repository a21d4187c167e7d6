/** How long a service that has failed waits: a function of what is known, and of nothing else. */
import assert from "node:assert/strict";
import type { Restart } from "../../mod.ts";
import { afterFailure, delay } from "../../src/runtime/backoff.ts";

const STANDARD: Restart = {
  initialDelayMs: 1000,
  maxDelayMs: 90_000,
  backoffFactor: 2,
  jitter: 0.1,
  maxAttempts: 0,
};

/** Delays of failures that follow one another, each after so long a run. */
function delays(restart: Restart, random: number, runs: readonly number[]): (number | undefined)[] {
  let restarts = 0;
  return runs.map((ranMs) => {
    const next = afterFailure(restart, { restarts, ranMs, stableThresholdMs: 5000, random });
    restarts = next.attempt;
    return next.delayMs;
  });
}

const AT_ONCE = [0, 0, 0, 0, 0, 0, 0, 0, 0];

for (
  const [title, restart, random, runs, expected] of [
    ["each is twice the one before, up to the most", {}, 0.5, AT_ONCE, [
      1000,
      2000,
      4000,
      8000,
      16_000,
      32_000,
      64_000,
      90_000,
      90_000,
    ]],
    ["jitter takes a tenth away at most", {}, 0, AT_ONCE.slice(0, 3), [900, 1800, 3600]],
    ["jitter adds a tenth at most", {}, 1, AT_ONCE.slice(0, 3), [1100, 2200, 4400]],
    ["the most is varied as well", { maxDelayMs: 1000 }, 1, [0, 0], [1100, 1100]],
    ["without jitter, chance means nothing", { jitter: 0 }, 0.123, [0, 0], [1000, 2000]],
    ["all of it may be jitter", { jitter: 1 }, 0, [0, 0], [0, 0]],
    ["a factor of 1 is always the same", { backoffFactor: 1 }, 0.5, AT_ONCE.slice(0, 4), [
      1000,
      1000,
      1000,
      1000,
    ]],
    ["a factor need not be whole", { backoffFactor: 1.5 }, 0.5, [0, 0, 0], [1000, 1500, 2250]],
    ["a first delay above the most is the most", { initialDelayMs: 5000, maxDelayMs: 700 }, 0.5, [0], [700]],
    ["who has run for the threshold begins anew", {}, 0.5, [0, 0, 0, 5000, 0], [
      1000,
      2000,
      4000,
      1000,
      2000,
    ]],
    ["who has run for less does not", {}, 0.5, [4999, 4999, 4999], [1000, 2000, 4000]],
    ["after the attempts there is none", { maxAttempts: 2 }, 0.5, [0, 0, 0], [1000, 2000, undefined]],
    ["a stable run gives the attempts back", { maxAttempts: 1 }, 0.5, [0, 6000, 6000, 0], [
      1000,
      1000,
      1000,
      undefined,
    ]],
  ] as const
) {
  Deno.test(`delays of restarts: ${title}`, () => {
    assert.deepEqual(delays({ ...STANDARD, ...restart }, random, runs), expected);
  });
}

Deno.test("no number of failures makes a delay that is none", () => {
  const failure = { restarts: 1e6, ranMs: 0, stableThresholdMs: 5000, random: 0.5 };
  assert.equal(afterFailure(STANDARD, failure).delayMs, 90_000);
  assert.equal(afterFailure({ ...STANDARD, backoffFactor: 1e300 }, failure).delayMs, 90_000);
});

Deno.test("a delay of years is not over at once, and ends when its signal says so", async () => {
  const controller = new AbortController();
  const years = delay(292 * 365 * 24 * 3600 * 1000, controller.signal);
  assert.equal(
    await Promise.race([years, delay(20, new AbortController().signal).then(() => "still")]),
    "still",
  );
  controller.abort(new Error("enough"));
  await assert.rejects(years, { message: "enough" });
  await assert.rejects(delay(0, AbortSignal.abort(new Error("never"))), { message: "never" });
});
