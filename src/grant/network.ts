/**
 * Whom a guest may reach: the rules of `wasi.network`, asked before any packet leaves.
 *
 * @module
 */
import { covers, type Ip, isPrivate } from "../config/ip.ts";
import type { NetworkRule, Scheme } from "../config/network_rule.ts";

export { formatIp, type Ip, ipOf, isPrivate, parseIp, partsOf, unmapped } from "../config/ip.ts";
export { type NetworkRule, parseName, type Scheme } from "../config/network_rule.ts";

/** What a declaration allows of the network. */
export interface Network {
  /** What may be reached; `undefined`: every name, and every public address. */
  readonly rules: readonly NetworkRule[] | undefined;
  /** Whether names may lead to private, loopback or link-local addresses that no rule names. */
  readonly private: boolean;
}

/**
 * Whether some rule names a host: the question before a lookup.
 *
 * @param network The rules; `undefined` where the network is unrestricted.
 * @param schemes What the connection may be used for; one of them is enough.
 * @param name As `parseName` gives it.
 * @param port `undefined` where it is not known yet: then any will do.
 */
export function mayReachName(
  network: Network | undefined,
  schemes: readonly Scheme[],
  name: string,
  port?: number,
): boolean {
  if (network?.rules === undefined) return true;
  return network.rules.some((rule) => namesHost(rule, name) && fits(rule, schemes, port));
}

/**
 * Whether an address may be connected to, or sent to.
 *
 * @param network The rules; `undefined` where the network is unrestricted.
 * @param scheme What the connection is used for.
 * @param ip The address.
 * @param port The port there.
 * @param name The name that it was looked up from, if it was. That makes it allowed wherever the name is, unless it
 * is a private address.
 */
export function mayReachAddress(
  network: Network | undefined,
  scheme: Scheme,
  ip: Ip,
  port: number,
  name?: string,
): boolean {
  if (network === undefined || addressRule(network, scheme, ip, port)) return true;
  if (network.rules !== undefined) {
    if (name === undefined || !mayReachName(network, [scheme], name, port)) return false;
  }
  return network.private || !isPrivate(ip);
}

/**
 * Whether a guest may wait for others at an address of this host. Only rules that name the address allow it.
 *
 * @param port 0 where the system chooses.
 */
export function mayListen(
  network: Network | undefined,
  scheme: "tcp" | "udp",
  ip: Ip,
  port: number,
): boolean {
  if (network === undefined) return true;
  return network.rules === undefined ? network.private : addressRule(network, scheme, ip, port);
}

function addressRule(network: Network, scheme: Scheme, ip: Ip, port: number): boolean {
  return network.rules?.some((rule) =>
    rule.host.kind === "address" && covers(rule.host.prefix, ip) && fits(rule, [scheme], port)
  ) ?? false;
}

function namesHost({ host }: NetworkRule, name: string): boolean {
  switch (host.kind) {
    case "any":
      return true;
    case "name":
      return name === host.name;
    case "below":
      return name.endsWith(`.${host.name}`);
    case "address":
      return false;
  }
}

function fits(rule: NetworkRule, schemes: readonly Scheme[], port: number | undefined): boolean {
  if (rule.scheme !== undefined && !schemes.includes(rule.scheme)) return false;
  return port === undefined || (port >= rule.ports.from && port <= rule.ports.to);
}
