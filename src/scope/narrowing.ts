/**
 * Scope → smaller scope, in a process that is running: which permissions to give up, and what cannot be given up.
 *
 * How Deno 2.9 revokes, tried: to revoke something takes every item off the list that would allow it, and leaves the items
 * below it. So a directory can be given up and another one in it kept, where both are on the list. What is not listed (all
 * hosts) can be given up as a whole only.
 *
 * @module
 */
import { isAtOrBelow } from "../grant/below.ts";
import { formatIp, parseIp } from "../grant/network.ts";
import { type Kind, KINDS, type Scope } from "./scope.ts";

/** A permission to revoke: of a kind all, or that to do one thing. The shape of `Deno.PermissionDescriptor`. */
export type Revocation =
  | { readonly name: "read" | "write" | "ffi"; readonly path?: string }
  | { readonly name: "net" | "import"; readonly host?: string }
  | { readonly name: "env"; readonly variable?: string }
  | { readonly name: "run"; readonly command?: string }
  | { readonly name: "sys"; readonly kind?: string };

/** What it takes to get from one scope to another. */
export interface Narrowing {
  /** What to revoke, in order. Afterwards the process may do none of it. */
  readonly revoke: readonly Revocation[];
  /** What it may still do beyond the second scope, since Deno has no way to take it back: a sentence for each. */
  readonly wider: readonly string[];
}

/**
 * Plans how a process gives up what it does not need.
 *
 * @param from What it may do: the lists that it was started with.
 * @param to What it is to be able to do.
 */
export function narrowing(from: Scope, to: Scope): Narrowing {
  const revoke: Revocation[] = [];
  const wider: string[] = [];
  for (const kind of KINDS) {
    const had = from[kind], wanted = to[kind];
    if (wanted === true) continue;
    if (wanted.length === 0) revoke.push({ name: kind });
    else if (had === true) wider.push(`${kind}: all of it, and not only ${wanted.join(", ")}`);
    else narrowKind(kind, had, wanted, revoke, wider);
  }
  return { revoke, wider };
}

function narrowKind(
  kind: Kind,
  had: readonly string[],
  wanted: readonly string[],
  revoke: Revocation[],
  wider: string[],
): void {
  const covers = (a: string, b: string) => coversOf(kind, a, b);
  for (const item of had) {
    if (wanted.some((other) => covers(other, item))) continue;
    // What is wanted and stands on no list of its own, but below this one, would be lost with it.
    const needed = wanted.filter((other) =>
      covers(item, other) && !had.some((one) => one !== item && !covers(one, item) && covers(one, other))
    );
    const probe = probesOf(kind, item).find((one) => !wanted.some((other) => covers(other, one)));
    if (needed.length > 0) wider.push(`${item}: all of it, and not only ${needed.join(", ")}`);
    else if (probe === undefined) wider.push(`${item}: all of it`);
    else revoke.push(descriptorOf(kind, probe));
  }
}

/** Whether an item of a list allows another one. */
function coversOf(kind: Kind, item: string, other: string): boolean {
  if (item === other) return true;
  switch (kind) {
    case "read":
    case "write":
      return isAtOrBelow(other, item);
    case "net":
    case "import":
      return coversHost(item, other);
    case "env":
      return item.endsWith("*") && other.startsWith(item.slice(0, -1));
    default:
      return false;
  }
}

function coversHost(item: string, other: string): boolean {
  const a = hostOf(item), b = hostOf(other);
  if (a.port !== undefined && a.port !== b.port) return false;
  if (a.name === b.name) return true;
  if (a.name.startsWith("*.")) return b.name === a.name.slice(2) || b.name.endsWith(a.name.slice(1));
  const range = rangeOf(a.name);
  const ip = rangeOf(b.name);
  return range !== undefined && ip !== undefined && range.first <= ip.first && ip.last <= range.last;
}

/** A host as `--allow-net` has it. */
function hostOf(text: string): { readonly name: string; readonly port: string | undefined } {
  // An IPv6 address has its colons in brackets.
  const [, name = text, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? [];
  return { name, port };
}

/** IPv4 addresses from the first to the last. */
function rangeOf(name: string): { readonly first: bigint; readonly last: bigint } | undefined {
  const [, address, length = "32"] = /^([\d.]+)(?:\/(\d+))?$/.exec(name) ?? [];
  const ip = address === undefined ? undefined : parseIp(address);
  if (ip === undefined) return undefined;
  return { first: ip.bits, last: ip.bits | ((1n << BigInt(32 - Number(length))) - 1n) };
}

/** What an item allows, and Deno can be told to revoke: it knows single hosts only. */
function probesOf(kind: Kind, item: string): readonly string[] {
  if (kind !== "net") return [item];
  const { name, port } = hostOf(item);
  const at = (host: string) => port === undefined ? host : `${host}:${port}`;
  if (name.startsWith("*.")) return [at(`airlock-asks${name.slice(1)}`)];
  const range = name.includes("/") ? rangeOf(name) : undefined;
  if (range === undefined) return [item];
  return [range.first, range.last].map((bits) => at(formatIp({ family: 4, bits })));
}

function descriptorOf(kind: Kind, value: string): Revocation {
  switch (kind) {
    case "read":
    case "write":
    case "ffi":
      return { name: kind, path: value };
    case "net":
    case "import":
      return { name: kind, host: value };
    case "env":
      return { name: kind, variable: value };
    case "run":
      return { name: kind, command: value };
    case "sys":
      return { name: kind, kind: value };
  }
}
