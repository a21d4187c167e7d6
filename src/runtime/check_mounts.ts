/**
 * Directories that guests may write to, and what should not lie in them: what decides what the next run does.
 *
 * @module
 */
import { isAtOrBelow } from "../grant/below.ts";
import { grantOf } from "../grant/from_entry.ts";
import type { Mount } from "../grant/grant.ts";
import { isReadOnly } from "../grant/narrow_mounts.ts";
import { ConfigError, type Issue } from "../config/issue.ts";
import { isWasm, type WasmEntry } from "../registry/entry.ts";
import { absolute, join, parent } from "../registry/host_path.ts";
import { may } from "../registry/permitted.ts";
import type { Registry } from "../registry/registry.ts";
import type { Finding } from "./check.ts";

/** Something that a guest must not change. */
interface Precious {
  /** Absolute. */
  readonly path: string;
  /** What it is: the end of a sentence. */
  readonly what: string;
  /** All of a directory. */
  readonly whole?: boolean;
}

/** Warnings about the writable mounts of an application. */
export function checkMounts(registry: Registry): Finding[] {
  const entries = registry.entries().filter(isWasm);
  const writing = entries.map((entry) => ({ entry, mounts: realMounts(entry, registry) }))
    .filter(({ mounts }) => mounts.some(({ readOnly }) => !readOnly));
  if (writing[0] === undefined) return [];
  const cache = cacheDirectory();
  const precious = [
    ...files(entries, registry),
    ...values(registry),
    ...typeof cache === "string" ? [] : cache,
  ];
  const findings = writing.flatMap(({ entry, mounts }) =>
    precious.flatMap((one) => {
      const mount = writer(mounts, one);
      if (mount === undefined) return [];
      const message = `${entry.id} may write to ${mount.guest} (${mount.host}) and so change ${one.path}, ` +
        `${one.what}; mount another directory, or declare read_only: true`;
      return [warning(entry, message, mount)];
    })
  );
  return typeof cache === "string" ? [...findings, warning(writing[0].entry, cache)] : findings;
}

/**
 * What keeps an application from being loaded again whenever a file appears: a guest that may write where index files are
 * read from would declare entries of its own.
 *
 * @throws {ConfigError} If there is one.
 */
export function refuseWritableTrees(registry: Registry): void {
  const { trees = [] } = registry.reads;
  const issues = registry.entries().filter(isWasm).flatMap((entry) =>
    trees.flatMap((path): Issue[] => {
      const mount = writer(realMounts(entry, registry), { path, what: "", whole: true });
      if (mount === undefined) return [];
      const message =
        `${entry.id} may write to ${mount.host}, where every index file counts: that is not watched; ` +
        "mount another directory, or declare read_only: true";
      return [{ ...warning(entry, message, mount).at, code: "value", severity: "error", message }];
    })
  );
  if (issues.length > 0) throw new ConfigError(issues);
}

/** The mount through which something can be changed. */
function writer(mounts: readonly Mount[], { path, whole = false }: Precious): Mount | undefined {
  // A link can be replaced where it lies, and what it leads to where that is.
  const places = [realPath(path), join(realPath(parent(path)), path.slice(path.lastIndexOf("/") + 1))];
  return mounts.find((mount) => {
    const { real = mount.host, readOnly } = mount;
    if (whole && !readOnly && places.some((place) => isAtOrBelow(real, place))) return true;
    return places.some((place) => isAtOrBelow(place, real) && !isReadOnly(mount, mounts, place));
  });
}

function realMounts(entry: WasmEntry, registry: Registry): Mount[] {
  return grantOf(entry, registry).mounts.map((mount) => ({ ...mount, real: realPath(mount.host) }));
}

/** Where the mount is declared; where it is none in particular, the first. */
function warning({ where, wasi: { mounts } }: WasmEntry, message: string, mount?: Mount): Finding {
  const item = mounts.find(({ guest }) => guest === mount?.guest) ?? mounts[0];
  return { at: item?.at ?? where.wasi, message, severity: "warning" };
}

/** The configuration, what it is read from, the modules, and what runs them. */
function files(entries: readonly WasmEntry[], registry: Registry): Precious[] {
  const { files: read, trees = [] } = registry.reads;
  const told = new Set(values(registry).map(({ path }) => path));
  const configs = new Set([
    ...entries.map((entry) => absolute(entry.at.file, () => Deno.cwd())),
    ...read.filter((path) => !told.has(path)),
  ]);
  const modules = new Map(
    entries.filter((entry) => entry.source === undefined).map((entry) => [entry.file, entry]),
  );
  const own = new URL("../..", import.meta.url);
  const root = fromFileUrl(own);
  return [
    ...[...configs].map((path) => ({ path, what: "the configuration" })),
    ...trees.map((path) => ({ path, what: "where every index file counts", whole: true })),
    ...[...modules].map(([path, entry]) => ({ path, what: `the module of ${entry.id}` })),
    { path: Deno.execPath(), what: "the program that runs Airlock" },
    ...own.protocol !== "file:" ? [] : [
      ...["src", "dist"].map((name) => ({ path: `${root}/${name}`, what: "Airlock itself", whole: true })),
      { path: `${root}/deno.json`, what: "which says where Airlock's packages come from" },
    ],
  ];
}

/** The files that give variables their values. */
function values(registry: Registry): Precious[] {
  return registry.entries().filter((entry) => entry.kind === "env.storage.file")
    .map(({ file, id }) => ({ path: file, what: `which ${id} reads variables from` }));
}

/**
 * Where Deno keeps the code that it has downloaded and compiled; or why that is not known. A guest that could write there
 * would write the next process's code.
 *
 * @see https://docs.deno.com/runtime/reference/env_variables/
 */
function cacheDirectory(): Precious[] | string {
  const unread: string[] = [];
  const variable = (name: string): string | undefined => {
    if (may({ name: "env", variable: name })) return Deno.env.get(name) || undefined;
    unread.push(name);
    return undefined;
  };
  const path = variable("DENO_DIR") ?? defaultCache(variable);
  if (unread.length > 0) {
    return "whether a writable mount holds Deno's cache of code was not checked: this process may not read " +
      `${unread.join(", ")}; add --allow-env=${unread.join(",")}`;
  }
  return path === undefined
    ? []
    : [{ path: absolute(path, () => Deno.cwd()), what: "Deno's cache of code", whole: true }];
}

function defaultCache(variable: (name: string) => string | undefined): string | undefined {
  const below = (base: string | undefined, path: string) => base && `${base}/${path}`;
  switch (Deno.build.os) {
    case "windows":
      return below(variable("LOCALAPPDATA"), "deno");
    case "darwin":
      return below(variable("HOME"), "Library/Caches/deno");
    default:
      return below(variable("XDG_CACHE_HOME"), "deno") ?? below(variable("HOME"), ".cache/deno");
  }
}

/** Where a path leads; itself, where the process may not look. It never asks. */
function realPath(path: string): string {
  if (!may({ name: "read", path })) return path;
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}

function fromFileUrl(url: URL): string {
  return decodeURIComponent(url.pathname).replace(/\/$/, "").replace(/^\/(?=[A-Za-z]:)/, "");
}
