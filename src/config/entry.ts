/**
 * One entry: fields → its typed declaration, and what is known of it in any case.
 *
 * @module
 */

import type { Declaration, DeclarationBase, Outline, Reference } from "./declaration.ts";
import { directoryDeclaration } from "./directory.ts";
import { storageDeclaration, storageOutline, variableDeclaration, variableOutline } from "./env.ts";
import { processHostDeclaration, processServiceDeclaration, terminalHostDeclaration } from "./host.ts";
import { httpEndpointDeclaration, httpRouterDeclaration, httpStaticDeclaration } from "./http.ts";
import { httpServiceDeclaration } from "./http_service.ts";
import type { Issues } from "./issue.ts";
import { isKind, type Kind } from "./kinds.ts";
import { requirements } from "./lifecycle.ts";
import { fit } from "./loose.ts";
import { field, type MapNode, type Plain, plain } from "./node.ts";
import { bareOutline, type Module, type RawEntry } from "./raw.ts";
import { fullIdOf } from "./reference.ts";
import { schemaOf } from "./schema.ts";
import { shapeOf } from "./shape.ts";
import { wasmDeclaration, wasmOutline } from "./wasm.ts";

/** What became of an entry. */
export interface Found {
  /** What is known of it in any case. */
  readonly outline: Outline;
  /** The typed entry, where its kind is supported and nothing is wrong. */
  readonly declaration: Declaration | undefined;
}

/** Ids in fields that have no list and no map around them. */
const NAMES: Partial<Record<Kind, readonly [part: "meta" | "body", key: string, use: Reference["use"]][]>> = {
  "http.router": [["meta", "server", "server"]],
  "http.endpoint": [["body", "func", "function"], ["meta", "router", "router"]],
  "http.static": [["meta", "server", "server"], ["body", "fs", "files"]],
  "process.service": [["body", "process", "process"], ["body", "host", "host"]],
};

/**
 * Checks an entry's fields and makes its declaration.
 *
 * @param raw The entry as it is written, with nothing left to be replaced in it.
 * @param module The module that it is of.
 * @param issues Receives what is wrong.
 */
export function declareEntry(raw: RawEntry, module: Module | undefined, issues: Issues): Found {
  const { id, namespace, name, kind, at } = raw;
  if (!isKind(kind) || raw.body === undefined) return { outline: bareOutline(raw), declaration: undefined };
  const body = fit(raw.body, shapeOf(schemaOf(kind)));
  const meta = fit(raw.meta, undefined);
  const base: DeclarationBase = {
    id,
    namespace,
    name,
    meta: plain(meta) as Readonly<Record<string, Plain>>,
    at,
  };
  return {
    outline: outlineOf(raw, kind, body, meta),
    declaration: declare(kind, base, body, meta, module, issues),
  };
}

/** What is known of an entry, wrong or not: what it names, and what it is called elsewhere. */
function outlineOf(raw: RawEntry, kind: Kind, body: MapNode, meta: MapNode): Outline {
  return Object.freeze({ ...bareOutline(raw), ...names(kind, raw.namespace, body, meta) });
}

function names(kind: Kind, namespace: string, body: MapNode, meta: MapNode): Partial<Outline> {
  switch (kind) {
    case "function.wasm":
    case "process.wasm":
    case "function.wat":
      return wasmOutline(kind, namespace, body, meta);
    case "env.variable":
      return variableOutline(namespace, body);
    case "env.storage.router":
      return storageOutline(namespace, body);
    default: {
      const references = (NAMES[kind] ?? []).flatMap(([part, key, use]): Reference[] => {
        const node = field(part === "meta" ? meta : body, key);
        const target = fullIdOf(node, namespace);
        if (node === undefined || target === "") return [];
        return [Object.freeze({ field: part === "meta" ? `meta.${key}` : key, use, target, at: node.at })];
      });
      return { references: Object.freeze([...references, ...requirements(namespace, body)]) };
    }
  }
}

function declare(
  kind: Kind,
  base: DeclarationBase,
  body: MapNode,
  meta: MapNode,
  module: Module | undefined,
  issues: Issues,
): Declaration | undefined {
  switch (kind) {
    case "function.wasm":
    case "process.wasm":
    case "function.wat":
      return wasmDeclaration(kind, base, body, meta, issues);
    case "fs.directory":
      return directoryDeclaration(base, body, module, issues);
    case "env.variable":
      return variableDeclaration(base, body, issues);
    case "http.service":
      return httpServiceDeclaration(base, body, issues);
    case "http.router":
      return httpRouterDeclaration(base, body, meta, issues);
    case "http.endpoint":
      return httpEndpointDeclaration(base, body, meta, issues);
    case "http.static":
      return httpStaticDeclaration(base, body, meta, issues);
    case "process.host":
      return processHostDeclaration(base, body, issues);
    case "terminal.host":
      return terminalHostDeclaration(base, body, issues);
    case "process.service":
      return processServiceDeclaration(base, body, issues);
    default:
      return storageDeclaration(kind, base, body, issues);
  }
}
