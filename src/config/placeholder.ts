/**
 * `${env:NAME}`: places in strings that take the value of a variable.
 *
 * @module
 */

import type { IssueCode, Issues } from "./issue.ts";
import { loose } from "./loose.ts";
import type { Node } from "./node.ts";
import { rewrite } from "./rewrite.ts";

/** What is known of a variable. */
export type Looked =
  /** Its value. */
  | { readonly value: string }
  /** Why it has none: the rest of a sentence that begins with the placeholder. A default of the placeholder then counts. */
  | { readonly none: string; readonly unknown?: boolean }
  /** Why it cannot be known whether it has one: another value in silence would be worse. */
  | { readonly wrong: string };

/** Looks a variable up by its public name or by its id. */
export type LookUp = (name: string) => Looked;

/**
 * The escape; a placeholder; and its short form, of upper-case names only and always with a default: `${HOME}` may be of a
 * script.
 */
const PLACEHOLDER = /\$\$\{|\$\{env:([^|}]*)(?:\|([^}]*))?\}|\$\{([A-Z0-9_]+)\|([^}]*)\}/g;

/** With neither of these, a string is what it is. */
const MAYBE = "${";

/**
 * Replaces the placeholders in all strings.
 *
 * @param label Begins every message.
 * @param node Where to look.
 * @param lookUp Gives the values.
 * @param issues Receives what is wrong, and what it must not tell.
 */
export function fillPlaceholders<N extends Node>(label: string, node: N, lookUp: LookUp, issues: Issues): N {
  return rewrite(node, "", (scalar) => {
    if (typeof scalar.value !== "string" || !scalar.value.includes(MAYBE)) return scalar;
    const text = scalar.value;
    let whole: { readonly value: string; readonly standard: string | undefined } | undefined;
    let filled = 0;
    const value = text.replaceAll(PLACEHOLDER, (match: string, long, longDefault, short, shortDefault) => {
      if (match === "$${") return MAYBE;
      const standard: string | undefined = long === undefined ? shortDefault : longDefault;
      const found = valueOf(match, long ?? short, standard, lookUp);
      if ("wrong" in found) {
        issues.error(found.code, scalar.at, `${label}: ${found.wrong}`);
        return match;
      }
      filled++;
      if (!found.own) issues.conceal(found.value, match, scalar.at);
      if (match === text) whole = { value: found.value, standard };
      return found.value;
    });
    if (filled === 0 && value === text) return scalar;
    const other = { ...scalar, value, lines: undefined };
    if (filled === 0) return other;
    // What is around the places is the file's own, and may tell.
    const shown = scalar.shown ?? scalar.source;
    if (whole === undefined) return { ...other, shown };
    const typed = whole.standard !== undefined && typeof loose(whole.standard) === typeof loose(whole.value);
    return { ...other, shown, loose: typed ? loose(whole.value) : value };
  });
}

function valueOf(
  placeholder: string,
  name: string,
  standard: string | undefined,
  lookUp: LookUp,
): { readonly value: string; readonly own: boolean } | { readonly wrong: string; readonly code: IssueCode } {
  if (name === "") return { wrong: `${placeholder} names no variable`, code: "value" };
  const found = lookUp(name);
  if ("value" in found) return { value: found.value, own: false };
  if ("wrong" in found) return { wrong: `${placeholder} ${found.wrong}`, code: "unknown-reference" };
  if (standard !== undefined) return { value: standard, own: true };
  const hint = "; to do without, write ${env:NAME|default}".replace("NAME", name);
  return {
    wrong: `${placeholder} ${found.none}${hint}`,
    code: found.unknown ? "unknown-reference" : "missing",
  };
}
