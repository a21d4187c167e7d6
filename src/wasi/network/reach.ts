/**
 * The one way out of a guest: its rules, the names that it looked up, its open sockets.
 *
 * @module
 */
import type { Socket } from "node:net";
import {
  type Ip,
  mayReachName,
  type Network,
  parseIp,
  parseName,
  type Scheme,
  unmapped,
} from "../../grant/network.ts";
import { dial, type Way } from "./dial.ts";
import { NetworkError } from "./error.ts";
import { NETWORK_LIMITS, type NetworkLimits } from "./limits.ts";
import { lookUp } from "./lookup.ts";
import { Names } from "./names.ts";
import { inScope, scopeOf } from "./scope.ts";
import { givenUp, until } from "./signal.ts";
import { Turns } from "./turns.ts";
import {
  addressRefused,
  allowedNames,
  answerRefused,
  elsewhere,
  nameRefused,
  portsOf,
  type Use,
} from "./verdict.ts";
import type { Watcher } from "./watcher.ts";

export { NETWORK_LIMITS, type NetworkLimits } from "./limits.ts";

/** Lookups at once: each occupies one of the process's few threads for as long as the resolver takes. */
const LOOKUPS = 8;

const ENDED = "the guest has ended";

/** Where to connect, and what for. */
export interface Target {
  /** What the connection is used for. */
  readonly scheme: Scheme;
  /** An address, or the text of a host: a name or an address (IPv6 in brackets). */
  readonly host: Ip | string;
  /** The port there. */
  readonly port: number;
  /** Where to connect from; port 0: any. */
  readonly local?: { readonly ip: Ip; readonly port: number };
  /** Ends the attempt. */
  readonly signal?: AbortSignal;
}

/** Of one guest: its rules, the names it looked up, its open sockets. */
export class Reach {
  /** Its rules; `undefined`: unrestricted. */
  readonly network: Network | undefined;
  /** How much it may hold. */
  readonly limits: NetworkLimits;
  /** What goes out after the end, and not for long: datagrams that were sent before it. */
  readonly leaving: Set<Promise<void>> = new Set();
  readonly #watcher: Watcher | undefined;
  readonly #names: Names;
  readonly #lookups = new Turns(LOOKUPS);
  readonly #ends = new Set<() => void>();
  #sockets = 0;
  #closed = false;

  /**
   * @param network The rules; `undefined` where the network is unrestricted.
   * @param limits Where they differ from {@linkcode NETWORK_LIMITS}.
   * @param watcher Told where the guest goes, if anybody is.
   */
  constructor(network: Network | undefined, limits: Partial<NetworkLimits> = {}, watcher?: Watcher) {
    this.network = network;
    this.limits = Object.freeze({ ...NETWORK_LIMITS, ...limits });
    this.#names = new Names(this.limits.rememberedNames);
    this.#watcher = watcher;
    watcher?.began(this);
  }

  /** The names that led to an address. */
  namesOf(ip: Ip): readonly string[] {
    return this.#names.of(ip);
  }

  /**
   * Looks a name up for sockets. A name that no rule allows is not looked up at all.
   *
   * @param name A name, or an address without brackets, which is returned as it is.
   * @returns Its addresses. They are remembered: what the name is allowed, they are now.
   * @throws {NetworkError} `private` where one of them is, and nothing allows it: then none is told.
   */
  async resolve(name: string, signal?: AbortSignal): Promise<readonly Ip[]> {
    const ip = parseIp(name);
    if (ip !== undefined) return [ip];
    const asked = validName(name);
    try {
      const found = await this.#resolve(asked, signal);
      this.#watcher?.resolved(asked, found);
      return found;
    } catch (error) {
      this.#watcher?.resolved(asked, [], error);
      throw error;
    }
  }

