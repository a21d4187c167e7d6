/**
 * Documents → entries: ids made unique, every reference resolved, or every problem that prevents it.
 *
 * @module
 */

import type { Declaration, Document, Lifecycle, Outline, WasmDeclaration } from "../config/declaration.ts";
import { innerPath } from "../config/guest_path.ts";
import type { Issues } from "../config/issue.ts";
import { quote } from "../config/node.ts";
import { at, type Position } from "../config/position.ts";
import type { DirectoryEntry, Entry } from "./entry.ts";
import { join } from "./host_path.ts";
import { checkDirectoryUse, checkSystemMounts, directoryEntry } from "./link_directories.ts";
import { checkRouters, checkStorageUse, checkVariableUse } from "./link_env.ts";
import { checkPrefixes, checkRequirements, checkServiceUse, type ServiceUse } from "./link_services.ts";

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
  for (const { entries, module } of documents) {
    for (const declaration of entries) {
      if (declaration.kind !== "fs.directory") continue;
      directories.set(declaration.id, directoryEntry(declaration, module, projectRoot, issues));
    }
  }
  const leftOut = check(documents.flatMap((document) => document.outlines), directories, issues);
  checkPrefixes(declared, issues);

  const entries: Entry[] = [];
  for (const declaration of declared) {
    if (isWasm(declaration)) checkSystemMounts(declaration, directories, issues);
    if (leftOut.entries.has(declaration.id)) continue;
    const entry = linked(declaration, projectRoot, directories);
    if (entry !== undefined) entries.push(withoutMissing(entry, leftOut));
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
    case "function.wat":
      return Object.freeze({ ...declaration, file: "" });
    case "env.storage.file":
      return Object.freeze({ ...declaration, file: join(projectRoot, declaration.filePath) });
    case "http.static": {
      const home = directories.get(declaration.fs);
      const inner = innerPath(declaration.directory)?.join("/") ?? "";
      return home && Object.freeze({ ...declaration, host: join(home.host, inner) });
    }
    default:
      return declaration;
  }
}

function isWasm(declaration: Declaration): declaration is WasmDeclaration {
  const { kind } = declaration;
  return kind === "function.wasm" || kind === "process.wasm" || kind === "function.wat";
}

/** What other parts of an application would have done, and nothing here can. */
interface LeftOut {
  /** Ids of entries that are nothing without it. */
  readonly entries: ReadonlySet<string>;
  /** Ids of services that others do without. */
  readonly requirements: ReadonlySet<string>;
}

/** A service whose requirements are all entries of the registry. */
function withoutMissing(entry: Entry, { entries, requirements }: LeftOut): Entry {
  if (!("lifecycle" in entry)) return entry;
  const requires = entry.lifecycle.requires.filter((id) => !requirements.has(id) && !entries.has(id));
  if (requires.length === entry.lifecycle.requires.length) return entry;
  const lifecycle: Lifecycle = Object.freeze({ ...entry.lifecycle, requires: Object.freeze(requires) });
  return Object.freeze({ ...entry, lifecycle });
}

/** Ids and commands are unique, and references lead to entries of the right kind. */
function check(
  outlines: readonly Outline[],
  directories: ReadonlyMap<string, DirectoryEntry>,
  issues: Issues,
): LeftOut {
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
  const leftOut = { entries: new Set<string>(), requirements: new Set<string>() };
  for (const { id, references } of outlines) {
    for (const reference of references) {
      const target = known.get(reference.target);
      const { use } = reference;
      switch (use) {
        case "storage":
          checkStorageUse(id, reference, target, known, issues);
          break;
        case "required variable":
        case "optional variable":
          checkVariableUse(id, reference, target, known, issues);
          break;
        case "module":
        case "mount":
          checkDirectoryUse(id, { ...reference, use }, target, ids, directories, issues);
          break;
        default: {
          const asked: ServiceUse = { ...reference, use };
          if (checkServiceUse(id, asked, target, known, directories, issues)) break;
          if (use === "requirement") leftOut.requirements.add(reference.target);
          else leftOut.entries.add(id);
        }
      }
    }
  }
  checkRouters(known, issues);
  checkRequirements(known, issues);
  return leftOut;
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
