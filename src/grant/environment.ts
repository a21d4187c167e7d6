/**
 * The variables that one call's guest sees: those that its entry lists, looked up where their values are.
 *
 * @module
 */

import type { EnvItem } from "../config/declaration.ts";
import { isStorage, type StorageEntry, type VariableEntry, type WasmEntry } from "../registry/entry.ts";
import type { EnvSources } from "../registry/env_sources.ts";
import { type Found, lookUp, readingOnce } from "../registry/lookup.ts";
import type { Registry } from "../registry/registry.ts";
import { EnvironmentError, type EnvironmentErrorReason } from "./environment_error.ts";
import type { Grant } from "./grant.ts";

export type { EnvSources } from "../registry/env_sources.ts";
export { valueIn } from "../registry/lookup.ts";

/**
 * Looks up the variables of an entry, for one call: what has changed since the last one counts.
 *
 * A file is read once a call, whatever the number of variables in it.
 *
 * @param entry A linked entry.
 * @param registry The registry that holds it and its variables.
 * @param sources Where values come from.
 * @returns Name and value, sorted by name; variables without a value that the guest can do without are absent.
 * @throws {EnvironmentError} For one that is required and has none, and for any that cannot be read.
 */
export function environmentOf(entry: WasmEntry, registry: Registry, sources: EnvSources): Grant["env"] {
  const once = readingOnce(sources);
  const all = entry.wasi.env.flatMap((item): (readonly [string, string])[] => {
    const value = valueOf(entry, item, registry, once);
    return value === undefined ? [] : [Object.freeze([item.name, value] as const)];
  });
  return Object.freeze(all.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0));
}

/**
 * The value of one variable. An empty one counts as none, wherever it stands: the original does so for
 * guests, and a program that starts with `HOME=` in its environment is rarely meant.
 */
function valueOf(
  entry: WasmEntry,
  item: EnvItem,
  registry: Registry,
  sources: EnvSources,
): string | undefined {
  const variable = registry.get(item.id);
  // The link has told of an unknown one, and refused it where it is required.
  if (variable?.kind !== "env.variable" || variable.id !== item.id) return undefined;
  const looked: string[] = [];
  const problem = (reason: EnvironmentErrorReason) => ({
    reason,
    holder: entry.id,
    asked: item.name,
    variable: variable.id,
    key: variable.key,
    looked,
    place: item.at,
  });
  for (const storage of storagesOf(variable, registry)) {
    const where = `${storage.id} (${storage.kind})`;
    let found: Found;
    try {
      found = lookUp(storage, variable.key, sources);
    } catch (error) {
      // Going on without it, or to the next storage, would give the guest another value in silence.
      const denied = error instanceof Error && error.name === "NotCapable";
      looked.push(`${where}: ${error instanceof Error ? error.message : String(error)}`);
      throw new EnvironmentError(problem(denied ? "denied" : "unreadable"), { cause: error });
    }
    if ("none" in found) {
      looked.push(`${where}: ${found.none}`);
      continue;
    }
    if (found.value !== "") return found.value;
    looked.push(`${where}: set but empty, which counts as not set`);
    break;
  }
  if (variable.default) return variable.default;
  if (item.required) throw new EnvironmentError(problem("missing"));
  return undefined;
}

/** The storages to ask, in order and each once: a router stands for those that it names. */
export function storagesOf(variable: VariableEntry, registry: Registry): StorageEntry[] {
  const storages: StorageEntry[] = [];
  const seen = new Set<string>();
  const left = [variable.storage];
  while (left.length > 0) {
    const id = left.pop()!;
    if (seen.has(id)) continue;
    seen.add(id);
    const storage = registry.get(id);
    if (storage === undefined || !isStorage(storage)) {
      // The link has resolved it: only an entry of another registry comes here.
      throw new TypeError(`${variable.id} is in ${id}, which is no env.storage.* of this registry`);
    }
    if (storage.kind === "env.storage.router") left.push(...storage.storages.toReversed());
    else storages.push(storage);
  }
  return storages;
}
