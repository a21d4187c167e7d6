/**
 * Datagrams on their way out of a UDP socket.
 *
 * @module
 */
import { Signal } from "../io/waitable.ts";
import { type NetworkError, networkError } from "../network/error.ts";
import type { SocketAddress } from "./address.ts";

/** A datagram to be sent. */
interface Leaving {
  readonly data: Uint8Array;
  readonly to: SocketAddress;
  readonly failed: (error: NetworkError) => void;
}

/** Gives a datagram to the kernel; told when that is over. */
export type Give = (data: Uint8Array, to: SocketAddress, done: (error: Error | null) => void) => void;

/** Datagrams that have been sent, and of which the kernel has not told yet. */
const MAX_SENDING = 64;

/**
 * Bytes that are given to the kernel before it has told of the first. Deno sends at once while the kernel takes it, and
 * else in any order: less than a socket's buffer always finds room there, but for a burst.
 */
const WINDOW = 64 * 1024;

/** Sends in order, and not more at a time than the kernel can hold. */
export class Outbox {
  /** Tells that there is room again. */
  readonly sent = new Signal();
  readonly #give: Give;
  readonly #size: () => number;
  readonly #queue: Leaving[] = [];
  #count = 0;
  #bytes = 0;
  #given = 0;
  #givenBytes = 0;
  #emptied: (() => void) | undefined;

  /**
   * @param give Gives a datagram to the kernel.
   * @param size With so many bytes on their way, it is full.
   */
  constructor(give: Give, size: () => number) {
    this.#give = give;
    this.#size = size;
  }

  /** How many more datagrams may be sent now. */
  get room(): number {
    return this.#bytes >= this.#size() ? 0 : MAX_SENDING - this.#count;
  }

  /**
   * Sends a datagram.
   *
   * @param data Copied.
   * @param failed Told, later, if it did not work.
   */
  send(data: Uint8Array, to: SocketAddress, failed: (error: NetworkError) => void): void {
    this.#queue.push({ data: new Uint8Array(data), to, failed });
    this.#count++;
    this.#bytes += data.length;
    this.#next();
  }

  /** Calls back once nothing is on its way any more; at once, where nothing is. */
  whenEmpty(callback: () => void): void {
    if (this.#count === 0) callback();
    else this.#emptied = callback;
  }

  #next(): void {
    for (;;) {
      const first = this.#queue[0];
      if (first === undefined) return;
      if (this.#given > 0 && this.#givenBytes + first.data.length > WINDOW) return;
      this.#queue.shift();
      this.#given++;
      this.#givenBytes += first.data.length;
      this.#give(first.data, first.to, (error) => this.#done(first, error));
    }
  }

  #done({ data, failed }: Leaving, error: Error | null): void {
    this.#given--;
    this.#givenBytes -= data.length;
    this.#count--;
    this.#bytes -= data.length;
    if (error) failed(networkError(error));
    this.#next();
    this.sent.fire();
    if (this.#count === 0) this.#emptied?.();
  }
}
