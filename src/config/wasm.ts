/**
 * A `function.wasm`, `process.wasm` or `function.wat` entry: fields → declaration.
 *
 * @module
 */

import type {
  Command,
  DeclarationBase,
  EnvItem,
  ImportItem,
  MountItem,
  NetworkRules,
  Outline,
  Reference,
  WasmDeclaration,
} from "./declaration.ts";
import { packageOf } from "./imports.ts";
import type { Issues } from "./issue.ts";
import { type NetworkRule, networkRule } from "./network_rule.ts";
import { field, listField, mapField, type MapNode, type Node, show, textField } from "./node.ts";
import { poolOf } from "./pool.ts";
import type { Position } from "./position.ts";
import { fullIdOf } from "./reference.ts";
import { checkWasmRules, importName } from "./rules.ts";
import { type CallFields, commandSchema, wasmSchema, watSchema } from "./schema/wasm.ts";
import { checkShape, type Subject } from "./shape.ts";

/**
 * Checks an entry's fields and makes its declaration.
 *
 * @param kind The entry's kind.
 * @param base What every entry has.
 * @param body The entry's fields without `name`, `kind`, `meta` and `data`.
 * @param meta The merged `meta`.
 * @param issues Receives what is wrong.
 * @returns The declaration, or `undefined` where something is wrong.
 */
export function wasmDeclaration(
  kind: WasmDeclaration["kind"],
  base: DeclarationBase,
  body: MapNode,
  meta: MapNode,
  issues: Issues,
): WasmDeclaration | undefined {
  const before = issues.errors;
  const found = moduleOf(kind, body, { name: base.id, prefix: "", at: base.at, issues });
  checkWasmRules(kind, base.id, body, issues);
  const command = commandOf(kind, base, meta, issues);
  if (found === undefined || issues.errors > before) return undefined;
  const { fields, source, path, hash } = found;
  const place = (key: string): Position => field(body, key)?.at ?? base.at;
  const keyPlace = (key: string): Position => body.fields.get(key)?.at ?? base.at;
  const wasi = mapField(body, "wasi");
  const network = wasi && mapField(wasi, "network");
  return Object.freeze({
    ...base,
    kind,
    source,
    ...placeOf(source === undefined ? undefined : field(body, "source")),
    fs: source === undefined ? fullIdOf(field(body, "fs"), base.namespace) : "",
    path,
    hash,
    method: fields.method,
    wit: fields.wit,
    transport: fields.transport || "payload",
    imports: Object.freeze(listField(body, "imports").map(importItem)),
    pool: poolOf(fields.pool),
    limits: Object.freeze({
      maxExecutionMs: fields.limits?.max_execution_ms || undefined,
      maxMemoryBytes: fields.limits?.max_memory_bytes || undefined,
    }),
    wasi: wasiOf(fields.wasi, wasi, base.namespace),
    isolation: fields.isolation ?? "auto",
    require: Object.freeze([...fields.require ?? []]),
    strict: fields.strict ?? false,
    allowSystem: fields.allow_system ?? false,
    command,
    where: Object.freeze({
      fs: place(source === undefined ? "fs" : "source"),
      path: place(source === undefined ? "path" : "source"),
      hash: place(source === undefined ? "hash" : "source"),
      method: place("method"),
      wit: field(body, "wit")?.at ?? place("method"),
      imports: keyPlace("imports"),
      wasi: keyPlace("wasi"),
      network: network?.fields.get("allow")?.at ?? wasi?.fields.get("network")?.at ?? keyPlace("wasi"),
    }),
  });
}

/** The ids and the command that an entry names, as far as they can be read. */
export function wasmOutline(
  kind: WasmDeclaration["kind"],
  namespace: string,
  body: MapNode,
  meta: MapNode,
): Pick<Outline, "references" | "command"> {
  const references: Reference[] = [];
  const add = (map: MapNode, key: string, path: string, use: Reference["use"]): void => {
    const target = fullIdOf(field(map, key), namespace);
    if (target !== "") references.push(Object.freeze({ field: path, use, target, at: valueAt(map, key) }));
  };
  if (kind !== "function.wat") add(body, "fs", "fs", "module");
  const wasi = mapField(body, "wasi");
  const items = (key: string): readonly Node[] => wasi === undefined ? [] : listField(wasi, key);
  items("mounts").forEach((item, i) => {
    if (item.type === "map") add(item, "fs", `wasi.mounts[${i}].fs`, "mount");
  });
  items("env").forEach((item, i) => {
    if (item.type !== "map") return;
    const required = field(item, "required");
    const use = required?.type === "scalar" && required.value === true
      ? "required variable"
      : "optional variable";
    add(item, "id", `wasi.env[${i}].id`, use);
  });
  const command = kind === "process.wasm" ? mapField(meta, "command") : undefined;
  const name = command === undefined ? undefined : textField(command, "name");
  return {
    references: Object.freeze(references),
    command: command && name ? Object.freeze({ name, at: valueAt(command, "name") }) : undefined,
  };
}

