/**
 * Values as JSON: for the command line and HTTP. Names are the WIT's own (kebab-case) on the way out, and
 * either spelling on the way in.
 *
 * @module
 */
import { camelCase } from "../component/abi/names.ts";
import { mismatchOf, show, witType } from "../component/abi/check.ts";
import type { ValueType } from "../component/wit/types.ts";

/** A JSON value. A 64-bit integer that JSON cannot hold is a string. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A JSON value that does not fit the WIT type of its parameter. */
export class ArgumentError extends TypeError {
  /** Always `ArgumentError`. */
  override readonly name = "ArgumentError";
  /** Always `argument`. */
  readonly code = "argument";
}

/** Parses JSON, integers beyond 2^53 as bigint. */
export function parseJson(text: string): unknown {
  // To look at the text of every number costs 50 times what parsing does: only where one may be that long.
  if (!hasLongNumber(text)) return JSON.parse(text);
  return JSON.parse(
    text,
    function (this: unknown, _key: string, value: unknown, context?: { source?: string }) {
      const source = context?.source;
      if (typeof value === "number" && !Number.isSafeInteger(value) && source && /^-?\d+$/.test(source)) {
        return BigInt(source);
      }
      return value;
    } as (key: string, value: unknown) => unknown,
  );
}

/** Whether a text may hold an integer beyond 2^53, which {@linkcode parseJson} takes up to half a second a MiB to read. */
export function hasLongNumber(text: string): boolean {
  return /\d{16}/.test(text);
}

/**
 * JSON → the JavaScript value of a WIT type.
 *
 * @param path Where the value stands, for errors: `user.tags[2]`.
 * @throws {ArgumentError} Naming the path, the WIT type and what came.
 */
export function fromJson(type: ValueType, json: unknown, path: string): unknown {
  const value = convert(type, json, path);
  const mismatch = mismatchOf(type, value, path);
  if (!mismatch) return value;
  throw new ArgumentError(`${mismatch.path} is ${mismatch.expected}, got ${mismatch.found}`);
}

/** As many digits as 64 bits may have, and a few zeros. */
const DIGITS = /^-?\d{1,40}$/;

/** The shape of a value; whether its scalars fit is looked at once, when all of it is there. */
function convert(type: ValueType, json: unknown, path: string): unknown {
  const no = (note = ""): never => {
    const found = typeof json === "bigint" ? String(json) : show(json);
    throw new ArgumentError(`${path} is ${witType(type)}, got ${found}${note}`);
  };
  switch (type.kind) {
    case "u64":
    case "s64": {
      const whole = typeof json === "bigint" || Number.isSafeInteger(json) ||
        (typeof json === "string" && DIGITS.test(json));
      if (!whole) return no();
      const n = BigInt(json as bigint | number | string);
      return (type.kind === "u64" ? BigInt.asUintN(64, n) : BigInt.asIntN(64, n)) === n ? n : no();
    }
    case "u8":
    case "u16":
    case "u32":
    case "s8":
    case "s16":
    case "s32":
      return typeof json === "bigint" ? no() : json;
    case "f32":
    case "f64":
      if (json === "NaN" || json === "Infinity" || json === "-Infinity") return Number(json);
      return typeof json === "bigint" ? Number(json) : json;
    case "char":
      return Number.isInteger(json) && json as number >= 0 && json as number <= 0x10ffff
        ? String.fromCodePoint(json as number)
        : json;
    case "list": {
      if (type.element.kind === "u8") {
        if (typeof json === "string") return new TextEncoder().encode(json);
        if (json instanceof Uint8Array) return json;
      }
      if (!Array.isArray(json)) return no();
      return json.map((item, i) => convert(type.element, item, `${path}[${i}]`));
    }
    case "tuple":
      if (!Array.isArray(json) || json.length !== type.types.length) return no();
      return type.types.map((t, i) => convert(t, json[i], `${path}[${i}]`));
    case "record": {
      if (!isObject(json)) return no();
      const known = new Set(type.fields.flatMap((f) => [f.name, camelCase(f.name)]));
      const unknown = Object.keys(json).find((key) => !known.has(key));
      if (unknown !== undefined) {
        no(`: it has no field ${unknown} (fields: ${type.fields.map((f) => f.name).join(", ")})`);
      }
      return Object.fromEntries(type.fields.map((f) => {
        const name = camelCase(f.name);
        const value = own(json, f.name) ?? own(json, name);
        return [name, convert(f.type, value, `${path}.${f.name}`)];
      }));
    }
    case "flags": {
      const names = Array.isArray(json) ? json : isObject(json) ? Object.keys(json) : no();
      const known = new Map(type.names.flatMap((n) => [[n, camelCase(n)], [camelCase(n), camelCase(n)]]));
      const flags: Record<string, unknown> = {};
      for (const name of names) {
        const key = known.get(name as string) ??
          no(`: it has no flag ${show(name)} (flags: ${type.names.join(", ")})`);
        flags[key] = Array.isArray(json) ? true : (json as Record<string, unknown>)[name];
      }
      return flags;
    }
    case "option": {
      const nested = type.type.kind === "option";
      if (json === null || json === undefined) return nested ? { tag: "none" } : undefined;
      if (!nested) return convert(type.type, json, path);
      if (!isObject(json) || !Object.hasOwn(json, "some")) {
        return no(`: a nested option is null or {"some": …}`);
      }
      return { tag: "some", val: convert(type.type, json["some"], path) };
    }
    case "result":
      return oneOf(json, [["ok", type.ok], ["err", type.err]], path, no);
    case "variant":
      return oneOf(json, type.cases.map((c) => [c.name, c.type]), path, no);
    case "own":
    case "borrow":
      return no(": a resource cannot be written as JSON");
    default:
      return json;
  }
}

