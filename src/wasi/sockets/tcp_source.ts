/**
 * The input stream of a TCP connection.
 *
 * @module
 */
import type { Socket } from "node:net";
import { Fill } from "../../component/abi/fill.ts";
import type { Source } from "../io/source.ts";
import { Signal } from "../io/waitable.ts";

/** What a peer that sends byte by byte can leave here: an object for each costs more than its byte. */
const MAX_CHUNKS = 128;

/**
 * Reads ahead of the guest, up to its `receive-buffer-size`; then the socket is not read, the kernel's buffer fills,
 * and TCP slows the peer down.
 */
export class TcpSource implements Source {
  readonly #socket: Socket;
  readonly #size: () => number;
  readonly #leave: () => void;
  readonly #arrived = new Signal();
  #chunks: Uint8Array[] = [];
  #queued = 0;
  #reading = false;
  #state: "open" | "ended" | "closed" = "open";
  #failure: { readonly cause: unknown } | undefined;

  /**
   * @param socket A connected socket, paused.
   * @param size How many bytes may wait here.
   * @param leave Called when the stream was dropped, or has ended.
   */
  constructor(socket: Socket, size: () => number, leave: () => void) {
    this.#socket = socket;
    this.#size = size;
    this.#leave = leave;
    socket.on("data", (chunk: Uint8Array) => this.#take(chunk));
    socket.on("end", () => this.end());
  }

  /** Starts to read: before that, a connection that waits to be accepted costs nothing but its socket. */
  start(): void {
    this.#adjust();
  }

  /** See {@linkcode Source.ready}. */
  ready(): boolean {
    return this.#queued > 0 || this.#state !== "open" || this.#failure !== undefined;
  }

  /** See {@linkcode Source.watch}. */
  watch(wake: () => void): () => void {
    return this.#arrived.watch(wake);
  }

  /** See {@linkcode Source.read}. */
  read(max: number): Uint8Array | null {
    const first = this.#chunks[0];
    if (first !== undefined) {
      const bytes = first.subarray(0, max);
      this.#drop(bytes.length);
      return bytes;
    }
    if (this.#failure !== undefined) throw this.#failure.cause;
    return this.#state === "open" ? new Uint8Array(0) : null;
  }

  /** See {@linkcode Source.direct}: all that is there, in one call. */
  direct(max: number): Fill | undefined {
    if (this.#queued === 0 || max === 0) return undefined;
    return new Fill(Math.min(max, this.#queued), (into) => {
      let written = 0;
      while (written < into.length && this.#queued > 0) {
        const bytes = this.#chunks[0]!.subarray(0, into.length - written);
        into.set(bytes, written);
        written += bytes.length;
        this.#drop(bytes.length);
      }
      return written;
    });
  }

  /** See {@linkcode Source.skip}. */
  skip(max: number): number | null {
    if (this.#queued === 0) return this.read(0)?.length ?? null;
    const count = Math.min(max, this.#queued);
    for (let left = count; left > 0;) left -= this.#drop(left);
    return count;
  }

  /** The stream was dropped: what is still to come stays in the kernel. */
  close(): void {
    this.shutdown();
    this.#leave();
  }

  /** `shutdown(receive)`: no more is expected, and what was not read is forgotten. */
  shutdown(): void {
    this.#state = "closed";
    this.#failure = undefined;
    this.#chunks = [];
    this.#queued = 0;
    this.#adjust();
    this.#arrived.fire();
  }

  /** No more will come. What has come can still be read. */
  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.#arrived.fire();
  }

  /** The connection is broken, which is told once what has come was read. */
  fail(cause: unknown): void {
    if (this.#state !== "open") return;
    this.#failure ??= { cause };
    this.#arrived.fire();
  }

  #take({ buffer, byteOffset, length }: Uint8Array): void {
    if (this.#state !== "open" || length === 0) return;
    // Not as node's own kind of array, whose `slice` is another.
    this.#chunks.push(new Uint8Array(buffer, byteOffset, length));
    this.#queued += length;
    this.#adjust();
    if (this.#queued === length) this.#arrived.fire();
  }

  /** Takes up to so many bytes off the first chunk; says how many. */
  #drop(max: number): number {
    const first = this.#chunks[0]!;
    const count = Math.min(max, first.length);
    if (count === first.length) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(count);
    this.#queued -= count;
    this.#adjust();
    return count;
  }

  /** Reads on while there is room, and not again before half of it is free: each change is a system call. */
  #adjust(): void {
    const size = this.#size();
    const full = this.#state === "closed" || this.#queued >= size || this.#chunks.length >= MAX_CHUNKS;
    const roomy = this.#queued <= size / 2 && this.#chunks.length <= MAX_CHUNKS / 2;
    if (this.#reading && full) {
      this.#reading = false;
      this.#socket.pause();
    } else if (!this.#reading && !full && roomy) {
      this.#reading = true;
      this.#socket.resume();
    }
  }
}
