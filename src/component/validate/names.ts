/**
 * The grammar of names, and which of them are too alike to stand in one scope.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#import-and-export-definitions
 * @module
 */
import type { Attribute } from "../binary/definition.ts";
import { invalid } from "./invalid.ts";

const ANNOTATIONS = ["constructor", "method", "static"] as const;

/** An import or export name, taken apart. */
export type ExternName =
  | { readonly kind: "label" }
  | { readonly kind: "constructor"; readonly resource: string }
  | { readonly kind: "method" | "static"; readonly resource: string }
  | { readonly kind: "interface"; readonly version: string | undefined };

/** Requires labels in kebab case, no two of them alike: those of one type. */
export function checkLabels(labels: readonly string[], what: string, offset: number): void {
  const canonical = new Set<string>();
  for (const label of labels) {
    if (label === "") invalid(`${what} cannot be empty`, offset, what);
    if (!isLabel(label)) invalid(`${what} \`${label}\` is not in kebab case`, offset, what);
    canonical.add(label.toLowerCase());
  }
  if (canonical.size === labels.length) return;
  const names = new UniqueNames();
  for (const label of labels) names.add(label, what, offset);
}

/** Takes an `externname` apart, or says what is wrong with it. */
export function parseExternName(name: string, what: string, offset: number): ExternName {
  const fail = (why: string): never =>
    invalid(`${what} \`${name}\` is not a valid extern name: ${why}`, offset, what);
  const label = (text: string) => isLabel(text) || fail(`\`${text}\` is not in kebab case`);
  const annotation = annotationOf(name);
  if (annotation) {
    const rest = name.slice(annotation.length + 2);
    if (annotation === "constructor") {
      label(rest);
      return { kind: annotation, resource: rest };
    }
    const dot = rest.indexOf(".");
    if (dot < 0) fail("failed to find `.` character");
    label(rest.slice(0, dot));
    label(rest.slice(dot + 1));
    return { kind: annotation, resource: rest.slice(0, dot) };
  }
  const colon = name.indexOf(":");
  if (colon < 0) {
    label(name);
    return { kind: "label" };
  }
  const words = (text: string) => isLabel(text, true) || fail(`\`${text}\` is not in lower kebab case`);
  words(name.slice(0, colon));
  const slash = name.indexOf("/", colon);
  if (slash < 0) {
    words(name.slice(colon + 1));
    fail("expected `/` after package name");
  }
  words(name.slice(colon + 1, slash));
  const sign = name.indexOf("@", slash);
  label(name.slice(slash + 1, sign < 0 ? undefined : sign));
  if (sign < 0) return { kind: "interface", version: undefined };
  const version = name.slice(sign + 1);
  if (!isSemver(version) && !isCanonicalVersion(version)) fail(`\`${version}\` is not a semantic version`);
  return { kind: "interface", version };
}

// Scanned by hand: most names are looked at while the process starts, when it would take longer to compile
// regular expressions for them. It also leaves nothing to backtrack.

/** `label`; with `lower`, `words`: fragments joined by `-`, the first of which begins with a letter. */
function isLabel(text: string, lower = false): boolean {
  let hasLower = false, hasUpper = false, start = 0;
  for (let i = 0;; i++) {
    const c = text.charCodeAt(i);
    if (c >= 0x61 && c <= 0x7a) hasLower = true;
    else if (c >= 0x41 && c <= 0x5a) hasUpper = true;
    else if (c >= 0x30 && c <= 0x39 && i > 0) continue;
    else if ((c === 0x2d || i === text.length) && i > start && !(hasUpper && (hasLower || lower))) {
      if (i === text.length) return true;
      hasLower = hasUpper = false;
      start = i + 1;
    } else return false;
  }
}

/** `valid semver`. @see https://semver.org */
function isSemver(version: string): boolean {
  const plus = version.indexOf("+");
  const before = plus < 0 ? version : version.slice(0, plus);
  const dash = before.indexOf("-");
  const numbers = (dash < 0 ? before : before.slice(0, dash)).split(".");
  return numbers.length === 3 && numbers.every(isNumber) &&
    (dash < 0 ||
      before.slice(dash + 1).split(".").every((id) => isIdentifier(id) && (!isDigits(id) || isNumber(id)))) &&
    (plus < 0 || version.slice(plus + 1).split(".").every(isIdentifier));
}

/** `canonversion`: the part of a version that compatible versions share. */
function isCanonicalVersion(version: string): boolean {
  const numbers = version.split(".");
  if (!numbers.every(isNumber)) return false;
  const last = numbers.pop();
  return numbers.every((n) => n === "0") &&
    (numbers.length < 2 ? last !== "0" : numbers.length === 2);
}

const isDigits = (text: string) => /^[0-9]+$/.test(text);
const isNumber = (text: string) => isDigits(text) && (text === "0" || text[0] !== "0");
const isIdentifier = (text: string) => /^[0-9A-Za-z-]+$/.test(text);

function annotationOf(name: string): typeof ANNOTATIONS[number] | undefined {
  if (name.charCodeAt(0) !== 0x5b) return undefined;
  return ANNOTATIONS.find((annotation) => name.startsWith(`${annotation}]`, 1));
}

/**
 * Checks the attributes of an import or export name.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#import-and-export-definitions
 */
export function checkAttributes(
  attributes: readonly Attribute[],
  name: string,
  parsed: ExternName,
  sort: string,
  offset: number,
): void {
  const seen = new Set<string>();
  for (const { kind, value } of attributes) {
    if (seen.has(kind)) {
      invalid(`duplicate \`${kind}\` attribute of name \`${name}\``, offset, "name attributes");
    }
    seen.add(kind);
    if (kind === "implements") {
      if (sort !== "instance") {
        invalid(`only instances can have an \`implements\`, and \`${name}\` is a ${sort}`, offset, kind);
      }
      if (parsed.kind === "interface") {
        invalid(
          `name \`${name}\` is not valid with \`implements\`: it names an interface itself`,
          offset,
          kind,
        );
      }
      if (parseExternName(value, "`implements`", offset).kind !== "interface") {
        invalid(`\`implements\` must be an interface name, found \`${value}\``, offset, kind);
      }
    } else if (kind === "versionsuffix") {
      const version = parsed.kind === "interface" ? parsed.version : undefined;
      if (version === undefined || !isCanonicalVersion(version) || !isSemver(version + value)) {
        invalid(`\`versionsuffix\` \`${value}\` does not complete the version of \`${name}\``, offset, kind);
      }
    }
  }
}

/**
 * Names of one scope, no two of which a bindings generator could confuse.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#name-uniqueness
 */
export class UniqueNames {
  readonly #names = new Map<string, string>();

  /** Adds a name, or says which earlier one it conflicts with. */
  add(name: string, what: string, offset: number): void {
    const key = canonical(name);
    const previous = this.#names.get(key);
    if (previous !== undefined) {
      invalid(`${what} \`${name}\` conflicts with previous name \`${previous}\``, offset, what);
    }
    this.#names.set(key, name);
  }
}

function canonical(name: string): string {
  const lower = name.toLowerCase();
  const annotation = annotationOf(lower);
  if (!annotation || annotation === "constructor") return lower;
  const rest = lower.slice(annotation.length + 2), dot = rest.indexOf(".");
  const resource = rest.slice(0, dot);
  return resource === rest.slice(dot + 1) ? resource : rest;
}
