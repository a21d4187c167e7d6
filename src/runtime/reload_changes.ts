/**
 * What differs between two versions of an application.
 *
 * @module
 */
import { storagesOf } from "../grant/environment.ts";
import { type Entry, isWasm, type WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { writableMounts } from "./spec.ts";

/** Ids of entries. */
export interface Changes {
  /** They are declared otherwise, or name an entry which is. */
  readonly changed: readonly string[];
  /** They are new. */
  readonly added: readonly string[];
  /** They are gone. */
  readonly removed: readonly string[];
}

/**
 * What differs. Where something stands in its file makes no difference; nor does a module's file, of which the declared
 * hash says everything.
 */
export function changesOf(before: Registry, after: Registry): Changes {
  const entries = (registry: Registry) => new Map(registry.entries().map((entry) => [entry.id, entry]));
  const old = entries(before), next = entries(after);
  const was = new Prints(before), is = new Prints(after);
  const changed = [...next].filter(([id, entry]) => old.has(id) && was.of(old.get(id)!) !== is.of(entry));
  return Object.freeze({
    changed: Object.freeze(changed.map(([id]) => id)),
    added: Object.freeze([...next.keys()].filter((id) => !old.has(id))),
    removed: Object.freeze([...old.keys()].filter((id) => !next.has(id))),
  });
}

/** Whether nothing differs. */
export function isNothing({ changed, added, removed }: Changes): boolean {
  return changed.length + added.length + removed.length === 0;
}

/** All that an entry comes to, as text: equal texts are equal entries. */
class Prints {
  readonly #registry: Registry;
  #writable: string | undefined;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  of(entry: Entry): string {
    const named = new Set<Entry>();
    collect(entry, this.#registry, named);
    const prints = [...named].map(ownPrint);
    // A directory is refused where some guest may have put a link in its way: whose guests may write counts for it.
    if ([...named].some((one) => one.kind === "http.static" || isWasm(one) && one.wasi.mounts.length > 0)) {
      prints.push(this.#writable ??= JSON.stringify(writableMounts(this.#registry).sort()));
    }
    return prints.join("\n");
  }
}

/** An entry, and those that decide what becomes of it. */
function collect(entry: Entry, registry: Registry, into: Set<Entry>): void {
  if (into.has(entry)) return;
  into.add(entry);
  for (const id of namedBy(entry, registry)) {
    const other = registry.get(id);
    if (other?.id === id) collect(other, registry, into);
  }
}

function namedBy(entry: Entry, registry: Registry): readonly string[] {
  if (isWasm(entry)) return namedByWasm(entry, registry);
  switch (entry.kind) {
    case "process.service":
      return [entry.process, entry.host];
    case "http.static":
      return [entry.fs];
    default:
      return [];
  }
}

function namedByWasm({ fs, wasi }: WasmEntry, registry: Registry): readonly string[] {
  return [
    fs,
    ...wasi.mounts.map((mount) => mount.fs),
    ...wasi.env.flatMap(({ id }) => {
      const variable = registry.get(id);
      return variable?.kind === "env.variable"
        ? [id, ...storagesOf(variable, registry).map((storage) => storage.id)]
        : [id];
    }),
  ];
}

function ownPrint({ at: _, meta, ...entry }: Entry): string {
  const { where: _where, ...rest } = entry as { readonly where?: unknown };
  // What stands in `meta` is the application's own.
  return JSON.stringify(rest, plain) + JSON.stringify(meta);
}

/** JSON has no such integers; and lines move. */
function plain(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : isPosition(value) ? undefined : value;
}

function isPosition(value: unknown): boolean {
  return typeof value === "object" && value !== null && "file" in value && "line" in value &&
    "column" in value;
}
