/**
 * Whom a guest may reach: the rules of `wasi.network`, asked before any packet leaves.
 *
 * @module
 */
import { covers, formatIp, type Ip, isPrivate, unmapped } from "../config/ip.ts";
import type { NetworkRule, Scheme } from "../config/network_rule.ts";

export { formatIp, type Ip, ipOf, isPrivate, parseIp, partsOf, type Prefix, unmapped } from "../config/ip.ts";
export { type HostRule, type NetworkRule, parseName, type Scheme } from "../config/network_rule.ts";

/**
 * What a declaration allows of the network. A guest without one is unrestricted: private addresses, listening, all.
 *
 * | declared              | reaches                                            | listens                   |
 * | --------------------- | -------------------------------------------------- | ------------------------- |
 * | `{}`                  | every name and every public address                | nowhere                   |
 * | `private: true`       | everything                                         | everywhere                |
 * | `allow: []`           | nothing                                            | nowhere                   |
 * | `allow: [a.example]`  | the name, where it leads to public addresses       | nowhere                   |
 * | the same, `private`   | the name, wherever it leads                        | nowhere                   |
 * | `allow: [10.0.0.0/8]` | these addresses, private or not                    | at the host's own of them |
 */
export interface Network {
  /** What may be reached; `undefined`: every name, and every public address. */
  readonly rules: readonly NetworkRule[] | undefined;
  /** Whether names, and where there are no rules addresses, may be private, loopback or link-local. */
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
 * @param network The rules; `undefined` where the network is unrestricted.
 * @param scheme Connections, or datagrams.
 * @param ip The address; all of the host's, where it is `0.0.0.0` or `::`.
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

/** What was refused, or may be. */
export interface Asked {
  /** What the connection is for. */
  readonly scheme: Scheme;
  /** An address, or a name as `parseName` gives it. */
  readonly host: Ip | string;
  /** The port there. */
  readonly port: number;
  /** For a name: an address that it leads to. */
  readonly address?: Ip | undefined;
}

/**
 * The line of a declaration that would allow something, and as little else as can be.
 *
 * @param network The rules that there are; `undefined` where the network is unrestricted.
 * @param asked What is to be allowed.
 * @returns Such as `wasi.network.allow: ["tcp://db.internal:5432"]`; `undefined` where it is allowed already.
 */
export function lineAllowing(
  network: Network | undefined,
  { scheme, host, port, address }: Asked,
): string | undefined {
  const rule = `wasi.network.allow: ["${ruleText(scheme, host, port)}"]`;
  const hidden = "wasi.network.private: true";
  if (typeof host !== "string") {
    if (mayReachAddress(network, scheme, host, port)) return undefined;
    // A first rule would forbid all that is allowed without one.
    return network?.rules === undefined ? hidden : rule;
  }
  if (!mayReachName(network, [scheme], host, port)) return rule;
  return address === undefined || mayReachAddress(network, scheme, address, port, host) ? undefined : hidden;
}

/** The rule that allows one thing. */
function ruleText(scheme: Scheme, host: Ip | string, port: number): string {
  const usual = (scheme === "http" && port === 80) || (scheme === "https" && port === 443);
  return `${scheme}://${hostText(host)}${usual ? "" : `:${port}`}`;
}

/** A host as rules, URLs and Deno's scopes write it before a port: IPv6 in brackets, what is mapped as IPv4. */
export function hostText(host: Ip | string): string {
  if (typeof host === "string") return host;
  const plain = unmapped(host);
  return plain.family === 4 ? formatIp(plain) : `[${formatIp(plain)}]`;
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
