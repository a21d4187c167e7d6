/**
 * What a process that runs an entry must do beside what the entry's guest may: read the configuration and the module,
 * and look variables up where their values are.
 *
 * @module
 */
import { Issues } from "../config/issue.ts";
import { storagesOf } from "../grant/environment.ts";
import type { Grant } from "../grant/grant.ts";
import type { WasmEntry } from "../registry/entry.ts";
import { realFiles } from "../registry/files.ts";
import { absolute, join, parent } from "../registry/host_path.ts";
import { sourceDirectory } from "../registry/lock.ts";
import { may } from "../registry/permitted.ts";
import { LOCK_FILE } from "../registry/project_root.ts";
import type { Registry } from "../registry/registry.ts";
import type { Needs } from "../scope/mod.ts";

/** How an application is loaded. */
export interface Loading {
  /** The configuration, as it is given: a file or a directory. */
  readonly config: string;
  /** The project root, if it is given. */
  readonly root: string | undefined;
}

/**
 * Everything that `run` may have to do for an entry, whatever values its variables turn out to have.
 *
 * @param entry A linked entry.
 * @param registry The registry that holds it.
 * @param loading How that was loaded.
 */
export function needsOf(entry: WasmEntry, registry: Registry, loading: Loading): Needs {
  const { read = [], env = [] } = possibleNeeds(entry, registry);
  const own = configurationNeeds(registry, loading);
  return { ...own, read: [...own.read, ...read], env: [...own.env, ...env] };
}

/**
 * What loading an application takes.
 *
 * @param registry The application.
 * @param loading How that was loaded.
 */
export function configurationNeeds(
  registry: Registry,
  loading: Loading,
): { readonly [K in "read" | "env" | "import"]: readonly string[] } {
  const { reads } = registry;
  return { read: [...configuration(registry, loading), ...reads.files], env: reads.env, import: ownHost() };
}

/**
 * The same for an entry that is loaded.
 *
 * @param entry A linked entry.
 * @param registry The registry that holds it.
 */
export function possibleNeeds(entry: WasmEntry, registry: Registry): Needs {
  const { read, env } = variables(entry, registry, false);
  return { read: [...opened(entry, registry), ...read], env };
}

/**
 * What will certainly be done for a call of an entry that is loaded: what no value of a variable can make unnecessary.
 *
 * @param entry A linked entry.
 * @param registry The registry that holds it.
 */
export function certainNeeds(entry: WasmEntry, registry: Registry): Needs {
  const { read, env } = variables(entry, registry, true);
  return { read: [...opened(entry, registry), ...read], env };
}

/** The module; and the mounted directories, which are looked at whether or not the guest may open them. */
function opened(entry: WasmEntry, registry: Registry): string[] {
  const mounted = entry.wasi.mounts.map(({ fs }) => registry.get(fs));
  const named = [
    ...entry.source === undefined ? [entry.file] : [],
    ...mounted.flatMap((fs) => fs?.kind === "fs.directory" ? [fs.host] : []),
  ];
  // They are opened where they really are.
  return named.flatMap((path) => [path, realPath(path)]);
}

/** A grant with directories as they are now: what is behind a link is opened by who may read, or write, both. */
export function followed(grant: Grant): Grant {
  return { ...grant, mounts: grant.mounts.map((mount) => ({ ...mount, real: realPath(mount.host) })) };
}

/** Where a path leads, as far as this process may look. */
function realPath(path: string): string {
  try {
    return may({ name: "read", path }) ? Deno.realPathSync(path) : path;
  } catch {
    // Whoever opens it says that it is not there.
    return path;
  }
}

/** The files of the configuration: all of them, since every entry is known before one is run. */
function configuration(registry: Registry, { config, root }: Loading): string[] {
  const path = absolute(config, () => Deno.cwd());
  const files = registry.entries().map(({ at }) => absolute(at.file, () => Deno.cwd()));
  const isDirectory = realFiles.type(path) === "directory";
  const lock = join(registry.projectRoot, LOCK_FILE);
  const found = [path, ...files];
  // Not finding it would make relative directories mean others.
  const counts = root === undefined && isAbove(registry.projectRoot, isDirectory ? path : parent(path));
  if (counts && realFiles.exists(lock)) found.push(lock);
  if (isDirectory) {
    const own = join(path, LOCK_FILE);
    if (realFiles.exists(own)) {
      found.push(join(path, sourceDirectory(realFiles.readText(own), own, new Issues())));
    }
  }
  return found;
}

function isAbove(directory: string, path: string): boolean {
  for (let at = path;;) {
    if (at === directory) return true;
    const above = parent(at);
    if (above === at) return false;
    at = above;
  }
}

/**
 * Where an entry's variables are looked for: environment variables and files.
 *
 * @param certainly Only what is asked before any answer of this machine is known.
 */
function variables(
  entry: WasmEntry,
  registry: Registry,
  certainly: boolean,
): { read: string[]; env: string[] } {
  const read: string[] = [];
  const env: string[] = [];
  for (const { id } of entry.wasi.env) {
    const variable = registry.get(id);
    if (variable?.kind !== "env.variable" || variable.id !== id) continue;
    for (const storage of storagesOf(variable, registry)) {
      if (storage.kind === "env.storage.static" && Object.hasOwn(storage.values, variable.key)) break;
      if (storage.kind === "env.storage.os") {
        // No process has a variable of another name.
        if (/[=\0]/.test(variable.key)) continue;
        env.push(variable.key);
      } else if (storage.kind === "env.storage.file") {
        read.push(storage.file);
      } else continue;
      if (certainly) break;
    }
  }
  return { read, env };
}

/** Where Airlock itself is loaded from, if that is no file: its modules are imported as they are needed. */
function ownHost(): string[] {
  const { protocol, hostname, port } = new URL(import.meta.url);
  if (protocol !== "https:" && protocol !== "http:") return [];
  return [`${hostname}:${port || (protocol === "https:" ? 443 : 80)}`];
}
