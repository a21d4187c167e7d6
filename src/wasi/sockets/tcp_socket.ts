/**
 * `resource tcp-socket`: {@link https://github.com/WebAssembly/wasi-sockets/blob/v0.2.3/wit/tcp.wit}
 *
 * @module
 */
import { mayListen } from "../../grant/network.ts";
import { InputStream } from "../io/input_stream.ts";
import { OutputStream } from "../io/output_stream.ts";
import { Pollable } from "../io/pollable.ts";
import { Signal, type Waitable } from "../io/waitable.ts";
import type { Reach } from "../network/reach.ts";
import {
  checkRemote,
  checkUnicast,
  fromIpSocketAddress,
  type SocketAddress,
  toIpSocketAddress,
} from "./address.ts";
import { clamp } from "./clamp.ts";
import type { Connection } from "./connection.ts";
import { connect } from "./connect.ts";
import { attempt, failure } from "./error_code.ts";
import { Listener } from "./listener.ts";
import type { Network } from "./network.ts";
import { Operation } from "./operation.ts";
import { TcpOptions } from "./tcp_options.ts";
import { localOf, type State, wouldBlock } from "./tcp_state.ts";
import type { IpAddressFamily, IpSocketAddress, ShutdownType } from "./types.ts";

/** `resource tcp-socket`. Every method throws a `ComponentError` with an `error-code`. */
export class TcpSocket {
  readonly #reach: Reach;
  readonly #family: IpAddressFamily;
  readonly #options: TcpOptions;
  readonly #changed = new Signal();
  /** Gives back what it counts for; a connection counts by itself. */
  readonly #give: () => void;
  #state: State;

