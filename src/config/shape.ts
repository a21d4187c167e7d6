/**
 * A node against a schema: wrong types and missing fields become issues at their exact place.
 *
 * valibot judges the plain value; the words and the places are ours.
 *
 * @module
 */

import * as v from "valibot";
import type { Issues } from "./issue.ts";
import { didYouMean, nearest } from "./nearest.ts";
import { field, type MapNode, type Node, plain, quote, show } from "./node.ts";
import type { Position } from "./position.ts";

/** Whom the messages are about, and where they go. */
export interface Subject {
  /** The entry's id or another name, which begins every message. */
  readonly name: string;
  /** Put before the field names: `meta.command.`, or nothing. */
  readonly prefix: string;
  /** Where a missing field is reported. */
  readonly at: Position;
  /** Receives what is wrong. */
  readonly issues: Issues;
}

/** What of a schema can be walked; valibot's schemas have these as data. */
export interface Shape {
  /** `object`, `string`, `unknown` … */
  readonly type: string;
  /** What an optional one wraps. */
  readonly wrapped?: Shape;
  /** The fields of an object. */
  readonly entries?: Readonly<Record<string, Shape>>;
  /** The items of an array. */
  readonly item?: Shape;
  /** The values of a record. */
  readonly value?: Shape;
  /** What a picklist or union allows. */
  readonly options?: readonly unknown[];
}

/** A schema as it can be walked. */
export function shapeOf(schema: v.GenericSchema<unknown, unknown>): Shape {
  return schema as unknown as Shape;
}

/** A shape without what makes it optional; of none, that of anything. */
export function unwrap(shape: Shape | undefined): Shape {
  if (shape === undefined) return { type: "unknown" };
  return shape.wrapped === undefined ? shape : unwrap(shape.wrapped);
}

/**
 * Checks a map's fields.
 *
 * @returns What the schema lets through, or `undefined` where an issue was recorded.
 */
export function checkShape<Output>(
  schema: v.GenericSchema<unknown, Output>,
  node: MapNode,
  subject: Subject,
): Output | undefined {
  const before = subject.issues.errors;
  walk(shapeOf(schema), node, "", subject);
  const result = v.safeParse(schema, plain(node, false));
  for (const issue of result.issues ?? []) report(issue, shapeOf(schema), node, subject);
  return result.success && subject.issues.errors === before ? result.output : undefined;
}

/** Where every field restricts. */
const RESTRICTING = /^(limits|wasi\.mounts\[\d+\]|wasi\.network)\./;

/** Unknown fields, which the format ignores, and lists that stand for maps, which valibot lets through. */
function walk(schema: Shape, node: Node, path: string, subject: Subject): void {
  const shape = unwrap(schema);
  if (shape.type === "array" && node.type === "list" && shape.item !== undefined) {
    node.items.forEach((item, i) => walk(shape.item as Shape, item, `${path}[${i}]`, subject));
  }
  if (shape.type !== "object" && shape.type !== "record") return;
  if (node.type === "list") {
    const where = path === "" ? "" : `${subject.prefix}${path} `;
    subject.issues.error("type", node.at, `${subject.name}: ${where}must be a map, found ${show(node)}`);
  }
  if (node.type !== "map" || shape.entries === undefined) return;
  for (const [key, { at, value }] of node.fields) {
    const name = path === "" ? key : `${path}.${key}`;
    // Only what is declared: `constructor` is no field of anything.
    const known = Object.hasOwn(shape.entries, key) ? shape.entries[key] : undefined;
    if (known !== undefined) walk(known, value, name, subject);
    else {
      const near = didYouMean(key, Object.keys(shape.entries));
      const message = `${subject.name}: ${quote(subject.prefix + name)} is no known field`;
      // A misspelt restriction that is ignored is a fence that is only said to be there. What resembles no field is
      // somebody else's, as the format allows, except where every field restricts.
      if (near !== "" || RESTRICTING.test(name)) {
        subject.issues.error("unknown-field", at, message + near);
      } else subject.issues.warn("unknown-field", at, `${message} and is ignored`);
    }
  }
}

function report(issue: v.BaseIssue<unknown>, schema: Shape, root: MapNode, subject: Subject): void {
  let shape = unwrap(schema);
  let node: Node = root;
  let path = "";
  for (const { key } of issue.path ?? []) {
    const name = String(key);
    // A list where a map belongs is reported once, by the walk.
    if (node.type === "list" && shape.type !== "array") return;
    path += typeof key === "number" ? `[${name}]` : `${path === "" ? "" : "."}${name}`;
    const below: Node | undefined = node.type === "map"
      ? field(node, name)
      : node.type === "list"
      ? node.items[Number(name)]
      : undefined;
    if (below === undefined) {
      if (node.type === "map") missing(name, path, shape, node, subject);
      return;
    }
    shape = unwrap(shape.type === "array" ? shape.item : shape.entries?.[name]);
    node = below;
  }
  const names = shape.type === "picklist" ? (shape.options ?? []).filter((o) => o !== "").map(String) : [];
  const near = node.type === "scalar" ? didYouMean(node.source, names) : "";
  const allowed = names.length === 0 ? "" : `; allowed: ${names.join(", ")}${near}`;
  const where = path === "" ? "" : `${subject.prefix}${path} `;
  subject.issues.error(
    issue.kind === "schema" && shape.type !== "picklist" ? "type" : "value",
    node.at,
    `${subject.name}: ${where}${issue.message}, found ${show(node)}${inQuotes(issue, node)}${allowed}`,
  );
}

/** A required field that is absent or null, reported at its empty key or at the map that lacks it. */
function missing(key: string, path: string, shape: Shape, node: MapNode, subject: Subject): void {
  const known = shape.entries ?? {};
  const what = v.getDescription(known[key] as unknown as v.GenericSchema);
  const unknown = [...node.fields.keys()].filter((name) => !Object.hasOwn(known, name));
  const near = nearest(key, unknown);
  const hint = near === undefined ? "" : `; is it what ${quote(near)} was meant to be?`;
  const place = node.fields.get(key)?.at ?? (path === key ? subject.at : node.at);
  const message = `${subject.name}: ${subject.prefix}${path} is missing: ${what ?? "it is required"}${hint}`;
  subject.issues.error("missing", place, message);
}

/** What to do about an unquoted number or word where a string belongs. */
function inQuotes(issue: v.BaseIssue<unknown>, found: Node): string {
  const scalar = found.type === "scalar" && found.value !== null && typeof found.value !== "string";
  return issue.type === "string" && scalar ? `; write ${quote(found.source)} in quotes` : "";
}
