/**
 * Why a JavaScript value does not fit a WIT type. Only called once generated code has found that it does
 * not, so that the fast path carries no paths and no type names.
 *
 * @module
 */
import type { FuncType, ValueType } from "../wit/types.ts";
import { isNested } from "./load.ts";
import { camelCase } from "./names.ts";

/** What does not fit, and where. */
export interface Mismatch {
  /** The way from the parameter to the part at fault: `user.tags[2]`. */
  readonly path: string;
  /** The WIT type that is wanted there. */
  readonly expected: string;
  /** The value that came. */
  readonly found: string;
}

/** A value type in WIT. */
export function witType(type: ValueType): string {
  const maybe = (t: ValueType | undefined) => t ? witType(t) : "_";
  switch (type.kind) {
    case "list":
      return `list<${witType(type.element)}${type.length === undefined ? "" : `, ${type.length}`}>`;
    case "record":
      return `record { ${type.fields.map((f) => `${f.name}: ${witType(f.type)}`).join(", ")} }`;
    case "tuple":
      return `tuple<${type.types.map(witType).join(", ")}>`;
    case "variant":
      return `variant { ${
        type.cases.map((c) => c.type ? `${c.name}(${witType(c.type)})` : c.name).join(", ")
      } }`;
    case "enum":
    case "flags":
      return `${type.kind} { ${type.names.join(", ")} }`;
    case "option":
      return `option<${witType(type.type)}>`;
    case "result":
      if (!type.ok && !type.err) return "result";
      return type.err ? `result<${maybe(type.ok)}, ${witType(type.err)}>` : `result<${maybe(type.ok)}>`;
    case "own":
      return type.label?.name ?? type.resource.name;
    case "borrow":
      return `borrow<${type.label?.name ?? type.resource.name}>`;
    case "stream":
    case "future":
      return type.type ? `${type.kind}<${witType(type.type)}>` : type.kind;
    case "map":
      return `map<${witType(type.key)}, ${witType(type.value)}>`;
    default:
      return type.kind;
  }
}

/** A function type in WIT: `func(a: u32) -> u32`. */
export function witFunc(type: FuncType): string {
  const params = type.params.map((p) => `${p.name}: ${witType(p.type)}`).join(", ");
  return `${type.async ? "async " : ""}func(${params})${type.result ? ` -> ${witType(type.result)}` : ""}`;
}

/** The first parameter whose argument does not fit. */
export function findMismatch(type: FuncType, args: readonly unknown[]): Mismatch | undefined {
  for (const [i, param] of type.params.entries()) {
    const mismatch = mismatchOf(param.type, args[i], param.name);
    if (mismatch) return mismatch;
  }
  return undefined;
}

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  u8: [0, 0xff],
  u16: [0, 0xffff],
  u32: [0, 0xffffffff],
  s8: [-0x80, 0x7f],
  s16: [-0x8000, 0x7fff],
  s32: [-0x80000000, 0x7fffffff],
};

/** Where a value does not fit a type; `undefined` where it does. */
export function mismatchOf(type: ValueType, value: unknown, path: string): Mismatch | undefined {
  const no = (): Mismatch => ({ path, expected: witType(type), found: show(value) });
  const object = typeof value === "object" && value !== null ? value as Record<string, unknown> : undefined;
  const first = <T>(items: readonly T[], f: (item: T, i: number) => Mismatch | undefined) => {
    for (const [i, item] of items.entries()) {
      const mismatch = f(item, i);
      if (mismatch) return mismatch;
    }
    return undefined;
  };
  switch (type.kind) {
    case "bool":
      return typeof value === "boolean" ? undefined : no();
    case "u8":
    case "u16":
    case "u32":
    case "s8":
    case "s16":
    case "s32": {
      const [min, max] = RANGES[type.kind]!;
      return Number.isInteger(value) && value as number >= min && value as number <= max ? undefined : no();
    }
    case "u64":
    case "s64": {
      if (typeof value === "number" && Number.isSafeInteger(value)) {
        return type.kind === "s64" || value >= 0 ? undefined : no();
      }
      const fits = type.kind === "u64" ? BigInt.asUintN : BigInt.asIntN;
      return typeof value === "bigint" && fits(64, value) === value ? undefined : no();
    }
    case "f32":
    case "f64":
      return typeof value === "number" ? undefined : no();
    case "char": {
      if (typeof value !== "string") return no();
      const code = value.codePointAt(0);
      const scalar = code !== undefined && (code < 0xd800 || code > 0xdfff);
      return scalar && value.length === (code > 0xffff ? 2 : 1) ? undefined : no();
    }
    case "string":
      return typeof value === "string" ? undefined : no();
    case "list": {
      if (type.element.kind === "u8" && type.length === undefined && typeof value === "string") {
        return undefined;
      }
      if (!object || !Number.isInteger(object["length"]) || object["length"] as number < 0) return no();
      if (type.length !== undefined && object["length"] !== type.length) return no();
      return first(
        Array.from(object as unknown as ArrayLike<unknown>),
        (item, i) => mismatchOf(type.element, item, `${path}[${i}]`),
      );
    }
    case "record":
      if (!object) return no();
      return first(type.fields, (f) => mismatchOf(f.type, object[camelCase(f.name)], `${path}.${f.name}`));
    case "tuple":
      if (!Array.isArray(value) || value.length !== type.types.length) return no();
      return first(type.types, (t, i) => mismatchOf(t, value[i], `${path}[${i}]`));
    case "enum":
      return typeof value === "string" && type.names.includes(value) ? undefined : no();
    case "flags":
      if (value === undefined || value === null) return undefined;
      if (Array.isArray(value)) return value.every((v) => type.names.includes(v)) ? undefined : no();
      if (!object) return no();
      return first(type.names, (n) => {
        const flag = object[camelCase(n)];
        if (flag === undefined || typeof flag === "boolean") return undefined;
        return { path: `${path}.${n}`, expected: "bool", found: show(flag) };
      });
    case "option":
      if (!isNested(type)) {
        return value === undefined || value === null ? undefined : mismatchOf(type.type, value, path);
      }
      if (object?.["tag"] === "none") return undefined;
      return object?.["tag"] === "some" ? mismatchOf(type.type, object["val"], path) : no();
    case "result": {
      const tag = object?.["tag"];
      if (!object || (tag !== "ok" && tag !== "err")) return no();
      const t = tag === "ok" ? type.ok : type.err;
      return t && mismatchOf(t, object["val"], `${path}.${tag}`);
    }
    case "variant": {
      const found = object && type.cases.find((c) => c.name === object["tag"]);
      if (!found) return no();
      return found.type && mismatchOf(found.type, object["val"], `${path}.${found.name}`);
    }
    case "own":
    case "borrow":
      return object ? undefined : no();
    default:
      return undefined;
  }
}

/** A value as it may stand in a message: short, on one line. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  let text: string | undefined;
  try {
    text = JSON.stringify(value, (_, v) => typeof v === "bigint" ? `${v}n` : v);
  } catch {
    text = undefined;
  }
  // To make a text of what is nested too deep would fail again.
  text ??= typeof value === "function"
    ? "a function"
    : typeof value === "object"
    ? "an object that has no JSON"
    : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
