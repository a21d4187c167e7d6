/**
 * Overrides: values that take the place of an entry's own, said beside its file: `app:gateway:addr`.
 *
 * @module
 */

import { Issues } from "./issue.ts";
import { isKind, kindStatus } from "./kinds.ts";
import { loose } from "./loose.ts";
import { didYouMean } from "./nearest.ts";
import { type Field, field, type MapNode, type Node, quote, show } from "./node.ts";
import { at, type Position } from "./position.ts";
import type { RawEntry } from "./raw.ts";
import { schemaOf } from "./schema.ts";
import { type Shape, shapeOf, unwrap } from "./shape.ts";
import { tree } from "./tree.ts";

/** One value for one field of one entry. */
export interface Override {
  /** `namespace:entry:field`, as it is written. */
  readonly key: string;
  /** The id of the entry. */
  readonly id: string;
  /** Where in the entry: `kind`; or `meta` or `data`, and then the names of fields, each within the one before. */
  readonly path: readonly string[];
  /** The value. */
  readonly value: Node;
  /** Where the key stands. */
  readonly at: Position;
}

/**
 * An override of the command line.
 *
 * @param text `namespace:entry:field=value`. A value that looks like a number or a boolean is one, where the field is not
 * one of texts; where it is one of a list, `["a", "b"]` is that list.
 * @returns The override; `undefined` where the text is none, which is recorded.
 */
export function readOverride(text: string, issues: Issues): Override | undefined {
  const equals = text.indexOf("=");
  const key = (equals < 0 ? text : text.slice(0, equals)).trim();
  const place = Object.freeze({ file: `-o ${key}`, line: 1, column: 1 });
  if (equals < 0) {
    issues.error("value", place, `an override is namespace:entry:field=value, found ${quote(text)}`);
    return undefined;
  }
  const value = text.slice(equals + 1);
  return override(
    key,
    { type: "scalar", value, source: value, loose: loose(value), at: place },
    place,
    issues,
  );
}

/**
 * The overrides of a map of them. A map as a value is one override for each field in it.
 *
 * @param map `override` of a project's settings.
 */
export function readOverrides(map: MapNode, issues: Issues): Override[] {
  const flat = (key: string, { at, value }: Field): [string, Field][] =>
    value.type === "map"
      ? [...value.fields].flatMap(([name, below]) => flat(`${key}.${name}`, below))
      : [[key, { at, value }]];
  return [...map.fields].flatMap(([key, field]) => flat(key, field))
    .flatMap(([key, { at, value }]) => override(key, value, at, issues) ?? []);
}

function override(key: string, value: Node, place: Position, issues: Issues): Override | undefined {
  // The field is behind the second colon: an entry's name and a namespace may hold dots.
  const [namespace = "", name = "", ...rest] = key.split(":");
  const path = rest.join(":").replace(/^\./, "");
  const names = path.split(".");
  if (namespace.trim() === "" || name.trim() === "" || names.includes("")) {
    issues.error("value", place, `an override is of namespace:entry:field, found ${quote(key)}`);
    return undefined;
  }
  const own = names[0] === "meta" || names[0] === "data" || path === "kind";
  const id = `${namespace.trim()}:${name.trim()}`;
  return { key, id, path: own ? names : ["data", ...names], value, at: place };
}

/**
 * Puts overrides in the place of what entries say.
 *
 * @param entries All entries of a load.
 * @param overrides In order: the last one for a field counts.
 * @param issues Receives what is wrong: that there is no such entry, or that its kind has no such field.
 * @returns The entries, in the same order.
 */
export function applyOverrides(
  entries: readonly RawEntry[],
  overrides: readonly Override[],
  issues: Issues,
): readonly RawEntry[] {
  const result = [...entries];
  // A kind decides which fields there are.
  const kindFirst = [...overrides].sort((a, b) => Number(isOfKind(b)) - Number(isOfKind(a)));
  for (const one of kindFirst) {
    let found = false;
    result.forEach((entry, i) => {
      if (entry.id !== one.id) return;
      found = true;
      result[i] = applied(entry, one, issues);
    });
    if (found) continue;
    const message = `${one.key}: no entry declares ${one.id}${
      didYouMean(one.id, entries.map(({ id }) => id))
    }`;
    issues.error("unknown-reference", one.at, message);
  }
  return result;
}

