/**
 * `resource outgoing-datagram-stream`: {@link https://github.com/WebAssembly/wasi-sockets/blob/v0.2.3/wit/udp.wit}
 *
 * @module
 */
import { Trap } from "../../component/error.ts";
import { Pollable } from "../io/pollable.ts";
import type { NetworkError } from "../network/error.ts";
import type { Reach } from "../network/reach.ts";
import { checkRemote, fromIpSocketAddress, isSameAddress, type SocketAddress } from "./address.ts";
import type { Association } from "./association.ts";
import { failure, translated } from "./error_code.ts";
import type { IpAddressFamily, OutgoingDatagram } from "./types.ts";

/**
 * The longest payload: what 16 bits of length leave after the headers, of which IPv6 counts only the one of UDP.
 *
 * @see https://www.rfc-editor.org/rfc/rfc768
 * @see https://www.rfc-editor.org/rfc/rfc8200#section-3
 */
const MAX_PAYLOAD: Readonly<Record<IpAddressFamily, number>> = { ipv4: 65_507, ipv6: 65_527 };

/** `resource outgoing-datagram-stream`: what leaves a UDP socket. */
export class OutgoingDatagramStream {
  readonly #association: Association;
  readonly #reach: Reach;
  readonly #family: IpAddressFamily;
  /** How many datagrams `check-send` has allowed, and `send` has not used. */
  #permit = 0;
  #failure: NetworkError | undefined;

  /**
   * @param association With the socket.
   * @param reach The guest's way out.
   * @param family The socket's.
   */
  constructor(association: Association, reach: Reach, family: IpAddressFamily) {
    this.#association = association;
    this.#reach = reach;
    this.#family = family;
  }

  /**
   * `check-send: func() -> result<u64, error-code>`: how many datagrams the next `send` may bring.
   *
   * @throws {ComponentError} Why a datagram that was sent before did not go out; once.
   */
  checkSend(): bigint {
    const { outbox } = this.#association.use();
    this.#permit = 0;
    if (this.#failure !== undefined) {
      const failure = this.#failure;
      this.#failure = undefined;
      throw translated(failure);
    }
    this.#permit = outbox.room;
    return BigInt(this.#permit);
  }

  /**
   * `send: func(datagrams: list<outgoing-datagram>) -> result<u64, error-code>`
   *
   * @returns How many were sent, or will be: those before the first that could not.
   * @throws {Trap} More than `check-send` has allowed.
   * @throws {ComponentError} Why the first of them cannot be sent.
   */
  send(datagrams: OutgoingDatagram[]): bigint {
    const port = this.#association.use();
    if (datagrams.length === 0) return 0n;
    if (datagrams.length > this.#permit) {
      throw new Trap(
        `wasi:sockets/udp.send: ${datagrams.length} datagrams, but check-send has permitted ${this.#permit}`,
      );
    }
    this.#permit = 0;
    let sent = 0n;
    for (const datagram of datagrams) {
      // The permit counts datagrams, and they are longer than it thought.
      if (port.outbox.room === 0) break;
      try {
        port.send(datagram.data, this.#destination(datagram), (error) => this.#failure ??= error);
      } catch (error) {
        // "If at least one datagram has been sent successfully, this function never returns an error."
        if (sent > 0n) break;
        throw translated(error);
      }
      sent++;
    }
    return sent;
  }

  /** `subscribe: func() -> pollable`: ready when `check-send` would give more than 0, or an error. */
  subscribe(): Pollable {
    const association = this.#association;
    return new Pollable({
      ready: () => !association.current || this.#failure !== undefined || association.port.outbox.room > 0,
      watch: (wake) => association.port.outbox.sent.watch(wake),
    });
  }

  /** The socket lives on while the guest has it, or the other stream. */
  [Symbol.dispose](): void {
    this.#association.drop("outgoing");
  }

  /** Where a datagram goes, if it may. */
  #destination({ data, remoteAddress }: OutgoingDatagram): SocketAddress {
    const { peer } = this.#association;
    const given = remoteAddress && fromIpSocketAddress(this.#family, remoteAddress);
    const to = given ?? peer;
    if (to === undefined || (peer !== undefined && !isSameAddress(to, peer))) {
      throw failure("invalid-argument");
    }
    checkRemote(to);
    if (data.length > MAX_PAYLOAD[this.#family]) throw failure("datagram-too-large");
    if (!this.#reach.mayReach("udp", to.ip, to.port)) throw failure("access-denied");
    return to;
  }
}
