/**
 * Events for one reader, who takes them when he likes.
 *
 * @module
 */
import type { RuntimeEvent } from "./events_types.ts";

/** How many events wait for a reader where he does not say. */
export const EVENT_BUFFER = 1024;

/** Events as they are read. It ends with the runtime, or when its reader ends it. */
export class EventStream implements AsyncIterableIterator<RuntimeEvent, undefined>, AsyncDisposable {
  readonly #most: number;
  readonly #stop: () => void;
  readonly #waiting: RuntimeEvent[] = [];
  readonly #readers: ((result: IteratorResult<RuntimeEvent, undefined>) => void)[] = [];
  #lost = 0;
  #ended = false;

  /**
   * @param most How many events wait to be read; of more, the oldest are lost.
   * @param listen Begins to listen; what it returns ends that.
   */
  constructor(most: number, listen: (listener: (event: RuntimeEvent) => void) => () => void) {
    if (!Number.isInteger(most) || most < 1) {
      throw new RangeError(`a buffer of ${most} events: 1 is the least`);
    }
    this.#most = most;
    this.#stop = listen((event) => this.#take(event));
  }

  /** The next event, once there is one. */
  next(): Promise<IteratorResult<RuntimeEvent, undefined>> {
    if (this.#lost > 0) {
      const count = this.#lost;
      this.#lost = 0;
      return Promise.resolve({ value: Object.freeze({ type: "lost", time: Date.now(), count }) });
    }
    const value = this.#waiting.shift();
    if (value !== undefined) return Promise.resolve({ value });
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  /** Reads no more. */
  return(): Promise<IteratorResult<RuntimeEvent, undefined>> {
    this.#waiting.length = 0;
    this.#lost = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** There will be no more events; those that wait can still be read. */
  end(): void {
    this.#ended = true;
    this.#stop();
    for (const resolve of this.#readers.splice(0)) resolve({ done: true, value: undefined });
  }

  /** Itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Reads no more. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #take(event: RuntimeEvent): void {
    const reader = this.#readers.shift();
    if (reader !== undefined) return reader({ value: event });
    this.#waiting.push(event);
    if (this.#waiting.length <= this.#most) return;
    this.#waiting.shift();
    this.#lost++;
  }
}
