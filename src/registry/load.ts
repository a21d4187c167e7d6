/**
 * Files and directories → a registry.
 *
 * @module
 */

import { type RawDocument, readRaw } from "../config/document.ts";
import { Issues } from "../config/issue.ts";
import { applyOverrides, type Override, readOverride } from "../config/override.ts";
import type { Module } from "../config/raw.ts";
import { type EnvSources, processSources } from "./env_sources.ts";
import { type Files, realFiles, reasonOf } from "./files.ts";
import { finish } from "./finish.ts";
import { absolute, join, parent } from "./host_path.ts";
import { includer } from "./include.ts";
import { type Lock, type LockedModule, readLock } from "./lock.ts";
import { LOCK_FILE, projectRoot } from "./project_root.ts";
import { Registry } from "./registry.ts";
import { overridesOf, SETTINGS_FILE } from "./settings.ts";
import { walk } from "./walk.ts";

/** How to load. */
export interface LoadOptions {
  /** The project root; by default the directory of `wippy.lock`, else that of the first path. */
  readonly root?: string | undefined;
  /** Values that take the place of what entries say, each `namespace:entry:field=value`; the last one for a field counts. */
  readonly overrides?: readonly string[] | undefined;
  /** How files are read; by default those of this machine. */
  readonly files?: Files;
  /** Where the values of variables are; by default in this process and in files of this machine. */
  readonly sources?: EnvSources;
}

/**
 * Loads an application.
 *
 * A file that is named must be an index file. Of a directory, every YAML and JSON file that has a
 * `namespace` is one; where it holds a lock file, those below the project's sources are, and those of its modules.
 *
 * @param paths Files and directories.
 * @param options Where the project begins, what to override, and how files are read.
 * @returns All entries, linked.
 * @throws {ConfigError} With every issue of every file, where one of them is an error.
 */
export function load(paths: string | readonly string[], options: LoadOptions = {}): Registry {
  return new Loader(options).load(typeof paths === "string" ? [paths] : paths);
}

/** An index file, or what may be one, and whose it is. */
interface Candidate {
  readonly file: string;
  readonly optional: boolean;
  readonly module: Module | undefined;
  /** The directory of the sources that it is one of. */
  readonly sources: () => string;
}

