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
 * Sends in order, one after the other. Deno sends at once while the kernel takes it, and what it has to keep, it sends
 * in any order: before its event loop has slept for the first time since the socket was bound, the last comes first.
 */
export class Outbox {
  /** Tells that there is room again. */
  readonly sent = new Signal();
  readonly #give: Give;
  readonly #size: () => number;
  readonly #queue: Leaving[] = [];
  #count = 0;
  #bytes = 0;
  #busy = false;
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
    const first = this.#busy ? undefined : this.#queue.shift();
    if (first === undefined) return;
    this.#busy = true;
    this.#give(first.data, first.to, (error) => {
      this.#busy = false;
      this.#count--;
      this.#bytes -= first.data.length;
      if (error) first.failed(networkError(error));
      this.#next();
      this.sent.fire();
      if (this.#count === 0) this.#emptied?.();
    });
  }
}
