/**
 * `resource udp-socket`: {@link https://github.com/WebAssembly/wasi-sockets/blob/v0.2.3/wit/udp.wit}
 *
 * @module
 */
import { type Ip, mayListen } from "../../grant/network.ts";
import { Pollable } from "../io/pollable.ts";
import { Signal } from "../io/waitable.ts";
import type { Reach } from "../network/reach.ts";
import {
  checkRemote,
  fromIpSocketAddress,
  isUnspecified,
  type SocketAddress,
  toIpSocketAddress,
} from "./address.ts";
import { Association } from "./association.ts";
import { clamp } from "./clamp.ts";
import { DatagramPort } from "./datagram_port.ts";
import { failure } from "./error_code.ts";
import { IncomingDatagramStream } from "./incoming_datagram_stream.ts";
import type { Network } from "./network.ts";
import { Operation } from "./operation.ts";
import { OutgoingDatagramStream } from "./outgoing_datagram_stream.ts";
import type { IpAddressFamily, IpSocketAddress } from "./types.ts";
import { UdpOptions } from "./udp_options.ts";

type State =
  | { readonly kind: "unbound" }
  | { readonly kind: "bind-in-progress"; readonly bind: Operation<DatagramPort> }
  | { readonly kind: "bound"; readonly port: DatagramPort; readonly leave: () => void }
  | { readonly kind: "dropped" };

/** `resource udp-socket`. Every method throws a `ComponentError` with an `error-code`. */
export class UdpSocket {
  readonly #reach: Reach;
  readonly #family: IpAddressFamily;
  readonly #options: UdpOptions;
  readonly #changed = new Signal();
  /** Gives back what it counts for. */
  readonly #give: () => void;
  #state: State = { kind: "unbound" };
  #association: Association | undefined;

  /**
   * @param reach The guest's way out.
   * @param family The version of IP that it is for.
   * @throws {NetworkError} `too-many-sockets`
   */
  constructor(reach: Reach, family: IpAddressFamily) {
    this.#reach = reach;
    this.#family = family;
    this.#options = new UdpOptions(reach.limits);
    this.#give = reach.take();
  }

  /** `start-bind`: to a port of the guest's choice only where rules let it listen there. */
  startBind(_network: Network, localAddress: IpSocketAddress): void {
    if (this.#state.kind === "bind-in-progress") throw failure("concurrency-conflict");
    if (this.#state.kind !== "unbound") throw failure("invalid-state");
    const address = fromIpSocketAddress(this.#family, localAddress);
    const listens = mayListen(this.#reach.network, "udp", address.ip, address.port);
    if (address.port !== 0 && !listens) throw failure("access-denied");
    const bind = DatagramPort.bind(this.#reach, {
      address,
      listens,
      options: this.#options,
      give: this.#give,
    });
    this.#state = { kind: "bind-in-progress", bind: new Operation(bind, () => this.#changed.fire()) };
  }

  /** `finish-bind`. After a failure the socket is unbound again, and may be bound to another address. */
  finishBind(): void {
    const state = this.#state;
    if (state.kind !== "bind-in-progress") throw failure("not-in-progress");
    if (state.bind.done) this.#state = { kind: "unbound" };
    const port = state.bind.finish();
    this.#state = { kind: "bound", port, leave: port.holders.join() };
  }

  /**
   * `stream: func(remote-address: option<ip-socket-address>) -> result<tuple<incoming-datagram-stream,
   * outgoing-datagram-stream>, error-code>`. The streams of an earlier call end with `invalid-state`.
   */
  stream(remoteAddress: IpSocketAddress | undefined): [IncomingDatagramStream, OutgoingDatagramStream] {
    const port = this.#port();
    const peer = remoteAddress && fromIpSocketAddress(this.#family, remoteAddress);
    if (peer !== undefined) {
      checkRemote(peer);
      if (!this.#reach.mayReach("udp", peer.ip, peer.port)) throw failure("access-denied");
    }
    this.#association?.end();
    const association = this.#association = new Association(port, peer);
    return [
      new IncomingDatagramStream(association),
      new OutgoingDatagramStream(association, this.#reach, this.#family),
    ];
  }

  /** `local-address`: with a peer on this host, the address that it sees. */
  localAddress(): IpSocketAddress {
    const { ip, port } = this.#port().local;
    const peer = this.#association?.peer;
    const seen = isUnspecified(ip) && peer !== undefined ? loopbackTo(peer) : undefined;
    return toIpSocketAddress({ ip: seen ?? ip, port });
  }

  /** `remote-address` */
  remoteAddress(): IpSocketAddress {
    const peer = this.#association?.peer;
    if (peer === undefined) throw failure("invalid-state");
    return toIpSocketAddress(peer);
  }

  /** `address-family` */
  addressFamily(): IpAddressFamily {
    return this.#family;
  }

  /** `unicast-hop-limit`: of IPv4; that of IPv6 is the system's, which neither `node:dgram` nor Deno tells. */
  unicastHopLimit(): number {
    if (this.#family === "ipv6") throw failure("not-supported");
    return this.#options.hopLimit;
  }

  /** `set-unicast-hop-limit` */
  setUnicastHopLimit(value: number): void {
    clamp(BigInt(value), 1n, 255n);
    if (this.#family === "ipv6") throw failure("not-supported");
    this.#options.setHopLimit(value);
    if (this.#state.kind === "bound") this.#state.port.setHopLimit();
  }

  /** `receive-buffer-size`: of this host's buffer. The kernel's own, beside it, is the system's affair. */
  receiveBufferSize(): bigint {
    return BigInt(this.#options.receiveBufferSize);
  }

  /** `set-receive-buffer-size` */
  setReceiveBufferSize(value: bigint): void {
    this.#options.setReceiveBufferSize(value);
  }

  /** `send-buffer-size`: as {@linkcode receiveBufferSize}. */
  sendBufferSize(): bigint {
    return BigInt(this.#options.sendBufferSize);
  }

  /** `set-send-buffer-size` */
  setSendBufferSize(value: bigint): void {
    this.#options.setSendBufferSize(value);
  }

  /** `subscribe: func() -> pollable`: ready unless `finish-bind` would block. */
  subscribe(): Pollable {
    return new Pollable({
      ready: () => this.#state.kind !== "bind-in-progress" || this.#state.bind.done,
      watch: (wake) => this.#changed.watch(wake),
    });
  }

  /** Closes it, unless streams of it are left. */
  [Symbol.dispose](): void {
    const state = this.#state;
    this.#state = { kind: "dropped" };
    switch (state.kind) {
      case "unbound":
        return this.#give();
      case "bind-in-progress":
        state.bind.abandon((port) => port.close());
        return this.#give();
      case "bound":
        return state.leave();
    }
  }

  #port(): DatagramPort {
    if (this.#state.kind !== "bound") throw failure("invalid-state");
    return this.#state.port;
  }
}

/** The address from which this host reaches itself; `undefined` for any other destination. */
function loopbackTo({ ip }: SocketAddress): Ip | undefined {
  if (ip.family === 6) return ip.bits === 1n ? ip : undefined;
  return ip.bits >> 24n === 127n ? { family: 4, bits: 0x7f00_0001n } : undefined;
}
