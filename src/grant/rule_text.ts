/**
 * Network rules as text, in the form in which a declaration writes them.
 *
 * @module
 */
import { formatIp, type HostRule, type NetworkRule } from "./network.ts";

/** A rule: `https://*.example.com:8000-8100`. Read again, it is the same rule. */
export function ruleText({ scheme, host, ports: { from, to } }: Omit<NetworkRule, "text">): string {
  // Without a port, HTTP has its usual one, and everything else has all.
  const all = from === 0 && to === 65535 && scheme !== "http" && scheme !== "https";
  const ports = all ? "" : from === to ? `:${from}` : `:${from}-${to}`;
  return `${scheme === undefined ? "" : `${scheme}://`}${hostRuleText(host)}${ports}`;
}

/** The host of a rule: a name, `*.name`, `*`, an address or a range of addresses, IPv6 in brackets. */
export function hostRuleText(host: HostRule): string {
  switch (host.kind) {
    case "any":
      return "*";
    case "name":
      return host.name;
    case "below":
      return `*.${host.name}`;
    case "address": {
      const { prefix } = host;
      const ip = formatIp(prefix);
      const length = prefix.length === (prefix.family === 4 ? 32 : 128) ? "" : `/${prefix.length}`;
      return `${prefix.family === 6 ? `[${ip}]` : ip}${length}`;
    }
  }
}
