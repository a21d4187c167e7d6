/**
 * The contents of a request on their way from the guest to the wire. Before there is a wire, as much waits here as
 * may wait in front of one.
 *
 * @module
 */
import type { Sink } from "../io/sink.ts";
import { Signal } from "../io/waitable.ts";
import { NETWORK_LIMITS } from "../network/limits.ts";
import { type HttpError, refused } from "./error_code.ts";
import { type Field, Fields } from "./fields.ts";
import { Holding, roomAgain, roomLeft } from "./ledger.ts";
import { areTrailers } from "./trailers.ts";

/** Where contents go. */
export interface Wire {
  /**
   * Takes bytes.
   *
   * @param taken Called once the system has them.
   */
  write(bytes: Uint8Array, taken: () => void): void;
  /** They are complete. */
  end(trailers: readonly Readonly<Field>[]): void;
}

/** What is known of the contents when the header is written. */
export type Contents =
  | { readonly kind: "complete"; readonly length: number }
  | { readonly kind: "open" };

const ROOM = NETWORK_LIMITS.bodyBytes;

/** What a piece costs beside its bytes: a guest may write them one by one. */
const OVERHEAD = 64;

/** The contents of a request. */
export class RequestBody implements Sink {
  readonly #changed = new Signal();
  /** What waits for a wire. */
  #waiting: Uint8Array[] = [];
  /** All bytes that were written. */
  #length = 0;
  /** What the pieces cost that no system has taken yet. */
  #pending = 0;
  #wire: Wire | undefined;
  #progress: (pending: number) => void = () => {};
  #aborted: () => void = () => {};
  #end: { readonly trailers: readonly Readonly<Field>[] } | "aborted" | undefined;
  #closed = false;
  #failure: HttpError | undefined;
  readonly #mayTrail: boolean;
  readonly #holding = new Holding(this);

  /** @param mayTrail Whether trailers can follow: only where the length is not said at the beginning. */
  constructor(mayTrail: boolean) {
    this.#mayTrail = mayTrail;
  }

  /** See {@linkcode Sink}. */
  ready(): boolean {
    return this.#closed || this.#failure !== undefined || this.#room > 0;
  }

  /** See {@linkcode Sink}. */
  watch(wake: () => void): () => void {
    const stops = [this.#changed.watch(wake), roomAgain.watch(wake)];
    return () => stops.forEach((stop) => stop());
  }

  /** See {@linkcode Sink}. */
  room(): number | null {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#closed ? null : this.#room;
  }

  /** See {@linkcode Sink}. */
  write(bytes: Uint8Array): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closed || bytes.length === 0) return;
    const kept = bytes.slice();
    this.#length += kept.length;
    this.#count(kept.length + OVERHEAD);
    if (this.#wire === undefined) this.#waiting.push(kept);
    else this.#send(this.#wire, kept);
  }

  /** Nothing lingers here once there is a wire, and before that there is nothing to wait for. */
  flush(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /**
   * The contents are complete.
   *
   * @throws {ComponentError} With an `error-code`: these fields cannot be trailers, or none can be sent here.
   */
  finish(trailers: Fields | undefined): void {
    const fields = trailers === undefined ? [] : Fields.entriesOf(trailers);
    if (fields.length > 0 && !(this.#mayTrail && areTrailers(fields))) {
      this.abort();
      throw refused({ tag: "HTTP-protocol-error" });
    }
    this.#end = { trailers: fields };
    this.#finishWire();
  }

  /** The contents end incomplete. */
  abort(): void {
    this.#end = "aborted";
    this.#aborted();
  }

  /** For the wire: what to do where the contents end incomplete, or have done so already. */
  onAbort(aborted: () => void): void {
    this.#aborted = aborted;
    if (this.#end === "aborted") aborted();
  }

  /** For the wire: nobody takes the contents any more. Whoever writes is told so, and no more. */
  close(): void {
    this.#closed = true;
    this.#leave();
  }

  /** For the wire: what went wrong, for whoever writes. */
  fail(error: HttpError): void {
    this.#failure ??= error;
    this.#leave();
  }

  /** For the wire: what can be said of the contents now. */
  get contents(): Contents {
    if (this.#end === undefined || this.#end === "aborted" || this.#end.trailers.length > 0) {
      return { kind: "open" };
    }
    return { kind: "complete", length: this.#length };
  }

  /** Whether they are complete and taken. */
  get sent(): boolean {
    return typeof this.#end === "object" && this.#pending === 0;
  }

  /** What waits to be taken: more than its bytes, and 0 only where there are none. */
  get pending(): number {
    return this.#pending;
  }

  /**
   * Sends what waits, and everything that comes.
   *
   * @param progress Told what is pending, whenever that changes.
   */
  attach(wire: Wire, progress: (pending: number) => void): void {
    this.#wire = wire;
    this.#progress = progress;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const bytes of waiting) this.#send(wire, bytes);
    this.#finishWire();
  }

  get #room(): number {
    return Math.max(0, Math.min(ROOM - this.#pending, roomLeft()));
  }

  #count(cost: number): void {
    this.#pending += cost;
    // Nobody holds what was given up.
    this.#holding.set(this.#closed || this.#failure !== undefined ? 0 : this.#pending);
  }

  #send(wire: Wire, bytes: Uint8Array): void {
    wire.write(bytes, () => {
      this.#count(-bytes.length - OVERHEAD);
      this.#progress(this.#pending);
      this.#changed.fire();
    });
    this.#progress(this.#pending);
  }

  #finishWire(): void {
    const end = this.#end;
    if (this.#wire === undefined || end === undefined || end === "aborted") return;
    this.#wire.end(end.trailers);
  }

  #leave(): void {
    this.#count(0);
    this.#waiting = [];
    this.#wire = undefined;
    this.#progress = () => {};
    this.#aborted = () => {};
    this.#changed.fire();
  }
}