/** `{"case": payload}`, `{"tag": "case", "val": payload}`, or the bare name of a case without payload. */
function oneOf(
  json: unknown,
  cases: readonly (readonly [string, ValueType | undefined])[],
  path: string,
  no: (note?: string) => never,
): unknown {
  const caseOf = (tag: string) => cases.find(([name]) => name === tag);
  let tag: string, payload: unknown = null;
  if (typeof json === "string") tag = json;
  else if (!isObject(json)) return no();
  else {
    const keys = Object.keys(json);
    const tagged = typeof json["tag"] === "string" && keys.every((k) => k === "tag" || k === "val");
    // `{"tag": …}` alone is also a payload of a case that is called tag.
    if (tagged && !(keys.length === 1 && caseOf("tag"))) {
      tag = json["tag"] as string;
      payload = json["val"] ?? null;
    } else {
      if (keys.length !== 1) return no(`: expected one case as {"case": payload}`);
      tag = keys[0]!;
      payload = json[tag];
    }
  }
  const found = caseOf(tag) ?? no(`: cases are ${cases.map(([name]) => name).join(", ")}`);
  const type = found[1];
  if (!type) return payload === null || payload === undefined ? { tag } : no(`: case ${tag} has no payload`);
  return { tag, val: convert(type, payload, `${path}.${tag}`) };
}

/** The JavaScript value of a WIT type → JSON. */
export function toJson(type: ValueType, value: unknown): Json {
  switch (type.kind) {
    case "u64":
    case "s64": {
      const n = BigInt(value as bigint);
      return n >= BigInt(Number.MIN_SAFE_INTEGER) && n <= BigInt(Number.MAX_SAFE_INTEGER)
        ? Number(n)
        : n.toString();
    }
    case "f32":
    case "f64":
      return Number.isFinite(value) ? value as number : String(value);
    case "list":
      return Array.from(value as ArrayLike<unknown>, (item) => toJson(type.element, item));
    case "tuple":
      return type.types.map((t, i) => toJson(t, (value as unknown[])[i]));
    case "record": {
      const record = value as Record<string, unknown>;
      return Object.fromEntries(type.fields.map((f) => [f.name, toJson(f.type, record[camelCase(f.name)])]));
    }
    case "flags": {
      const flags = value as Record<string, boolean>;
      return Object.fromEntries(type.names.map((n) => [n, flags[camelCase(n)] === true]));
    }
    case "option":
      if (type.type.kind !== "option") return value === undefined ? null : toJson(type.type, value);
      return (value as Tagged).tag === "none" ? null : { some: toJson(type.type, (value as Tagged).val) };
    case "result": {
      const { tag, val } = value as Tagged;
      const t = tag === "ok" ? type.ok : type.err;
      return { [tag]: t ? toJson(t, val) : null };
    }
    case "variant": {
      const { tag, val } = value as Tagged;
      const t = type.cases.find((c) => c.name === tag)?.type;
      return { [tag]: t ? toJson(t, val) : null };
    }
    case "own":
    case "borrow":
      return `<${type.resource.name}>`;
    default:
      return value as Json;
  }
}

interface Tagged {
  readonly tag: string;
  readonly val?: unknown;
}

/** A field of an object, and nothing that objects have by nature: WIT names may be `constructor`, `to-string`. */
function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A word of a command line → the JavaScript value of a WIT type: a string as it is, anything else as JSON.
 * Where JSON would need quotes inside quotes (text, enums, characters, cases without payload, `NaN`), a word
 * that is no such JSON stands for itself.
 *
 * @throws {ArgumentError} Naming the parameter, its WIT type and what came.
 */
export function fromWord(type: ValueType, word: string, path: string): unknown {
  const core = type.kind === "option" ? type.type : type;
  if (type.kind === "string" || (core.kind === "char" && [...word].length === 1)) return word;
  let json: unknown;
  try {
    json = parseJson(word);
  } catch (error) {
    if (!QUOTED.has(core.kind) && !isBytes(core) && !NOT_FINITE.has(word)) {
      const reason = (error as Error).message;
      throw new ArgumentError(
        `${path} is ${witType(type)}, to be given as JSON, got ${show(word)}: ${reason}`,
      );
    }
    json = word;
  }
  const none = type.kind === "option" && json === null;
  const bare = typeof json !== "string" && !none && (
    core.kind === "string" || core.kind === "enum" || (core.kind === "variant" && !isObject(json)) ||
    (isBytes(core) && !Array.isArray(json))
  );
  return fromJson(type, bare ? word : json, path);
}

/** Kinds whose values are JSON strings, or may be. */
const QUOTED: ReadonlySet<ValueType["kind"]> = new Set(["string", "char", "enum", "variant", "result"]);
/** Numbers that JSON cannot write. */
const NOT_FINITE: ReadonlySet<string> = new Set(["NaN", "Infinity", "-Infinity"]);

function isBytes(type: ValueType): boolean {
  return type.kind === "list" && type.element.kind === "u8";
}
