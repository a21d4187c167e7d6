/**
 * A TCP connection: one socket of `node:net`, and the three resources of the guest that hold it.
 *
 * @module
 */
import type { Socket } from "node:net";
import { parseIp } from "../../grant/network.ts";
import { networkError } from "../network/error.ts";
import type { SocketAddress } from "./address.ts";
import { codeNameOf } from "./error_code.ts";
import { Holders } from "./holders.ts";
import { TcpOptions } from "./tcp_options.ts";
import { TcpSink } from "./tcp_sink.ts";
import { TcpSource } from "./tcp_source.ts";

/** A connection. */
export class Connection {
  /** This end. */
  readonly local: SocketAddress;
  /** The other end. */
  readonly remote: SocketAddress;
  /** What arrives. */
  readonly source: TcpSource;
  /** What leaves. */
  readonly sink: TcpSink;
  /** Called when the guest drops its socket. */
  readonly leave: () => void;
  readonly #socket: Socket;
  readonly #holders = new Holders(() => this.#finish());
  #options = new TcpOptions();

  /**
   * @param socket Connected, paused, half-open allowed. Whoever made it sees to it that it is closed with the guest.
   * @throws {NetworkError} `reset`, where it is gone already.
   */
  constructor(socket: Socket) {
    this.#socket = socket;
    this.local = endOf(socket.localAddress, socket.localPort);
    this.remote = endOf(socket.remoteAddress, socket.remotePort);
    this.leave = this.#holders.join();
    this.source = new TcpSource(socket, () => this.#options.receiveBufferSize, this.#holders.join());
    this.sink = new TcpSink(socket, () => this.#options.sendBufferSize, this.#holders.join());
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#end());
    // The option to ask for it does not exist in WASI, and wasi-libc lets programs believe that it is set.
    socket.setNoDelay(true);
  }

  /** The guest has it now: reads, and does as the options say. */
  start(options: TcpOptions): void {
    this.#options = options;
    this.keepAlive();
    this.source.start();
  }

  /** Tells the kernel what the options say of keep-alive. */
  keepAlive(): void {
    if (this.#socket.destroyed) return;
    this.#socket.setKeepAlive(this.#options.keepAliveEnabled, this.#options.keepAliveMilliseconds);
  }

  /** Closes it at once, with a reset. */
  destroy(): void {
    this.#socket.resetAndDestroy();
  }

  /** No resource is left. What was written goes out first, however long the peer takes: the socket stays counted. */
  #finish(): void {
    this.#socket.destroySoon();
  }

  #fail(error: Error): void {
    // The peer takes nothing any more, which for a stream is no failure but its end. What it sent before was read.
    const broken = codeNameOf(error) === "EPIPE";
    const cause = networkError(error);
    this.source.fail(cause);
    broken ? this.sink.end() : this.sink.fail(cause);
  }

  #end(): void {
    this.source.end();
    this.sink.end();
  }
}

function endOf(address: string | undefined, port: number | undefined): SocketAddress {
  const ip = parseIp(address?.replace(/%.*$/, "") ?? "");
  if (ip === undefined || port === undefined) {
    throw networkError(Object.assign(new Error("the connection is gone"), { code: "ECONNRESET" }));
  }
  return { ip, port };
}
