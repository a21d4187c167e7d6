/**
 * YAML text → one file's entries, or every problem in it.
 *
 * @module
 */

import type { Document } from "./declaration.ts";
import { declareEntry, type Found } from "./entry.ts";
import { type Include, includeFiles } from "./include.ts";
import { ConfigError, type Issue, Issues } from "./issue.ts";
import { isKind } from "./kinds.ts";
import { nearest } from "./nearest.ts";
import { field, type MapNode, plain, quote, show } from "./node.ts";
import type { Plain } from "./node.ts";
import { fillPlaceholders } from "./placeholder.ts";
import { type Module, type RawEntry, rawEntry, reportKinds } from "./raw.ts";
import { tree } from "./tree.ts";

/** What reading a text gave. */
export interface Reading {
  /** The document, where the text is an index file; present even where some of its entries have issues. */
  readonly document: Document | undefined;
  /** Everything wrong with the text, in the order of its lines. */
  readonly issues: readonly Issue[];
}

/** The fields of a file that are not an entry's. */
const FILE_FIELDS = ["version", "namespace", "meta", "entries"];
/** `namespace:` as a field of the root: at the start of a line, or after a brace or comma as in JSON. */
const NAMESPACE_KEY = /(?:^|[{,]\s*)["']?namespace["']?\s*:/m;
/** With these the file itself is one entry. */
const SINGLE_FIELDS = ["name", "kind"];

/** How to read a text. */
export interface ReadOptions {
  /**
   * Whether a text without `namespace` is no index file and no problem: every YAML and JSON file below a directory is a
   * candidate.
   */
  readonly optional?: boolean;
  /** Reads what `file://` names; without it, nothing can. */
  readonly include?: Include;
  /** The installed module that the file belongs to. */
  readonly module?: Module | undefined;
}

/** One index file, whose entries are as they are written. */
export interface RawDocument extends Pick<Document, "file" | "namespace" | "version" | "meta" | "module"> {
  /** Every entry that has a name and a kind, in the order of the file. */
  readonly entries: readonly RawEntry[];
}

/**
 * Reads one index file's text as far as its entries. Never throws for what the text says.
 *
 * @param text YAML or JSON.
 * @param file Its name, for positions.
 * @param issues Receives what is wrong.
 * @param options How to read it.
 * @returns The entries as they are written; `undefined` where the text is no index file.
 */
export function readRaw(
  text: string,
  file: string,
  issues: Issues,
  options: ReadOptions = {},
): RawDocument | undefined {
  const { optional = false, include, module } = options;
  if (optional && !text.includes("namespace")) return undefined;
  const own = new Issues();
  const root = tree(text, file, own);
  if (root === undefined || root.type !== "map") {
    // JSON with comments, templates of YAML: unreadable, but no index file either.
    if (optional && (root !== undefined || !NAMESPACE_KEY.test(text))) return undefined;
    if (own.errors === 0) {
      const found = root === undefined ? "an empty file" : show(root);
      const message = `an index file must be a map with a namespace and entries, found ${found}`;
      own.error("type", root?.at ?? Object.freeze({ file, line: 1, column: 1 }), message);
    }
    issues.take(own.sorted());
    return undefined;
  }
  const unreadable = own.errors;
  const namespace = namespaceOf(root, optional, own);
  // What is wrong inside a file that is no index file is none of our business.
  if (namespace !== undefined || !optional || own.errors > unreadable) issues.take(own.sorted());
  return namespace === undefined
    ? undefined
    : rawOf(includeFiles(root, include, issues), file, namespace, module, issues);
}

/**
 * Reads one index file's text by itself: nothing overrides it, and there are no variables for it. Never throws for what the
 * text says.
 *
 * @param text YAML or JSON.
 * @param file Its name, for positions.
 * @param options How to read it.
 * @returns The document, and everything that is wrong.
 */
export function readDocument(text: string, file: string, options: ReadOptions = {}): Reading {
  const issues = new Issues();
  const raw = readRaw(text, file, issues, options);
  if (raw === undefined) return { document: undefined, issues: issues.sorted() };
  reportKinds(raw.entries, issues);
  const lookUp = () => ({ none: "has no value: there are no variables where this is read" });
  const found = raw.entries.map((entry) => {
    if (entry.body === undefined || !isKind(entry.kind)) return declareEntry(entry, raw.module, issues);
    const body = fillPlaceholders(entry.id, entry.body, lookUp, issues);
    return declareEntry({ ...entry, body }, raw.module, issues);
  });
  return { document: documentOf(raw, found), issues: issues.sorted() };
}

/**
 * Reads one index file's text.
 *
 * @param text YAML or JSON.
 * @param file Its name, for positions.
 * @returns The document.
 * @throws {ConfigError} With all issues, where one of them is an error.
 */
export function parseDocument(text: string, file: string): Document {
  const { document, issues } = readDocument(text, file);
  if (document === undefined || issues.some((issue) => issue.severity === "error")) {
    throw new ConfigError(issues);
  }
  return document;
}

function namespaceOf(root: MapNode, optional: boolean, issues: Issues): string | undefined {
  const node = field(root, "namespace");
  if (node === undefined) {
    if (optional) return undefined;
    const near = nearest("namespace", root.fields.keys());
    const hint = near === undefined ? "" : `; is it what ${quote(near)} was meant to be?`;
    issues.error("missing", root.at, `namespace is missing: the first part of every id in this file${hint}`);
    return undefined;
  }
  if (node.type !== "scalar" || typeof node.value !== "string") {
    issues.error("type", node.at, `namespace must be a string, found ${show(node)}`);
    return undefined;
  }
  if (node.value.trim() === "") {
    if (!optional) issues.error("value", node.at, `namespace must not be blank, found ${show(node)}`);
    return undefined;
  }
  if (node.value.includes(":")) {
    // An id is split at its first colon: entries here could never be named.
    issues.error("value", node.at, `namespace must not contain ":", found ${show(node)}`);
    return undefined;
  }
  return node.value;
}

function rawOf(
  root: MapNode,
  file: string,
  namespace: string,
  module: Module | undefined,
  issues: Issues,
): RawDocument {
  const entries: RawEntry[] = [];
  const meta = metaOf(root, issues);
  const take = (node: MapNode, index: number | undefined): void => {
    const found = rawEntry(node, index, namespace, meta, module, issues);
    if (found !== undefined) entries.push(found);
  };
  const list = field(root, "entries");
  const single = SINGLE_FIELDS.every((key) => root.fields.has(key));
  if (list !== undefined && list.type !== "list") {
    issues.error("type", list.at, `entries must be a list, found ${show(list)}`);
  } else if (list !== undefined && (list.items.length > 0 || !single)) {
    list.items.forEach((item, i) => {
      if (item.type === "map") return take(item, i);
      const message = `entries[${i}] must be a map with name and kind, found ${show(item)}`;
      issues.error("type", item.at, message);
    });
    unknownFields(root, issues);
  } else if (single) {
    const fields = new Map([...root.fields].filter(([key]) => key === "meta" || !FILE_FIELDS.includes(key)));
    take({ type: "map", fields, at: root.fields.get("name")?.at ?? root.at }, undefined);
  } else {
    const near = nearest("entries", [...root.fields.keys()].filter((key) => !FILE_FIELDS.includes(key)));
    const hint = near === undefined ? "" : `; is entries what ${quote(near)} was meant to be?`;
    const message = `the file has a namespace but neither entries nor name and kind${hint}`;
    issues.error("missing", root.at, message);
  }
  const version = field(root, "version");
  return {
    file,
    namespace,
    version: version?.type === "scalar" ? version.source : undefined,
    meta: plain(meta) as Readonly<Record<string, Plain>>,
    entries,
    module,
  };
}

/**
 * The document of entries that have been declared.
 *
 * @param raw The file.
 * @param found What became of its entries, in their order.
 */
export function documentOf(
  { file, namespace, version, meta, module }: RawDocument,
  found: readonly Found[],
): Document {
  return Object.freeze({
    file,
    namespace,
    version,
    meta,
    entries: Object.freeze(found.flatMap(({ declaration }) => declaration ?? [])),
    outlines: Object.freeze(found.map(({ outline }) => outline)),
    module,
  });
}

function metaOf(root: MapNode, issues: Issues): MapNode {
  const meta = field(root, "meta");
  if (meta?.type === "map") return meta;
  if (meta !== undefined) issues.error("type", meta.at, `meta must be a map, found ${show(meta)}`);
  return { type: "map", fields: new Map(), at: root.at };
}

function unknownFields(root: MapNode, issues: Issues): void {
  for (const [key, { at }] of root.fields) {
    if (FILE_FIELDS.includes(key)) continue;
    if (SINGLE_FIELDS.includes(key)) {
      issues.warn("unknown-field", at, `${quote(key)} of the file is ignored where entries are given`);
      continue;
    }
    const near = nearest(key, FILE_FIELDS);
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    issues.warn("unknown-field", at, `${quote(key)} is no known field of a file and is ignored${hint}`);
  }
}
