/**
 * Networks: their intersection, and whether one lies within another.
 *
 * @module
 */
import type { HostRule, Network, NetworkRule, Prefix } from "./network.ts";
import { hostRuleText, ruleText } from "./rule_text.ts";

/**
 * What both networks allow, as far as it can be said by rules: never more, and less where one is the public internet
 * (`rules: undefined`) and the other has rules for addresses.
 */
export function narrowNetwork(one: Network | undefined, other: Network | undefined): Network | undefined {
  if (isEverything(one)) return other;
  if (isEverything(other)) return one;
  const rules = rulesOf(one!, other!);
  return Object.freeze({ rules: rules && Object.freeze(rules), private: one!.private && other!.private });
}

/** Names and all addresses, private ones too: the same as no restriction. */
function isEverything(network: Network | undefined): boolean {
  return network === undefined || (network.rules === undefined && network.private);
}

function rulesOf({ rules: one }: Network, { rules: other }: Network): NetworkRule[] | undefined {
  // The public internet has every name. It has every public address too, but lets nobody listen there, as a rule would.
  if (one === undefined) return other?.filter(({ host }) => host.kind !== "address");
  if (other === undefined) return one.filter(({ host }) => host.kind !== "address");
  const found: NetworkRule[] = [];
  for (const mine of one) {
    for (const theirs of other) {
      const rule = both(mine, theirs);
      if (rule === undefined || found.some((known) => ruleWithin(rule, known))) continue;
      found.splice(0, found.length, ...found.filter((known) => !ruleWithin(known, rule)), rule);
    }
  }
  return found;
}

/**
 * Whether a network certainly allows nothing that another one does not. Rules are compared one to one: that several of
 * the other's cover one together is not seen.
 */
export function networkWithin(inner: Network | undefined, outer: Network | undefined): boolean {
  if (isEverything(outer)) return true;
  if (isEverything(inner)) return false;
  const { rules, private: hidden } = inner!;
  const named = rules === undefined || rules.some(({ host }) => host.kind !== "address");
  if (named && hidden && !outer!.private) return false;
  if (outer!.rules === undefined) return rules?.every(({ host }) => host.kind !== "address") ?? true;
  return rules?.every((rule) => outer!.rules!.some((other) => ruleWithin(rule, other))) ?? false;
}

/** Whether everything that a rule covers is covered by another. */
export function ruleWithin(inner: NetworkRule, outer: NetworkRule): boolean {
  return (outer.scheme === undefined || outer.scheme === inner.scheme) &&
    outer.ports.from <= inner.ports.from && inner.ports.to <= outer.ports.to &&
    sameHost(bothHosts(inner.host, outer.host), inner.host);
}

/** What two rules both cover. */
function both(one: NetworkRule, other: NetworkRule): NetworkRule | undefined {
  if (ruleWithin(one, other)) return one;
  if (ruleWithin(other, one)) return other;
  const scheme = one.scheme ?? other.scheme;
  if ((other.scheme ?? scheme) !== scheme) return undefined;
  const from = Math.max(one.ports.from, other.ports.from);
  const to = Math.min(one.ports.to, other.ports.to);
  const host = bothHosts(one.host, other.host);
  if (from > to || host === undefined) return undefined;
  const rule = { scheme, host, ports: Object.freeze({ from, to }) };
  return Object.freeze({ ...rule, text: ruleText(rule) });
}

function bothHosts(one: HostRule, other: HostRule): HostRule | undefined {
  if (one.kind === "address" || other.kind === "address") {
    if (one.kind !== "address" || other.kind !== "address") return undefined;
    const prefix = bothPrefixes(one.prefix, other.prefix);
    return prefix && Object.freeze({ kind: "address", prefix });
  }
  if (one.kind === "any") return other;
  if (other.kind === "any") return one;
  if (other.kind === "below" && isBelow(one, other.name)) return one;
  if (one.kind === "below" && isBelow(other, one.name)) return other;
  return sameHost(one, other) ? one : undefined;
}

function isBelow(host: HostRule & { readonly name: string }, name: string): boolean {
  return host.name.endsWith(`.${name}`) || (host.kind === "below" && host.name === name);
}

/** The longer one, if it begins with the other. */
function bothPrefixes(one: Prefix, other: Prefix): Prefix | undefined {
  if (one.family !== other.family) return undefined;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  const drop = BigInt((long.family === 4 ? 32 : 128) - short.length);
  return long.bits >> drop === short.bits >> drop ? long : undefined;
}

function sameHost(one: HostRule | undefined, other: HostRule): boolean {
  return one !== undefined && hostRuleText(one) === hostRuleText(other);
}
