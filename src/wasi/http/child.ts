/**
 * Streams that are children of a body: the body may not go before they are dropped.
 *
 * A stream that has ended closes its source by itself, while the guest still holds the stream. So a body cannot tell
 * from its source whether the guest has dropped the stream; these classes can.
 *
 * @module
 */
import { InputStream } from "../io/input_stream.ts";
import { OutputStream } from "../io/output_stream.ts";
import type { Sink } from "../io/sink.ts";
import type { Source } from "../io/source.ts";

/** A stream as its body sees it. */
export interface Child {
  /** Whether the guest has dropped it. */
  readonly dropped: boolean;
}

/** Whether the stream is about to close itself: the operation under way has ended or failed. */
class Ending {
  #state: "open" | "ending" | "ended" = "open";

  /** Runs an operation of the stream's, whose `null` or failure ends it. */
  run<T>(operation: () => T): T {
    let ends = true;
    try {
      const result = operation();
      ends = result === null;
      return result;
    } finally {
      if (ends && this.#state === "open") this.#state = "ending";
    }
  }

  /** Whether the stream closes itself now; `false`: it is dropped. */
  take(): boolean {
    const own = this.#state === "ending";
    if (own) this.#state = "ended";
    return own;
  }
}

/** The `input-stream` of an incoming body. */
export class IncomingStream extends InputStream implements Child {
  #dropped = false;
  readonly #ending: Ending;

  /** @param source Where the bytes come from. It is not closed with the stream: it is the body's. */
  constructor(source: Source) {
    const ending = new Ending();
    super({
      ready: () => source.ready(),
      watch: (wake) => source.watch(wake),
      read: (max) => ending.run(() => source.read(max)),
      ...source.skip && { skip: (max: number) => ending.run(() => source.skip!(max)) },
    });
    this.#ending = ending;
  }

  /** Whether the guest has dropped it. */
  get dropped(): boolean {
    return this.#dropped;
  }

  override [Symbol.dispose](): void {
    super[Symbol.dispose]();
    if (!this.#ending.take()) this.#dropped = true;
  }
}

/** The `output-stream` of an outgoing body. */
export class OutgoingStream extends OutputStream implements Child {
  #dropped = false;
  readonly #ending: Ending;

  /** @param sink Where the bytes go. It is not closed with the stream: it is the body's. */
  constructor(sink: Sink) {
    const ending = new Ending();
    super({
      ready: () => sink.ready(),
      watch: (wake) => sink.watch(wake),
      room: () => ending.run(() => sink.room()),
      write: (bytes) => ending.run(() => sink.write(bytes)),
      flush: () => ending.run(() => sink.flush()),
    });
    this.#ending = ending;
  }

  /** Whether the guest has dropped it. */
  get dropped(): boolean {
    return this.#dropped;
  }

  override [Symbol.dispose](): void {
    super[Symbol.dispose]();
    if (!this.#ending.take()) this.#dropped = true;
  }
}
