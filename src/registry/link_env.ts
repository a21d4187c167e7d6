/**
 * References to variables and storages: each leads to an entry of the right kind, and none in a circle.
 *
 * @module
 */

import type { Outline, Reference } from "../config/declaration.ts";
import type { Issues } from "../config/issue.ts";
import { kindStatus } from "../config/kinds.ts";
import { didYouMean } from "../config/nearest.ts";
import { quote } from "../config/node.ts";
import { at } from "../config/position.ts";
import { checkCircles } from "./circles.ts";
import { isStorageKind } from "./entry.ts";

/** The ids that a reference could have named, in the words of a message. */
export function knownIds(ids: readonly string[], kind: string): string {
  const some = ids.length > 5 ? `${ids.slice(0, 5).join(", ")} and ${ids.length - 5} more` : ids.join(", ");
  return ids.length === 0 ? `; there is no ${kind} entry` : `; known: ${some}`;
}

/** A variable's storage, or one of a router, exists and is a storage. */
export function checkStorageUse(
  id: string,
  { field, target, at: place }: Reference,
  found: Outline | undefined,
  known: ReadonlyMap<string, Outline>,
  issues: Issues,
): void {
  if (found !== undefined && (isStorageKind(found.kind) || kindStatus(found.kind) === "misspelt")) return;
  const ids = idsOf(known, isStorageKind);
  const all = knownIds(ids, "env.storage.*");
  if (found === undefined) {
    const message = `${id}: ${field} names ${target}, which no entry declares${all}${
      didYouMean(target, ids)
    }`;
    return issues.error("unknown-reference", place, message);
  }
  const what = `found ${target}, which is ${found.kind} (${at(found.at)})`;
  issues.error("wrong-kind", place, `${id}: ${field} must name an env.storage.* entry, ${what}${all}`);
}

/**
 * A variable that a guest is given exists. Where the guest cannot do without, an unknown one is an error;
 * where it can, it runs without, which is what the format does with a variable that has no value.
 */
export function checkVariableUse(
  id: string,
  { field, use, target, at: place }: Reference,
  found: Outline | undefined,
  known: ReadonlyMap<string, Outline>,
  issues: Issues,
): void {
  if (found !== undefined) {
    if (found.kind === "env.variable" || kindStatus(found.kind) === "misspelt") return;
    const what = `found ${target}, which is ${found.kind} (${at(found.at)})`;
    return issues.error("wrong-kind", place, `${id}: ${field} must name an env.variable entry, ${what}`);
  }
  // The name is what other parts of the format know a variable by; here its entry's id counts.
  const name = target.slice(target.indexOf(":") + 1);
  const named = [...known.values()].find(({ variable }) => variable?.name === name);
  const near = named === undefined
    ? didYouMean(target, idsOf(known, (kind) => kind === "env.variable"))
    : `; did you mean ${named.id}, the variable ${quote(name)}?`;
  const message = `${id}: ${field} names ${target}, which no entry declares${near}`;
  if (use === "required variable") issues.error("unknown-reference", place, message);
  else issues.warn("unknown-reference", place, `${message}; the guest runs without it`);
}

/** No router leads back to itself. */
export function checkRouters(known: ReadonlyMap<string, Outline>, issues: Issues): void {
  checkCircles(known, storagesOf, issues);
}

function storagesOf({ kind, references }: Outline): readonly Reference[] {
  return kind === "env.storage.router" ? references : [];
}

function idsOf(known: ReadonlyMap<string, Outline>, counts: (kind: string) => boolean): string[] {
  return [...known.values()].filter(({ kind }) => counts(kind)).map(({ id }) => id);
}
