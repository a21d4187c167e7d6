/**
 * Documents → entries: ids made unique, every reference resolved, or every problem that prevents it.
 *
 * @module
 */

import type {
  Declaration,
  DirectoryDeclaration,
  Document,
  Outline,
  Reference,
  WasmDeclaration,
} from "../config/declaration.ts";
import { innerPath } from "../config/guest_path.ts";
import type { Issues } from "../config/issue.ts";
import { kindStatus } from "../config/kinds.ts";
import { didYouMean } from "../config/nearest.ts";
import { quote } from "../config/node.ts";
import { at, type Position } from "../config/position.ts";
import type { DirectoryEntry, Entry } from "./entry.ts";
import { join, systemDirectory } from "./host_path.ts";
import { checkRouters, checkStorageUse, checkVariableUse, knownIds } from "./link_env.ts";

const OWNER_READ = 0o400;
const OWNER_READ_AND_ENTER = 0o500;

/**
 * Links the entries of all documents.
 *
 * @param documents The documents, in the order they were given.
 * @param projectRoot Absolute; relative directories are relative to it.
 * @param issues Receives what is wrong.
 * @returns The entries in the order of the files; complete only where no error was recorded.
 */
export function link(documents: readonly Document[], projectRoot: string, issues: Issues): readonly Entry[] {
  const declared = documents.flatMap((document) => document.entries);
  const directories = new Map<string, DirectoryEntry>();
  for (const declaration of declared) {
    if (declaration.kind !== "fs.directory") continue;
    checkDirectory(declaration, issues);
    const host = join(projectRoot, declaration.directory);
    directories.set(declaration.id, Object.freeze({ ...declaration, host }));
  }
  check(documents.flatMap((document) => document.outlines), directories, issues);

  const entries: Entry[] = [];
  for (const declaration of declared) {
    if (isWasm(declaration)) checkSystemMounts(declaration, directories, issues);
    const entry = linked(declaration, projectRoot, directories);
    if (entry !== undefined) entries.push(entry);
  }
  return Object.freeze(entries);
}

/** The entry of a declaration; `undefined` where its file system is unknown, which is reported elsewhere. */
function linked(
  declaration: Declaration,
  projectRoot: string,
  directories: ReadonlyMap<string, DirectoryEntry>,
): Entry | undefined {
  switch (declaration.kind) {
    case "fs.directory":
      return directories.get(declaration.id);
    case "function.wasm":
    case "process.wasm": {
      const home = directories.get(declaration.fs);
      const inner = innerPath(declaration.path)?.join("/") ?? "";
      return home && Object.freeze({ ...declaration, file: join(home.host, inner) });
    }
    case "env.storage.file":
      return Object.freeze({ ...declaration, file: join(projectRoot, declaration.filePath) });
    default:
      return declaration;
  }
}

function isWasm(declaration: Declaration): declaration is WasmDeclaration {
  return declaration.kind === "function.wasm" || declaration.kind === "process.wasm";
}

function checkSystemMounts(
  { id, allowSystem, wasi }: WasmDeclaration,
  directories: ReadonlyMap<string, DirectoryEntry>,
  issues: Issues,
): void {
  if (allowSystem) return;
  for (const mount of wasi.mounts) {
    const host = directories.get(mount.fs)?.host;
    const system = host === undefined ? undefined : systemDirectory(host);
    if (system === undefined) continue;
    const message = `${id}: wasi.mounts shows the guest ${host}, which is ${
      system === host ? "a directory of the system" : `in ${system}`
    }; if that is meant, declare allow_system: true`;
    issues.error("value", mount.at, message);
  }
}

function checkDirectory({ id, base, directory, where }: DirectoryDeclaration, issues: Issues): void {
  if (base === "module") {
    issues.error("unsupported", where.base, `${id}: base "module" is not supported yet; allowed: project`);
  }
  if (directory.includes("\0")) {
    issues.error("value", where.directory, `${id}: directory must not contain a null character`);
  }
}

/** Ids and commands are unique, and references lead to entries of the right kind. */
function check(
  outlines: readonly Outline[],
  directories: ReadonlyMap<string, DirectoryEntry>,
  issues: Issues,
): void {
  const known = new Map<string, Outline>();
  for (const outline of outlines) {
    const same = known.get(outline.id);
    if (same === undefined) known.set(outline.id, outline);
    else {
      const message = `${outline.id} is already declared at ${at(same.at)}; rename one of the two`;
      issues.error("duplicate", outline.at, message);
    }
  }
  unique(outlines, "command", issues);
  unique(outlines, "variable", issues);
  const ids = [...known.values()].filter(({ kind }) => kind === "fs.directory").map(({ id }) => id);
  for (const { id, references } of outlines) {
    for (const reference of references) {
      const target = known.get(reference.target);
      if (reference.use === "storage") checkStorageUse(id, reference, target, known, issues);
      else if (reference.use.endsWith("variable")) checkVariableUse(id, reference, target, known, issues);
      else checkDirectoryUse(id, reference, target, ids, directories, issues);
    }
  }
  checkRouters(known, issues);
}

/** A command, and the public name of a variable, belong to one entry. */
function unique(outlines: readonly Outline[], what: "command" | "variable", issues: Issues): void {
  const taken = new Map<string, { readonly id: string; readonly at: Position }>();
  for (const outline of outlines) {
    const own = outline[what];
    if (own === undefined) continue;
    const first = taken.get(own.name);
    if (first === undefined) {
      taken.set(own.name, { id: outline.id, at: own.at });
      continue;
    }
    const message = `${outline.id}: ${quote(own.name)} is already the ${what} of ${first.id} at ${
      at(first.at)
    }`;
    issues.error("duplicate", own.at, message);
  }
}

function checkDirectoryUse(
  id: string,
  { field, use, target, at: place }: Reference,
  found: Outline | undefined,
  ids: readonly string[],
  directories: ReadonlyMap<string, DirectoryEntry>,
  issues: Issues,
): void {
  const all = knownIds(ids, "fs.directory");
  if (found === undefined) {
    const message = `${id}: ${field} names ${target}, which no entry declares${all}${
      didYouMean(target, ids)
    }`;
    return issues.error("unknown-reference", place, message);
  }
  if (found.kind !== "fs.directory") {
    // A misspelt kind has an issue of its own, which says enough.
    if (kindStatus(found.kind) === "unknown") return;
    const what = `found ${target}, which is ${found.kind} (${at(found.at)})`;
    return issues.error(
      "wrong-kind",
      place,
      `${id}: ${field} must name an fs.directory entry, ${what}${all}`,
    );
  }
  const directory = directories.get(target);
  if (directory === undefined) return; // it has errors of its own
  // A mount is read-only or not; one that cannot be read and entered has no meaning for a guest.
  const needed = use === "mount" ? OWNER_READ_AND_ENTER : OWNER_READ;
  if ((directory.mode & needed) === needed) return;
  const needs = use === "mount" ? "read and enter" : "read";
  issues.error(
    "value",
    place,
    `${id}: ${field} names ${target}, whose mode ${
      octal(directory.mode)
    } does not let its owner ${needs} it; ` +
      `allowed: at least ${octal(needed)}`,
  );
}

function octal(mode: number): string {
  return `"${mode.toString(8).padStart(4, "0")}"`;
}
