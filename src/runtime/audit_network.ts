/**
 * The fewest network rules under which everything that was reached would have been reached.
 *
 * @module
 */
import { type NetworkRule, networkRule } from "../config/network_rule.ts";
import { hostText, type Ip, isPrivate, mayReachAddress, mayReachName, parseIp } from "../grant/network.ts";
import { ruleText } from "../grant/rule_text.ts";
import type { AuditEvent } from "../wasi/audit.ts";
import type { Declared } from "./audit_record.ts";

/** `wasi.network`, as small as it can be. */
export interface SmallestNetwork {
  /** Each needed. */
  readonly allow: readonly string[];
  readonly private: boolean;
}

const SOCKETS = ["tcp", "udp"] as const;

/**
 * Works it out.
 *
 * @param events Those that were used.
 * @param declared What was declared; a name that leads to a private address needs an address that is allowed where
 * `private` was not.
 */
export function smallestNetwork(
  events: readonly AuditEvent[],
  declared: Declared["network"],
): SmallestNetwork {
  const open = declared === null || declared.private;
  const before = rulesOf(declared?.allow ?? []);
  const allow = new Set<string>();
  let hidden = false;
  const reached = events.flatMap((event) => {
    const rule = event.target?.includes("://") ? ruleOf(event.target) : undefined;
    return rule === undefined ? [] : [{ rule, ip: privateIp(event) }];
  });
  for (const { rule, ip } of reached) {
    const { scheme, ports: { from } } = rule;
    if (rule.host.kind !== "name" || ip === undefined) allow.add(rule.text);
    else if (open) {
      allow.add(rule.text);
      hidden = true;
    } else {
      // Sockets connect to an address, which a rule of its own allows; HTTP asks for the name as well.
      if (scheme === "http" || scheme === "https") allow.add(rule.text);
      allow.add(`${scheme}://${hostText(ip)}:${from}`);
    }
  }
  for (const event of events.filter(isLookup)) {
    const name = event.target!;
    if (
      !rulesOf(allow).some((rule) => rule.host.kind === "name" && mayReachName(only(rule), SOCKETS, name))
    ) {
      allow.add(lookupRule(name, before));
    }
    const ip = privateIp(event);
    if (ip === undefined) continue;
    if (open) hidden = true;
    else if (!rulesOf(allow).some((rule) => usable(rule, ip))) {
      const rule = before.find((rule) => usable(rule, ip));
      if (rule) {
        allow.add(
          ruleText({ ...rule, scheme: schemeOf(rule), host: { kind: "address", prefix: whole(ip) } }),
        );
      }
    }
  }
  return { allow: [...allow].sort(), private: hidden };
}

/** Whether a declared rule allowed something of what is needed. */
export function isUsed(text: string, { allow }: SmallestNetwork): boolean {
  const rule = ruleOf(text);
  if (rule === undefined) return false;
  return rulesOf(allow).some(({ scheme, host, ports: { from } }) => {
    const schemes = scheme === undefined ? SOCKETS : [scheme];
    if (host.kind === "name") return mayReachName(only(rule), schemes, host.name, from);
    if (host.kind !== "address") return false;
    return schemes.some((scheme) => mayReachAddress(only(rule), scheme, host.prefix, from));
  });
}

function isLookup({ interface: name, target }: AuditEvent): boolean {
  return target !== undefined && !target.includes("://") && name.startsWith("wasi:sockets/ip-name-lookup");
}

/** A name that was looked up and not connected to: as the rule says that allowed it, for this name alone. */
function lookupRule(name: string, before: readonly NetworkRule[]): string {
  const rule = before.find((rule) => mayReachName(only(rule), SOCKETS, name));
  if (rule === undefined) return `tcp://${name}`;
  return ruleText({ ...rule, scheme: schemeOf(rule), host: { kind: "name", name } });
}

function schemeOf({ scheme }: NetworkRule): "tcp" | "udp" {
  return scheme === "udp" ? "udp" : "tcp";
}

function usable(rule: NetworkRule, ip: Ip): boolean {
  return rule.scheme !== "http" && rule.scheme !== "https" &&
    mayReachAddress(only(rule), schemeOf(rule), ip, rule.ports.from);
}

function only(rule: NetworkRule) {
  return { rules: [rule], private: false };
}

function whole(ip: Ip) {
  return { ...ip, length: ip.family === 4 ? 32 : 128 };
}

function privateIp({ address }: AuditEvent): Ip | undefined {
  const ip = address === undefined ? undefined : parseIp(address);
  return ip !== undefined && isPrivate(ip) ? ip : undefined;
}

function ruleOf(text: string): NetworkRule | undefined {
  const rule = networkRule(text);
  return "wrong" in rule ? undefined : rule;
}

function rulesOf(texts: Iterable<string>): NetworkRule[] {
  return [...texts].map(ruleOf).filter((rule) => rule !== undefined);
}
