/**
 * Rules that a schema cannot say: what one field of a `*.wasm` entry means for another. They look at
 * nodes, not at checked values, so that they speak even where something else is wrong.
 *
 * @module
 */

import { isComponentText } from "./component_text.ts";
import { cleanGuestPath, innerPath } from "./guest_path.ts";
import type { WasmDeclaration } from "./declaration.ts";
import { isEmptyImport, packageOf, PACKAGES, unknownImport } from "./imports.ts";
import type { Issues } from "./issue.ts";
import { networkRule } from "./network_rule.ts";
import { field, listField, mapField, type MapNode, type Node, quote, show, textField, told } from "./node.ts";
import { at, type Position } from "./position.ts";

/** Every rule for the fields of `function.wasm`, `process.wasm` and `function.wat`. */
export function checkWasmRules(
  kind: WasmDeclaration["kind"],
  id: string,
  body: MapNode,
  issues: Issues,
): void {
  const component = kind === "function.wat" && isComponentText(textField(body, "source") ?? "");
  if (kind !== "function.wat") modulePath(id, body, issues);
  if (component) signatures(id, body, issues);
  imports(kind === "function.wat" && !component, id, body, issues);
  poolSize(id, body, issues);
  const misplaced = body.fields.get("network");
  if (misplaced) {
    issues.error("unknown-field", misplaced.at, `${id}: network belongs under wasi: wasi.network`);
  }
  walls(id, body, issues);
  const wasi = mapField(body, "wasi");
  if (wasi === undefined) return;
  networkRules(id, wasi, issues);
  unique(id, "wasi.env", "name", listField(wasi, "env"), (name) => name.trim(), issues);
  unique(id, "wasi.mounts", "guest", listField(wasi, "mounts"), (guest) => {
    const path = guest.trim();
    return path.startsWith("/") ? cleanGuestPath(path) : "";
  }, issues);
}

/** The name of an item of `imports`: text, or `{ns, name}`. */
export function importName(item: Node): string | undefined {
  if (item.type === "scalar") return typeof item.value === "string" ? item.value : undefined;
  if (item.type === "list") return undefined;
  const name = textField(item, "name");
  const ns = textField(item, "ns");
  return name === undefined ? undefined : ns ? `${ns}:${name}` : name;
}

/** Two of the walls stand around a process of the guest's own only. */
function walls(id: string, body: MapNode, issues: Issues): void {
  if (textField(body, "isolation") !== "inline" || listField(body, "require").length === 0) return;
  const message =
    `${id}: require and isolation: inline exclude each other: these walls stand around a process`;
  issues.error("value", body.fields.get("require")!.at, message);
}

/** The module's file is inside the file system that holds it. */
function modulePath(id: string, body: MapNode, issues: Issues): void {
  const path = textField(body, "path");
  const place = body.fields.get("path")?.value.at;
  if (path === undefined || path === "" || place === undefined) return;
  const parts = innerPath(path);
  const wrong = /[\\\0]/.test(path)
    // A backslash separates folders on some hosts only: what is inside here could be outside there.
    ? "must not contain backslashes or null characters; separate folders by /"
    : parts === undefined
    ? "leads out of the directory that fs names"
    : parts.length === 0
    ? "names the directory that fs names, not a file in it"
    : undefined;
  if (wrong !== undefined) issues.error("value", place, `${id}: path ${told(body, "path")} ${wrong}`);
}

/** What a component's exports take and return, its text says. */
function signatures(id: string, body: MapNode, issues: Issues): void {
  const at = field(body, "wit")?.at;
  if (at === undefined) return;
  issues.error(
    "value",
    at,
    `${id}: wit is for core modules; source is a component, which has types of its own`,
  );
}

