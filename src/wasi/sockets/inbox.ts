/**
 * Datagrams that have arrived at a UDP socket.
 *
 * @module
 */
import { Signal } from "../io/waitable.ts";
import type { NetworkError } from "../network/error.ts";
import { isSameAddress, type SocketAddress } from "./address.ts";

/** A datagram that has arrived. */
export interface Arrived {
  /** Its payload. */
  readonly data: Uint8Array;
  /** Where it is from. */
  readonly from: SocketAddress;
}

/** A queue with an end: nobody slows a sender down, so what there is no room for is lost, as it would be in the kernel. */
export class Inbox {
  /** Tells that it is not empty any more. */
  readonly arrived = new Signal();
  readonly #most: number;
  readonly #size: () => number;
  #queue: Arrived[] = [];
  #queued = 0;
  #peer: SocketAddress | undefined;
  #failure: NetworkError | undefined;

  /**
   * @param most How many datagrams wait at most.
   * @param size With so many bytes waiting, it is full: one datagram always finds room.
   */
  constructor(most: number, size: () => number) {
    this.#most = most;
    this.#size = size;
  }

  /** Whether {@linkcode take} would give something, or throw. */
  get ready(): boolean {
    return this.#queue.length > 0 || this.#failure !== undefined;
  }

  /** Whether a datagram would be kept. */
  takes(from: SocketAddress): boolean {
    if (this.#queue.length >= this.#most || this.#queued >= this.#size()) return false;
    return this.#peer === undefined || isSameAddress(from, this.#peer);
  }

  /** Keeps a datagram. */
  put(datagram: Arrived): void {
    this.#queue.push(datagram);
    this.#queued += datagram.data.length;
    if (this.#queue.length === 1) this.arrived.fire();
  }

  /** Something went wrong with the socket. */
  fail(error: NetworkError): void {
    this.#failure ??= error;
    this.arrived.fire();
  }

  /**
   * Takes what has arrived.
   *
   * @param max At most so many.
   * @throws {NetworkError} What went wrong since the last time.
   */
  take(max: number): Arrived[] {
    const taken = this.#queue.splice(0, max);
    for (const { data } of taken) this.#queued -= data.length;
    if (taken.length === 0 && this.#failure !== undefined) {
      const failure = this.#failure;
      this.#failure = undefined;
      throw failure;
    }
    return taken;
  }

  /** From now on, only what a peer sends is kept; `undefined`: what anyone sends. */
  setPeer(peer: SocketAddress | undefined): void {
    this.#peer = peer;
    if (peer === undefined) return;
    this.#queue = this.#queue.filter(({ from }) => isSameAddress(from, peer));
    this.#queued = this.#queue.reduce((sum, { data }) => sum + data.length, 0);
  }
}
