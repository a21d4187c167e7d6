/**
 * `env.*` entries: variables, and the storages that hold their values.
 *
 * @module
 */

import type {
  DeclarationBase,
  Outline,
  Reference,
  StorageDeclaration,
  VariableDeclaration,
} from "./declaration.ts";
import type { Issues } from "./issue.ts";
import { field, listField, mapField, type MapNode, type Node, plain, show, textField } from "./node.ts";
import { fullIdOf } from "./reference.ts";
import {
  bareStorageSchema,
  fileStorageSchema,
  routerStorageSchema,
  staticStorageSchema,
  variableSchema,
} from "./schema/env.ts";
import { checkShape } from "./shape.ts";

const FILE_MODE = 0o644;
const DIR_MODE = 0o755;
const MAX_MODE = 0o7777;
const SCHEMAS = {
  "env.storage.memory": bareStorageSchema,
  "env.storage.os": bareStorageSchema,
  "env.storage.static": staticStorageSchema,
  "env.storage.file": fileStorageSchema,
  "env.storage.router": routerStorageSchema,
};

/**
 * Checks a variable's fields and makes its declaration.
 *
 * @param base What every entry has.
 * @param body The entry's fields without `name`, `kind`, `meta` and `data`.
 * @param issues Receives what is wrong.
 * @returns The declaration, or `undefined` where something is wrong.
 */
export function variableDeclaration(
  base: DeclarationBase,
  body: MapNode,
  issues: Issues,
): VariableDeclaration | undefined {
  const before = issues.errors;
  const fields = checkShape(variableSchema(), body, { name: base.id, prefix: "", at: base.at, issues });
  if (fields === undefined || issues.errors > before) return undefined;
  return Object.freeze({
    ...base,
    kind: "env.variable",
    key: fields.variable || base.id,
    storage: fullIdOf(field(body, "storage"), base.namespace),
    default: fields.default,
    readonly: fields.readonly ?? false,
  });
}

/**
 * Checks a storage's fields and makes its declaration.
 *
 * @param kind The entry's kind.
 * @param base What every entry has.
 * @param body The entry's fields without `name`, `kind`, `meta` and `data`.
 * @param issues Receives what is wrong.
 * @returns The declaration, or `undefined` where something is wrong.
 */
export function storageDeclaration(
  kind: StorageDeclaration["kind"],
  base: DeclarationBase,
  body: MapNode,
  issues: Issues,
): StorageDeclaration | undefined {
  const before = issues.errors;
  checkShape(SCHEMAS[kind](), body, { name: base.id, prefix: "", at: base.at, issues });
  if (kind === "env.storage.static") checkValues(base.id, body, issues);
  const isFile = kind === "env.storage.file";
  const fileMode = isFile ? modeOf(base.id, "file_mode", body, FILE_MODE, issues) : FILE_MODE;
  const dirMode = isFile ? modeOf(base.id, "dir_mode", body, DIR_MODE, issues) : DIR_MODE;
  if (issues.errors > before) return undefined;
  switch (kind) {
    case "env.storage.memory":
    case "env.storage.os":
      return Object.freeze({ ...base, kind });
    case "env.storage.static": {
      const values = mapField(body, "values");
      const plainValues = values === undefined ? {} : plain(values, false) as Record<string, string>;
      return Object.freeze({ ...base, kind, values: Object.freeze(plainValues) });
    }
    case "env.storage.file": {
      const autoCreate = field(body, "auto_create");
      return Object.freeze({
        ...base,
        kind,
        filePath: textField(body, "file_path") ?? "",
        autoCreate: autoCreate?.type === "scalar" && autoCreate.value === true,
        fileMode,
        dirMode,
      });
    }
    case "env.storage.router": {
      const storages = listField(body, "storages").map((item) => fullIdOf(item, base.namespace));
      return Object.freeze({ ...base, kind, storages: Object.freeze(storages) });
    }
  }
}

/** The storage and the public name that a variable names, as far as they can be read. */
export function variableOutline(
  namespace: string,
  body: MapNode,
): Pick<Outline, "references" | "variable"> {
  const storage = field(body, "storage");
  const name = textField(body, "variable");
  const at = field(body, "variable")?.at ?? body.at;
  return {
    references: Object.freeze(storage === undefined ? [] : references(namespace, [["storage", storage]])),
    variable: name ? Object.freeze({ name, at }) : undefined,
  };
}

/** The storages that a router names, as far as they can be read. */
export function storageOutline(namespace: string, body: MapNode): Pick<Outline, "references"> {
  const items = listField(body, "storages").map((item, i): [string, Node] => [`storages[${i}]`, item]);
  return { references: Object.freeze(references(namespace, items)) };
}

function references(namespace: string, items: readonly [field: string, node: Node][]): Reference[] {
  return items.flatMap(([field, node]) => {
    const target = fullIdOf(node, namespace);
    return target === "" ? [] : [Object.freeze({ field, use: "storage", target, at: node.at } as const)];
  });
}

/** valibot's records pass over `constructor` and the like, which here are keys as good as any. */
function checkValues(id: string, body: MapNode, issues: Issues): void {
  for (const [key, { value }] of mapField(body, "values")?.fields ?? []) {
    if (key !== "constructor" && key !== "prototype" && key !== "__proto__") continue;
    if (value.type === "scalar" && (value.value === null || typeof value.value === "string")) continue;
    issues.error("type", value.at, `${id}: values.${key} must be a string, found ${show(value)}`);
  }
}

/** Permission bits; 0 means the standard. A zero in front means octal, as in the original: not so in YAML 1.2. */
function modeOf(id: string, key: string, body: MapNode, standard: number, issues: Issues): number {
  const node = field(body, key);
  if (node?.type !== "scalar" || typeof node.value !== "number") return standard;
  const octal = /^0\d/.test(node.source);
  const mode = !octal ? node.value : /^[0-7]+$/.test(node.source) ? parseInt(node.source, 8) : NaN;
  if (mode <= MAX_MODE) return mode || standard;
  issues.error("value", node.at, `${id}: ${key} must be permission bits, like 0644, found ${show(node)}`);
  return standard;
}
