/**
 * The one shape of everything a guest can wait for, and the usual way to implement it.
 *
 * @module
 */

/**
 * Something that becomes ready. Watchers are callbacks and not promises, because they can be taken back: a guest
 * that polls standard input with a short timer, forever, must not leave a reaction behind on every round.
 */
export interface Waitable {
  /** Whether it is ready now. Cheap, and never throws: a failure counts as ready and shows when it is used. */
  ready(): boolean;
  /**
   * Asks to be told when `ready()` may have changed; it may be told more than once, and in vain.
   *
   * @param wake Called later, never during this call.
   * @returns A function that ends the watch. Calling it twice does no harm.
   */
  watch(wake: () => void): () => void;
}

/** The watchers of one thing: `watch` adds one, `fire` calls all of them. */
export class Signal {
  readonly #wakes: Set<{ readonly wake: () => void }> = new Set();

  /** See {@linkcode Waitable.watch}. */
  watch(wake: () => void): () => void {
    // An entry of its own for each call: the same callback may watch twice, and each watch ends by itself.
    const entry = { wake };
    this.#wakes.add(entry);
    return () => void this.#wakes.delete(entry);
  }

  /** Wakes all that are watching now. */
  fire(): void {
    for (const { wake } of [...this.#wakes]) wake();
  }

  /** How many are watching. */
  get size(): number {
    return this.#wakes.size;
  }
}

/** Resolves once `waitable` is ready; at once if it is. Rejects if asking throws. */
export function whenReady(waitable: Waitable): Promise<void> {
  return whenAny([waitable]);
}

/**
 * Resolves once at least one of `waitables` is ready, and leaves no watch behind.
 *
 * @param waitables What to wait for; one that occurs twice is watched once.
 */
export function whenAny(waitables: Iterable<Waitable>): Promise<void> {
  return new Promise((resolve, reject) => {
    const distinct = new Set(waitables);
    const stops: (() => void)[] = [];
    let state: "idle" | "checking" | "done" = "idle";
    const finish = (settle: () => void) => {
      state = "done";
      for (const stop of stops) stop();
      settle();
    };
    const check = () => {
      if (state === "done") return;
      state = "idle";
      try {
        for (const waitable of distinct) if (waitable.ready()) return finish(resolve);
      } catch (error) {
        finish(() => reject(error));
      }
    };
    // A thousand events that fire together cost one look at the list, not a thousand.
    const wake = () => {
      if (state !== "idle") return;
      state = "checking";
      queueMicrotask(check);
    };
    for (const waitable of distinct) stops.push(waitable.watch(wake));
    // What became ready between the caller's look and the watch would otherwise be slept over.
    check();
  });
}
