/** What the tests of `wasi:sockets` share: a guest's side of the interfaces, waiting as a guest does. */
import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { ComponentError } from "../../src/component/error.ts";
import { type Network, parseIp, partsOf } from "../../src/grant/network.ts";
import type { InputStream } from "../../src/wasi/io/input_stream.ts";
import type { OutputStream } from "../../src/wasi/io/output_stream.ts";
import type { Pollable } from "../../src/wasi/io/pollable.ts";
import { poll } from "../../src/wasi/io/pollable.ts";
import { Deadline } from "../../src/wasi/clocks/deadline.ts";
import { Pollable as Event } from "../../src/wasi/io/pollable.ts";
import { type NetworkLimits, Reach } from "../../src/wasi/network/reach.ts";
import { instanceNetwork } from "../../src/wasi/sockets/network.ts";
import { resolveAddresses } from "../../src/wasi/sockets/resolve_address_stream.ts";
import { createTcpSocket } from "../../src/wasi/sockets/tcp_create_socket.ts";
import type { TcpSocket } from "../../src/wasi/sockets/tcp_socket.ts";
import { createUdpSocket } from "../../src/wasi/sockets/udp_create_socket.ts";
import type { UdpSocket } from "../../src/wasi/sockets/udp_socket.ts";
import type { ErrorCode, IpAddressFamily, IpSocketAddress } from "../../src/wasi/sockets/types.ts";

/** `::1` where the machine has it. */
export const LOOPBACKS: readonly string[] = hasIpv6() ? ["127.0.0.1", "::1"] : ["127.0.0.1"];

function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    console.warn("no IPv6 on this machine: its cases are left out");
    return false;
  }
}

/** Unrestricted, as where the declaration says nothing. */
export const OPEN: Network | undefined = undefined;

/** A guest with a network: everything it opens is closed at the end of its scope. */
export class Guest implements Disposable {
  readonly reach: Reach;
  readonly network = instanceNetwork();

  constructor(network: Network | undefined = OPEN, limits: Partial<NetworkLimits> = {}) {
    this.reach = new Reach(network, limits);
  }

  tcp(family: IpAddressFamily = "ipv4"): TcpSocket {
    return createTcpSocket(() => this.reach)(family);
  }

  udp(family: IpAddressFamily = "ipv4"): UdpSocket {
    return createUdpSocket(() => this.reach)(family);
  }

  lookup(name: string) {
    return resolveAddresses(() => this.reach)(this.network, name);
  }

  /** All addresses of a name. */
  async addresses(name: string) {
    using stream = this.lookup(name);
    const found = [];
    for (;;) {
      const next = await finish(stream, () => stream.resolveNextAddress());
      if (next === undefined) return found;
      found.push(next);
    }
  }

  async bound<S extends TcpSocket | UdpSocket>(socket: S, address: IpSocketAddress): Promise<S> {
    socket.startBind(this.network, address);
    await finish(socket, () => socket.finishBind());
    return socket;
  }

  async listener(text = "127.0.0.1", port = 0): Promise<TcpSocket> {
    const socket = await this.bound(this.tcp(familyOf(text)), at(text, port));
    socket.startListen();
    socket.finishListen();
    return socket;
  }

  async connect(socket: TcpSocket, address: IpSocketAddress): Promise<[InputStream, OutputStream]> {
    socket.startConnect(this.network, address);
    return await finish(socket, () => socket.finishConnect());
  }

  /** A connection to an address: a socket and its streams. */
  async connection(address: IpSocketAddress): Promise<[TcpSocket, InputStream, OutputStream]> {
    const socket = this.tcp(address.tag);
    return [socket, ...await this.connect(socket, address)];
  }

  async udpAt(text = "127.0.0.1", port = 0): Promise<UdpSocket> {
    return await this.bound(this.udp(familyOf(text)), at(text, port));
  }

  [Symbol.dispose](): void {
    this.reach.close();
  }
}

/** The family of an address. */
export function familyOf(text: string): IpAddressFamily {
  return text.includes(":") ? "ipv6" : "ipv4";
}

/** A socket address. */
export function at(text: string, port = 0): IpSocketAddress {
  const ip = parseIp(text)!;
  const address = partsOf(ip);
  return (ip.family === 4
    ? { tag: "ipv4", val: { port, address } }
    : { tag: "ipv6", val: { port, flowInfo: 0, address, scopeId: 0 } }) as IpSocketAddress;
}

/** Another port at the same address. */
export function portOf(address: IpSocketAddress): number {
  return address.val.port;
}

interface Subscribed {
  subscribe(): Pollable;
}

/** Waits as a guest does, but not forever. */
export async function until(subscribed: Subscribed, ms = 10_000): Promise<void> {
  const now = () => BigInt(Math.round(performance.now() * 1e6));
  const late = new Event(new Deadline(now() + BigInt(ms) * 1_000_000n, now));
  const ready = await poll([subscribed.subscribe(), late]);
  assert.equal(ready[0], 0, "it became ready in time");
}

/** Calls a `finish-*` function until it does not say `would-block`, waiting in between. */
export async function finish<T>(subscribed: Subscribed, ask: () => T): Promise<T> {
  for (let asked = 0;; asked++) {
    try {
      return ask();
    } catch (error) {
      if (!isCode("would-block")(error)) throw error;
      assert.ok(asked < 3, "ready in vain");
    }
    await until(subscribed);
  }
}

/** Whether an error is one with a code. */
export function isCode(code: ErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof ComponentError && error.payload === code;
}

/** What an operation ends with: `ok`, or the code of its error. */
export function outcomeOf(operation: () => unknown): string {
  try {
    operation();
    return "ok";
  } catch (error) {
    if (error instanceof ComponentError && typeof error.payload === "string") return error.payload;
    throw error;
  }
}

/** All bytes up to the end. */
export async function readAll(input: InputStream): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  try {
    for (;;) parts.push((await input.blockingRead(1n << 20n)).slice());
  } catch (error) {
    if (tagOf(error) !== "closed") throw error;
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

/** Writes all bytes, as far as there is room at a time. */
export async function writeAll(output: OutputStream, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const room = Number(output.checkWrite());
    if (room === 0) {
      await until(output);
      continue;
    }
    output.write(bytes.subarray(at, at + room));
    at += room;
  }
  await output.blockingFlush();
}

/** The case of a stream error. */
export function tagOf(error: unknown): string | undefined {
  return error instanceof ComponentError ? (error.payload as { tag: string }).tag : undefined;
}

/** A connection of the other side, read on; what goes wrong with it is told by `gone` only. */
export class Peer {
  readonly socket: Socket;
  /** Resolves once it is connected, or has failed to. */
  readonly there: Promise<void>;
  /** Resolves with the code of the error that ended it, if it was one. */
  readonly gone: Promise<string | undefined>;

  constructor(port: number, host = "127.0.0.1") {
    const socket = this.socket = connect({ host, port });
    let code: string | undefined;
    socket.on("error", (error: Error & { code?: string }) => code = error.code).resume();
    this.gone = new Promise((resolve) => socket.once("close", () => resolve(code)));
    this.there = new Promise((resolve) => socket.once("connect", resolve).once("close", () => resolve()));
  }
}

/** Bytes that differ from place to place. */
export function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = i * 31 + (i >> 8);
  return bytes;
}
