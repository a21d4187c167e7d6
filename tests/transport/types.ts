/** WIT types, in short. */
import type { PrimitiveKind, Resource, ValueType } from "../../src/component/wit/types.ts";

const primitive = (kind: PrimitiveKind): ValueType => ({ kind });
export const bool = primitive("bool");
export const u8 = primitive("u8");
export const s8 = primitive("s8");
export const u16 = primitive("u16");
export const s16 = primitive("s16");
export const u32 = primitive("u32");
export const s32 = primitive("s32");
export const u64 = primitive("u64");
export const s64 = primitive("s64");
export const f32 = primitive("f32");
export const f64 = primitive("f64");
export const char = primitive("char");
export const string = primitive("string");

export function list(element: ValueType, length?: number): ValueType {
  return { kind: "list", element, ...(length !== undefined && { length }) };
}

export function option(type: ValueType): ValueType {
  return { kind: "option", type };
}

export function tuple(...types: ValueType[]): ValueType {
  return { kind: "tuple", types };
}

export function record(fields: Readonly<Record<string, ValueType>>): ValueType {
  return { kind: "record", fields: Object.entries(fields).map(([name, type]) => ({ name, type })) };
}

export function variant(cases: Readonly<Record<string, ValueType | undefined>>): ValueType {
  return { kind: "variant", cases: Object.entries(cases).map(([name, type]) => ({ name, type })) };
}

export function enumOf(...names: string[]): ValueType {
  return { kind: "enum", names };
}

export function flags(...names: string[]): ValueType {
  return { kind: "flags", names };
}

export function result(ok: ValueType | undefined, err: ValueType | undefined): ValueType {
  return { kind: "result", ok, err };
}

const resource: Resource = { kind: "resource", slot: 0, name: "thing", local: false, rep: "i32" };
export const own: ValueType = { kind: "own", resource };
export const borrow: ValueType = { kind: "borrow", resource };
