/**
 * Names in `http.*` entries: patterns of paths, and middleware.
 *
 * @module
 */

import type { Issues } from "./issue.ts";
import { didYouMean } from "./nearest.ts";
import { field, listField, type MapNode, quote, show } from "./node.ts";

/** What the format knows. Which of it works here is known where requests are answered. */
export const MIDDLEWARE: readonly string[] = [
  "cors",
  "real_ip",
  "compress",
  "ratelimit",
  "token_auth",
  "endpoint_firewall",
  "resource_firewall",
  "websocket_relay",
  "sse_relay",
  "metrics",
  "sendfile",
];

/** As an identifier of Go. */
const NAME = /^[\p{L}_][\p{L}_\p{Nd}]*$/u;

/** Refuses names that no middleware has: an application that asks for a firewall must not run without. */
export function checkMiddleware(id: string, body: MapNode, key: string, issues: Issues): void {
  listField(body, key).forEach((item, i) => {
    if (item.type !== "scalar" || typeof item.value !== "string" || MIDDLEWARE.includes(item.value)) return;
    const near = item.shown === undefined ? didYouMean(item.value, MIDDLEWARE) : "";
    const message = `${id}: ${key}[${i}] must be the name of a middleware, found ${show(item)}; ` +
      `known: ${MIDDLEWARE.join(", ")}${near}`;
    issues.error("value", item.at, message);
  });
}

/**
 * Checks the pattern in a field: `/users/{id}`, `/files/{path...}`, `/exact/{$}`; `:name` is an older way to write `{name}`.
 * Whether it contradicts another one is known where all are.
 *
 * @param whole Whether nothing comes behind it; a prefix takes nothing to its end.
 * @see https://pkg.go.dev/net/http#hdr-Patterns-ServeMux
 */
export function checkPattern(id: string, body: MapNode, key: string, whole: boolean, issues: Issues): void {
  const node = field(body, key);
  // What else is wrong with it, its shape has said.
  if (node?.type !== "scalar" || typeof node.value !== "string" || !node.value.startsWith("/")) return;
  const wrong = wrongPattern(node.value, whole);
  if (wrong === undefined) return;
  const why = node.shown === undefined ? wrong : "is no pattern of paths";
  issues.error("value", node.at, `${id}: ${key} ${show(node)} ${why}`);
}

function wrongPattern(path: string, whole: boolean): string | undefined {
  const words = path.slice(1).split("/");
  const seen = new Set<string>();
  for (const [i, word] of words.entries()) {
    const last = i === words.length - 1;
    if (word === "." || word === ".." || (word === "" && !last)) {
      return "has empty segments, . or .., which no request arrives with";
    }
    const inner = word.startsWith(":") ? word.slice(1) : /^\{(.*)\}$/.exec(word)?.[1];
    if (inner === undefined) {
      if (word.includes("{")) {
        return `has ${quote(word)}: what is captured must be a whole segment, as in /{name}/`;
      }
      continue;
    }
    if (inner === "$" && word !== ":$") {
      if (!last || !whole) return "has {$} before its end";
      continue;
    }
    const rest = inner.endsWith("...");
    const name = rest ? inner.slice(0, -3) : inner;
    if (!NAME.test(name)) {
      return `has ${quote(word)}: a name is letters, digits and _, and begins with no digit`;
    }
    if (rest && (!last || !whole)) return `has ${quote(word)} before its end`;
    if (seen.has(name)) return `captures {${name}} twice`;
    seen.add(name);
  }
  return undefined;
}
