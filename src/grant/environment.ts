/**
 * The variables that one call's guest sees: those that its entry lists, looked up where their values are.
 *
 * @module
 */

import type { EnvItem } from "../config/declaration.ts";
import { isStorage, type StorageEntry, type VariableEntry, type WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { EnvironmentError, type EnvironmentErrorReason } from "./environment_error.ts";
import type { Grant } from "./grant.ts";

/**
 * What the storages read. Neither function asks anybody for permission: where it may not look it throws an
 * error named `NotCapable`, whose message tells which flag would let it.
 */
export interface EnvSources {
  /** A variable of this process, and of no other name; `undefined` where it is not set. */
  os(name: string): string | undefined;
  /** A file's text; `undefined` where there is no such file. */
  readText(path: string): string | undefined;
}

/** What a storage said of a key: its value, or in a few words why there is none. */
type Found = { readonly value: string } | { readonly none: string };

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

function lookUp(storage: StorageEntry, key: string, sources: EnvSources): Found {
  switch (storage.kind) {
    case "env.storage.memory":
      return { none: "nothing has been written to it" };
    case "env.storage.os":
      return found(sources.os(key), "not set");
    case "env.storage.static":
      return found(
        Object.hasOwn(storage.values, key) ? storage.values[key] : undefined,
        "not among its values",
      );
    case "env.storage.file": {
      const text = sources.readText(storage.file);
      if (text === undefined) return { none: `there is no file ${storage.file}` };
      return found(valueIn(text, key), `no line of ${storage.file} sets it`);
    }
    case "env.storage.router":
      return { none: "it holds nothing itself" };
  }
}

function found(value: string | undefined, none: string): Found {
  return value === undefined ? { none } : { value };
}

/**
 * The value of a key in a text of `KEY=VALUE` lines. The first line with the key counts. `#` starts a comment
 * wherever it stands, spaces around key and value do not count, and there are no quotes and no escapes.
 */
export function valueIn(text: string, key: string): string | undefined {
  for (const line of text.split("\n")) {
    const [code = ""] = line.split("#", 1);
    const equals = code.indexOf("=");
    if (equals > 0 && code.slice(0, equals).trim() === key) return code.slice(equals + 1).trim();
  }
  return undefined;
}

/** The same sources for the length of one call, in which all lines of a file are of one version of it. */
function readingOnce(sources: EnvSources): EnvSources {
  const texts = new Map<string, string | undefined>();
  return {
    os: (name) => sources.os(name),
    readText(path) {
      if (!texts.has(path)) texts.set(path, sources.readText(path));
      return texts.get(path);
    },
  };
}