class Loader {
  readonly #options: LoadOptions;
  readonly #files: Files;
  readonly #sources: EnvSources;
  readonly #issues = new Issues();
  readonly #seen = new Set<string>();
  readonly #read = { files: new Set<string>(), env: new Set<string>(), trees: new Set<string>() };
  #root = "";

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#files = options.files ?? realFiles;
    this.#sources = options.sources ?? processSources;
  }

  load(paths: readonly string[]): Registry {
    const documents: RawDocument[] = [];
    let whole = false;
    const { cwd, exists } = this.#files;
    for (const [i, path] of paths.entries()) {
      const isDirectory = this.#attempt(() => this.#files.type(path), path) === "directory";
      if (i === 0) {
        this.#root = projectRoot({ root: this.#options.root, config: path, isDirectory, cwd, exists });
      }
      const lock = isDirectory ? this.#lock(path) : undefined;
      whole ||= lock !== undefined;
      for (const candidate of isDirectory ? this.#below(path, lock) : [this.#named(path)]) {
        documents.push(...this.#document(candidate));
      }
    }
    if (paths.length === 0) this.#root = projectRoot({ config: ".", isDirectory: true, cwd, exists });
    const overridden = this.#overridden(documents, whole);
    const linked = finish(overridden, {
      projectRoot: this.#root,
      sources: this.#sources,
      issues: this.#issues,
      looked: (kind, name) => {
        if (kind === "file") this.#read.files.add(name);
        // No process has a variable of another name.
        else if (!/[=\0]/.test(name)) this.#read.env.add(name);
      },
    });
    return Registry.of(linked, this.#root, this.#issues, {
      files: [...this.#read.files],
      env: [...this.#read.env],
      trees: [...this.#read.trees],
    });
  }

  /** The lock file of a directory. */
  #lock(directory: string): Lock | undefined {
    const file = join(directory, LOCK_FILE);
    if (!this.#files.exists(file)) return undefined;
    const text = this.#text(file);
    return text === undefined ? undefined : readLock(text, file, this.#issues);
  }

  /** The candidates below a directory; where it holds a lock file, those of the project's sources and of its modules. */
  #below(directory: string, lock: Lock | undefined): Candidate[] {
    const at = (path: string) => join(directory, path);
    const vendor = lock && absolute(at(lock.vendor), this.#files.cwd);
    const own = this.#walk(at(lock?.src ?? "."), (path) => absolute(path, this.#files.cwd) === vendor)
      .map((file): Candidate => ({
        file,
        optional: true,
        module: undefined,
        sources: () => lock === undefined ? this.#sourcesOf(directory) : at(lock.src),
      }));
    return [...own, ...(lock?.modules ?? []).flatMap((one) => this.#module(one, at))];
  }

  #module(locked: LockedModule, at: (path: string) => string): Candidate[] {
    const { name, version, replaced } = locked;
    const isDirectory = (path: string) => this.#attempt(() => this.#files.type(path), path) === "directory";
    const root = locked.places.map(at).find(isDirectory);
    if (root === undefined) {
      const pack = locked.packs.map(at).find((path) => this.#files.exists(path));
      const why = pack === undefined
        ? `is not installed: there is no directory ${locked.places.map(at).join(" and no ")}`
        : `is in the pack ${pack}, which cannot be read; unpack it: options.unpack_modules`;
      this.#issues.warn("file", locked.at, `the module ${name} ${why}; its entries are missing`);
      return [];
    }
    const sources = replaced && isDirectory(join(root, "src")) ? join(root, "src") : root;
    const module = { name, version, root: absolute(root, this.#files.cwd) };
    this.#read.files.add(module.root);
    return this.#walk(sources).map((file) => ({ file, optional: true, module, sources: () => sources }));
  }

  #named(file: string): Candidate {
    const sources = () => this.#sourcesOf(parent(absolute(file, this.#files.cwd)));
    return { file, optional: false, module: undefined, sources };
  }

  #walk(directory: string, skip?: (path: string) => boolean): readonly string[] {
    this.#read.trees.add(absolute(directory, this.#files.cwd));
    return this.#attempt(() => walk(directory, this.#files, skip), directory) ?? [];
  }

  #document({ file, optional, module, sources }: Candidate): RawDocument[] {
    // A file that is named and also lies below a named directory counts once.
    const key = absolute(file, this.#files.cwd);
    if (this.#seen.has(key)) return [];
    this.#seen.add(key);
    this.#issues.begin(file);
    const text = this.#text(file);
    if (text === undefined) return [];
    const include = includer(this.#files, { file, root: sources }, (path) => this.#read.files.add(path));
    return [readRaw(text, file, this.#issues, { optional, include, module }) ?? []].flat();
  }

  /** The directory of the sources that a directory is in: the project's, if it is in there, else itself. */
  #sourcesOf(directory: string): string {
    const own = absolute(directory, this.#files.cwd);
    const lock = join(this.#root, LOCK_FILE);
    if (!this.#files.exists(lock)) return own;
    this.#read.files.add(lock);
    const src = join(this.#root, readLock(this.#files.readText(lock), lock, new Issues()).src);
    return own === src || own.startsWith(`${src}/`) ? src : own;
  }

  /** The documents, with what the project's settings and the options put in their entries' places. */
  #overridden(documents: readonly RawDocument[], whole: boolean): readonly RawDocument[] {
    const entries = documents.flatMap((document) => document.entries);
    const overrides: Override[] = [];
    const settings = join(this.#root, SETTINGS_FILE);
    if (this.#files.exists(join(this.#root, LOCK_FILE)) && this.#files.exists(settings)) {
      this.#issues.begin(settings);
      const os = (name: string) => {
        this.#read.env.add(name);
        return this.#sources.os(name);
      };
      const all = overridesOf(this.#text(settings) ?? "", settings, os, this.#issues);
      // Of a part of a project, only what is about that part: the rest is about entries that are not loaded.
      const ids = new Set(entries.map(({ id }) => id));
      overrides.push(...all.filter(({ id }) => whole || ids.has(id)));
    }
    for (const text of this.#options.overrides ?? []) {
      overrides.push(...[readOverride(text, this.#issues) ?? []].flat());
    }
    if (overrides.length === 0) return documents;
    const changed = applyOverrides(entries, overrides, this.#issues).values();
    return documents.map((document) => ({
      ...document,
      entries: document.entries.flatMap(() => changed.next().value ?? []),
    }));
  }

  #text(file: string): string | undefined {
    this.#read.files.add(absolute(file, this.#files.cwd));
    return this.#attempt(() => this.#files.readText(file), file);
  }

  /** What cannot be read is an issue like any other, at the beginning of the file. */
  #attempt<T>(read: () => T, file: string): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#issues.error("file", { file, line: 1, column: 1 }, `cannot be read: ${reasonOf(error)}`);
      return undefined;
    }
  }
}
