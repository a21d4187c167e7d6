/**
 * A bound UDP socket: one socket of `node:dgram`, and the resources of the guest that hold it.
 *
 * @module
 */
import type { RemoteInfo, Socket } from "node:dgram";
import { formatIp, type Ip, parseIp } from "../../grant/network.ts";
import { NetworkError, networkError } from "../network/error.ts";
import type { Reach } from "../network/reach.ts";
import { inScope, scopeOf } from "../network/scope.ts";
import type { SocketAddress } from "./address.ts";
import { codeNameOf } from "./error_code.ts";
import { Holders } from "./holders.ts";
import { Inbox } from "./inbox.ts";
import { Outbox } from "./outbox.ts";
import type { UdpOptions } from "./udp_options.ts";

/** How to bind. */
export interface Bind {
  /** Where. */
  readonly address: SocketAddress;
  /** Whether rules let the guest listen there: then anyone may send to it. */
  readonly listens: boolean;
  /** The socket's options, which may change. */
  readonly options: UdpOptions;
  /** Gives back what the socket counts for. */
  readonly give: () => void;
}

/** How long a datagram of a guest that has ended may take to leave, in milliseconds. A few turns are usual. */
const PATIENCE = 1000;

/** A bound UDP socket. */
export class DatagramPort {
  /** Where it is bound, with the port that the system has chosen. */
  readonly local: SocketAddress;
  /** Who holds it: the guest's socket and its streams. */
  readonly holders = new Holders(() => this.#finish());
  /** What has arrived. */
  readonly inbox: Inbox;
  /** What is leaving. */
  readonly outbox: Outbox;
  readonly #reach: Reach;
  readonly #socket: Socket;
  readonly #bind: Bind;
  #forget = () => {};
  #state: "open" | "finishing" | "closed" = "open";
  #patience: ReturnType<typeof setTimeout> | undefined;
  #left = () => {};

  /**
   * @param reach The guest's way out.
   * @param socket Bound.
   * @param bind How.
   */
  constructor(reach: Reach, socket: Socket, bind: Bind) {
    const { address, options } = bind;
    this.#reach = reach;
    this.#socket = socket;
    this.#bind = bind;
    this.local = { ip: address.ip, port: socket.address().port };
    this.inbox = new Inbox(reach.limits.datagrams, () => options.receiveBufferSize);
    this.outbox = new Outbox(
      (data, { ip, port }, done) => {
        if (this.#state !== "closed") socket.send(data, port, formatIp(ip), done);
      },
      () => options.sendBufferSize,
    );
    this.#forget = reach.atEnd(() => this.#end());
    socket.on("message", (data, info) => this.#arrive(data, info));
    socket.on("error", (error) => this.inbox.fail(networkError(error)));
    this.setHopLimit();
  }

  /**
   * Binds.
   *
   * @throws {NetworkError}
   */
  static async bind(reach: Reach, bind: Bind): Promise<DatagramPort> {
    const { ip, port } = bind.address;
    if (!inScope(ip, port)) throw notCapable("bind to", ip, port);
    // A guest that opens one after the other lets those before it be closed.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      return await bindOnce(reach, bind);
    } catch (error) {
      if (!(error instanceof NetworkError) || error.reason !== "address-in-use") throw error;
      // What this process has just closed is free at the next turn of its event loop: until then, Deno reads from it.
      await new Promise((resolve) => setTimeout(resolve, 0));
      return await bindOnce(reach, bind);
    }
  }

  /**
   * Sends a datagram.
   *
   * @param failed Told, later, if it did not work.
   * @throws {NetworkError} `not-capable`
   */
  send(data: Uint8Array, to: SocketAddress, failed: (error: NetworkError) => void): void {
    if (!inScope(to.ip, to.port)) throw notCapable("send to", to.ip, to.port);
    this.outbox.send(data, to, failed);
  }

  /** Tells the kernel what the options say of the hop limit. For IPv6 it cannot be told. */
  setHopLimit(): void {
    if (this.local.ip.family === 4) this.#socket.setTTL(this.#bind.options.hopLimit);
  }

  /** Closes it at once. */
  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    clearTimeout(this.#patience);
    this.#left();
    this.#forget();
    this.#socket.close();
    this.#bind.give();
  }

  /** No resource is left. What was sent goes out first. */
  #finish(): void {
    if (this.#state !== "open") return;
    this.#state = "finishing";
    this.outbox.whenEmpty(() => this.close());
  }

  /** The guest has ended: the same, but not for long. */
  #end(): void {
    this.#finish();
    if (this.#state !== "finishing") return;
    const { leaving } = this.#reach;
    const left = new Promise<void>((resolve) => this.#left = resolve);
    leaving.add(left);
    left.then(() => leaving.delete(left));
    this.#patience = setTimeout(() => this.close(), PATIENCE);
  }

  #arrive(data: Uint8Array, info: RemoteInfo): void {
    const ip = parseIp(info.address.replace(/%.*$/, ""));
    if (this.#state !== "open" || ip === undefined) return;
    const from = { ip, port: info.port };
    if (!this.inbox.takes(from)) return;
    if (!this.#bind.listens && !this.#reach.mayReach("udp", ip, info.port)) return;
    // Copied (which `slice` of node's buffers does not do): it lies in 64 KiB, however small it is.
    this.inbox.put({ data: new Uint8Array(data), from });
  }
}

async function bindOnce(reach: Reach, bind: Bind): Promise<DatagramPort> {
  const { ip, port } = bind.address;
  const { createSocket } = await import("node:dgram");
  const socket = createSocket({
    ...ip.family === 4 ? { type: "udp4" } : { type: "udp6", ipv6Only: true },
    // Only ever called with addresses; without it, each of them takes a turn of the event loop.
    lookup: (address, _family, callback) => callback(null, address, ip.family),
  });
  const forget = reach.atEnd(() => socket.close());
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.once("close", () => reject(new NetworkError("other", "closed while it was bound")));
      socket.bind({ address: formatIp(ip), port, exclusive: true }, resolve);
    });
    return new DatagramPort(reach, socket, bind);
  } catch (error) {
    socket.close();
    throw bindError(error);
  } finally {
    forget();
  }
}

function notCapable(verb: string, ip: Ip, port: number): NetworkError {
  const scope = scopeOf(ip, port);
  return new NetworkError("not-capable", `to ${verb} ${scope}, this process needs --allow-net=${scope}`);
}

/** What the guest has asked for was checked, so what the kernel calls invalid is an address that is not this host's. */
function bindError(error: unknown): NetworkError {
  return codeNameOf(error) === "EINVAL"
    ? new NetworkError("address-not-available", "not an address of this host", { cause: error })
    : networkError(error);
}
