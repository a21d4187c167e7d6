/**
 * What happens in a runtime, told to whoever listens. While nobody does, a call pays for one comparison.
 *
 * @module
 */
import { CallWatch } from "./events_call.ts";
import type { RuntimeEvent } from "./events_types.ts";

/** Takes events as they happen. */
export type Listener = (event: RuntimeEvent) => void;

/** How to listen. */
export interface ListenOptions {
  /**
   * Whether to be told of each refusal. Then every call is watched at each of its host functions, which makes them slower;
   * otherwise what a call ends with is all that is known of it.
   */
  readonly refusals?: boolean;
}

/** Where all events come together. */
export class Events {
  /** Listeners, and whether they want refusals. */
  readonly #listeners = new Map<Listener, boolean>();
  readonly #warn: (message: string) => void;
  #refusals = false;
  #calls = 0;

  /** @param warn Told of a listener that has thrown. */
  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** Whether anybody listens. */
  get watched(): boolean {
    return this.#listeners.size > 0;
  }

  /** Whether anybody wants to be told of each refusal. */
  get tellsRefusals(): boolean {
    return this.#refusals;
  }

  /**
   * Listens.
   *
   * @param listener Is called at once: what it does takes its time from a call.
   * @returns Ends it.
   */
  listen(listener: Listener, { refusals = false }: ListenOptions = {}): () => void {
    const stop = () => {
      this.#listeners.delete(listener);
      this.#refusals = [...this.#listeners.values()].includes(true);
    };
    this.#listeners.set(listener, refusals);
    this.#refusals ||= refusals;
    return stop;
  }

  /** Tells everybody. A listener that throws is told nothing more: no call fails because of who watches it. */
  emit(event: RuntimeEvent): void {
    Object.freeze(event);
    for (const listener of [...this.#listeners.keys()]) {
      try {
        listener(event);
      } catch (error) {
        this.#listeners.delete(listener);
        this.#warn(`a listener to events has thrown, and is told nothing more: ${error}`);
      }
    }
  }

  /**
   * A call has been asked for.
   *
   * @param entry The id of its entry.
   * @param parent The number of the call that has asked for it, if one has.
   * @returns What is told of it from here on; `undefined` where nobody listens.
   */
  begin(entry: string, parent: number | undefined): CallWatch | undefined {
    if (this.#listeners.size === 0) return undefined;
    const watch = new CallWatch(this, { entry, call: ++this.#calls, ...parent !== undefined && { parent } });
    this.emit({ type: "call-started", time: Date.now(), ...watch.subject });
    return watch;
  }

  /** A call has failed before there was anything to call: its entry could not be made ready. */
  failed(entry: string, parent: number | undefined, error: unknown): void {
    this.begin(entry, parent)?.failed(error);
  }
}
