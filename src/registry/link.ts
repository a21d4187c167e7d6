/**
 * Documents → entries: ids made unique, every reference resolved, or every problem that prevents it.
 *
 * @module
 */

import type { DirectoryDeclaration, Document, Outline, Reference } from "../config/declaration.ts";
import { innerPath } from "../config/guest_path.ts";
import type { Issues } from "../config/issue.ts";
import { kindStatus } from "../config/kinds.ts";
import { didYouMean } from "../config/nearest.ts";
import { quote } from "../config/node.ts";
import { at } from "../config/position.ts";
import type { DirectoryEntry, Entry } from "./entry.ts";
import { join } from "./host_path.ts";

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
    const home = directories.get(declaration.kind === "fs.directory" ? declaration.id : declaration.fs);
    if (home === undefined) continue; // reported as an unknown reference
    if (declaration.kind === "fs.directory") entries.push(home);
    else {
      const file = join(home.host, innerPath(declaration.path)?.join("/") ?? "");
      entries.push(Object.freeze({ ...declaration, file }));
    }
  }
  return Object.freeze(entries);
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
  const commands = new Map<string, Outline>();
  for (const outline of outlines) {
    const { id, command } = outline;
    const same = known.get(id);
    if (same === undefined) known.set(id, outline);
    else {
      const message = `${id} is already declared at ${at(same.at)}; rename one of the two`;
      issues.error("duplicate", outline.at, message);
    }
    if (command === undefined) continue;
    const first = commands.get(command.name);
    if (first === undefined) commands.set(command.name, outline);
    else {
      const place = at(first.command?.at ?? first.at);
      const message = `${id}: ${quote(command.name)} is already the command of ${first.id} at ${place}`;
      issues.error("duplicate", command.at, message);
    }
  }
  const ids = [...known.values()].filter(({ kind }) => kind === "fs.directory").map(({ id }) => id);
  for (const { id, references } of outlines) {
    for (const reference of references) {
      const target = known.get(reference.target);
      if (reference.use.endsWith("variable")) checkVariable(id, reference, target, known, issues);
      else checkDirectoryUse(id, reference, target, ids, directories, issues);
    }
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
  const some = ids.length > 5 ? `${ids.slice(0, 5).join(", ")} and ${ids.length - 5} more` : ids.join(", ");
  const all = ids.length === 0 ? "; there is no fs.directory entry" : `; known: ${some}`;
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

/**
 * Variables have no values yet. Where the guest cannot do without, that is an error; where it can, it runs
 * without the variable, which is what the format does with a variable that has no value.
 */
function checkVariable(
  id: string,
  { field, use, target, at: place }: Reference,
  found: Outline | undefined,
  known: ReadonlyMap<string, Outline>,
  issues: Issues,
): void {
  if (found !== undefined && found.kind !== "env.variable") {
    if (kindStatus(found.kind) === "unknown") return;
    const what = `found ${target}, which is ${found.kind} (${at(found.at)})`;
    return issues.error("wrong-kind", place, `${id}: ${field} must name an env.variable entry, ${what}`);
  }
  const variables = [...known.values()].filter(({ kind }) => kind === "env.variable").map((entry) =>
    entry.id
  );
  const [code, message] = found === undefined
    ? ["unknown-reference", `which no entry declares${didYouMean(target, variables)}`] as const
    : ["unsupported", "but env.variable is not supported yet"] as const;
  const whole = `${id}: ${field} names ${target}, ${message}`;
  if (use === "required variable") issues.error(code, place, whole);
  else issues.warn(code, place, `${whole}; the guest runs without it`);
}

function octal(mode: number): string {
  return `"${mode.toString(8).padStart(4, "0")}"`;
}
