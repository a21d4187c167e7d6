/**
 * The difference between a scope and what this process may do.
 *
 * @module
 */
import { grantOf } from "../grant/from_entry.ts";
import { formatIp, parseIp } from "../grant/network.ts";
import type { WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { flagsOfKind, type Kind, KINDS, type Scope, scopeOf, shellLine } from "../scope/mod.ts";
import { certainNeeds, followed, possibleNeeds } from "./needs.ts";

/**
 * What an entry asks for and this process lacks.
 *
 * @returns Flags to add, and flags that a `--deny` flag would outweigh: lines for a shell. Both are empty where the entry
 * may be run; if it may not, they are all that it could come to need, so that the next attempt is the last.
 */
export function lackingOfEntry(entry: WasmEntry, registry: Registry): { flags: string; denied: string } {
  const grant = followed(grantOf(entry, registry));
  const asked = entry.wasi.network === undefined
    ? { ...grant, network: { rules: [], private: false } }
    : grant;
  if (missingOf(scopeOf(asked, certainNeeds(entry, registry))).length === 0) return { flags: "", denied: "" };
  const missing = missingOf(scopeOf(asked, possibleNeeds(entry, registry)));
  const line = (state: Deno.PermissionState) =>
    shellLine(
      missing.filter((one) => one.state === state).flatMap(({ kind, values }) => flagsOfKind(kind, values)),
    );
  return { flags: line("prompt"), denied: line("denied") };
}

/**
 * The flags that this process would have to be started with, beside its own, to have a scope.
 *
 * @param scope What it should be able to do. Imports do not count: what is running was imported.
 * @returns Items of argv; none where nothing is lacking.
 */
export function lackingOf(scope: Scope): string[] {
  const missing = missingOf(scope);
  return KINDS.flatMap((kind) => {
    const own = missing.filter((one) => one.kind === kind);
    const all = own.some(({ values }) => values === true);
    return flagsOfKind(kind, all || own.flatMap(({ values }) => values as readonly string[]));
  });
}

interface Missing {
  readonly kind: Kind;
  readonly state: Deno.PermissionState;
  readonly values: readonly string[] | true;
}

function missingOf(scope: Scope): Missing[] {
  return KINDS.filter((kind) => kind !== "import").flatMap((kind): Missing[] => {
    const values = scope[kind];
    const { state, partial } = Deno.permissions.querySync({ name: kind });
    if (state === "granted" && !partial) return [];
    if (values === true) return state === "granted" ? [] : [{ kind, values, state }];
    return (["prompt", "denied"] as const).map((state) => ({
      kind,
      state,
      values: values.filter((value) =>
        questions(kind, value).some((question) => stateOf(question) === state)
      ),
    })).filter((one) => one.values.length > 0);
  });
}

function stateOf(question: Deno.PermissionDescriptor): Deno.PermissionState {
  return Deno.permissions.querySync(question).state;
}

/** What to ask Deno, to know whether it allows something. */
function questions(kind: Exclude<Kind, "import">, value: string): Deno.PermissionDescriptor[] {
  switch (kind) {
    case "read":
    case "write":
    case "ffi":
      return [{ name: kind, path: value }];
    case "net":
      return hostsIn(value).map((host) => ({ name: kind, host }));
    case "env":
      return [{ name: kind, variable: value }];
    case "run":
      return [{ name: kind, command: value }];
    case "sys":
      return [{ name: kind, kind: value as "hostname" }];
  }
}

/** Deno answers for one host only: of a range, its ends are asked for; of all names below one, one that nobody has. */
function hostsIn(host: string): string[] {
  const [, address, length, port = ""] = /^([\d.]+)\/(\d+)(:\d+)?$/.exec(host) ?? [];
  const ip = address === undefined ? undefined : parseIp(address);
  if (ip === undefined) return [host.replace(/^\*\./, "airlock-asks.")];
  const last = ip.bits | ((1n << BigInt(32 - Number(length))) - 1n);
  return [ip.bits, last].map((bits) => `${formatIp({ family: 4, bits })}${port}`);
}
