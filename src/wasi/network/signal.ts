/**
 * Work that somebody may give up.
 *
 * @module
 */
import { NetworkError } from "./error.ts";

/** The error of work that was given up: the signal's own reason, where it says what happened. */
export function givenUp({ reason }: AbortSignal): NetworkError {
  return reason instanceof NetworkError ? reason : new NetworkError("other", "given up", { cause: reason });
}

/**
 * Waits for work, but not longer than until one of these signals.
 *
 * @throws {NetworkError} At a signal; the work goes on, and nobody hears of it.
 */
export async function until<T>(work: Promise<T>, signals: readonly AbortSignal[]): Promise<T> {
  const stops: (() => void)[] = [];
  const first = new Promise<never>((_, reject) => {
    for (const signal of signals) {
      const abort = () => reject(givenUp(signal));
      if (signal.aborted) return abort();
      signal.addEventListener("abort", abort);
      stops.push(() => signal.removeEventListener("abort", abort));
    }
  });
  try {
    return await Promise.race([first, work]);
  } finally {
    for (const stop of stops) stop();
  }
}
