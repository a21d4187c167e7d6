/**
 * A grant in words: a line for each thing that it allows.
 *
 * @module
 */
import type { Wall } from "./error.ts";
import { denied, type Grant, type Mount, type Package } from "./grant.ts";
import { withInner } from "./narrow_mounts.ts";
import type { NetworkRule, Scheme } from "./network.ts";
import { hostRuleText } from "./rule_text.ts";

/** One thing that a grant allows. */
export interface Line {
  /** What may be done. */
  readonly what: string;
  /** To what: a path in the guest and on the host, a host of the network, names of variables. Empty: to nothing outside. */
  readonly where: string;
  /** The walls that know of such things. Whether one stands, and is exact, is for those to say who raise it. */
  readonly walls: readonly Wall[];
  /** The grant that allows this alone. Of a mount, those inside of it are part: they say what is read-only there. */
  readonly only: Grant;
}

/** What is not about a directory, a variable or a host: nothing outside of the process, so that only the link has a say. */
const WITHIN: readonly (readonly [Package, what: string, where?: string])[] = [
  ["wasi:cli", "has arguments, standard streams, an exit code"],
  ["wasi:io", "handles streams"],
  ["wasi:poll", "waits"],
  ["wasi:clocks", "reads the time, sets timers"],
  ["wasi:random", "draws random bytes"],
  ["funcs", "calls other entries", "every function of the application, each under its own grant"],
  ["wasi1", "has arguments, standard streams, an exit code, the time, random bytes"],
];

const ALL: readonly Wall[] = ["link", "deno", "os"];

/**
 * What a grant allows, in words.
 *
 * @param grant The grant.
 * @returns Its lines: first what stays inside the process, then variables, directories and hosts. What a package would
 * allow and nothing declares (a file system without mounts) has a line that says so; what is declared and no package
 * could use has none, for it allows nothing.
 */
export function explain(grant: Grant): readonly Line[] {
  const { packages, env, mounts, network, holder } = grant;
  const line = (what: string, where: string, walls: readonly Wall[], only: Partial<Grant>): Line =>
    Object.freeze({ what, where, walls, only: Object.freeze({ ...denied, holder, packages, ...only }) });
  const lines = WITHIN.filter(([name]) => packages.has(name)).map(([name, what, where = ""]) =>
    line(what, where, ["link"], { packages: Object.freeze(new Set([name])) })
  );
  if (env.length > 0 && (packages.has("wasi:cli") || packages.has("wasi1"))) {
    lines.push(line("reads variables", env.map(([name]) => name).join(", "), ["link", "deno"], { env }));
  }
  if (packages.has("wasi:filesystem") || packages.has("wasi1")) {
    for (const mount of mounts) {
      const what = mount.readOnly ? "reads files" : "reads and changes files";
      lines.push(line(what, directory(mount), ALL, { mounts: Object.freeze(withInner(mount, mounts)) }));
    }
    if (mounts.length === 0 && packages.has("wasi:filesystem")) {
      lines.push(line("sees no files", "no directory is mounted", ALL, {}));
    }
  }
  const schemes = schemesOf(packages);
  if (schemes.length > 0) {
    const all = reached(network, schemes);
    lines.push(...all.map(([what, where, only]) => line(what, where, ALL, { network: only })));
    if (all.length === 0) lines.push(line("reaches nobody", "no rule allows it", ALL, {}));
  }
  return Object.freeze(lines);
}

type Reached = readonly [what: string, where: string, only: Grant["network"]];

/** Whom it may reach, and what for. Rules that no declared package can use say nothing. */
function reached(network: Grant["network"], schemes: readonly Scheme[]): Reached[] {
  if (network?.rules === undefined) {
    const open = network === undefined || network.private;
    const listens = schemes.includes("tcp") ? ", and listens everywhere" : "";
    const where = open ? `everybody${listens}` : "everybody but private, loopback and link-local addresses";
    return [[doing(schemes), where, network]];
  }
  return network.rules.flatMap((rule): Reached[] => {
    const used = rule.scheme === undefined ? schemes : schemes.filter((scheme) => scheme === rule.scheme);
    if (used.length === 0) return [];
    const only = Object.freeze({ rules: Object.freeze([rule]), private: network.private });
    return [[doing(used), whom(rule, used, network.private), only]];
  });
}

function schemesOf(packages: ReadonlySet<Package>): Scheme[] {
  const sockets: Scheme[] = packages.has("wasi:sockets") ? ["tcp", "udp"] : [];
  const http: Scheme[] = packages.has("wasi:http") ? ["http", "https"] : [];
  return [...sockets, ...http];
}

function doing(schemes: readonly Scheme[]): string {
  return `reaches by ${schemes.join(", ")}`;
}

/** `api.example.com, port 443, at public addresses`. */
function whom({ host, ports: { from, to } }: NetworkRule, used: readonly Scheme[], hidden: boolean): string {
  const subject = host.kind === "any" ? "every name" : hostRuleText(host);
  const ports = from === 0 && to === 65535
    ? "all ports"
    : from === to
    ? `port ${from}`
    : `ports ${from} to ${to}`;
  const listens = used.includes("tcp") || used.includes("udp") ? ", and listens there" : "";
  const place = host.kind === "address"
    ? listens
    : hidden
    ? ", at whatever address"
    : ", at public addresses";
  return `${subject}, ${ports}${place}`;
}

function directory({ guest, host, real }: Mount): string {
  return `${guest} (on the host ${real ?? host})`;
}
