/**
 * Those who wait for a slot.
 *
 * A list that is linked both ways, because anyone may leave: with a hundred thousand in it, the first one is still found
 * at once, which in a `Set` it is not (what was deleted before it is passed over each time).
 *
 * @module
 */

/** One who waits. */
interface Waiter {
  before: Waiter | undefined;
  after: Waiter | undefined;
  readonly signal: AbortSignal | undefined;
  readonly admit: () => void;
  readonly refuse: (reason: unknown) => void;
}

/** The waiters of one signal: with a listener for each, adding one would look at all the others. */
interface Watch {
  readonly waiters: Set<Waiter>;
  readonly listener: () => void;
}

/** First come, first served; whoever's signal aborts leaves. */
export class Queue {
  #first: Waiter | undefined;
  #last: Waiter | undefined;
  #length = 0;
  readonly #watches = new Map<AbortSignal, Watch>();

  /** How many wait. */
  get length(): number {
    return this.#length;
  }

  /**
   * Waits to be admitted.
   *
   * @param signal Leaves instead, with its reason, when it aborts. It has not yet.
   */
  wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((admit, refuse) => {
      const waiter: Waiter = { before: this.#last, after: undefined, signal, admit, refuse };
      if (this.#last) this.#last.after = waiter;
      else this.#first = waiter;
      this.#last = waiter;
      this.#length++;
      if (signal) this.#watch(signal, waiter);
    });
  }

  /** Admits the first one. */
  admit(): void {
    const first = this.#first;
    if (first === undefined) return;
    this.#remove(first);
    if (first.signal) this.#unwatch(first.signal, first);
    first.admit();
  }

  #remove({ before, after }: Waiter): void {
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    this.#length--;
  }

  #watch(signal: AbortSignal, waiter: Waiter): void {
    let watch = this.#watches.get(signal);
    if (watch === undefined) {
      watch = { waiters: new Set(), listener: () => this.#leave(signal) };
      this.#watches.set(signal, watch);
      signal.addEventListener("abort", watch.listener, { once: true });
    }
    watch.waiters.add(waiter);
  }

  #unwatch(signal: AbortSignal, waiter: Waiter): void {
    const watch = this.#watches.get(signal)!;
    watch.waiters.delete(waiter);
    if (watch.waiters.size > 0) return;
    signal.removeEventListener("abort", watch.listener);
    this.#watches.delete(signal);
  }

  /** All who wait by this signal. */
  #leave(signal: AbortSignal): void {
    const { waiters } = this.#watches.get(signal)!;
    this.#watches.delete(signal);
    for (const waiter of waiters) {
      this.#remove(waiter);
      waiter.refuse(signal.reason);
    }
  }
}
