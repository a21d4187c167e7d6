/**
 * The JSON Schema of index files, made of what the loader itself checks them by.
 *
 * What it says and the loader does not: a kind of a family of which all are known (`function.`, `http.` …) is one of those,
 * where the loader knows a misspelt kind by how near it is to a right one. What the loader says and it cannot: rules between
 * fields, references, what the `meta` of a file gives to its entries.
 */
import { toJsonSchema } from "@valibot/to-json-schema";
import { MIDDLEWARE } from "../../src/config/http_names.ts";
import { IMPORT_NAMES } from "../../src/config/imports.ts";
import { type Kind, OTHER_KINDS, SUPPORTED_KINDS } from "../../src/config/kinds.ts";
import { schemaOf } from "../../src/config/schema.ts";
import { id, lifecycle } from "../../src/config/schema/common.ts";
import { routerMetaSchema, serverMetaSchema } from "../../src/config/schema/http.ts";
import { commandSchema } from "../../src/config/schema/wasm.ts";

/** Any schema. */
type Json = { [key: string]: unknown };

/** What any value may be in place of what it is for: it is replaced before it is looked at. */
const REPLACED = {
  type: "string",
  pattern: String.raw`^file://|\$\{`,
  description:
    "the text of a file (file://name), or the value of a variable (${env:NAME}, ${env:NAME|default})",
};
const REPLACED_REF = { $ref: "#/definitions/replaced" };

/** Maps in which every field restricts: what the loader does not know there is an error, not ignored. */
const RESTRICTING = [
  ["limits"],
  ["wasi", "mounts", "items"],
  ["wasi", "network"],
];

/** Families of which every kind is known. */
const FAMILIES = "^(function|process|terminal|env|fs|http)\\.";

/** The longest line. */
const WIDTH = 110;

/** The whole schema as it is written to `schema.json`. */
export function schemaText(): string {
  return `${printed(indexFile(), "", 0)}\n`;
}

/** JSON in which what is short stands on one line. */
function printed(value: unknown, indent: string, before: number): string {
  const line = JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, " ").replaceAll(
    /\[ | \]/g,
    (m) => m.trim(),
  );
  if (typeof value !== "object" || value === null || indent.length + before + line.length < WIDTH) {
    return line;
  }
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((one) => deeper + printed(one, deeper, 1)).join(",\n")}\n${indent}]`;
  }
  const fields = Object.entries(value).map(([name, one]) => {
    const key = `${JSON.stringify(name)}: `;
    return deeper + key + printed(one, deeper, key.length + 1);
  });
  return `{\n${fields.join(",\n")}\n${indent}}`;
}

function indexFile(): Json {
  const entry = { $ref: "#/definitions/entry" };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Airlock index file",
    description:
      "Entries of an application that runs WebAssembly with exactly the capabilities they declare.",
    type: "object",
    required: ["namespace"],
    anyOf: [{ required: ["entries"] }, { required: ["name", "kind"] }],
    properties: {
      version: { description: 'by custom "1.0"; nothing looks at it' },
      namespace: {
        description: "the first part of the id of every entry in this file",
        type: "string",
        pattern: String.raw`^[^:]*[^:\s][^:]*$`,
      },
      meta: { description: "lies below the meta of every entry", type: ["object", "null"] },
      entries: { type: ["array", "null"], items: entry },
    },
    // Without entries, the file itself is one.
    if: {
      required: ["name", "kind"],
      properties: { entries: { anyOf: [{ type: "null" }, { type: "array", maxItems: 0 }] } },
    },
    then: entry,
    definitions: { entry: entryOf(), ...kinds(), ...SHARED(), replaced: REPLACED },
  };
}

function entryOf(): Json {
  const metas: Partial<Record<Kind, Json>> = {
    "process.wasm": nullable({ command: nullableOf(converted(commandSchema())) }),
    "http.router": nullable(properties(converted(serverMetaSchema()))),
    "http.static": nullable(properties(converted(serverMetaSchema()))),
    "http.endpoint": nullable(properties(converted(routerMetaSchema()))),
  };
  return {
    type: "object",
    required: ["name", "kind"],
    properties: {
      name: { description: "its name, which makes its id with the namespace", type: "string", minLength: 1 },
      kind: {
        description: "what it is; kinds of other runtimes are skipped",
        anyOf: [
          { enum: [...SUPPORTED_KINDS] },
          { enum: [...OTHER_KINDS] },
          { type: "string", minLength: 1, not: { pattern: FAMILIES } },
        ],
      },
      meta: { description: "anything about the entry", type: ["object", "null"] },
      data: { description: "takes the place of the fields beside it", type: ["object", "null"] },
    },
    allOf: SUPPORTED_KINDS.map((kind) => ({
      if: { required: ["kind"], properties: { kind: { const: kind } } },
      then: {
        ...metas[kind] && { properties: { meta: metas[kind] } },
        if: { required: ["data"], properties: { data: { type: "object" } } },
        then: { properties: { data: reference(kind) } },
        else: reference(kind),
      },
    })),
  };
}

function reference(kind: Kind): Json {
  return { $ref: `#/definitions/${kind}` };
}

