/**
 * An application → a folder with a program that runs it and needs nothing else: what `deno compile` is given.
 *
 * @module
 */
import { Guest } from "../compartment/guest.ts";
import { bytesOf, digest } from "../compartment/module.ts";
import { withModule } from "../compartment/wat.ts";
import type { WasmEntry } from "../registry/entry.ts";
import { EntryError } from "../registry/error.ts";
import { absolute } from "../registry/host_path.ts";
import { load } from "../registry/load.ts";
import type { Registry } from "../registry/registry.ts";
import { planServices } from "../runtime/app_plan.ts";
import { specOfEntry } from "../runtime/spec.ts";
import { loadApplication, type Loading, moduleKey, withModules } from "./application.ts";
import { recording } from "./config_files.ts";
import { FOLDERS, type Manifest } from "./manifest.ts";
import { type Address, permissionsOf } from "./needs.ts";
import { ownFiles } from "./own_files.ts";
import { fixed, keyOf, placeOf, relocated, STARTED_IN } from "./place.ts";
import { type Selection, selectionOf } from "./selection.ts";

/** What to stage. */
export interface StageOptions {
  /** The configuration: a file or a directory. */
  readonly config: string;
  /** The project root here. */
  readonly root: string | undefined;
  /** The project root where the program will run: absolute, or `.` for the directory that it is started in. */
  readonly at: string | undefined;
  /** Values that take the place of what entries say. */
  readonly overrides: readonly string[];
  /** Names of what is compiled in; none: everything. */
  readonly entries: readonly string[];
  /** Where an entry listens that answers requests itself. */
  readonly listen: Address;
  /** The version of Airlock. */
  readonly version: string;
}

/** A program that is in memory still. */
export interface Staged {
  /** What it knows of itself. */
  readonly manifest: Manifest;
  /** Its application, as it will see it. */
  readonly registry: Registry;
  /** What of that is compiled in. */
  readonly selection: Selection;
  /** Directories on this machine that all index files of were read from. */
  readonly trees: readonly string[];
  /** All of its files, by their paths in the folder. */
  readonly files: ReadonlyMap<string, Uint8Array | string>;
}

/**
 * Makes a program of an application. Every module is checked as `run` does it: its digest, whether it can be compiled, its
 * method, its imports.
 *
 * @throws {ConfigError | EntryError | IntegrityError | DecodeError | LinkError | MethodError}
 */
export async function stage(options: StageOptions): Promise<Staged> {
  const { config, overrides, version, listen } = options;
  const record = recording();
  const here = load(config, { root: options.root, overrides, files: record.files });
  const ids = idsOf(selectionOf(here, options.entries));
  if (ids.length === 0) throw new EntryError("unknown", "", [], `${config} has no entry to call or to serve`);
  const files = new Map<string, Uint8Array | string>();
  const modules = await stageModules(here, ids, files);

  const { projectRoot } = here;
  const names: Record<string, string> = {};
  for (const [path, text] of record.texts()) {
    const key = keyOf(path, projectRoot);
    names[key] = `${FOLDERS.config}/${placeOf(key)}`;
    files.set(names[key], text);
  }
  const loading: Loading = {
    config: keyOf(absolute(config, () => Deno.cwd()), projectRoot),
    root: options.at ?? projectRoot,
    overrides,
    files: names,
    modules,
  };
  // As the program will do it: what is missing would be missing there.
  const root = loading.root === "." ? STARTED_IN : loading.root;
  const { registry: all, lookups } = loadApplication(
    { ...loading, root },
    (file) => files.get(file) as string,
  );
  if (loading.root === ".") fixed(all);
  const registry = await withModules(all, ids, (key) => modules[key]);
  const selection = selectionOf(registry, []);
  planServices(registry, selection.services);
  const permissions = relocated(permissionsOf(selection, registry, listen, lookups));
  const manifest = { airlock: version, ...loading, entries: ids, listen, permissions };
  files.set("manifest.json", `${JSON.stringify(manifest, null, 2)}\n`);
  for (const [name, text] of await ownFiles()) files.set(name, text);
  return { manifest, registry, selection, trees: here.reads.trees ?? [], files };
}

function idsOf({ entries, services }: Selection): string[] {
  return [...entries, ...services].map(({ id }) => id);
}

/** Reads and checks the modules of some entries. */
async function stageModules(
  registry: Registry,
  ids: readonly string[],
  files: Map<string, Uint8Array | string>,
): Promise<Record<string, string>> {
  const modules: Record<string, string> = {};
  for (const entry of selectionOf(registry, []).entries.filter(({ id }) => ids.includes(id))) {
    const bytes = await moduleOf(entry, registry);
    const file = `${FOLDERS.modules}/${(await digest(bytes)).slice("sha256:".length)}.wasm`;
    modules[await moduleKey(entry)] = file;
    files.set(file, bytes);
  }
  return modules;
}

/** The bytes of an entry's module, checked. Its mounts are of the machine that it will run on. */
async function moduleOf(entry: WasmEntry, registry: Registry): Promise<Uint8Array<ArrayBuffer>> {
  const unmounted = { ...entry, wasi: { ...entry.wasi, mounts: [] } };
  const spec = await withModule(specOfEntry(unmounted, registry, { init: false }));
  const bytes = bytesOf(spec);
  await Guest.load({ ...spec, bytes });
  return bytes;
}