/** For the text of a core module no host function of a component exists. */
function imports(coreText: boolean, id: string, body: MapNode, issues: Issues): void {
  listField(body, "imports").forEach((item, i) => {
    const name = importName(item);
    if (name === undefined) return;
    const found = packageOf(name);
    if (isEmptyImport(name)) {
      issues.error("value", item.at, `${id}: imports[${i}] must name a package, found ${quote(name)}`);
    } else if (found === undefined) {
      // The value of a variable is neither told nor likened to anything.
      const what = item.type === "scalar" && item.shown !== undefined
        ? `import ${quote(item.shown)} is unknown; allowed: ${PACKAGES.join(", ")}`
        : unknownImport(name);
      issues.error("unknown-import", item.at, `${id}: ${what}`);
    } else if (coreText && found !== "wasi1") {
      const message = `${id}: imports[${i}] ${
        show(item)
      } requires a component, and the text is that of a core module; allowed: wasi1`;
      issues.error("value", item.at, message);
    }
  });
}

/**
 * Every rule of `wasi.network.allow` can be read. And a fence with nothing written in it is a mistake: elsewhere an
 * empty key is one that is absent, and here that would be no fence.
 */
function networkRules(id: string, wasi: MapNode, issues: Issues): void {
  const empty = (map: MapNode, key: string, path: string, what: string): void => {
    const field = map.fields.get(key);
    if (field?.value.type !== "scalar" || field.value.value !== null) return;
    issues.error("value", field.at, `${id}: ${path} is empty; ${what}`);
  };
  empty(wasi, "network", "wasi.network", "to allow nothing, write wasi.network.allow: []");
  const network = mapField(wasi, "network");
  if (network === undefined) return;
  empty(network, "allow", "wasi.network.allow", "to allow nothing, write []");
  listField(network, "allow").forEach((item, i) => {
    if (item.type !== "scalar" || typeof item.value !== "string") return;
    const rule = networkRule(item.value);
    if (!("wrong" in rule)) return;
    const why = item.shown === undefined ? rule.wrong : "is no rule that can be read";
    const message = `${id}: wasi.network.allow[${i}] ${show(item)}: ${why}`;
    issues.error("value", item.at, message);
  });
}

/** A fixed number of workers needs a size. The original demands it of `type: static` too. */
function poolSize(id: string, body: MapNode, issues: Issues): void {
  const pool = mapField(body, "pool");
  if (pool === undefined) return;
  const workers = count(pool, "workers");
  const size = count(pool, "size");
  if (workers === undefined || size === undefined || workers === 0 || size > 0) return;
  issues.error(
    "missing",
    pool.fields.get("size")?.at ?? pool.fields.get("workers")?.at ?? pool.at,
    `${id}: pool.size must be 1 or more where pool.workers is set, found workers: ${workers} and ` +
      (pool.fields.has("size") ? "size: 0" : "no size"),
  );
}

/** A count that is absent is 0; one that is wrong already has an issue and says nothing here. */
function count(map: MapNode, key: string): number | undefined {
  const node = map.fields.get(key)?.value;
  if (node === undefined || (node.type === "scalar" && node.value === null)) return 0;
  const value = node.type === "scalar" ? node.value : undefined;
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;
}

/** No two items of a list may have the same text in one field, after cleaning. */
function unique(
  id: string,
  path: string,
  key: string,
  items: readonly Node[],
  clean: (text: string) => string,
  issues: Issues,
): void {
  const seen = new Map<string, Position>();
  items.forEach((item, i) => {
    if (item.type !== "map") return;
    const text = textField(item, key);
    const node = item.fields.get(key)?.value;
    if (text === undefined || node === undefined) return;
    const cleaned = clean(text);
    if (cleaned === "") return; // blank: already an issue
    const first = seen.get(cleaned);
    if (first === undefined) {
      seen.set(cleaned, node.at);
      return;
    }
    const same = cleaned === text || (node.type === "scalar" && node.shown !== undefined)
      ? show(node)
      : `${quote(text)}, which is ${quote(cleaned)},`;
    issues.error(
      "duplicate",
      node.at,
      `${id}: ${path}[${i}].${key} ${same} is already given at ${at(first)}`,
    );
  });
}
