/**
 * `http.router`, `http.endpoint` and `http.static` entries: fields → declaration.
 *
 * @module
 */

import type {
  DeclarationBase,
  HttpEndpointDeclaration,
  HttpRouterDeclaration,
  HttpStaticDeclaration,
} from "./declaration.ts";
import { innerPath } from "./guest_path.ts";
import { checkMiddleware, checkPattern } from "./http_names.ts";
import type { Issues } from "./issue.ts";
import { field, listField, mapField, type MapNode, type Node, show, textField } from "./node.ts";
import type { Position } from "./position.ts";
import { fullIdOf } from "./reference.ts";
import {
  httpEndpointSchema,
  httpRouterSchema,
  httpStaticSchema,
  routerMetaSchema,
  serverMetaSchema,
} from "./schema/http.ts";
import { checkShape } from "./shape.ts";

/** Options of `http.static` that older files have among those of the middleware. */
const STATIC_OPTIONS = ["spa", "index", "cache"];
const INDEX = "index.html";

/** Checks the fields of an `http.router` and makes its declaration; `undefined` where something is wrong. */
export function httpRouterDeclaration(
  base: DeclarationBase,
  body: MapNode,
  meta: MapNode,
  issues: Issues,
): HttpRouterDeclaration | undefined {
  const before = issues.errors;
  const { id, at } = base;
  const server = owner(base, meta, "server", issues);
  checkShape(httpRouterSchema(), body, { name: id, prefix: "", at, issues });
  checkPattern(id, body, "prefix", false, issues);
  checkMiddleware(id, body, "middleware", issues);
  checkMiddleware(id, body, "post_middleware", issues);
  const ignored = body.fields.get("server");
  if (ignored !== undefined) {
    issues.warn("unknown-field", ignored.at, `${id}: server has no effect: the service is meta.server`);
  }
  if (server === undefined || issues.errors > before) return undefined;
  return Object.freeze({
    ...base,
    kind: "http.router",
    server: server.id,
    prefix: (textField(body, "prefix") ?? "").replace(/\/$/, ""),
    middleware: textsOf(body, "middleware"),
    options: optionsOf(body, "options"),
    postMiddleware: textsOf(body, "post_middleware"),
    postOptions: optionsOf(body, "post_options"),
    shown: shownIn(body),
    where: Object.freeze({
      server: server.at,
      prefix: place(body, "prefix", at),
      middleware: place(body, "middleware", at),
    }),
  });
}

/** Checks the fields of an `http.endpoint` and makes its declaration; `undefined` where something is wrong. */
export function httpEndpointDeclaration(
  base: DeclarationBase,
  body: MapNode,
  meta: MapNode,
  issues: Issues,
): HttpEndpointDeclaration | undefined {
  const before = issues.errors;
  const { id, at } = base;
  const fields = checkShape(httpEndpointSchema(), body, { name: id, prefix: "", at, issues });
  checkPattern(id, body, "path", true, issues);
  const router = owner(base, meta, "router", issues);
  if (fields === undefined || router === undefined || issues.errors > before) return undefined;
  return Object.freeze({
    ...base,
    kind: "http.endpoint",
    router: router.id,
    func: fullIdOf(field(body, "func"), base.namespace),
    path: fields.path,
    method: fields.method,
    shown: shownIn(body),
    where: Object.freeze({
      router: router.at,
      func: place(body, "func", at),
      path: place(body, "path", at),
      method: place(body, "method", at),
    }),
  });
}

