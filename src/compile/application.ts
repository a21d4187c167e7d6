/**
 * The application that is in a compiled program.
 *
 * @module
 */
import { ConfigError } from "../config/issue.ts";
import { digest } from "../compartment/module.ts";
import { type Entry, isWasm } from "../registry/entry.ts";
import { absolute } from "../registry/host_path.ts";
import { load } from "../registry/load.ts";
import { Registry } from "../registry/registry.ts";
import { replaying } from "./config_files.ts";
import type { Manifest } from "./manifest.ts";
import { reduced } from "./selection.ts";

/** What of a manifest says how the application is loaded. */
export type Loading = Pick<Manifest, "config" | "root" | "overrides" | "files" | "modules">;

/** A loaded application, and what loading it has looked at on this machine. */
export interface Loaded {
  /** All of it. */
  readonly registry: Registry;
  /** Files that hold values of variables. */
  readonly lookups: readonly string[];
}

/**
 * Loads an application from files that are elsewhere than they were.
 *
 * @param loading How it is loaded. Its root is absolute.
 * @param read Reads one of the files; its name is a value of `files`.
 * @throws {ConfigError} If it is wrong.
 */
export function loadApplication(loading: Loading, read: (file: string) => string): Loaded {
  const { config, root, overrides } = loading;
  const texts = new Map(
    Object.entries(loading.files).map(([path, file]) => [absolute(path, () => root), () => read(file)]),
  );
  const files = replaying(texts, root);
  const registry = load(config, { root, overrides, files });
  return { registry, lookups: registry.reads.files.filter((path) => files.type(path) === undefined) };
}

/**
 * The part of an application that was compiled in, with the modules that were.
 *
 * @param ids The ids of entries and services.
 * @param modules Where modules are, by digest; absolute.
 * @throws {EntryError} If one of the entries is gone.
 * @throws {ConfigError} If one names a module that is not there.
 */
export async function withModules(
  registry: Registry,
  ids: readonly string[],
  modules: (digest: string) => string | undefined,
): Promise<Registry> {
  const part = reduced(registry, ids);
  const entries = await Promise.all(
    part.entries().map(async (entry): Promise<Entry> => {
      if (!isWasm(entry)) return entry;
      const key = await moduleKey(entry);
      const file = modules(key);
      if (file !== undefined) return Object.freeze({ ...entry, source: undefined, file, hash: hashOf(file) });
      const at = entry.where.hash;
      const message = `${entry.id} names a module that was not compiled in: ${key}`;
      throw new ConfigError([{ ...at, code: "file", severity: "error", message }]);
    }),
  );
  return new Registry(entries, part.projectRoot, part.warnings, part.reads);
}

/** What a module is known by: the digest that the entry declares; of a text, its own. */
export async function moduleKey(
  { source, hash }: { readonly source: string | undefined; readonly hash: string },
): Promise<string> {
  return source === undefined ? hash : `text:${await digest(new TextEncoder().encode(source))}`;
}

/** The name of a module's file is the digest of its bytes. */
function hashOf(file: string): string {
  return `sha256:${file.slice(file.lastIndexOf("/") + 1).replace(/\.wasm$/, "")}`;
}
