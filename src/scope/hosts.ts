/**
 * Network rules → the hosts that a process may reach.
 *
 * What `--allow-net` of Deno 2.9 can say, tried: a name or an IPv4 or IPv6 address, with a port or with all; `*.name`,
 * which holds the name itself too; a range of IPv4 addresses (`10.0.0.0/8:80`). It has no range of ports, no range of
 * IPv6 addresses, no rule for every name, and no protocols: whoever may connect to an address may listen there as well.
 *
 * @module
 */
import type { Grant, Package } from "../grant/grant.ts";
import {
  formatIp,
  type HostRule,
  hostText,
  type NetworkRule,
  type Prefix,
  type Scheme,
} from "../grant/network.ts";

/** What rules come to. */
export interface Hosts {
  readonly net: readonly string[] | true;
  readonly wider: readonly string[];
  readonly narrower: readonly string[];
}

/** As many ports, and as many addresses, of one rule are listed one by one. */
const LISTED = 256;

const SCHEMES: readonly (readonly [Package, readonly Scheme[]])[] = [
  ["wasi:sockets", ["tcp", "udp"]],
  ["wasi:http", ["http", "https"]],
];

/** The hosts of a grant. */
export function hostsOf({ packages, network }: Grant): Hosts {
  const schemes = SCHEMES.flatMap(([name, of]) => packages.has(name) ? of : []);
  if (schemes.length === 0) return { net: [], wider: [], narrower: [] };
  if (network?.rules === undefined) return everybody(network === undefined || network.private, schemes);
  const net: string[] = [];
  const wider: string[] = [];
  const all: string[] = [];
  const unsent: string[] = [];
  const bound = new Set<string>();
  for (const rule of network.rules) {
    const used = rule.scheme === undefined ? schemes : schemes.filter((scheme) => scheme === rule.scheme);
    if (used.length === 0) continue;
    const hosts = hostsOfRule(rule);
    if ("all" in hosts) {
      all.push(`${rule.text}: ${hosts.all}, so that the process may reach everybody`);
      continue;
    }
    net.push(...hosts.net);
    wider.push(...hosts.wider.map((why) => `${rule.text}: ${why}`), ...protocols(rule, used));
    if (!network.private && rule.host.kind !== "address") {
      wider.push(`${rule.text}: Deno does not look whether the name leads to a private address`);
    }
    if (!used.includes("udp")) continue;
    if (rule.host.kind !== "address") unsent.push(rule.text);
    else bound.add(ANY_PORT[rule.host.prefix.family]);
  }
  if (all.length > 0) return { net: true, wider: all, narrower: [] };
  for (const host of bound) {
    wider.push(
      `${host}: needed to send datagrams, it lets the process listen at a port that the system chooses`,
    );
  }
  const narrower = unsent.length === 0
    ? []
    : [`${unsent.join(", ")}: Deno sends datagrams to addresses only, not to what a name leads to`];
  return { net: minimal([...net, ...bound]), wider, narrower };
}

function everybody(hidden: boolean, schemes: readonly Scheme[]): Hosts {
  const wider = hidden ? [] : ["everybody: Deno does not look whether an address is private"];
  if (!schemes.includes("tcp")) wider.push("everybody: Deno does not tell HTTP from other protocols");
  return { net: true, wider, narrower: [] };
}

/** Which hosts a rule is, or why it can only be all. */
function hostsOfRule({ host, ports }: NetworkRule): { net: string[]; wider: string[] } | { all: string } {
  const hosts = textsOf(host);
  if (typeof hosts === "string") return { all: hosts };
  const wider = host.kind === "below" ? [`Deno's *.${host.name} is ${host.name} itself too`] : [];
  const { from, to } = ports;
  if (from === 0 && to === 65535) return { net: hosts, wider };
  const count = to - from + 1;
  if (count * hosts.length <= LISTED) {
    const list = Array.from({ length: count }, (_, i) => from + i);
    return { net: hosts.flatMap((text) => list.map((port) => `${text}:${port}`)), wider };
  }
  return { net: hosts, wider: [...wider, `Deno has no ranges of ports, so that all ports are allowed`] };
}

/** A host as Deno writes it; or why it cannot. */
function textsOf(host: HostRule): string[] | string {
  switch (host.kind) {
    case "any":
      return "Deno has no rule for every name";
    case "name":
      return [host.name];
    case "below":
      return [`*.${host.name}`];
    case "address":
      return addresses(host.prefix) ?? "Deno has no ranges of IPv6 addresses";
  }
}

function addresses({ family, bits, length }: Prefix): string[] | undefined {
  if (family === 4) {
    return [length === 32 ? formatIp({ family, bits }) : `${formatIp({ family, bits })}/${length}`];
  }
  const count = 1n << BigInt(128 - length);
  if (count > LISTED) return undefined;
  return Array.from({ length: Number(count) }, (_, i) => hostText({ family, bits: bits + BigInt(i) }));
}

/** A socket for datagrams has to be bound before it can send: to any port of any address of its own. */
const ANY_PORT = { 4: "0.0.0.0:0", 6: "[::]:0" } as const;

/** What is lost where only some protocols are granted. */
function protocols({ text, host }: NetworkRule, used: readonly Scheme[]): string[] {
  if (used.includes("tcp") && used.includes("udp")) return [];
  const listening = host.kind === "address" ? ", nor connecting from listening" : "";
  return [`${text}: Deno does not tell ${used.join(" and ")} from other protocols${listening}`];
}

/** Sorted, without those that another one holds: a host at a port, where the host stands at all ports. */
function minimal(hosts: readonly string[]): string[] {
  const all = new Set(hosts);
  return [...all].sort().filter((host) => {
    const everyPort = host.replace(/:\d+$/, "");
    return everyPort === host || !all.has(everyPort);
  });
}
