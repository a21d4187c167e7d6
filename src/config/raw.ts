/**
 * One file's entries as they are written: what they are called and of which kind, their fields still nodes.
 *
 * Between this and a declaration lies what changes fields: overrides, and the values of variables.
 *
 * @module
 */

import type { Outline } from "./declaration.ts";
import { Issues } from "./issue.ts";
import { isKind, kindStatus, meantKind, SUPPORTED_KINDS } from "./kinds.ts";
import { type Field, field, type MapNode, quote, show } from "./node.ts";
import type { Position } from "./position.ts";

/** The module of the application's vendors that a file belongs to. */
export interface Module {
  /** `organization/module`. */
  readonly name: string;
  /** Its version, as the lock file has it. */
  readonly version: string | undefined;
  /** Its directory. */
  readonly root: string;
}

/** One entry as it is written. */
export interface RawEntry {
  /** `namespace:name`. */
  readonly id: string;
  /** The namespace of its file. */
  readonly namespace: string;
  /** Its name within the namespace. */
  readonly name: string;
  /** Its kind, as the file writes it. */
  readonly kind: string;
  /** Where its kind stands. */
  readonly kindAt: Position;
  /** Where it starts. */
  readonly at: Position;
  /** The file's `meta` with the entry's own on top. */
  readonly meta: MapNode;
  /** The fields of its kind; `undefined` where they cannot be read, which has been said. */
  readonly body: MapNode | undefined;
}

/** Fields that every entry has beside those of its kind. */
const ENTRY_FIELDS = ["name", "kind", "meta", "data"];

/** The fields of a module's own in `meta`. */
const MODULE = "module";
const MODULE_VERSION = "module_version";

/**
 * Reads one entry.
 *
 * @param node The entry.
 * @param index Its place in `entries`; `undefined` where the file itself is the entry.
 * @param namespace The file's namespace.
 * @param fileMeta The file's `meta`.
 * @param module The module that the file belongs to.
 * @param issues Receives what is wrong.
 * @returns The entry; `undefined` where it has no name or kind.
 */
export function rawEntry(
  node: MapNode,
  index: number | undefined,
  namespace: string,
  fileMeta: MapNode,
  module: Module | undefined,
  issues: Issues,
): RawEntry | undefined {
  const label = index === undefined ? "the entry" : `entries[${index}]`;
  const name = required(node, "name", label, issues);
  const kind = required(node, "kind", name === undefined ? label : `${namespace}:${name}`, issues);
  if (name === undefined || kind === undefined) return undefined;
  const id = `${namespace}:${name}`;
  // Of a kind that others read, nothing is known, and nothing in it wrong; an override may still change its kind.
  const told = isKind(kind) ? issues : new Issues();
  return {
    id,
    namespace,
    name,
    kind,
    kindAt: field(node, "kind")?.at ?? node.at,
    at: node.at,
    meta: owned(mergedMeta(node, fileMeta, id, told), module, node.at),
    body: bodyOf(node, id, told),
  };
}

/**
 * Says which kinds are misspelt, and, once for each, which do not work here.
 *
 * @param entries All entries of a load.
 * @param issues Receives what is wrong.
 */
export function reportKinds(entries: Iterable<RawEntry>, issues: Issues): void {
  const skipped = new Map<string, RawEntry[]>();
  for (const entry of entries) {
    const { id, kind, kindAt } = entry;
    const status = kindStatus(kind);
    if (status === "misspelt") {
      const allowed = `allowed: ${SUPPORTED_KINDS.join(", ")}; did you mean ${meantKind(kind)}?`;
      issues.error("unknown-kind", kindAt, `${id}: kind ${quote(kind)} is unknown; ${allowed}`);
    } else if (status === "skipped") {
      const same = skipped.get(kind);
      if (same === undefined) skipped.set(kind, [entry]);
      else same.push(entry);
    }
  }
  for (const [kind, [first, ...others]] of skipped) {
    if (first === undefined) continue;
    const rest = others.length === 0
      ? " is"
      : ` and ${others.length} other ${others.length === 1 ? "entry" : "entries"} of it are`;
    issues.warn(
      "unsupported",
      first.kindAt,
      `${first.id}: kind ${quote(kind)} is not supported; ${first.id}${rest} ignored`,
    );
  }
}

/** What is known of an entry of a kind that does not work here. */
export function bareOutline({ id, kind, at }: RawEntry): Outline {
  return Object.freeze({
    id,
    kind,
    at,
    references: Object.freeze([]),
    command: undefined,
    variable: undefined,
  });
}

function required(node: MapNode, key: string, label: string, issues: Issues): string | undefined {
  const value = field(node, key);
  if (value === undefined) {
    issues.error(
      "missing",
      node.fields.get(key)?.at ?? node.at,
      `${label}: ${key} is missing: every entry needs one`,
    );
    return undefined;
  }
  if (value.type !== "scalar" || typeof value.value !== "string") {
    issues.error("type", value.at, `${label}: ${key} must be a string, found ${show(value)}`);
    return undefined;
  }
  if (value.value === "") {
    issues.error("missing", value.at, `${label}: ${key} must not be empty`);
    return undefined;
  }
  return value.value;
}

/** The file's `meta` below, the entry's own on top: key by key, not deeper. */
function mergedMeta(node: MapNode, fileMeta: MapNode, id: string, issues: Issues): MapNode {
  const own = field(node, "meta");
  if (own === undefined) return fileMeta;
  if (own.type !== "map") {
    issues.error("type", own.at, `${id}: meta must be a map, found ${show(own)}`);
    return fileMeta;
  }
  return { type: "map", fields: new Map([...fileMeta.fields, ...own.fields]), at: own.at };
}

/** A module's entries say whose they are, whatever they say themselves. */
function owned(meta: MapNode, module: Module | undefined, at: Position): MapNode {
  if (module === undefined) return meta;
  const text = (value: string): Field => ({ at, value: { type: "scalar", value, source: value, at } });
  const fields = new Map(meta.fields).set(MODULE, text(module.name));
  if (module.version !== undefined) fields.set(MODULE_VERSION, text(module.version));
  return { ...meta, fields };
}

/** The fields of the entry's kind: those in `data` where it is given, else those beside `name`. */
function bodyOf(node: MapNode, id: string, issues: Issues): MapNode | undefined {
  const rest = new Map<string, Field>([...node.fields].filter(([key]) => !ENTRY_FIELDS.includes(key)));
  const data = field(node, "data");
  if (data === undefined) return { type: "map", fields: rest, at: node.at };
  for (const [key, { at }] of rest) {
    issues.warn("unknown-field", at, `${id}: ${quote(key)} is ignored: data replaces the fields beside it`);
  }
  if (data.type === "map") return data;
  issues.error("type", data.at, `${id}: data must be a map, found ${show(data)}`);
  return undefined;
}
