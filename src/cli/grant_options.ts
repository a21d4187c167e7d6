/**
 * What a component may touch that no configuration declares: the options of `exec` and `serve`.
 *
 * @module
 */
import { networkRule } from "../config/network_rule.ts";
import { denied, type Grant, type Mount, type Package } from "../grant/grant.ts";
import type { Network } from "../grant/network.ts";
import { reasonOf } from "../registry/files.ts";
import { checkRead } from "../registry/permitted.ts";
import { settleMounts } from "../runtime/mounts.ts";
import { UsageError } from "./exit_code.ts";
import type { Parsed } from "./options.ts";

/** The options, for `parseArgs`. */
export const GRANT_OPTIONS = {
  dir: { type: "string", multiple: true },
  "allow-system": { type: "boolean" },
  env: { type: "string", multiple: true },
  net: { type: "string", multiple: true },
  "net-private": { type: "boolean" },
  cwd: { type: "string" },
} as const;

/** What is given without being asked: nothing that reaches outside the process and its own streams. */
const PACKAGES: readonly Package[] = [
  "wasi:cli",
  "wasi:io",
  "wasi:poll",
  "wasi:clocks",
  "wasi:random",
  "wasi:filesystem",
];

/** What any `--net` adds. */
const NETWORK_PACKAGES: readonly Package[] = ["wasi:sockets", "wasi:http"];

/**
 * The grant that options amount to.
 *
 * @param file Who holds it.
 * @param values The options' values.
 * @param more Packages that are given as well.
 * @throws {UsageError} For a value that is none.
 * @throws {CapabilityError} For a mount that leads where none may.
 */
export function grantOfOptions(file: string, values: Parsed["values"], more: readonly Package[] = []): Grant {
  const network = networkOf(strings(values["net"]), values["net-private"] === true);
  const cwd = (values["cwd"] as string | undefined) ?? "/";
  if (!cwd.startsWith("/")) throw new UsageError(`--cwd ${cwd}: a guest path is absolute`);
  const grant: Grant = {
    ...denied,
    holder: file,
    packages: new Set([...PACKAGES, ...network === undefined ? [] : NETWORK_PACKAGES, ...more]),
    env: unique("--env", strings(values["env"]), variable, ([name]) => name),
    cwd,
    mounts: unique("--dir", strings(values["dir"]), mount, ({ guest }) => guest).sort(byGuest),
    network: network ?? denied.network,
  };
  const mounts = settleMounts(grant.mounts, {
    writable: grant.mounts.filter((m) => !m.readOnly).map((m) => m.host),
    system: values["allow-system"] === true ? undefined : "to allow it, give --allow-system",
    of: file,
  });
  return { ...grant, mounts };
}

function strings(value: unknown): readonly string[] {
  return value === undefined ? [] : value as string[];
}

function variable(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at <= 0) throw new UsageError(`--env ${text}: expected name=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Exactly these rules; `undefined` where there are none. */
function networkOf(texts: readonly string[], hidden: boolean): Network | undefined {
  if (texts.length === 0 && hidden) throw new UsageError("--net-private says nothing without --net");
  if (texts.length === 0) return undefined;
  const rules = texts.map((text) => {
    const rule = networkRule(text);
    if ("wrong" in rule) throw new UsageError(`--net ${text}: ${rule.wrong}`);
    return rule;
  });
  return { rules, private: hidden };
}

/** Options of one kind, made into what they say; the same name twice is a mistake. */
function unique<T>(
  option: string,
  texts: readonly string[],
  make: (text: string) => T,
  name: (made: T) => string,
): T[] {
  const all = new Map<string, T>();
  for (const text of texts) {
    const made = make(text);
    if (all.has(name(made))) throw new UsageError(`${option} ${text}: ${name(made)} is already given`);
    all.set(name(made), made);
  }
  return [...all.values()];
}

function mount(text: string): Mount {
  const at = text.indexOf("::");
  if (at <= 0) throw new UsageError(`--dir ${text}: expected host::guest, or host::guest:ro`);
  const readOnly = text.endsWith(":ro");
  const guest = text.slice(at + 2, readOnly ? -3 : undefined);
  if (!guest.startsWith("/")) throw new UsageError(`--dir ${text}: the guest path ${guest} is not absolute`);
  const suffix = /:[^/]*$/.exec(guest)?.[0];
  if (suffix !== undefined) {
    throw new UsageError(`--dir ${text}: unknown suffix ${suffix}; the only one is :ro`);
  }
  let host: string;
  try {
    checkRead(text.slice(0, at));
    host = Deno.realPathSync(text.slice(0, at));
    checkRead(host);
    if (Deno.statSync(host).isDirectory) return { host, guest, readOnly };
  } catch (error) {
    throw new UsageError(`--dir ${text}: ${reasonOf(error)}`);
  }
  throw new UsageError(`--dir ${text}: ${host} is not a directory`);
}

function byGuest(a: Mount, b: Mount): number {
  return a.guest < b.guest ? -1 : a.guest > b.guest ? 1 : 0;
}
