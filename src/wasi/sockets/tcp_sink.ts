/**
 * The output stream of a TCP connection.
 *
 * @module
 */
import type { Socket } from "node:net";
import type { Sink } from "../io/sink.ts";
import { closed } from "../io/stream_error.ts";
import { Signal } from "../io/waitable.ts";

/** The most that one permit allows. With what is on its way already, this bounds what a connection holds here. */
const ROOM = 64 * 1024;

/** What a guest that writes byte by byte can leave here: an object for each costs more than its byte. */
const MAX_BEHIND = 128;

/**
 * What is written is copied here first: what the kernel does not take at once is written later, when the guest's memory
 * may be another. Mostly it does take it, and the same buffer, warm, serves again; a fresh one for each write costs as
 * much as a quarter of the system calls. One for all guests: nobody sees what the last one left in it.
 */
let spare = new Uint8Array(ROOM);

/**
 * Writes at once. What the kernel does not take is on its way: with `send-buffer-size` of that, the sink is full until
 * the peer reads on.
 */
export class TcpSink implements Sink {
  readonly #socket: Socket;
  readonly #size: () => number;
  readonly #leave: () => void;
  readonly #drained = new Signal();
  readonly #written = () => {
    if (this.#socket.writableLength === 0) this.#flushing = false;
    if (this.ready()) this.#drained.fire();
  };
  readonly #taken = () => {
    this.#behind--;
    this.#written();
  };
  /** Writes that wait behind others. */
  #behind = 0;
  #flushing = false;
  #closed = false;
  #failure: { readonly cause: unknown } | undefined;

  /**
   * @param socket A connected socket.
   * @param size With so many bytes on their way, it is full.
   * @param leave Called when the stream was dropped, or has failed.
   */
  constructor(socket: Socket, size: () => number, leave: () => void) {
    this.#socket = socket;
    this.#size = size;
    this.#leave = leave;
  }

  /** See {@linkcode Sink.ready}. */
  ready(): boolean {
    return this.#closed || this.#failure !== undefined || this.#free() > 0;
  }

  /** See {@linkcode Sink.watch}. */
  watch(wake: () => void): () => void {
    return this.#drained.watch(wake);
  }

  /** See {@linkcode Sink.room}. */
  room(): number | null {
    this.#rethrow();
    return this.#closed ? null : this.#free();
  }

  /** See {@linkcode Sink.write}. */
  write(bytes: Uint8Array): void {
    this.#check();
    for (let at = 0; at < bytes.length; at += ROOM) this.#put(bytes.subarray(at, at + ROOM));
  }

  /** See {@linkcode Sink.flush}: over when the kernel has all. */
  flush(): void {
    this.#check();
    this.#flushing = this.#socket.writableLength > 0;
  }

  /** The stream was dropped: a FIN after what was written. */
  close(): void {
    this.shutdown();
    this.#leave();
  }

  /** `shutdown(send)`: the same, with the stream still there. */
  shutdown(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#socket.destroyed) this.#socket.end();
    this.#drained.fire();
  }

  /** Nobody takes any more. */
  end(): void {
    this.#closed = true;
    this.#drained.fire();
  }

  /** The connection is broken. */
  fail(cause: unknown): void {
    if (this.#closed) return;
    this.#failure ??= { cause };
    this.#drained.fire();
  }

  #put(bytes: Uint8Array): void {
    if (this.#socket.writableLength > 0) {
      this.#behind++;
      this.#socket.write(bytes.slice(), this.#taken);
      return;
    }
    const buffer = spare;
    buffer.set(bytes);
    this.#socket.write(buffer.subarray(0, bytes.length), this.#written);
    if (this.#socket.writableLength > 0) spare = new Uint8Array(ROOM);
  }

  /** After a failed write the socket is gone, and why is told a moment later: until then there is no room. */
  #free(): number {
    const { destroyed, writableLength } = this.#socket;
    if (destroyed || this.#flushing || this.#behind >= MAX_BEHIND) return 0;
    return writableLength >= this.#size() ? 0 : ROOM;
  }

  #check(): void {
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
}