/** The fields, and what names the module: a file, or a text in its place. */
function moduleOf(
  kind: WasmDeclaration["kind"],
  body: MapNode,
  subject: Subject,
):
  | {
    readonly fields: CallFields;
    readonly source: string | undefined;
    readonly path: string;
    readonly hash: string;
  }
  | undefined {
  if (kind === "function.wat") {
    const fields = checkShape(watSchema(), body, subject);
    return fields && { fields, source: fields.source, path: "", hash: "" };
  }
  const fields = checkShape(wasmSchema(), body, subject);
  return fields && { fields, source: undefined, path: fields.path, hash: fields.hash };
}

/** Where a text stands, as far as that is known. */
function placeOf(node: Node | undefined): Pick<WasmDeclaration, "lines" | "concealed"> {
  if (node?.type !== "scalar") return {};
  if (node.lines) return { lines: Object.freeze(node.lines) };
  return node.shown === undefined ? {} : { concealed: true };
}

function wasiOf(
  fields: CallFields["wasi"],
  node: MapNode | undefined,
  namespace: string,
): WasmDeclaration["wasi"] {
  // The checked fields and the nodes are the same list twice: values from one, places from the other.
  const maps = (key: string): readonly MapNode[] =>
    node === undefined ? [] : listField(node, key).filter((item) => item.type === "map");
  const env = maps("env").map((item, i): EnvItem => {
    const { name, required } = fields?.env?.[i] ?? { name: "", required: false };
    const id = fullIdOf(field(item, "id"), namespace);
    return Object.freeze({ id, name: name.trim(), required: required ?? false, at: valueAt(item, "id") });
  });
  const mounts = maps("mounts").map((item, i): MountItem => {
    const { guest, read_only } = fields?.mounts?.[i] ?? { guest: "", read_only: false };
    const fs = fullIdOf(field(item, "fs"), namespace);
    return Object.freeze({ fs, guest: guest.trim(), readOnly: read_only ?? false, at: valueAt(item, "fs") });
  });
  return Object.freeze({
    args: Object.freeze([...fields?.args ?? []]),
    cwd: fields?.cwd || "/",
    env: Object.freeze(env),
    mounts: Object.freeze(mounts),
    network: networkOf(fields?.network),
  });
}

function networkOf(fields: NonNullable<CallFields["wasi"]>["network"]): NetworkRules | undefined {
  if (fields === undefined) return undefined;
  // What is wrong with a rule, the rules of the entry have said.
  const rules = fields.allow?.map(networkRule).filter((rule): rule is NetworkRule => !("wrong" in rule));
  const allow = rules === undefined ? undefined : Object.freeze(rules);
  return Object.freeze({ allow, private: fields.private ?? false });
}

function importItem(item: Node): ImportItem {
  const name = importName(item) ?? "";
  // The rules have refused every name without a package before this is reached.
  return Object.freeze({ name, package: packageOf(name) ?? "wasi1", at: item.at });
}

function commandOf(
  kind: WasmDeclaration["kind"],
  base: DeclarationBase,
  meta: MapNode,
  issues: Issues,
): Command | undefined {
  const node = field(meta, "command");
  if (node === undefined) return undefined;
  if (kind !== "process.wasm") {
    const message = `${base.id}: meta.command works on process.* entries only and is ignored on ${kind}`;
    issues.warn("unsupported", meta.fields.get("command")?.at ?? node.at, message);
    return undefined;
  }
  if (node.type !== "map") {
    issues.error("type", node.at, `${base.id}: meta.command must be a map, found ${show(node)}`);
    return undefined;
  }
  const subject = { name: base.id, prefix: "meta.command.", at: node.at, issues };
  const fields = checkShape(commandSchema(), node, subject);
  if (fields === undefined) return undefined;
  const { name, short, main = false } = fields;
  return Object.freeze({ name, short, main, at: valueAt(node, "name") });
}

function valueAt(map: MapNode, key: string): Position {
  return field(map, key)?.at ?? map.at;
}
