/**
 * YAML text → one typed document, or every problem in it.
 *
 * @module
 */

import type { Declaration, Document, Outline } from "./declaration.ts";
import { entry } from "./entry.ts";
import { ConfigError, type Issue, Issues } from "./issue.ts";
import { nearest } from "./nearest.ts";
import { field, type MapNode, plain, quote, show } from "./node.ts";
import type { Plain } from "./node.ts";
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

/**
 * Reads one index file's text. Never throws for what the text says.
 *
 * @param text YAML or JSON.
 * @param file Its name, for positions.
 * @param options With `optional`, a text without `namespace` is no index file and no problem: every YAML
 * and JSON file below a directory is a candidate.
 * @returns The document, and everything that is wrong.
 */
export function readDocument(text: string, file: string, options: { optional?: boolean } = {}): Reading {
  const issues = new Issues();
  const start = Object.freeze({ file, line: 1, column: 1 });
  const none: Reading = { document: undefined, issues: [] };
  if (options.optional && !text.includes("namespace")) return none;
  const root = tree(text, file, issues);
  const unreadable = issues.sorted();
  if (root === undefined || root.type !== "map") {
    // JSON with comments, templates of YAML: unreadable, but no index file either.
    if (options.optional && (root !== undefined || !NAMESPACE_KEY.test(text))) return none;
    if (unreadable.length === 0) {
      const found = root === undefined ? "an empty file" : show(root);
      issues.error(
        "type",
        root?.at ?? start,
        `an index file must be a map with a namespace and entries, found ${found}`,
      );
    }
    return { document: undefined, issues: issues.sorted() };
  }
  const namespace = namespaceOf(root, options.optional ?? false, issues);
  if (namespace === undefined) {
    // What is wrong inside a file that is no index file is none of our business.
    const ours = !options.optional || issues.sorted().length > unreadable.length;
    return ours ? { document: undefined, issues: issues.sorted() } : none;
  }
  return { document: documentOf(root, file, namespace, issues), issues: issues.sorted() };
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

function documentOf(root: MapNode, file: string, namespace: string, issues: Issues): Document {
  const entries: Declaration[] = [];
  const outlines: Outline[] = [];
  const meta = metaOf(root, issues);
  const take = (node: MapNode, index: number | undefined): void => {
    const found = entry(node, index, namespace, meta, issues);
    if (found === undefined) return;
    outlines.push(found.outline);
    if (found.declaration !== undefined) entries.push(found.declaration);
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
  return Object.freeze({
    file,
    namespace,
    version: version?.type === "scalar" ? version.source : undefined,
    meta: plain(meta) as Readonly<Record<string, Plain>>,
    entries: Object.freeze(entries),
    outlines: Object.freeze(outlines),
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
