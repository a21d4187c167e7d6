/**
 * `resource incoming-datagram-stream`: {@link https://github.com/WebAssembly/wasi-sockets/blob/v0.2.3/wit/udp.wit}
 *
 * @module
 */
import { Pollable } from "../io/pollable.ts";
import { toIpSocketAddress } from "./address.ts";
import type { Association } from "./association.ts";
import { attempt } from "./error_code.ts";
import type { IncomingDatagram } from "./types.ts";

/** The most that one call gives: 4 MiB, where each is as large as a datagram can be. */
const MAX_RESULTS = 64;

/** `resource incoming-datagram-stream`: what arrives at a UDP socket. */
export class IncomingDatagramStream {
  readonly #association: Association;

  /** @param association With the socket. */
  constructor(association: Association) {
    this.#association = association;
  }

  /**
   * `receive: func(max-results: u64) -> result<list<incoming-datagram>, error-code>`: what is there now, perhaps
   * nothing.
   *
   * @throws {ComponentError} `invalid-state` after another call of `stream`.
   */
  receive(maxResults: bigint): IncomingDatagram[] {
    const { inbox } = this.#association.use();
    const max = maxResults < MAX_RESULTS ? Number(maxResults) : MAX_RESULTS;
    const arrived = max === 0 ? [] : attempt(() => inbox.take(max));
    return arrived.map(({ data, from }) => ({ data, remoteAddress: toIpSocketAddress(from) }));
  }

  /** `subscribe: func() -> pollable`: ready when `receive` would give a datagram or an error. */
  subscribe(): Pollable {
    const association = this.#association;
    return new Pollable({
      ready: () => !association.current || association.port.inbox.ready,
      watch: (wake) => association.port.inbox.arrived.watch(wake),
    });
  }

  /** The socket lives on while the guest has it, or the other stream. */
  [Symbol.dispose](): void {
    this.#association.drop("incoming");
  }
}
