/**
 * `wippy.lock`: where a project keeps its index files, and which modules are installed in it.
 *
 * @module
 */

import type { Issues } from "../config/issue.ts";
import { field, listField, mapField, type MapNode, type Node, show, textField } from "../config/node.ts";
import type { Position } from "../config/position.ts";
import { tree } from "../config/tree.ts";

/** Where modules are below the directory that holds them. */
const VENDOR = "vendor";
const MODULES = ".wippy";

/** A module that a project uses. */
export interface LockedModule {
  /** `organization/module`. */
  readonly name: string;
  /** Its version. */
  readonly version: string | undefined;
  /** Where it lies, relative to the lock file: the first of these that is there. */
  readonly places: readonly string[];
  /** The packs that it may be in instead, which cannot be read. */
  readonly packs: readonly string[];
  /** Whether it is developed along with the project: its index files are then in its `src`. */
  readonly replaced: boolean;
  /** Where its name stands. */
  readonly at: Position;
}

/** What a lock file says. */
export interface Lock {
  /** The directory that the project's index files lie below, relative to the lock file; by default `.`. */
  readonly src: string;
  /** The directory that holds modules, relative to the lock file. */
  readonly vendor: string;
  /** The modules that the project uses. */
  readonly modules: readonly LockedModule[];
}

/**
 * Reads a lock file.
 *
 * @param text The lock file's text.
 * @param file Its name, for positions.
 * @param issues Receives what is wrong.
 */
export function readLock(text: string, file: string, issues: Issues): Lock {
  const root = tree(text, file, issues);
  const map: MapNode = root?.type === "map"
    ? root
    : { type: "map", fields: new Map(), at: { file, line: 1, column: 1 } };
  const directories = mapField(map, "directories");
  const modules = directory(directories, "modules", MODULES, issues);
  const vendor = /(?:^|\/)vendor\/?$/.test(modules) ? modules : `${modules}/${VENDOR}`;
  const replaced = listField(map, "replacements").flatMap((item) => replacement(item) ?? []);
  const locked = listField(map, "modules").flatMap((item) => moduleOf(item, vendor, issues) ?? [])
    .filter(({ name }) => !replaced.some((one) => one.name === name));
  return { src: directory(directories, "src", ".", issues), vendor, modules: [...replaced, ...locked] };
}

/**
 * The directory that a project's index files lie below, relative to the lock file.
 *
 * @param text The lock file's text.
 * @param file Its name, for positions.
 * @param issues Receives what is wrong.
 * @returns `directories.src`, by default `.`.
 */
export function sourceDirectory(text: string, file: string, issues: Issues): string {
  return readLock(text, file, issues).src;
}

function directory(map: MapNode | undefined, key: string, standard: string, issues: Issues): string {
  const node = map === undefined ? undefined : field(map, key);
  if (node === undefined) return standard;
  if (node.type === "scalar" && typeof node.value === "string") return node.value || standard;
  issues.error("type", node.at, `directories.${key} must be a string, found ${show(node)}`);
  return standard;
}

function moduleOf(item: Node, vendor: string, issues: Issues): LockedModule | undefined {
  const name = item.type === "map" ? textField(item, "name") : undefined;
  if (item.type !== "map" || name === undefined || !/^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(name)) {
    const found = item.type === "map" && item.fields.has("name") ? field(item, "name") ?? item : item;
    issues.error("value", found.at, `a module needs a name, organization/module, found ${show(found)}`);
    return undefined;
  }
  const version = textField(item, "version");
  const versioned = `${vendor}/${name}-${version}`;
  return {
    name,
    version,
    places: version === undefined ? [`${vendor}/${name}`] : [`${vendor}/${name}`, versioned],
    packs: version === undefined ? [] : [`${versioned}.wapp`],
    replaced: false,
    at: field(item, "name")?.at ?? item.at,
  };
}

function replacement(item: Node): LockedModule | undefined {
  const [from, to] = item.type === "map" ? [textField(item, "from"), textField(item, "to")] : [];
  if (!from || !to) return undefined;
  return { name: from, version: undefined, places: [to], packs: [], replaced: true, at: item.at };
}
