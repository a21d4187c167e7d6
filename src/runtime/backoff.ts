/**
 * How long a service that has failed waits before it is started again.
 *
 * @module
 */
import type { Restart } from "../config/declaration.ts";

/** What comes after a failure. */
export interface Next {
  /** Which restart it would be, since the service was last stable: 1 for the first. */
  readonly attempt: number;
  /** How long to wait, in milliseconds; `undefined`: it is not started again. */
  readonly delayMs: number | undefined;
}

/** What is known of a failure. */
export interface Failure {
  /** How many restarts there were since the service was last stable. */
  readonly restarts: number;
  /** How long it has run, in milliseconds. */
  readonly ranMs: number;
  /** After how long it counts as stable. */
  readonly stableThresholdMs: number;
  /** From 0 to 1, below 1. */
  readonly random: number;
}

/**
 * What comes after a failure. The first delay is `initial_delay`; each is the one before times `backoff_factor`, and
 * none is more than `max_delay`; then `jitter` varies it by its share, up and down. A service that has run for
 * `stable_threshold` begins from the start. After `max_attempts` restarts there is none.
 */
export function afterFailure(restart: Restart, failure: Failure): Next {
  const { restarts, ranMs, stableThresholdMs, random } = failure;
  const attempt = ranMs >= stableThresholdMs ? 1 : restarts + 1;
  const { initialDelayMs, maxDelayMs, backoffFactor, jitter, maxAttempts } = restart;
  if (maxAttempts > 0 && attempt > maxAttempts) return { attempt, delayMs: undefined };
  const delay = Math.min(initialDelayMs * backoffFactor ** (attempt - 1), maxDelayMs);
  return { attempt, delayMs: Math.round(delay * (1 + jitter * (2 * random - 1))) };
}

/** The longest that one timer waits: more than this, and it would fire at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Waits, for as long as it may be.
 *
 * @throws The signal's reason, as soon as it aborts.
 */
export async function delay(ms: number, signal: AbortSignal): Promise<void> {
  for (let rest = ms;;) {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, Math.min(rest, LONGEST));
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    }
    rest -= LONGEST;
    if (rest <= 0) return;
  }
}