  async #resolve(asked: string, signal: AbortSignal | undefined): Promise<readonly Ip[]> {
    const { network } = this;
    if (!mayReachName(network, ["tcp", "udp"], asked)) {
      throw new NetworkError("denied", `no rule of wasi.network allows sockets to ${asked}`);
    }
    const give = this.take();
    const ended = new AbortController();
    const remove = this.atEnd(() => ended.abort(new NetworkError("other", ENDED)));
    const signals = signal === undefined ? [ended.signal] : [signal, ended.signal];
    // A lookup cannot be called off: one that is given up keeps its place until it is over.
    const work = this.#lookups.run(async () => {
      for (const signal of signals) if (signal.aborted) throw givenUp(signal);
      return await lookUp(asked, portsOf(network, asked));
    }).finally(give);
    const found = await until(work, signals).finally(remove);
    const refusal = answerRefused(network, asked, found);
    if (refusal) throw refusal;
    this.#names.remember(asked, found);
    return found;
  }

  /** Whether sockets may send to an address: by itself, or as one of a name that was looked up. */
  mayReach(scheme: "tcp" | "udp", ip: Ip, port: number): boolean {
    return addressRefused({ network: this.network, scheme, port }, ip, this.#names.of(ip)) === undefined;
  }

  /**
   * Opens a TCP connection.
   *
   * @returns The socket: connected, paused, half-open allowed. It counts against `limits.sockets` until it is closed.
   * @throws {NetworkError} Where rules or the process's scope do not allow it: before any packet.
   */
  async dial(target: Target): Promise<Socket> {
    try {
      return await this.#dial(target);
    } catch (error) {
      this.#watcher?.dialled(target, undefined, error);
      throw error;
    }
  }

  async #dial(target: Target): Promise<Socket> {
    const way = this.#watched(target, this.#way(target));
    const give = this.take();
    try {
      return await dial(way, (socket) => {
        const remove = this.atEnd(() => socket.destroy());
        socket.once("close", () => {
          remove();
          give();
        });
      });
    } catch (error) {
      give();
      throw error;
    }
  }

  /**
   * Counts one more socket.
   *
   * @returns Gives it back; twice does no harm.
   * @throws {NetworkError} `too-many-sockets`
   */
  take(): () => void {
    if (this.#closed) throw new NetworkError("other", ENDED);
    if (this.#sockets >= this.limits.sockets) {
      throw new NetworkError("too-many-sockets", `the guest has ${this.limits.sockets} sockets open already`);
    }
    this.#sockets++;
    let held = true;
    return () => {
      if (held) this.#sockets--;
      held = false;
    };
  }

  /**
   * Something to close when the guest ends; at once, where it has ended.
   *
   * @returns Removes it again.
   */
  atEnd(close: () => void): () => void {
    if (this.#closed) {
      close();
      return () => {};
    }
    // Its own, so that the same function given twice is called twice.
    const end = () => close();
    this.#ends.add(end);
    return () => void this.#ends.delete(end);
  }

  /** Closes everything that is open. What is asked for from now on fails. */
  close(): void {
    this.#closed = true;
    const ends = [...this.#ends];
    this.#ends.clear();
    const errors: unknown[] = [];
    for (const end of ends) {
      try {
        end();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) {
      throw new AggregateError(errors, "some of the guest's sockets could not be closed");
    }
  }

  /** Decides how to connect, or that nobody does. */
  #way({ scheme, host, port, local, signal }: Target): Way {
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new NetworkError("refused", `nothing is reached at port ${port}`);
    }
    // Deno checks the address to connect from as one to listen on, and at a terminal it would ask.
    if (local && !inScope(local.ip, local.port)) throw notCapable(local.ip, local.port);
    const use: Use = { network: this.network, scheme, port };
    const common = { port, local, signal };
    const literal = typeof host === "string" ? literalOf(host) : host;
    if (literal !== undefined) return { ...common, ...this.#byAddress(use, unmapped(literal)) };
    const name = validName(host as string);
    const refusal = nameRefused(use, name);
    if (refusal) throw refusal;
    if (!inScope(name, port)) throw notCapable(name, port);
    return {
      ...common,
      host: name,
      family: local?.ip.family,
      refuses: (ip) => addressRefused(use, ip, [name]),
    };
  }

  /** The same way; whoever watches is told of each address that it may lead to. */
  #watched(target: Target, way: Way): Way {
    const watcher = this.#watcher;
    if (watcher === undefined) return way;
    const { refuses } = way;
    const { host } = target;
    const literal = typeof host === "string" ? literalOf(host) : host;
    if (literal !== undefined) watcher.dialled(target, unmapped(literal));
    if (refuses === undefined || literal !== undefined) return way;
    return {
      ...way,
      refuses(ip) {
        const refusal = refuses(ip);
        if (refusal === undefined) watcher.dialled(target, ip);
        return refusal;
      },
    };
  }

  #byAddress(use: Use, ip: Ip): Pick<Way, "host" | "family" | "refuses"> {
    const { port } = use;
    const names = this.#names.of(ip);
    const refusal = addressRefused(use, ip, names);
    if (refusal) throw refusal;
    if (inScope(ip, port)) return { host: ip };
    // The process's scope may be a list of names, as the declaration is: then by the name that led here.
    const allowed = allowedNames(use, ip, names);
    const name = allowed.find((name) => inScope(name, port));
    if (name === undefined) throw notCapable(allowed[0] ?? ip, port);
    // In the scope of one port alone, a lookup tells one address of many (`lookup.ts`): which others are the name's
    // nobody knows there, and what the rules allow for the name has to be enough.
    const sibling = (found: Ip) => !inScope(name) || this.#names.of(found).includes(name);
    return {
      host: name,
      family: ip.family,
      refuses: (found) => elsewhere(use, name, ip, found, sibling(found)),
    };
  }
}

/** The address that the host of a URL is, if it is one. */
function literalOf(host: string): Ip | undefined {
  const inner = /^\[(.*)\]$/.exec(host)?.[1];
  if (inner === undefined) return parseIp(host);
  const ip = parseIp(inner);
  return ip?.family === 6 ? ip : undefined;
}

function validName(text: string): string {
  const name = parseName(text);
  if (name === undefined) throw new NetworkError("invalid-name", `${quote(text)} is no host name`);
  return name;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

function notCapable(host: Ip | string, port: number): NetworkError {
  const scope = scopeOf(host, port);
  return new NetworkError("not-capable", `to connect to ${scope}, this process needs --allow-net=${scope}`);
}
