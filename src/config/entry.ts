/**
 * One entry of an index file: its name, its kind, its own fields.
 *
 * @module
 */

import type { Declaration, DeclarationBase, Outline } from "./declaration.ts";
import { directoryDeclaration } from "./directory.ts";
import { storageDeclaration, storageOutline, variableDeclaration, variableOutline } from "./env.ts";
import type { Issues } from "./issue.ts";
import { ALL_KINDS, type Kind, kindStatus, SUPPORTED_KINDS } from "./kinds.ts";
import { didYouMean } from "./nearest.ts";
import { type Field, field, type MapNode, type Plain, plain, quote, show } from "./node.ts";
import { wasmDeclaration, wasmOutline } from "./wasm.ts";

/** Fields that every entry has beside those of its kind. */
const ENTRY_FIELDS = ["name", "kind", "meta", "data"];

/** An entry that names no other, no command and no variable. */
const NAMES_NOTHING = { references: Object.freeze([]), command: undefined, variable: undefined };

/** What became of an entry. */
export interface Found {
  /** What is known of it in any case. */
  readonly outline: Outline;
  /** The typed entry, where its kind is supported and nothing is wrong. */
  readonly declaration: Declaration | undefined;
}

/**
 * Reads one entry.
 *
 * @param node The entry.
 * @param index Its place in `entries`; `undefined` where the file itself is the entry.
 * @param namespace The file's namespace.
 * @param fileMeta The file's `meta`.
 * @param issues Receives what is wrong.
 * @returns What became of it; `undefined` where it has no name or kind.
 */
export function entry(
  node: MapNode,
  index: number | undefined,
  namespace: string,
  fileMeta: MapNode,
  issues: Issues,
): Found | undefined {
  const label = index === undefined ? "the entry" : `entries[${index}]`;
  const name = required(node, "name", label, issues);
  const kind = required(node, "kind", name === undefined ? label : `${namespace}:${name}`, issues);
  if (name === undefined || kind === undefined) return undefined;

  const id = `${namespace}:${name}`;
  const status = kindStatus(kind);
  const kindAt = field(node, "kind")?.at ?? node.at;
  if (status === "unknown") {
    const allowed = `allowed: ${SUPPORTED_KINDS.join(", ")}${didYouMean(kind, ALL_KINDS)}`;
    issues.error("unknown-kind", kindAt, `${id}: kind ${quote(kind)} is unknown; ${allowed}`);
  } else if (status === "skipped") {
    issues.warn("unsupported", kindAt, `${id}: kind ${kind} is not supported yet; entry ignored`);
  }
  const nothing = { id, kind, at: node.at, ...NAMES_NOTHING };
  if (status !== "supported") return { outline: Object.freeze(nothing), declaration: undefined };

  const meta = mergedMeta(node, fileMeta, id, issues);
  const base: DeclarationBase = {
    id,
    namespace,
    name,
    meta: plain(meta) as Readonly<Record<string, Plain>>,
    at: node.at,
  };
  const body = bodyOf(node, id, issues);
  if (body === undefined) return { outline: Object.freeze(nothing), declaration: undefined };
  return {
    outline: Object.freeze({ ...nothing, ...names(kind as Kind, namespace, body, meta) }),
    declaration: declare(kind as Kind, base, body, meta, issues),
  };
}

function names(kind: Kind, namespace: string, body: MapNode, meta: MapNode): Partial<Outline> {
  switch (kind) {
    case "function.wasm":
      return wasmOutline(namespace, body, undefined);
    case "process.wasm":
      return wasmOutline(namespace, body, meta);
    case "env.variable":
      return variableOutline(namespace, body);
    case "env.storage.router":
      return storageOutline(namespace, body);
    default:
      return {};
  }
}

function declare(
  kind: Kind,
  base: DeclarationBase,
  body: MapNode,
  meta: MapNode,
  issues: Issues,
): Declaration | undefined {
  switch (kind) {
    case "function.wasm":
    case "process.wasm":
      return wasmDeclaration(kind, base, body, meta, issues);
    case "fs.directory":
      return directoryDeclaration(base, body, issues);
    case "env.variable":
      return variableDeclaration(base, body, issues);
    default:
      return storageDeclaration(kind, base, body, issues);
  }
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