function kinds(): Json {
  return Object.fromEntries(SUPPORTED_KINDS.map((kind) => {
    const schema = converted(schemaOf(kind));
    for (const path of RESTRICTING) {
      const found = path.reduce<Json | undefined>((at, name) => below(at, name), schema);
      if (found !== undefined) found["additionalProperties"] = false;
    }
    if (below(schema, "wasi") !== undefined) {
      properties(schema)["network"] = { description: "belongs under wasi", not: {} };
    }
    suggest(schema);
    return [kind, kind === "process.wasm" ? reference("function.wasm") : schema];
  }));
}

/** Names that are known: all there are of middleware, and the plainest form of those of imports. */
function suggest(schema: Json): void {
  const imports = below(schema, "imports");
  if (imports !== undefined) {
    imports["items"] = {
      anyOf: [{ enum: [...IMPORT_NAMES] }, ...(imports["items"] as Json)["anyOf"] as Json[]],
    };
  }
  for (const key of ["middleware", "post_middleware"]) {
    const names = below(schema, key);
    if (names !== undefined) names["items"] = { anyOf: [{ enum: [...MIDDLEWARE] }, REPLACED_REF] };
  }
}

/** What many kinds have, said once. */
const SHARED = (): Json => ({ id: bare(ID), lifecycle: LIFECYCLE });
const ID = raw(id);
const LIFECYCLE = fitted(raw(lifecycle()));

/** The schema of a field, or of the items of a list. */
function below(schema: Json | undefined, name: string): Json | undefined {
  const found = name === "items" ? schema?.["items"] : schema && properties(schema)[name];
  return found as Json | undefined;
}

function properties(schema: Json): { [name: string]: Json } {
  return (schema["properties"] ?? {}) as { [name: string]: Json };
}

function nullable(fields: Json): Json {
  return { type: ["object", "null"], properties: fields };
}

function converted(schema: Parameters<typeof toJsonSchema>[0]): Json {
  return fitted(raw(schema));
}

function raw(schema: Parameters<typeof toJsonSchema>[0]): Json {
  const { $schema: _, ...json } = toJsonSchema(schema, { target: "draft-07" }) as Json;
  return json;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A schema that lets through what the loader replaces, and nothing where a field may be absent. */
function fitted(schema: Json): Json {
  const { description, ...rest } = schema;
  const said = description === undefined ? {} : { description };
  if (Array.isArray(rest["anyOf"])) {
    if (same(rest["anyOf"], ID["anyOf"])) {
      return { ...said, anyOf: [{ $ref: "#/definitions/id" }, REPLACED_REF] };
    }
    const options = (rest["anyOf"] as Json[]).map((option) => bare(option));
    return { ...said, ...rest, anyOf: isFree(options) ? options : [...options, REPLACED_REF] };
  }
  return { ...said, ...leaf(bare(rest)) };
}

/** The same without the places of replaced values. */
function bare(schema: Json): Json {
  const result = { ...schema };
  const fields = properties(schema);
  if (schema["properties"] !== undefined) {
    const required = (schema["required"] ?? []) as string[];
    result["properties"] = Object.fromEntries(
      Object.entries(fields).map(([name, field]) => {
        const own = fitted(field);
        if (name === "lifecycle") {
          return [name, { anyOf: [{ $ref: "#/definitions/lifecycle" }, { type: "null" }] }];
        }
        return [name, required.includes(name) ? own : nullableOf(own)];
      }),
    );
    if (required.length === 0) delete result["required"];
  }
  if (typeof schema["items"] === "object") result["items"] = fitted(schema["items"] as Json);
  if (typeof schema["additionalProperties"] === "object") {
    result["additionalProperties"] = nullableOf(fitted(schema["additionalProperties"] as Json));
  }
  if (Array.isArray(schema["anyOf"])) result["anyOf"] = (schema["anyOf"] as Json[]).map((one) => bare(one));
  // A map of texts says so of its keys too, which are nothing else.
  delete result["propertyNames"];
  return result;
}

/** A scalar, or what takes its place. */
function leaf(schema: Json): Json {
  const { type } = schema;
  const scalar = schema["enum"] !== undefined || schema["const"] !== undefined || type === "number" ||
    type === "integer" || type === "boolean" || (type === "string" && schema["pattern"] !== undefined);
  return scalar ? { anyOf: [schema, REPLACED_REF] } : schema;
}

/** Whether any text is right already. */
function isFree(options: readonly Json[]): boolean {
  return options.some((one) =>
    one["type"] === "string" && one["pattern"] === undefined && one["enum"] === undefined
  );
}

/** The format treats an empty field as one that is absent. */
function nullableOf(schema: Json): Json {
  if (Array.isArray(schema["anyOf"])) return { ...schema, anyOf: [...schema["anyOf"], { type: "null" }] };
  const { type } = schema;
  return type === undefined ? schema : { ...schema, type: [type, "null"].flat() };
}
