/**
 * Standard output and error as sinks.
 *
 * @module
 */
import type { Sink } from "../io/sink.ts";
import { closed } from "../io/stream_error.ts";
import { Signal } from "../io/waitable.ts";
import type { Stdout } from "./stdio.ts";

/** How much one write may bring. */
const ROOM = 64 * 1024;

/** A guest can hold many permits at once, one for each `get-stdout`; this bounds what all of them can leave here. */
const MAX_BACKLOG = 16 * 1024 * 1024;

/** Longest pause between two attempts to write to a full pipe, in milliseconds. */
const MAX_PAUSE = 16;

/**
 * Writes at once, so that nothing is lost when the guest exits right after it. Only where the other end is a full
 * pipe in non-blocking mode is there a backlog: it is offered again until it is out, also while the process exits.
 */
export class WriterSink implements Sink {
  readonly #writer: () => Stdout;
  readonly #drained = new Signal();
  readonly #drain = () => this.#drainNow();
  #backlog: Uint8Array[] = [];
  #size = 0;
  #closed = false;
  #failure: { readonly cause: unknown } | undefined;

  /** @param writer Gives the writer; called at the first write. */
  constructor(writer: () => Stdout) {
    this.#writer = writer;
  }

  /** See {@linkcode Sink.ready}. */
  ready(): boolean {
    return this.#size === 0;
  }

  /** See {@linkcode Sink.watch}. */
  watch(wake: () => void): () => void {
    return this.#drained.watch(wake);
  }

  /** See {@linkcode Sink.room}. */
  room(): number | null {
    this.#rethrow();
    if (this.#closed) return null;
    return this.#size === 0 ? ROOM : 0;
  }

  /** See {@linkcode Sink.write}. */
  write(bytes: Uint8Array): void {
    this.#rethrow();
    if (this.#closed) throw closed();
    const written = this.#size === 0 ? this.#attempt(bytes) : 0;
    this.#rethrow();
    if (this.#closed) throw closed();
    if (written < bytes.length) this.#keep(bytes.slice(written));
  }

  /** Nothing is buffered but the backlog, which is being offered anyway. */
  flush(): void {
    this.#rethrow();
    if (this.#closed) throw closed();
  }

  #rethrow(): void {
    if (this.#failure === undefined) return;
    const { cause } = this.#failure;
    this.#failure = undefined;
    this.#closed = true;
    throw cause;
  }

  /** Writes what the other end takes now, and says how much that was. A failure is noted. */
  #attempt(bytes: Uint8Array): number {
    let written = 0;
    try {
      while (written < bytes.length) {
        const count = this.#writer().writeSync(written === 0 ? bytes : bytes.subarray(written));
        if (count === 0) break;
        written += count;
      }
    } catch (cause) {
      if (cause instanceof Deno.errors.BrokenPipe) this.#closed = true;
      else if (!(cause instanceof Deno.errors.WouldBlock)) this.#failure = { cause };
    }
    return written;
  }

  #keep(bytes: Uint8Array): void {
    if (this.#size + bytes.length > MAX_BACKLOG) {
      throw new Error("too much output for a reader that does not read");
    }
    this.#backlog.push(bytes);
    this.#size += bytes.length;
    if (this.#backlog.length > 1) return;
    globalThis.addEventListener("unload", this.#drain);
    this.#retry(1);
  }

  #retry(pause: number): void {
    setTimeout(() => {
      const before = this.#size;
      this.#offer();
      if (this.#size > 0) this.#retry(this.#size < before ? 1 : Math.min(pause * 2, MAX_PAUSE));
    }, pause);
  }

  /** Offers the backlog once. When it is out, or cannot be brought out, all who wait for that are woken. */
  #offer(): void {
    while (this.#backlog.length > 0) {
      const first = this.#backlog[0]!;
      const written = this.#attempt(first);
      if (this.#closed || this.#failure !== undefined) {
        this.#backlog = [];
        this.#size = 0;
        break;
      }
      this.#size -= written;
      if (written < first.length) {
        this.#backlog[0] = first.subarray(written);
        return;
      }
      this.#backlog.shift();
    }
    if (this.#size > 0) return;
    globalThis.removeEventListener("unload", this.#drain);
    this.#drained.fire();
  }

  /** The process is about to exit: here the thread may sleep, as it would have in a blocking write. */
  #drainNow(): void {
    const never = new Int32Array(new SharedArrayBuffer(4));
    while (this.#size > 0) {
      this.#offer();
      if (this.#size > 0) Atomics.wait(never, 0, 0, 1);
    }
  }
}
