/**
 * What one call of `stream` made: the two datagram streams and, perhaps, their one peer.
 *
 * @module
 */
import type { SocketAddress } from "./address.ts";
import type { DatagramPort } from "./datagram_port.ts";
import { failure } from "./error_code.ts";

/** Between a UDP socket and its newest pair of streams. */
export class Association {
  /** Whom the streams are limited to; `undefined`: nobody. */
  readonly peer: SocketAddress | undefined;
  readonly #port: DatagramPort;
  readonly #leave: readonly [incoming: () => void, outgoing: () => void];
  #current = true;

  /** @param port The socket's. */
  constructor(port: DatagramPort, peer: SocketAddress | undefined) {
    this.#port = port;
    this.peer = peer;
    this.#leave = [port.holders.join(), port.holders.join()];
    port.inbox.setPeer(peer);
  }

  /** Whether its streams are the socket's newest. */
  get current(): boolean {
    return this.#current;
  }

  /**
   * The port, for an operation.
   *
   * @throws {ComponentError} `invalid-state`: "only the most recently returned pair of streams will be operational".
   */
  use(): DatagramPort {
    if (!this.#current) throw failure("invalid-state");
    return this.#port;
  }

  /** The port, to be watched. */
  get port(): DatagramPort {
    return this.#port;
  }

  /** Another pair takes its place. Who waits at one of these streams is told so. */
  end(): void {
    this.#current = false;
    for (const leave of this.#leave) leave();
    this.#port.inbox.arrived.fire();
    this.#port.outbox.sent.fire();
  }

  /** The guest dropped one of the streams. */
  drop(stream: "incoming" | "outgoing"): void {
    this.#leave[stream === "incoming" ? 0 : 1]();
  }
}