function isOfKind({ path }: Override): boolean {
  return path.length === 1 && path[0] === "kind";
}

function applied(entry: RawEntry, one: Override, issues: Issues): RawEntry {
  const { path: [part, ...names], value, key } = one;
  if (part === "kind") {
    const kind = value.type === "scalar" && typeof value.value === "string" ? value.value.trim() : "";
    if (kind !== "") return { ...entry, kind, kindAt: value.at };
    issues.error("type", value.at, `${key}: must be the name of a kind, found ${show(value)}`);
    return entry;
  }
  if (names.length === 0) {
    issues.error("value", one.at, `${key}: names all of ${part}; name a field in it, like ${key}.name`);
    return entry;
  }
  if (part === "meta") {
    const meta = put(entry.meta, names, one, undefined, issues);
    return meta === undefined ? entry : { ...entry, meta };
  }
  if (entry.body === undefined) {
    if (kindStatus(entry.kind) === "supported") {
      issues.error("type", one.at, `${key}: the fields of ${entry.id} (${at(entry.at)}) cannot be read`);
    }
    return entry;
  }
  const shape = isKind(entry.kind) ? unwrap(shapeOf(schemaOf(entry.kind))) : undefined;
  const body = put(entry.body, names, one, shape, issues);
  return body === undefined ? entry : { ...entry, body };
}

/** The map with the value in it; `undefined` where there is no such field, which is recorded. */
function put(
  map: MapNode,
  [name = "", ...rest]: readonly string[],
  one: Override,
  shape: Shape | undefined,
  issues: Issues,
): MapNode | undefined {
  const entries = shape?.entries;
  // What the entry itself has is a field too: the format ignores what it does not know.
  if (entries !== undefined && !Object.hasOwn(entries, name) && !map.fields.has(name)) {
    const message = `${one.key}: ${quote(name)} is no known field${didYouMean(name, Object.keys(entries))}`;
    issues.error("unknown-field", one.at, message);
    return undefined;
  }
  const own = entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : shape?.value;
  const below = own === undefined ? undefined : unwrap(own);
  let value: Node | undefined = one.value;
  if (rest.length === 0) value = below?.type === "array" ? listOf(one, issues) : value;
  else {
    const inner = field(map, name) ?? { type: "map" as const, fields: new Map(), at: one.at };
    const isMap = below === undefined || below.type === "unknown" || below.type === "object" ||
      below.type === "record" || below.type === "union";
    if (inner.type !== "map" || !isMap) {
      const found = inner.type === "map" ? "no map" : show(inner);
      issues.error(
        "unknown-field",
        one.at,
        `${one.key}: ${quote(name)} is ${found}: there are no fields in it${
          inner.type === "list" ? "; give the whole list, like [a, b] or [{name: a}]" : ""
        }`,
      );
      return undefined;
    }
    value = put(inner, rest, one, below, issues);
  }
  if (value === undefined) return undefined;
  return { ...map, fields: new Map(map.fields).set(name, { at: one.at, value }) };
}

/**
 * The value for a field of a list: of the command line, a text that begins as a list does is read as one.
 *
 * @returns `undefined` where it is none, which is recorded.
 */
function listOf({ key, value, at: place }: Override, issues: Issues): Node | undefined {
  if (value.type !== "scalar" || value.loose === undefined || !/^\s*\[/.test(value.source)) return value;
  const own = new Issues();
  const node = tree(value.source, place.file, own);
  if (own.errors === 0 && node?.type === "list") return placed(node, place);
  const why = own.sorted()[0]?.message;
  const message = `${key}: must be a list, like ["a", "b"], found ${show(value)}${
    why === undefined ? "" : `: ${why}`
  }`;
  issues.error("value", place, message);
  return undefined;
}

/** A node of the command line: all of it stands where the override does. */
function placed(node: Node, at: Position): Node {
  switch (node.type) {
    case "scalar":
      return { ...node, at, lines: undefined };
    case "list":
      return { ...node, items: node.items.map((item) => placed(item, at)), at };
    case "map": {
      const fields = [...node.fields].map(([name, { value }]) =>
        [name, { at, value: placed(value, at) }] as const
      );
      return { ...node, fields: new Map(fields), at };
    }
  }
}
