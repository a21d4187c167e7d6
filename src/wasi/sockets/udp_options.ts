/**
 * The options of UDP sockets.
 *
 * @module
 */
import type { NetworkLimits } from "../network/limits.ts";
import { clamp } from "./clamp.ts";

/**
 * What IANA recommends, and most systems have. It is set, not assumed: the guest is told what is true.
 *
 * @see https://www.iana.org/assignments/ip-parameters/ip-parameters.xhtml#ip-parameters-2
 */
const HOP_LIMIT = 64;

/** Less would hold no datagram of the usual size. */
const MIN_BUFFER = 4096;

/** What a guest has asked of one socket. */
export class UdpOptions {
  #hopLimit = HOP_LIMIT;
  #receive: number;
  #send: number;
  readonly #max: bigint;

  /** @param limits The guest's. */
  constructor({ datagramBytes }: NetworkLimits) {
    this.#max = BigInt(Math.max(datagramBytes, MIN_BUFFER));
    this.#receive = datagramBytes;
    this.#send = datagramBytes;
  }

  /** `unicast-hop-limit`, of IPv4. */
  get hopLimit(): number {
    return this.#hopLimit;
  }

  /** `receive-buffer-size`: with so many bytes waiting for the guest, what arrives is lost. */
  get receiveBufferSize(): number {
    return this.#receive;
  }

  /** `send-buffer-size`: with so many bytes on their way, nothing more may be sent. */
  get sendBufferSize(): number {
    return this.#send;
  }

  /** `set-unicast-hop-limit` */
  setHopLimit(value: number): void {
    this.#hopLimit = Number(clamp(BigInt(value), 1n, 255n));
  }

  /** `set-receive-buffer-size` */
  setReceiveBufferSize(value: bigint): void {
    this.#receive = Number(clamp(value, BigInt(MIN_BUFFER), this.#max));
  }

  /** `set-send-buffer-size` */
  setSendBufferSize(value: bigint): void {
    this.#send = Number(clamp(value, BigInt(MIN_BUFFER), this.#max));
  }
}