/** Checks the fields of an `http.static` and makes its declaration; `undefined` where something is wrong. */
export function httpStaticDeclaration(
  base: DeclarationBase,
  body: MapNode,
  meta: MapNode,
  issues: Issues,
): HttpStaticDeclaration | undefined {
  const before = issues.errors;
  const { id, at } = base;
  const fields = checkShape(httpStaticSchema(), body, { name: id, prefix: "", at, issues });
  checkInside(id, body, issues);
  checkMiddleware(id, body, "middleware", issues);
  const own = mapField(body, "static_options");
  const older = mapField(body, "options");
  const option = (key: string): Node | undefined => (older && field(older, key)) ?? (own && field(own, key));
  const spa = isTrue(option("spa"));
  const index = textOf(option("index"));
  if (spa && index === undefined) {
    const message =
      `${id}: static_options.index is missing: with spa, it is what paths without a file are answered with`;
    issues.error("missing", option("spa")?.at ?? at, message);
  }
  const server = owner(base, meta, "server", issues);
  if (fields === undefined || server === undefined || issues.errors > before) return undefined;
  return Object.freeze({
    ...base,
    kind: "http.static",
    server: server.id,
    fs: fullIdOf(field(body, "fs"), base.namespace),
    path: fields.path,
    directory: fields.directory ?? "",
    spa,
    index: index ?? INDEX,
    cache: textOf(option("cache")),
    middleware: textsOf(body, "middleware"),
    options: optionsOf(body, "options", STATIC_OPTIONS),
    shown: shownIn(body),
    where: Object.freeze({
      server: server.at,
      fs: place(body, "fs", at),
      path: place(body, "path", at),
      directory: place(body, "directory", at),
      middleware: place(body, "middleware", at),
    }),
  });
}

/** The entry in `meta` that another belongs to. Everything else in `meta` is whoever's it may be. */
function owner(
  base: DeclarationBase,
  meta: MapNode,
  key: "server" | "router",
  issues: Issues,
): { readonly id: string; readonly at: Position } | undefined {
  const own = meta.fields.get(key);
  const only: MapNode = { type: "map", fields: new Map(own === undefined ? [] : [[key, own]]), at: meta.at };
  const subject = { name: base.id, prefix: "meta.", at: base.at, issues };
  const fields = checkShape<unknown>(
    key === "server" ? serverMetaSchema() : routerMetaSchema(),
    only,
    subject,
  );
  const node = field(meta, key);
  if (fields === undefined || node === undefined) return undefined;
  return { id: fullIdOf(node, base.namespace), at: node.at };
}

/** The directory of static files is inside its file system. */
function checkInside(id: string, body: MapNode, issues: Issues): void {
  const node = field(body, "directory");
  const path = textField(body, "directory");
  if (node === undefined || path === undefined) return;
  const wrong = /[\\\0]/.test(path)
    ? "must not contain backslashes or null characters; separate folders by /"
    : innerPath(path) === undefined
    ? "leads out of the directory that fs names"
    : undefined;
  if (wrong !== undefined) issues.error("value", node.at, `${id}: directory ${show(node)} ${wrong}`);
}

function place(body: MapNode, key: string, otherwise: Position): Position {
  return field(body, key)?.at ?? otherwise;
}

function textsOf(body: MapNode, key: string): readonly string[] {
  return Object.freeze(listField(body, key).flatMap((item) => textOf(item) ?? []));
}

/** The options of middleware, as texts. */
function optionsOf(
  body: MapNode,
  key: string,
  without: readonly string[] = [],
): Readonly<Record<string, string>> {
  const fields = [...mapField(body, key)?.fields ?? []].filter(([name]) => !without.includes(name));
  const texts = fields.flatMap(([name, { value }]): [string, string][] => {
    if (value.type !== "scalar" || value.value === null) return [];
    return [[name, String(value.value)]];
  });
  return Object.freeze(Object.fromEntries(texts));
}

/** What messages say in place of values, by paths: `options.cors.allow.origins`, `middleware[0]`. */
function shownIn(body: MapNode): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const look = (node: Node, path: string): void => {
    if (node.type === "list") node.items.forEach((item, i) => look(item, `${path}[${i}]`));
    else if (node.type === "map") {
      for (const [key, { value }] of node.fields) look(value, path === "" ? key : `${path}.${key}`);
    } else if (node.shown !== undefined) found[path] = node.shown;
  };
  look(body, "");
  return Object.freeze(found);
}

function textOf(node: Node | undefined): string | undefined {
  return node?.type === "scalar" && typeof node.value === "string" && node.value !== ""
    ? node.value
    : undefined;
}

function isTrue(node: Node | undefined): boolean {
  return node?.type === "scalar" && (node.value === true || node.value === "true");
}
