/**
 * The one way out of a guest: its rules, the names that it looked up, its open sockets.
 *
 * @module
 */
import type { Socket } from "node:net";
import { type Ip, isPrivate, mayReachAddress, mayReachName, type Network } from "../../grant/network.ts";
import { formatIp, parseIp, parseName, type Scheme, unmapped } from "../../grant/network.ts";
import { dial, type Way } from "./dial.ts";
import { NetworkError } from "./error.ts";
import { NETWORK_LIMITS, type NetworkLimits } from "./limits.ts";
import { lookUp } from "./lookup.ts";
import { Names } from "./names.ts";
import { inScope, scopeOf } from "./scope.ts";
import { Turns } from "./turns.ts";
import { addressRefused, allowedNames, elsewhere, nameRefused, type Use } from "./verdict.ts";

export { NETWORK_LIMITS, type NetworkLimits } from "./limits.ts";

/** Lookups at once: each occupies one of the process's few threads for as long as the resolver takes. */
const LOOKUPS = 8;

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
  readonly #names: Names;
  readonly #lookups = new Turns(LOOKUPS);
  readonly #ends = new Set<() => void>();
  #sockets = 0;
  #closed = false;

  /**
   * @param network The rules; `undefined` where the network is unrestricted.
   * @param limits Where they differ from {@linkcode NETWORK_LIMITS}.
   */
  constructor(network: Network | undefined, limits: Partial<NetworkLimits> = {}) {
    this.network = network;
    this.limits = Object.freeze({ ...NETWORK_LIMITS, ...limits });
    this.#names = new Names(this.limits.rememberedNames);
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
    const { network } = this;
    if (!mayReachName(network, ["tcp", "udp"], asked)) {
      throw new NetworkError("denied", `no rule of wasi.network allows sockets to ${asked}`);
    }
    const give = this.take();
    // A lookup cannot be called off: one that is given up keeps its place until it is over.
    const work = this.#lookups.run(async () => {
      this.#open(signal);
      return await lookUp(asked, portsOf(network, asked));
    }).finally(give);
    const found = await until(work, signal);
    this.#open(signal);
    const hidden = found.find((ip) => !mayTell(network, ip));
    if (hidden !== undefined) {
      throw new NetworkError("private", `${asked} leads to ${formatIp(hidden)}, which is private`);
    }
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
    const way = this.#way(target);
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
    this.#open();
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
    const end = () => close();
    this.#ends.add(end);
    return () => void this.#ends.delete(end);
  }

  /** Closes everything that is open. What is asked for from now on fails. */
  close(): void {
    this.#closed = true;
    const ends = [...this.#ends];
    this.#ends.clear();
    for (const end of ends) end();
  }

  #open(signal?: AbortSignal): void {
    if (this.#closed) throw new NetworkError("other", "the guest has ended");
    if (signal?.aborted) throw given(signal);
  }

  /** Decides how to connect. */
  #way(target: Target): Way {
    const { scheme, host, port, local, signal } = target;
    const use: Use = { network: this.network, scheme, port };
    const common = { port, local, signal };
    const given = typeof host === "string" ? parseIp(host.replace(/^\[(.*:.*)\]$/, "$1")) : host;
    if (given === undefined) {
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
    const ip = unmapped(given);
    const names = this.#names.of(ip);
    const refusal = addressRefused(use, ip, names);
    if (refusal) throw refusal;
    if (inScope(ip, port)) return { ...common, host: ip };
    const allowed = allowedNames(use, ip, names);
    const name = allowed.find((name) => inScope(name, port));
    if (name === undefined) throw notCapable(allowed[0] ?? ip, port);
    const refuses = (found: Ip) => elsewhere(use, name, ip, found, this.#names.of(found));
    return { ...common, host: name, family: ip.family, refuses };
  }
}

function validName(text: string): string {
  const name = parseName(text);
  if (name === undefined) throw new NetworkError("invalid-name", `${JSON.stringify(text)} is no host name`);
  return name;
}

function notCapable(host: Ip | string, port: number): NetworkError {
  const scope = scopeOf(host, port);
  return new NetworkError("not-capable", `to connect to ${scope}, this process needs --allow-net=${scope}`);
}

/** Ports at which rules name a host: one of them is in the process's scope, if that is exact. */
function portsOf(network: Network | undefined, name: string): number[] {
  const rules = network?.rules ?? [];
  const ports = rules.flatMap(({ ports: { from, to } }) => from === 0 ? [to] : [from, to]);
  return [...new Set(ports)].filter((port) => port > 0 && mayReachName(network, ["tcp", "udp"], name, port));
}

/** Whether a guest may know of an address: whether it may use it for anything. */
function mayTell(network: Network | undefined, ip: Ip): boolean {
  if (network === undefined || network.private || !isPrivate(ip)) return true;
  return (network.rules ?? []).some((rule) =>
    rule.host.kind === "address" &&
    (["tcp", "udp"] as const).some((scheme) =>
      mayReachAddress({ rules: [rule], private: false }, scheme, ip, rule.ports.from)
    )
  );
}

/** Waits for work, but not longer than until the signal. */
async function until<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  let stop = () => {};
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        const abort = () => reject(given(signal));
        signal.addEventListener("abort", abort);
        stop = () => signal.removeEventListener("abort", abort);
      }),
    ]);
  } finally {
    stop();
  }
}

function given({ reason }: AbortSignal): NetworkError {
  return reason instanceof NetworkError ? reason : new NetworkError("other", "given up", { cause: reason });
}
