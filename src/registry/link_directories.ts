/**
 * File systems: where they are on the host, and that those who name one can use it.
 *
 * @module
 */

import type {
  DirectoryDeclaration,
  Module,
  Outline,
  Reference,
  WasmDeclaration,
} from "../config/declaration.ts";
import type { Issues } from "../config/issue.ts";
import { kindStatus } from "../config/kinds.ts";
import { didYouMean } from "../config/nearest.ts";
import { at } from "../config/position.ts";
import type { DirectoryEntry } from "./entry.ts";
import { join, systemDirectory } from "./host_path.ts";
import { knownIds } from "./link_env.ts";

const OWNER_READ = 0o400;
const OWNER_READ_AND_ENTER = 0o500;

/** An id of a file system, and what it is wanted for. */
export interface DirectoryUse extends Reference {
  /** To hold a module, to be shown to a guest, or to hold files that are served. */
  readonly use: "module" | "mount" | "files";
}

/** A file system, with its place on the host. */
export function directoryEntry(
  declaration: DirectoryDeclaration,
  module: Module | undefined,
  projectRoot: string,
  issues: Issues,
): DirectoryEntry {
  const { id, base, directory, where } = declaration;
  if (directory.includes("\0")) {
    issues.error("value", where.directory, `${id}: directory must not contain a null character`);
  }
  const root = base === "module" ? module?.root ?? projectRoot : projectRoot;
  return Object.freeze({ ...declaration, host: join(root, directory) });
}

/** A guest sees a directory of the system itself only where its entry says so. */
export function checkSystemMounts(
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

/** What is named is a file system whose mode lets it be used. */
export function checkDirectoryUse(
  id: string,
  { field, use, target, at: place }: DirectoryUse,
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
    if (kindStatus(found.kind) === "misspelt") return;
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
  const needed = use === "module" ? OWNER_READ : OWNER_READ_AND_ENTER;
  if ((directory.mode & needed) === needed) return;
  const needs = use === "module" ? "read" : "read and enter";
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
