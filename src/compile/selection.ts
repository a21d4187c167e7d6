/**
 * What is compiled in: entries that can be called, services that can be served, and what these call.
 *
 * @module
 */
import {
  type Entry,
  type HttpServiceEntry,
  type HttpStaticEntry,
  isWasm,
  type WasmEntry,
} from "../registry/entry.ts";
import { EntryError } from "../registry/error.ts";
import { Registry } from "../registry/registry.ts";
import { callsOthers } from "../runtime/callables.ts";
import { isFunction } from "../runtime/funcs.ts";

/** A part of an application that runs without the rest. */
export interface Selection {
  /** Entries that can be called: in the order of the files. */
  readonly entries: readonly WasmEntry[];
  /** Services that can be served. */
  readonly services: readonly HttpServiceEntry[];
}

/**
 * The part of an application that some names ask for.
 *
 * @param names Ids, names or commands, of entries that can be called or of services; none: everything.
 * @throws {EntryError} For a name that is of neither.
 */
export function selectionOf(registry: Registry, names: readonly string[]): Selection {
  const all = registry.entries();
  if (names.length === 0) return { entries: all.filter(isWasm), services: all.filter(isService) };
  const entries = new Set<Entry>();
  const services = new Set<Entry>();
  for (const name of names) {
    const entry = registry.get(name);
    if (entry !== undefined && isService(entry)) {
      services.add(entry);
      for (const one of servedBy(registry, entry).entries) entries.add(one);
    } else for (const one of withCallees(registry, [registry.findWasm(name)])) entries.add(one);
  }
  return {
    entries: all.filter(isWasm).filter((entry) => entries.has(entry)),
    services: all.filter(isService).filter((entry) => services.has(entry)),
  };
}

/** Entries, and those that they may call: whoever runs the ones runs the others. */
export function withCallees(registry: Registry, entries: readonly WasmEntry[]): WasmEntry[] {
  const callees = entries.some(callsOthers) ? registry.entries().filter(isFunction) : [];
  return [...new Set([...entries, ...callees])];
}

/** What a service leads to: functions with their callees, and directories of files. */
export function servedBy(
  registry: Registry,
  service: HttpServiceEntry,
): { readonly entries: readonly WasmEntry[]; readonly files: readonly HttpStaticEntry[] } {
  const entries = registry.entries();
  const routers = entries.filter((entry) => entry.kind === "http.router" && entry.server === service.id);
  const funcs = entries.flatMap((entry) => {
    if (entry.kind !== "http.endpoint" || !routers.some(({ id }) => id === entry.router)) return [];
    const func = registry.get(entry.func);
    return func !== undefined && isWasm(func) ? [func] : [];
  });
  const files = entries.filter((entry) => entry.kind === "http.static").filter(({ server }) =>
    server === service.id
  );
  return { entries: withCallees(registry, funcs), files };
}

/**
 * The same application without what is not selected. What the rest names is still there.
 *
 * @param ids The ids of entries and services that remain.
 * @throws {EntryError} If one of them is gone.
 */
export function reduced(registry: Registry, ids: readonly string[]): Registry {
  const kept = new Set(ids);
  const entries = registry.entries().filter((entry) =>
    !isWasm(entry) && !isService(entry) || kept.has(entry.id)
  );
  const missing = ids.find((id) => !entries.some((entry) => entry.id === id));
  if (missing !== undefined) {
    const message = `${missing} was compiled in, and the configuration does not declare it any more`;
    throw new EntryError("unknown", missing, [], message);
  }
  return new Registry(entries, registry.projectRoot, registry.warnings, registry.reads);
}

function isService(entry: Entry): entry is HttpServiceEntry {
  return entry.kind === "http.service";
}