  /**
   * @param reach The guest's way out.
   * @param family The version of IP that it is for.
   * @param accepted For a socket that came by `accept`: its connection, and the listener's options.
   * @throws {NetworkError} `too-many-sockets`
   */
  constructor(
    reach: Reach,
    family: IpAddressFamily,
    accepted?: { readonly connection: Connection; readonly options: TcpOptions },
  ) {
    this.#reach = reach;
    this.#family = family;
    this.#options = accepted?.options.copy() ?? new TcpOptions();
    this.#give = accepted ? () => {} : reach.take();
    this.#state = accepted ? { kind: "connected", connection: accepted.connection } : { kind: "unbound" };
    accepted?.connection.start(this.#options);
  }

  /** `start-bind`: to a port of the guest's choice only where rules let it listen there. */
  startBind(_network: Network, localAddress: IpSocketAddress): void {
    this.#idle();
    if (this.#state.kind !== "unbound") throw failure("invalid-state");
    const local = fromIpSocketAddress(this.#family, localAddress);
    checkUnicast(local);
    if (local.port !== 0) this.#checkListen(local);
    this.#state = {
      kind: "bind-in-progress",
      bind: new Operation(Listener.bind(this.#reach, local), () => this.#changed.fire()),
    };
  }

  /** `finish-bind`. After a failure the socket is unbound again, and may be bound to another address. */
  finishBind(): void {
    const state = this.#state;
    if (state.kind !== "bind-in-progress") throw failure("not-in-progress");
    if (state.bind.done) this.#state = { kind: "unbound" };
    this.#state = { kind: "bound", listener: state.bind.finish() };
  }

  /** `start-connect`: refused before any packet where no rule allows it. */
  startConnect(_network: Network, remoteAddress: IpSocketAddress): void {
    this.#idle();
    const { kind } = this.#state;
    if (kind !== "unbound" && kind !== "bound") throw failure("invalid-state");
    const remote = fromIpSocketAddress(this.#family, remoteAddress);
    checkUnicast(remote);
    checkRemote(remote);
    if (!this.#reach.mayReach("tcp", remote.ip, remote.port)) throw failure("access-denied");
    const listener = this.#state.kind === "bound" ? this.#state.listener : undefined;
    const local = listener?.local;
    const stop = new AbortController();
    const work = connect(this.#reach, { remote, listener, give: this.#give, signal: stop.signal });
    this.#state = {
      kind: "connect-in-progress",
      connect: new Operation(work, () => this.#changed.fire()),
      local,
      stop,
    };
  }

  /** `finish-connect`. A socket connects once: after a failure it is closed. */
  finishConnect(): [InputStream, OutputStream] {
    const state = this.#state;
    if (state.kind !== "connect-in-progress") throw failure("not-in-progress");
    if (state.connect.done) this.#state = { kind: "closed" };
    const connection = state.connect.finish();
    this.#state = { kind: "connected", connection };
    connection.start(this.#options);
    return [new InputStream(connection.source), new OutputStream(connection.sink)];
  }

  /** `start-listen`: where rules allow it, also for a port that the system has chosen. */
  startListen(): void {
    this.#idle();
    if (this.#state.kind !== "bound") throw failure("invalid-state");
    const { listener } = this.#state;
    this.#checkListen(listener.asked);
    listener.listen(() => this.#options.backlog, () => this.#changed.fire());
    this.#state = { kind: "listen-in-progress", listener };
  }

  /** `finish-listen`. There is nothing to wait for. */
  finishListen(): void {
    if (this.#state.kind !== "listen-in-progress") throw failure("not-in-progress");
    this.#state = { kind: "listening", listener: this.#state.listener };
  }

  /** `accept`: the oldest connection that waits. */
  accept(): [TcpSocket, InputStream, OutputStream] {
    if (this.#state.kind !== "listening") throw failure("invalid-state");
    const { listener } = this.#state;
    const connection = attempt(() => listener.accept());
    if (connection === undefined) throw failure("would-block");
    const socket = new TcpSocket(this.#reach, this.#family, { connection, options: this.#options });
    return [socket, new InputStream(connection.source), new OutputStream(connection.sink)];
  }

  /** `local-address`: known once it is bound, or connected. */
  localAddress(): IpSocketAddress {
    const local = localOf(this.#state);
    if (local === undefined) throw failure("invalid-state");
    return toIpSocketAddress(local);
  }

  /** `remote-address` */
  remoteAddress(): IpSocketAddress {
    return toIpSocketAddress(this.#connection().remote);
  }

  /** `is-listening` */
  isListening(): boolean {
    return this.#state.kind === "listening";
  }

  /** `address-family` */
  addressFamily(): IpAddressFamily {
    return this.#family;
  }

  /** `set-listen-backlog-size`: also while it listens, since the queue is this host's own. */
  setListenBacklogSize(value: bigint): void {
    this.#open().setBacklog(value);
    const { kind } = this.#state;
    if (kind === "connect-in-progress" || kind === "connected") throw failure("invalid-state");
  }

  /** `keep-alive-enabled` */
  keepAliveEnabled(): boolean {
    return this.#open().keepAliveEnabled;
  }

  /** `set-keep-alive-enabled` */
  setKeepAliveEnabled(value: boolean): void {
    this.#open().keepAliveEnabled = value;
    this.#applyKeepAlive();
  }

  /** `keep-alive-idle-time` */
  keepAliveIdleTime(): bigint {
    return this.#open().keepAliveIdleTime;
  }

  /** `set-keep-alive-idle-time` */
  setKeepAliveIdleTime(value: bigint): void {
    this.#open().setKeepAliveIdleTime(value);
    this.#applyKeepAlive();
  }

  /** `keep-alive-interval`: the system's. Neither `node:net` nor Deno can change it, so every value is clamped to it. */
  keepAliveInterval(): bigint {
    return this.#open().keepAliveInterval;
  }

  /** `set-keep-alive-interval` */
  setKeepAliveInterval(value: bigint): void {
    this.#open().setKeepAliveInterval(value);
  }

  /** `keep-alive-count`: as {@linkcode keepAliveInterval}. */
  keepAliveCount(): number {
    return this.#open().keepAliveCount;
  }

  /** `set-keep-alive-count` */
  setKeepAliveCount(value: number): void {
    this.#open().setKeepAliveCount(value);
  }

  /** `hop-limit`: the system's, which neither `node:net` nor Deno tells. */
  hopLimit(): number {
    throw this.#unsupported();
  }

  /** `set-hop-limit` */
  setHopLimit(value: number): void {
    throw this.#unsupported(BigInt(value));
  }

  /** `receive-buffer-size`: of this host's buffer. The kernel's own, beside it, is the system's affair. */
  receiveBufferSize(): bigint {
    return BigInt(this.#open().receiveBufferSize);
  }

  /** `set-receive-buffer-size` */
  setReceiveBufferSize(value: bigint): void {
    this.#open().setReceiveBufferSize(value);
  }

  /** `send-buffer-size`: as {@linkcode receiveBufferSize}. */
  sendBufferSize(): bigint {
    return BigInt(this.#open().sendBufferSize);
  }

  /** `set-send-buffer-size` */
  setSendBufferSize(value: bigint): void {
    this.#open().setSendBufferSize(value);
  }

  /** `subscribe: func() -> pollable`: ready unless a `finish-*` or `accept` would block. */
  subscribe(): Pollable {
    return new Pollable(this.#event);
  }

  /** `shutdown`: of one direction or both, as often as one likes. */
  shutdown(shutdownType: ShutdownType): void {
    const { source, sink } = this.#connection();
    if (shutdownType !== "send") source.shutdown();
    if (shutdownType !== "receive") sink.shutdown();
  }

  /** Closes what it has. A connection lives on in its streams, until they are dropped too. */
  [Symbol.dispose](): void {
    const state = this.#state;
    this.#state = { kind: "closed" };
    this.#give();
    switch (state.kind) {
      case "bind-in-progress":
        return state.bind.abandon((listener) => listener.close());
      case "bound":
      case "listen-in-progress":
      case "listening":
        return state.listener.close();
      case "connect-in-progress":
        state.connect.abandon((connection) => connection.destroy());
        return state.stop.abort();
      case "connected":
        return state.connection.leave();
    }
  }

  readonly #event: Waitable = {
    ready: () => !wouldBlock(this.#state),
    watch: (wake) => this.#changed.watch(wake),
  };

  /** No operation is in progress. */
  #idle(): void {
    if (this.#state.kind.endsWith("-in-progress")) throw failure("concurrency-conflict");
  }

  #checkListen({ ip, port }: SocketAddress): void {
    if (!mayListen(this.#reach.network, "tcp", ip, port)) throw failure("access-denied");
  }

  #connection(): Connection {
    if (this.#state.kind !== "connected") throw failure("invalid-state");
    return this.#state.connection;
  }

  #open(): TcpOptions {
    if (this.#state.kind === "closed") throw failure("invalid-state");
    return this.#options;
  }

  #applyKeepAlive(): void {
    if (this.#state.kind === "connected") this.#state.connection.keepAlive();
  }

  /** Values are checked first: what is wrong everywhere is told everywhere. */
  #unsupported(value?: bigint): Error {
    this.#open();
    if (value !== undefined) clamp(value, 1n, value);
    return failure("not-supported");
  }
}
