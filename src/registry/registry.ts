/**
 * All entries of an application, by id, by name and by command.
 *
 * @module
 */

import type { Document } from "../config/declaration.ts";
import { ConfigError, type Issue, Issues } from "../config/issue.ts";
import { didYouMean, nearest } from "../config/nearest.ts";
import { quote } from "../config/node.ts";
import { type Entry, isWasm, type WasmEntry } from "./entry.ts";
import { EntryError } from "./error.ts";
import { link } from "./link.ts";

/** What a load has read beside its index files' own directories: nothing of it is asked for again. */
export interface Reads {
  /** Files, absolute: index files, lock file and settings, texts, values of variables. */
  readonly files: readonly string[];
  /** Variables of this process. */
  readonly env: readonly string[];
  /** Directories, absolute, of which every index file counts, also one that appears later. */
  readonly trees?: readonly string[];
}

/** All entries of an application. Immutable. */
export class Registry {
  /** The directory that relative directories are relative to; absolute. */
  readonly projectRoot: string;
  /** Remarks that did not stop the load, in the order of the files and their lines. */
  readonly warnings: readonly Issue[];
  /** What the load has read. */
  readonly reads: Reads;
  /** Entries with a command, by the command's name. */
  readonly commands: ReadonlyMap<string, WasmEntry>;
  readonly #entries: readonly Entry[];
  readonly #byId: ReadonlyMap<string, Entry>;
  readonly #byName: ReadonlyMap<string, readonly Entry[]>;

  /**
   * Holds entries that are already linked; `Registry.of` links documents.
   *
   * @param entries Linked entries with unique ids.
   * @param projectRoot The directory that relative directories are relative to.
   * @param warnings Remarks to keep.
   * @param reads What was read for them.
   */
  constructor(
    entries: readonly Entry[],
    projectRoot: string,
    warnings: readonly Issue[] = [],
    reads: Reads = { files: [], env: [] },
  ) {
    this.#entries = Object.freeze([...entries]);
    this.projectRoot = projectRoot;
    this.warnings = Object.freeze([...warnings]);
    this.reads = Object.freeze(reads);
    this.#byId = new Map(entries.map((entry) => [entry.id, entry]));
    const names = new Map<string, Entry[]>();
    const commands = new Map<string, WasmEntry>();
    for (const entry of entries) {
      const same = names.get(entry.name);
      if (same === undefined) names.set(entry.name, [entry]);
      else same.push(entry);
      if (isWasm(entry) && entry.command !== undefined) commands.set(entry.command.name, entry);
    }
    this.#byName = names;
    this.commands = commands;
    Object.freeze(this);
  }

  /**
   * Links documents.
   *
   * @param documents The documents of an application.
   * @param projectRoot Absolute; relative directories are relative to it.
   * @param issues What reading the documents gave.
   * @param reads What was read for them.
   * @returns The registry; warnings are kept in it.
   * @throws {ConfigError} With all issues, where one of them is an error.
   */
  static of(
    documents: readonly Document[],
    projectRoot: string,
    issues: Issues = new Issues(),
    reads?: Reads,
  ): Registry {
    const entries = link(documents, projectRoot, issues);
    if (issues.errors > 0) throw new ConfigError(issues.sorted());
    return new Registry(entries, projectRoot, issues.sorted(), reads);
  }

  /** All entries in the order of the files. */
  entries(): readonly Entry[] {
    return this.#entries;
  }

  /**
   * The entry with this id, this command or this name, in that order; `undefined` where there is none, or
   * where several have the name.
   */
  get(name: string): Entry | undefined {
    const found = this.#candidates(name);
    return found.length === 1 ? found[0] : undefined;
  }

  /**
   * The same, for those who need one.
   *
   * @throws {EntryError} Where there is none or there are several; it says which were near.
   */
  find(name: string): Entry {
    return this.#single(name, this.#candidates(name), this.#entries);
  }

  /**
   * The entry to run: like `find`, but only functions and processes count.
   *
   * @throws {EntryError} Where there is none, there are several, or the name is of another kind of entry.
   */
  findWasm(name: string): WasmEntry {
    const all = this.#candidates(name);
    const found = all.filter(isWasm);
    const [other] = all;
    const runnable = this.#entries.filter(isWasm);
    if (found.length === 0 && other !== undefined) {
      const ids = runnable.map((entry) => entry.id);
      const message = `${other.id} is ${other.kind} and cannot be run; entries that can: ${
        ids.join(", ") || "none"
      }`;
      throw new EntryError("wrong-kind", name, ids, message);
    }
    return this.#single(name, found, runnable);
  }

  #candidates(name: string): readonly Entry[] {
    const exact = this.#byId.get(name) ?? this.commands.get(name);
    return exact === undefined ? this.#byName.get(name) ?? [] : [exact];
  }

  #single<E extends Entry>(name: string, found: readonly E[], all: readonly E[]): E {
    const [entry, second] = found;
    if (entry !== undefined && second === undefined) return entry;
    if (entry !== undefined) {
      const ids = found.map(({ id }) => id);
      const message = `${quote(name)} is the name of ${ids.length} entries; write the id: ${
        ids.join(" or ")
      }`;
      throw new EntryError("ambiguous", name, ids, message);
    }
    const known = all.flatMap((e) => [e.id, e.name, ...isWasm(e) && e.command ? [e.command.name] : []]);
    const near = nearest(name, known);
    const ids = all.map(({ id }) => id);
    const list = ids.length === 0
      ? "there are none"
      : `known: ${ids.slice(0, 10).join(", ")}${ids.length > 10 ? " …" : ""}`;
    const message = `no entry ${quote(name)}; ${list}${didYouMean(name, known)}`;
    throw new EntryError("unknown", name, near === undefined ? ids : [near], message);
  }
}
