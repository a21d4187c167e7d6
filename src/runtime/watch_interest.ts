/**
 * Which changes of files mean that an application is to be loaded anew.
 *
 * @module
 */
import { Issues } from "../config/issue.ts";
import { isWasm } from "../registry/entry.ts";
import { type Child, realFiles } from "../registry/files.ts";
import { absolute, join, parent } from "../registry/host_path.ts";
import { sourceDirectory } from "../registry/lock.ts";
import { may } from "../registry/permitted.ts";
import { LOCK_FILE } from "../registry/project_root.ts";
import type { Registry } from "../registry/registry.ts";

const INDEX_FILE = /\.(?:ya?ml|json)$/;
/** Directories that never hold index files, and many others. */
const PASSED_BY: ReadonlySet<string> = new Set(["node_modules", ".git"]);
/** How much earlier than it was a file may say that it was written, in milliseconds: kernels ask their clock that seldom. */
const COARSE = 20;
/** How many links on the way to a file are followed. */
const MOST_LINKS = 40;

/** What files and directories are like, by path. */
export type Look = ReadonlyMap<string, string>;

/** Files that were read, and directories in which others may appear. */
export class Interest {
  /** The files, and what links on the way to them lead to. */
  readonly #files = new Set<string>();
  /** Whatever holds one of them, however deep: what happens to it happens to them. */
  readonly #above = new Set<string>();
  /** Directories, each of its own, that index files may appear in. */
  readonly #trees = new Set<string>();

  /**
   * @param files Absolute.
   * @param trees Absolute; all below them counts too.
   */
  constructor(files: readonly string[], trees: readonly string[]) {
    for (const tree of trees) this.#tree(tree);
    for (const file of files) this.#file(file);
  }

  /** Where to look: directories where this process may, else files. All of them exist. */
  get places(): string[] {
    const places = new Set<string>();
    for (const file of this.#files) {
      const directory = nearest(parent(file));
      if (directory !== undefined && may({ name: "read", path: directory })) places.add(directory);
      else if (exists(file)) places.add(file);
    }
    for (const tree of this.#trees) if (exists(tree)) places.add(tree);
    return [...places];
  }

  /** What everything is like just now: two looks differ where something has happened between them. */
  look(): Look {
    const look = new Map<string, string>();
    for (const file of this.#files) look.set(file, fileLook(file));
    // What a guest does in the same directory is none of it.
    for (const tree of this.#trees) {
      look.set(tree, children(tree).filter(counts).map(nameOf).sort().join("/"));
    }
    return look;
  }

  /**
   * What has changed since a look, and perhaps was not seen by any watcher.
   *
   * @param before What everything was like; what is not in it counts if it was changed after a moment.
   * @param moment In milliseconds since 1970.
   */
  changedSince(before: Look, moment: number): string[] {
    return [...this.look()].filter(([path, look]) =>
      before.has(path) ? before.get(path) !== look : (modified(path) ?? 0) > moment - COARSE
    ).map(([path]) => path);
  }

  /** Whether what happened to a path matters. */
  has(path: string, kind: Deno.FsEvent["kind"]): boolean {
    if (kind === "access") return false;
    if (this.#files.has(path) || this.#above.has(path)) return true;
    if (!this.#trees.has(parent(path))) return false;
    if (INDEX_FILE.test(path) || this.#trees.has(path)) return true;
    // A new directory may have come with files in it.
    return kind !== "modify" && isDirectory(path);
  }

  #tree(directory: string): void {
    if (this.#trees.has(directory)) return;
    this.#trees.add(directory);
    this.#holds(directory);
    for (const child of children(directory)) {
      if (child.type === "directory" && counts(child)) this.#tree(join(directory, child.name));
    }
  }

  /** A file may be reached by links, and then be replaced by another link: mounted secrets and configurations are. */
  #file(file: string): void {
    let path = file;
    for (let i = 0; i < MOST_LINKS && !this.#files.has(path); i++) {
      this.#files.add(path);
      this.#holds(path);
      const next = throughLink(path);
      if (next === undefined) return;
      path = next;
    }
  }

  #holds(path: string): void {
    for (let above = parent(path); !this.#above.has(above); above = parent(above)) this.#above.add(above);
  }
}

/**
 * What an application was made of.
 *
 * @param registry The application.
 * @param paths What it was loaded from.
 */
export function interestOf(registry: Registry, paths: readonly string[]): Interest {
  const cwd = () => Deno.cwd();
  const files = [...registry.reads.files];
  const trees = files.filter(isDirectory);
  for (const given of paths) {
    const path = absolute(given, cwd);
    const lock = join(path, LOCK_FILE);
    if (!isDirectory(path)) files.push(path);
    else if (realFiles.exists(lock)) {
      files.push(lock);
      trees.push(join(path, sourceDirectory(realFiles.readText(lock), lock, new Issues())));
    } else trees.push(path);
  }
  for (const entry of registry.entries()) {
    if (isWasm(entry) && entry.source === undefined) files.push(entry.file);
  }
  return new Interest(files.filter((file) => !trees.includes(file)), trees);
}

/** Where a path leads that has a link in it: the same path with its first link followed, once. */
function throughLink(path: string): string | undefined {
  const parts = path.split("/");
  for (let i = 2; i <= parts.length; i++) {
    const front = parts.slice(0, i).join("/");
    const target = linkAt(front);
    if (target !== undefined) return join(join(parent(front), target), `./${parts.slice(i).join("/")}`);
  }
  return undefined;
}

function linkAt(path: string): string | undefined {
  if (!may({ name: "read", path })) return undefined;
  try {
    return Deno.lstatSync(path).isSymlink ? Deno.readLinkSync(path) : undefined;
  } catch {
    // It is not there, or not to be looked at without more permissions: there is nothing to follow.
    return undefined;
  }
}

/** A directory, or what is above it and there. */
function nearest(directory: string): string | undefined {
  for (let path = directory; may({ name: "read", path }); path = parent(path)) {
    if (exists(path)) return path;
    if (parent(path) === path) break;
  }
  return undefined;
}

/** Whether a child of a directory is an index file, or may hold some. */
function counts({ name, type }: Child): boolean {
  return type === "directory" ? !PASSED_BY.has(name) : INDEX_FILE.test(name);
}

function nameOf({ name }: Child): string {
  return name;
}

function fileLook(path: string): string {
  if (!may({ name: "read", path })) return "";
  try {
    const { ino, mtime, size } = Deno.lstatSync(path);
    return `${ino} ${mtime?.getTime()} ${size}`;
  } catch {
    return "";
  }
}

function children(directory: string): Child[] {
  try {
    return [...realFiles.readDirectory(directory)];
  } catch {
    // Whoever loads it says what is wrong with it.
    return [];
  }
}

function isDirectory(path: string): boolean {
  try {
    return realFiles.type(path) === "directory";
  } catch {
    return false;
  }
}

function modified(path: string): number | undefined {
  if (!may({ name: "read", path })) return undefined;
  try {
    return Deno.statSync(path).mtime?.getTime();
  } catch {
    return undefined;
  }
}

function exists(path: string): boolean {
  try {
    return realFiles.type(path) !== undefined;
  } catch {
    return false;
  }
}
