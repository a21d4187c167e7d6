/**
 * A bound TCP socket, and a listening one.
 *
 * @module
 */
import type { Server, Socket } from "node:net";
import { formatIp, parseIp, unmapped } from "../../grant/network.ts";
import { NetworkError, networkError } from "../network/error.ts";
import type { Reach } from "../network/reach.ts";
import { inScope, scopeOf } from "../network/scope.ts";
import type { SocketAddress } from "./address.ts";
import { Connection } from "./connection.ts";
import { codeNameOf } from "./error_code.ts";

/** The kernel's own queue, for what arrives while this process does something else. */
const KERNEL_BACKLOG = 128;

/**
 * A `net.Server`. `node:net` binds only what it connects or listens with, so a bound socket listens, and resets whoever
 * connects, until it is told to let them in.
 */
export class Listener {
  /** What the guest has asked for. Its port may be 0. */
  readonly asked: SocketAddress;
  readonly #reach: Reach;
  readonly #server: Server;
  readonly #pending: Connection[] = [];
  #forget = () => {};
  #changed = () => {};
  #backlog: (() => number) | undefined;
  #refused: NetworkError | undefined;
  #closed = false;

  private constructor(reach: Reach, server: Server, asked: SocketAddress) {
    this.asked = asked;
    this.#reach = reach;
    this.#server = server;
    server.on("connection", (socket) => this.#arrive(socket));
    server.on("error", (error) => this.#refuse(networkError(error)));
    // Closed between the call and the deed: node has bound it all the same.
    server.on("listening", () => this.#closed && server.close());
    this.#forget = reach.atEnd(() => this.close());
  }

  /**
   * Binds.
   *
   * @throws {NetworkError}
   */
  static async bind(reach: Reach, asked: SocketAddress): Promise<Listener> {
    const { ip, port } = asked;
    if (!inScope(ip, port)) {
      const scope = scopeOf(ip, port);
      throw new NetworkError("not-capable", `to bind to ${scope}, this process needs --allow-net=${scope}`);
    }
    const { createServer } = await import("node:net");
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    const listener = new Listener(reach, server, asked);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.once("close", () => reject(new NetworkError("other", "closed while it was bound")));
        server.listen({
          host: formatIp(ip),
          port,
          backlog: KERNEL_BACKLOG,
          // Not by way of node:cluster.
          exclusive: true,
          ipv6Only: ip.family === 6,
        }, resolve);
      });
    } catch (error) {
      listener.close();
      throw bindError(error);
    }
    return listener;
  }

  /** Where it is bound, with the port that the system has chosen. */
  get local(): SocketAddress {
    const address = this.#server.address();
    const port = address !== null && typeof address === "object" ? address.port : this.asked.port;
    return { ip: this.asked.ip, port };
  }

  /**
   * Lets connections in from now on.
   *
   * @param backlog How many may wait to be accepted.
   * @param changed Called when there is something to accept.
   */
  listen(backlog: () => number, changed: () => void): void {
    this.#backlog = backlog;
    this.#changed = changed;
  }

  /** Whether {@linkcode accept} would give a connection or an error. */
  get ready(): boolean {
    return this.#pending.length > 0 || this.#refused !== undefined;
  }

  /**
   * The next connection; the guest's from now on.
   *
   * @throws {NetworkError} Why one that came could not be let in.
   */
  accept(): Connection | undefined {
    const connection = this.#pending.shift();
    if (connection !== undefined || this.#refused === undefined) return connection;
    const refused = this.#refused;
    this.#refused = undefined;
    throw refused;
  }

  /** Stops, and resets what nobody has accepted. */
  close(): void {
    this.#closed = true;
    this.#forget();
    this.#server.close();
    this.#backlog = undefined;
    for (const connection of this.#pending.splice(0)) connection.destroy();
  }

  /** Stops, and waits until the address is free. */
  async release(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.once("close", resolve);
      this.close();
    });
  }

  #arrive(socket: Socket): void {
    // Also where nobody listens: an error of a socket without a listener would end the process.
    socket.on("error", () => {});
    if (this.#backlog === undefined || this.#pending.length >= this.#backlog() || this.#isMapped(socket)) {
      socket.resetAndDestroy();
      return;
    }
    let give: () => void;
    try {
      give = this.#reach.take();
    } catch (error) {
      socket.resetAndDestroy();
      this.#refuse(networkError(error));
      return;
    }
    const forget = this.#reach.atEnd(() => socket.destroy());
    const ended = () => {
      forget();
      give();
    };
    socket.once("close", ended);
    let connection: Connection;
    try {
      connection = new Connection(socket);
    } catch {
      // Gone before it was here: as if it had never come.
      socket.destroy();
      return;
    }
    this.#pending.push(connection);
    socket.once("close", () => this.#vanish(connection));
    this.#changed();
  }

  /** Deno listens for both versions at `::`, whatever `ipv6Only` says; an IPv6 socket of WASI has no IPv4 peers. */
  #isMapped({ remoteAddress }: Socket): boolean {
    const ip = parseIp(remoteAddress ?? "");
    return ip !== undefined && unmapped(ip) !== ip;
  }

  #vanish(connection: Connection): void {
    const index = this.#pending.indexOf(connection);
    if (index >= 0) this.#pending.splice(index, 1);
  }

  /** One error waits at most: a flood of refused connections is told once. */
  #refuse(error: NetworkError): void {
    if (this.#backlog === undefined) return;
    this.#refused ??= error;
    this.#changed();
  }
}

/** What the guest has asked for was checked, so what the kernel calls invalid is an address that is not this host's. */
function bindError(error: unknown): NetworkError {
  return codeNameOf(error) === "EINVAL"
    ? new NetworkError("address-not-available", "not an address of this host", { cause: error })
    : networkError(error);
}
