/**
 * The contents of a response between the guest that writes them and whoever sends them: a bounded queue.
 *
 * @module
 */
import type { Sink } from "../io/sink.ts";
import type { Source } from "../io/source.ts";
import { closed } from "../io/stream_error.ts";
import { Signal } from "../io/waitable.ts";

/** How far a guest may be ahead of its client, in bytes. It waits then; see {@linkcode ResponseBody.sink}. */
export const RESPONSE_ROOM = 64 * 1024;

/** How much a guest may write into a response without contents, before its stream is closed. */
const MAX_DISCARDED = 16 * 1024 * 1024;

const NOTHING = new Uint8Array(0);

/** The contents ended before they were complete. Whoever sends them must let the client know. */
export class CutError extends Error {
  /** Always `CutError`. */
  override readonly name = "CutError";

  /** Makes the error. */
  constructor() {
    super("the guest ended before its response did");
  }
}

/** A response's contents on their way. */
export class ResponseBody {
  /** One buffer, not a list of chunks: a guest that writes byte by byte costs no object for each. */
  #buffer: Uint8Array<ArrayBuffer> = NOTHING;
  #size = 0;
  #state: "open" | "finished" | "cut" = "open";
  #gone = false;
  #discards = false;
  #discarded = 0;
  readonly #written = new Signal();
  readonly #drained = new Signal();

  /** The guest's end. A flush is done when the bytes are queued: what the network does with them, it cannot know. */
  readonly sink: Sink = {
    ready: () => this.#room() !== 0,
    watch: (wake) => this.#drained.watch(wake),
    room: () => this.#room(),
    write: (bytes) => this.#write(bytes),
    flush: () => {
      if (this.#room() === null) throw closed();
    },
  };

  /** The client's end: its `read` throws a {@linkcode CutError} where the contents end too early. */
  readonly source: Source = {
    ready: () => this.#size > 0 || this.#state !== "open" || this.#gone,
    watch: (wake) => this.#written.watch(wake),
    read: (max) => this.#read(max),
    close: () => this.#leave(),
  };

  /** Contents that are there at once. */
  static of(bytes: Uint8Array<ArrayBuffer>): ResponseBody {
    const body = new ResponseBody();
    body.#buffer = bytes;
    body.#size = bytes.length;
    body.#state = "finished";
    return body;
  }

  /** Whether more may come, and if not, whether what came is all. */
  get state(): "open" | "finished" | "cut" {
    return this.#state;
  }

  /** Whether the client has left. */
  get gone(): boolean {
    return this.#gone;
  }

  /** How many bytes wait for the client. */
  get waiting(): number {
    return this.#size;
  }

  /** Everything, if it is complete; then nothing is left to read. */
  whole(): Uint8Array<ArrayBuffer> | undefined {
    return this.#state === "finished" ? this.#take(this.#size) : undefined;
  }

  /** The contents are complete. */
  finish(): void {
    this.#end("finished");
  }

  /** No more comes, and what came is not all. */
  cut(): void {
    this.#end("cut");
  }

  /** From now on what is written goes nowhere: the response has no content, whatever the guest says. */
  discard(): void {
    this.#discards = true;
    this.#size = 0;
    this.#buffer = NOTHING;
    this.#drained.fire();
  }

  #end(state: "finished" | "cut"): void {
    if (this.#state !== "open") return;
    this.#state = state;
    this.#written.fire();
    this.#drained.fire();
  }

  #room(): number | null {
    if (this.#gone || this.#state !== "open") return null;
    return this.#discards ? RESPONSE_ROOM : RESPONSE_ROOM - this.#size;
  }

  #write(bytes: Uint8Array): void {
    if (this.#gone || this.#state !== "open") throw closed();
    if (this.#discards) return this.#discard(bytes.length);
    if (bytes.length === 0) return;
    const size = this.#size + bytes.length;
    if (size > this.#buffer.length) {
      const grown = new Uint8Array(Math.min(RESPONSE_ROOM, Math.max(size, 2 * this.#buffer.length)));
      grown.set(this.#buffer.subarray(0, this.#size));
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, this.#size);
    this.#size = size;
    this.#written.fire();
  }

  /** Nothing slows a guest down whose contents nobody wants: one that never ends would compute for ever. */
  #discard(count: number): void {
    this.#discarded += count;
    if (this.#discarded > MAX_DISCARDED) this.#leave();
  }

  #read(max: number): Uint8Array | null {
    if (this.#size > 0 && max > 0) return this.#take(max);
    if (this.#size > 0 || this.#state === "open") return NOTHING;
    if (this.#state === "cut") throw new CutError();
    return null;
  }

  /** The buffer goes with its bytes: whoever sends them may keep them. */
  #take(max: number): Uint8Array<ArrayBuffer> {
    const taken = this.#buffer.subarray(0, Math.min(max, this.#size));
    const rest = this.#buffer.slice(taken.length, this.#size);
    this.#buffer = rest;
    this.#size = rest.length;
    this.#drained.fire();
    return taken;
  }

  #leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#buffer = NOTHING;
    this.#size = 0;
    this.#drained.fire();
  }
}
