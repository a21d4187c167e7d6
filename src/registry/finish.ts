/**
 * Entries as they are written → declarations: the values of variables are put where they belong.
 *
 * @module
 */

import type { Declaration, Document } from "../config/declaration.ts";
import { documentOf, type RawDocument } from "../config/document.ts";
import { declareEntry, type Found } from "../config/entry.ts";
import type { Issues } from "../config/issue.ts";
import { isKind } from "../config/kinds.ts";
import { didYouMean } from "../config/nearest.ts";
import { textField } from "../config/node.ts";
import { fillPlaceholders, type Looked } from "../config/placeholder.ts";
import { type Module, type RawEntry, reportKinds } from "../config/raw.ts";
import { isStorageKind, type StorageEntry } from "./entry.ts";
import type { EnvSources } from "./env_sources.ts";
import { join } from "./host_path.ts";
import { lookUp, readingOnce } from "./lookup.ts";

/** What is needed beside the entries. */
export interface Finishing {
  /** Absolute; relative files are relative to it. */
  readonly projectRoot: string;
  /** Where values come from. */
  readonly sources: EnvSources;
  /** Receives what is wrong. */
  readonly issues: Issues;
  /** Told of every variable of this process, and of every file, in which a value is looked for. */
  readonly looked: (kind: "env" | "file", name: string) => void;
}

/** Declares all entries of a load. */
export function finish(documents: readonly RawDocument[], finishing: Finishing): readonly Document[] {
  reportKinds(documents.flatMap(({ entries }) => entries), finishing.issues);
  const finisher = new Finisher(documents, finishing);
  return documents.map((document) =>
    documentOf(document, document.entries.map((entry) => finisher.finish(entry)))
  );
}

class Finisher {
  readonly #finishing: Finishing;
  readonly #sources: EnvSources;
  readonly #modules = new Map<RawEntry, Module | undefined>();
  readonly #byId = new Map<string, RawEntry>();
  readonly #byName = new Map<string, RawEntry>();
  readonly #found = new Map<RawEntry, Found>();
  /** Entries whose placeholders are being filled, each for the sake of the one before. */
  readonly #open: RawEntry[] = [];

  constructor(documents: readonly RawDocument[], finishing: Finishing) {
    this.#finishing = finishing;
    const { looked, sources } = finishing;
    this.#sources = readingOnce({
      os(name) {
        looked("env", name);
        return sources.os(name);
      },
      readText(path) {
        looked("file", path);
        return sources.readText(path);
      },
    });
    for (const { entries, module } of documents) {
      for (const entry of entries) {
        this.#modules.set(entry, module);
        // Which one counts where an id is there twice does not matter: that is an error.
        if (!this.#byId.has(entry.id)) this.#byId.set(entry.id, entry);
        if (entry.kind !== "env.variable" || entry.body === undefined) continue;
        const name = textField(entry.body, "variable");
        if (name && !this.#byName.has(name)) this.#byName.set(name, entry);
      }
    }
  }

  /** The declaration of an entry, made once. */
  finish(entry: RawEntry): Found {
    const known = this.#found.get(entry);
    if (known !== undefined) return known;
    const found = this.#finish(entry);
    this.#found.set(entry, found);
    return found;
  }

  #finish(entry: RawEntry): Found {
    const { issues } = this.#finishing;
    const module = this.#modules.get(entry);
    if (entry.body === undefined || !isKind(entry.kind)) return declareEntry(entry, module, issues);
    const before = issues.errors;
    this.#open.push(entry);
    const body = fillPlaceholders(entry.id, entry.body, (name) => this.#lookUp(name), issues);
    this.#open.pop();
    const { outline, declaration } = declareEntry({ ...entry, body }, module, issues);
    return { outline, declaration: issues.errors > before ? undefined : declaration };
  }

  #lookUp(name: string): Looked {
    const entry = this.#byName.get(name) ?? this.#byId.get(name);
    if (entry === undefined) {
      const near = didYouMean(name, [...this.#byName.keys(), ...this.#byId.keys()]);
      const known = [...this.#byName.keys()];
      const list = known.length === 0 ? "there are none with a public name" : `known: ${known.join(", ")}`;
      const none = `names no env.variable entry, neither by its public name nor by its id; ${list}${near}`;
      return { none, unknown: true };
    }
    if (entry.kind !== "env.variable") {
      return { wrong: `must name an env.variable entry, found ${entry.id}, which is ${entry.kind}` };
    }
    const variable = this.#declared(entry);
    if (!("declaration" in variable)) return variable;
    const { declaration } = variable;
    if (declaration.kind !== "env.variable") return { wrong: `names ${entry.id}, which is no variable` };
    const looked: string[] = [];
    const found = this.#value(declaration.storage, declaration.key, looked, new Set());
    if (found !== undefined && !isEmpty(found)) return found;
    if (declaration.default) return { value: declaration.default };
    const where = looked.length === 0 ? "" : `: ${entry.id} was looked for in ${looked.join(", in ")}`;
    return { none: `has no value${where}` };
  }

  /**
   * The value of a key in a storage; `undefined` where it has none. An empty one is one: nobody else is asked.
   *
   * @param looked Receives where it was looked for.
   * @param seen The storages that have been asked.
   */
  #value(id: string, key: string, looked: string[], seen: Set<string>): Looked | undefined {
    if (seen.has(id)) return undefined;
    seen.add(id);
    const entry = this.#byId.get(id);
    if (entry === undefined || !isStorageKind(entry.kind)) {
      // The link says more of it.
      return { wrong: `is of a variable in ${id}, which is no env.storage.* entry` };
    }
    const storage = this.#declared(entry);
    if (!("declaration" in storage)) return storage;
    const { declaration } = storage;
    if (declaration.kind === "env.storage.router") {
      for (const below of declaration.storages) {
        const found = this.#value(below, key, looked, seen);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    const where = `${id} (${entry.kind})`;
    try {
      const found = lookUp(storageOf(declaration, this.#finishing.projectRoot), key, this.#sources);
      if (!isEmpty(found) && "value" in found) return found;
      looked.push(`${where}: ${"none" in found ? found.none : "set but empty, which counts as not set"}`);
      // The first that knows the key decides, as it does for guests.
      return "value" in found ? found : undefined;
    } catch (error) {
      return { wrong: `cannot be read: ${where}: ${error instanceof Error ? error.message : String(error)}` };
    }
  }

  #declared(entry: RawEntry): { readonly declaration: Declaration } | { readonly wrong: string } {
    const open = this.#open.indexOf(entry);
    if (open >= 0) {
      const circle = [...this.#open.slice(open), entry].map(({ id }) => id);
      return { wrong: `leads in a circle: ${circle.join(" → ")}` };
    }
    const { declaration } = this.finish(entry);
    return declaration === undefined
      ? { wrong: `depends on ${entry.id}, which has errors of its own` }
      : { declaration };
  }
}

function isEmpty(found: Looked): boolean {
  return "value" in found && found.value === "";
}

/** A storage that can be asked. */
function storageOf(declaration: Declaration, projectRoot: string): StorageEntry {
  switch (declaration.kind) {
    case "env.storage.file":
      return { ...declaration, file: join(projectRoot, declaration.filePath) };
    case "env.storage.memory":
    case "env.storage.os":
    case "env.storage.static":
    case "env.storage.router":
      return declaration;
    default:
      throw new TypeError(`${declaration.id} is no storage`);
  }
}
