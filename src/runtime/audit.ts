/**
 * The smallest grant that would have sufficed, as YAML to paste into the entry, beside what was declared.
 *
 * @module
 */
import { providerOf } from "../compartment/refuse.ts";
import { isAtOrBelow } from "../grant/below.ts";
import type { AuditEvent } from "../wasi/audit.ts";
import { isUsed, type SmallestNetwork, smallestNetwork } from "./audit_network.ts";
import type { Audited, Declared } from "./audit_record.ts";

/** More refusals than this are counted, and not shown. */
const MOST_REFUSED = 50;

/** More functions that were called than this are counted, and not named. */
const MOST_CALLED = 50;

const NEVER = "declared, never used";
const WIDER = "declared, and wider than what was used";

/** Packages that reach the network. */
const NETWORK: readonly string[] = ["wasi:sockets", "wasi:http"];

/**
 * The smallest grant, as text.
 *
 * @param audited What was declared, used and refused in all runs that were audited. Its texts are in part the guest's:
 * each is quoted.
 * @returns YAML: the fields `imports` and `wasi` of the entry. What is not needed stands in it as comments.
 */
export function smallestGrant({ entry, declared, events, truncated }: Audited): string {
  const used = events.filter(({ outcome }) => outcome === "used");
  const refused = events.filter(({ outcome }) => outcome === "refused");
  const packages = packagesOf(events, declared);
  const lines = [
    `# ${quoted(entry)}: the smallest grant that would have sufficed for what was audited`,
    ...truncated ? ["# not all: a run did more than an audit file keeps"] : [],
    ...importLines(packages, declared, used),
    ...wasiLines(used, packages, declared),
    ...entryLines(declared),
    ...refusedLines(refused),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Packages whose functions were called, whether or not their hosts have refused something then. */
function packagesOf(events: readonly AuditEvent[], declared: Declared): ReadonlySet<string> {
  const packages = new Set<string>();
  for (const { interface: name, outcome, code } of events) {
    const provider = providerOf(name);
    if (provider !== undefined && (outcome === "used" || code !== undefined)) packages.add(provider);
  }
  // All of wasi:io has wasi:poll in it.
  if (packages.has("wasi:io")) packages.delete("wasi:poll");
  // There, an import that is not declared is an error, called or not.
  if (declared.strict) { for (const name of declared.packages) packages.add(name); }
  return packages;
}

function importLines(
  packages: ReadonlySet<string>,
  { packages: declared, strict }: Declared,
  events: readonly AuditEvent[],
): string[] {
  const unused = declared.filter((name) =>
    !packages.has(name) && !(name === "wasi:poll" && packages.has("wasi:io"))
  );
  return list(
    "",
    "imports",
    [...packages].sort().map((name) => name === "funcs" ? `${name}${calledFuncs(events)}` : quoted(name)),
    // What it allowed stands above, by the packages that do.
    unused.map((name) => comment(quoted(name), name === "wasi1" && packages.size > 0 ? WIDER : NEVER)),
    strict ? "the entry is strict: all that is declared stays" : undefined,
  );
}

/** No line of a declaration says which functions may be called; so a comment does, of those that were. */
function calledFuncs(events: readonly AuditEvent[]): string {
  const called = new Set(
    events.filter((event) => providerOf(event.interface) === "funcs").map(({ target }) => target),
  );
  const ids = [...called].filter((id) => id !== undefined).sort().map(quoted);
  const rest = ids.length - MOST_CALLED;
  const more = rest > 0 ? `, and ${rest} more` : "";
  return ids.length === 0 ? "" : ` # called: ${ids.slice(0, MOST_CALLED).join(", ")}${more}`;
}

function wasiLines(used: readonly AuditEvent[], packages: ReadonlySet<string>, declared: Declared): string[] {
  const { args, cwd } = declared;
  const lines = [
    ...args.length > 0 ? [`  args: [${args.map(quoted).join(", ")}]`] : [],
    ...cwd !== "/" ? [`  cwd: ${quoted(cwd)}`] : [],
    ...mountLines(used, declared),
    ...envLines(used, declared),
    ...networkLines(used, packages, declared),
  ];
  return lines.some((line) => !/^\s*#/.test(line)) ? ["wasi:", ...lines] : lines;
}

type Mount = Declared["mounts"][number];

function mountLines(used: readonly AuditEvent[], { mounts }: Declared): string[] {
  if (mounts.length === 0) return [];
  const uses = new Map(mounts.map((mount) => [mount, used.filter((event) => event.mount === mount.guest)]));
  const kept = mounts.filter((mount) => uses.get(mount)!.length > 0);
  const needed: string[] = [], unneeded: string[] = [];
  mounts.forEach((mount, i) => {
    const events = uses.get(mount)!;
    const read_only = mount.read_only || !events.some(({ access }) => access === "write");
    const line = (read_only: boolean) =>
      `{fs: ${quoted(mount.fs ?? `dir-${i + 1}`)}, guest: ${quoted(mount.guest)}, read_only: ${read_only}}`;
    const outer = kept.find((outer) => protects(mount, outer));
    if (events.length > 0) {
      const notes = [
        ...read_only && !mount.read_only ? ["declared writable, never written"] : [],
        ...partOf(mount, events),
      ];
      needed.push(notes.length > 0 ? `${line(read_only)} # ${notes.join("; ")}` : line(read_only));
    } else if (outer) {
      needed.push(`${line(true)} # never used by this path; read-only inside of ${quoted(outer.guest)}`);
    } else unneeded.push(comment(line(mount.read_only), NEVER));
  });
  return list("  ", "mounts", needed, unneeded);
}

/** Whether a mount keeps a part of another one read-only. Without it, more would be allowed. */
function protects(inner: Mount, outer: Mount): boolean {
  return inner.read_only && !outer.read_only && inner !== outer && isAtOrBelow(inner.host, outer.host);
}

/** Where only a part of a mount was used, which. */
function partOf({ guest }: Mount, events: readonly AuditEvent[]): string[] {
  const [first = [], ...rest] = events.map(({ target = "" }) => target.split("/"));
  // What is asked for as `..` is somewhere else.
  if ([first, ...rest].some((names) => names.includes(".."))) return [];
  const end = first.findIndex((name, i) => rest.some((names) => names[i] !== name));
  const common = (end < 0 ? first : first.slice(0, end)).join("/");
  return common.length > guest.length && common.startsWith(guest) ? [`only ${quoted(common)} was used`] : [];
}

function envLines(used: readonly AuditEvent[], { env }: Declared): string[] {
  if (env.length === 0) return [];
  const names = new Set(used.filter(isEnvironment).map(({ target }) => target));
  const line = ({ id, name, required }: Declared["env"][number]) =>
    `{id: ${quoted(id ?? `env-${name}`)}, name: ${quoted(name)}, required: ${required}}`;
  return list(
    "  ",
    "env",
    env.filter(({ name }) => names.has(name)).map(line),
    env.filter(({ name }) => !names.has(name)).map((item) => comment(line(item), NEVER)),
  );
}

function isEnvironment({ interface: name }: AuditEvent): boolean {
  return name.startsWith("wasi:cli/environment");
}

function networkLines(
  used: readonly AuditEvent[],
  packages: ReadonlySet<string>,
  { network }: Declared,
): string[] {
  if (!NETWORK.some((name) => packages.has(name))) {
    return network === null || !network.allow?.length ? [] : [`  # network: ${NEVER}`];
  }
  const smallest = smallestNetwork(used, network);
  const note = network === null
    ? "declared: unrestricted"
    : network.allow === null
    ? `declared: every name and public address${network.private ? ", and private ones" : ""}`
    : undefined;
  return [
    "  network:",
    ...list("    ", "allow", smallest.allow.map(quoted), ruleComments(network?.allow ?? [], smallest), note),
    ...smallest.private ? ["    private: true"] : network?.private ? [`    # private: true # ${NEVER}`] : [],
  ];
}

function ruleComments(declared: readonly string[], smallest: SmallestNetwork): string[] {
  return declared.filter((text) => !smallest.allow.includes(text)).map((text) =>
    comment(quoted(text), isUsed(text, smallest) ? "declared, wider than what was used" : NEVER)
  );
}

/** Entries that what was given on a command line would need, to be declared. */
function entryLines({ mounts, env }: Declared): string[] {
  const lines = [
    ...mounts.flatMap(({ fs, host }, i) =>
      fs === undefined ? [`# - {name: dir-${i + 1}, kind: fs.directory, directory: ${quoted(host)}}`] : []
    ),
    ...env.flatMap(({ id, name }) =>
      id === undefined
        ? [`# - {name: ${quoted(`env-${name}`)}, kind: env.variable, variable: ${quoted(name)}, storage: os}`]
        : []
    ),
  ];
  if (lines.length === 0) return [];
  const os = env.some(({ id }) => id === undefined) ? ["# - {name: os, kind: env.storage.os}"] : [];
  return ["# entries that these name:", ...lines, ...os];
}

function refusedLines(refused: readonly AuditEvent[]): string[] {
  const lines = new Set(refused.map((event) => {
    const { interface: name, function: func, target, wall, code } = event;
    const asked = `${quoted(`${name}#${func}`)}${target === undefined ? "" : ` on ${quoted(target)}`}`;
    const told = code === undefined ? "" : ` (${quoted(code)})`;
    const line = lineOf(event);
    return `# refused: ${asked} by the ${wall ?? "link"}${told}; ${
      line === undefined ? "no line would allow it" : `to allow it: ${line}`
    }`;
  }));
  const rest = lines.size - MOST_REFUSED;
  return [...[...lines].slice(0, MOST_REFUSED), ...rest > 0 ? [`# refused: ${rest} more`] : []];
}

function lineOf({ interface: name, allow, code, wall }: AuditEvent): string | undefined {
  if (allow !== undefined) return oneLine(allow);
  // The host itself has refused: declaring its package again would not help.
  if (code !== undefined || wall === "deno" || wall === "os") return undefined;
  const provider = providerOf(name);
  return provider && `imports: [${provider}]`;
}

/** A list of YAML, with what stands in it as comments. */
function list(
  indent: string,
  key: string,
  items: readonly string[],
  comments: readonly string[],
  note?: string,
): string[] {
  const head = `${indent}${key}:${items.length === 0 ? " []" : ""}${note === undefined ? "" : ` # ${note}`}`;
  return [
    head,
    ...items.map((item) => `${indent}  - ${item}`),
    ...comments.map((text) => `${indent}  ${text}`),
  ];
}

function comment(item: string, why: string): string {
  return `# - ${item} # ${why}`;
}

/** A text of YAML and of JSON, on one line whoever reads it. Plain where nothing in it means anything to YAML. */
function quoted(text: string): string {
  return /^[a-z/][\w/.:-]*\w$|^[a-z/]$/i.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text)
    ? text
    : oneLine(JSON.stringify(text));
}

function oneLine(text: string): string {
  return text.replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (c) => c.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  );
}
