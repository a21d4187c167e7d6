/**
 * An `fs.directory` entry: fields → declaration.
 *
 * @module
 */

import type { DeclarationBase, DirectoryDeclaration } from "./declaration.ts";
import type { Issues } from "./issue.ts";
import { field, type MapNode } from "./node.ts";
import type { Position } from "./position.ts";
import type { Module } from "./raw.ts";
import { directorySchema } from "./schema/fs.ts";
import { checkShape } from "./shape.ts";

const DEFAULT_MODE = 0o755;
const ALL_READ = 0o444;
const ANY_EXECUTE = 0o111;

/**
 * Checks an entry's fields and makes its declaration.
 *
 * @param base What every entry has.
 * @param body The entry's fields without `name`, `kind`, `meta` and `data`.
 * @param module The module that the entry is of.
 * @param issues Receives what is wrong.
 * @returns The declaration, or `undefined` where something is wrong.
 */
export function directoryDeclaration(
  base: DeclarationBase,
  body: MapNode,
  module: Module | undefined,
  issues: Issues,
): DirectoryDeclaration | undefined {
  const before = issues.errors;
  const fields = checkShape(directorySchema(), body, { name: base.id, prefix: "", at: base.at, issues });
  if (fields === undefined || issues.errors > before) return undefined;
  if (fields.base === "module" && module === undefined) {
    const message =
      `${base.id}: base "module" is for entries of a module, and this one is of none; allowed: project`;
    issues.error("value", field(body, "base")?.at ?? base.at, message);
    return undefined;
  }
  const place = (key: string): Position => field(body, key)?.at ?? base.at;
  return Object.freeze({
    ...base,
    kind: "fs.directory",
    directory: fields.directory,
    autoInit: fields.auto_init ?? false,
    mode: modeOf(fields.mode),
    base: fields.base || (module === undefined ? "project" : "module"),
    where: Object.freeze({ directory: place("directory"), mode: place("mode"), base: place("base") }),
  });
}

/** A directory that all may read must be enterable to be of use: 0444 means 0555, as in the original. */
function modeOf(text: string | undefined): number {
  if (!text) return DEFAULT_MODE;
  const mode = parseInt(text, 8);
  return (mode & ALL_READ) === ALL_READ && (mode & ANY_EXECUTE) === 0 ? mode | ANY_EXECUTE : mode;
}
