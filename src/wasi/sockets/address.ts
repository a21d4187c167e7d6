/**
 * Socket addresses: between the guest's form and ours, and which of them can be used for what.
 *
 * @module
 */
import { type Ip, ipOf, partsOf, unmapped } from "../../grant/network.ts";
import { failure } from "./error_code.ts";
import type { IpAddress, IpAddressFamily, IpSocketAddress } from "./types.ts";

/** An address and a port. */
export interface SocketAddress {
  /** The address. */
  readonly ip: Ip;
  /** The port. */
  readonly port: number;
}

/** The version of IP that sockets of a family speak. */
export function versionOf(family: IpAddressFamily): 4 | 6 {
  return family === "ipv4" ? 4 : 6;
}

/** `variant ip-address`. */
export function toIpAddress(ip: Ip): IpAddress {
  return { tag: ip.family === 4 ? "ipv4" : "ipv6", val: partsOf(ip) } as IpAddress;
}

/** `variant ip-socket-address`. Flow and scope are not known to this host: 0. */
export function toIpSocketAddress({ ip, port }: SocketAddress): IpSocketAddress {
  const address = partsOf(ip);
  return (ip.family === 4
    ? { tag: "ipv4", val: { port, address } }
    : { tag: "ipv6", val: { port, flowInfo: 0, address, scopeId: 0 } }) as IpSocketAddress;
}

/**
 * The address that a guest names for a socket of a family.
 *
 * @param family The socket's.
 * @param given The guest's value.
 * @throws {ComponentError} `invalid-argument` for another family, and for an IPv4 address written as an IPv6 one: the
 * kernel would send that over IPv4, which an IPv6 socket here never does. `not-supported` with a scope: `node:net`
 * has no numbers of interfaces, and without them a link-local address means another host.
 */
export function fromIpSocketAddress(family: IpAddressFamily, given: IpSocketAddress): SocketAddress {
  if (given.tag !== family) throw failure("invalid-argument");
  const ip = ipOf(given.val.address);
  if (unmapped(ip) !== ip || isCompatible(ip)) throw failure("invalid-argument");
  if (given.tag === "ipv6" && given.val.scopeId !== 0) throw failure("not-supported");
  return { ip, port: given.val.port };
}

/** Checks an address that a connection is to be from, or to. */
export function checkUnicast({ ip }: SocketAddress): void {
  const multicast = ip.family === 4 ? ip.bits >> 28n === 0xen : ip.bits >> 120n === 0xffn;
  const broadcast = ip.family === 4 && ip.bits === 0xffff_ffffn;
  if (multicast || broadcast) throw failure("invalid-argument");
}

/** Checks an address that something is to be sent to. */
export function checkRemote({ ip, port }: SocketAddress): void {
  if (isUnspecified(ip) || port === 0) throw failure("invalid-argument");
}

/** Whether it is `0.0.0.0` or `::`. */
export function isUnspecified(ip: Ip): boolean {
  return ip.bits === 0n;
}

/** Whether two addresses are the same. */
export function isSameAddress(one: SocketAddress, other: SocketAddress): boolean {
  return one.port === other.port && one.ip.family === other.ip.family && one.ip.bits === other.ip.bits;
}

/** An IPv4-compatible address (`::a.b.c.d`), which RFC 4291 section 2.5.5.1 has deprecated. */
function isCompatible(ip: Ip): boolean {
  return ip.family === 6 && ip.bits >> 32n === 0n && ip.bits > 1n;
}
