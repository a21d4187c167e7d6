/**
 * Alignment, element size and flattening of value types in a 32-bit memory.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#alignment
 * @module
 */
import type { FuncType, ValueType } from "../wit/types.ts";

/** Flat core types. */
export type Flat = "i32" | "i64" | "f32" | "f64";

/** https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#flattening */
export const MAX_FLAT_PARAMS = 16;
/** More flat results than this go through memory. */
export const MAX_FLAT_RESULTS = 1;

/** Size and alignment in bytes. */
export interface Layout {
  readonly size: number;
  readonly align: number;
}

const layouts = new WeakMap<ValueType, Layout>();

/** Size and alignment of a value type in memory. */
export function layoutOf(type: ValueType): Layout {
  let layout = layouts.get(type);
  if (!layout) layouts.set(type, layout = computeLayout(type));
  return layout;
}

function computeLayout(type: ValueType): Layout {
  switch (type.kind) {
    case "bool":
    case "s8":
    case "u8":
      return { size: 1, align: 1 };
    case "s16":
    case "u16":
      return { size: 2, align: 2 };
    case "s64":
    case "u64":
    case "f64":
      return { size: 8, align: 8 };
    case "string":
    case "map":
      return { size: 8, align: 4 };
    case "list": {
      if (type.length === undefined) return { size: 8, align: 4 };
      const { size, align } = layoutOf(type.element);
      return { size: size * type.length, align };
    }
    case "record":
      return recordLayout(type.fields.map((f) => f.type));
    case "tuple":
      return recordLayout(type.types);
    case "flags":
      return type.names.length <= 8
        ? { size: 1, align: 1 }
        : type.names.length <= 16
        ? { size: 2, align: 2 }
        : { size: 4, align: 4 };
    case "variant":
    case "enum":
    case "option":
    case "result": {
      const cases = casesOf(type);
      const { payload, payloadSize, align } = variantLayout(cases);
      return { size: alignTo(payload + payloadSize, align), align };
    }
    default:
      return { size: 4, align: 4 };
  }
}

/** Size and alignment of types laid out one after the other. */
export function recordLayout(types: readonly ValueType[]): Layout {
  let size = 0, align = 1;
  for (const type of types) {
    const field = layoutOf(type);
    size = alignTo(size, field.align) + field.size;
    align = Math.max(align, field.align);
  }
  return { size: alignTo(size, align), align };
}

/** Byte offset of each type laid out one after the other. */
export function offsetsOf(types: readonly ValueType[]): number[] {
  let offset = 0;
  return types.map((type) => {
    const { size, align } = layoutOf(type);
    const at = offset = alignTo(offset, align);
    offset += size;
    return at;
  });
}

/** Payload types of the cases, in order: what despecialization makes of enum, option and result. */
export function casesOf(
  type: Extract<ValueType, { kind: "variant" | "enum" | "option" | "result" }>,
): readonly (ValueType | undefined)[] {
  switch (type.kind) {
    case "variant":
      return type.cases.map((c) => c.type);
    case "enum":
      return type.names.map(() => undefined);
    case "option":
      return [undefined, type.type];
    case "result":
      return [type.ok, type.err];
  }
}

/** Bytes of the discriminant of a variant with `count` cases. */
export function discriminantSize(count: number): 1 | 2 | 4 {
  return count <= 0x100 ? 1 : count <= 0x10000 ? 2 : 4;
}

/** Where a variant's payload stands, its largest size, and the alignment of the whole. */
export function variantLayout(
  cases: readonly (ValueType | undefined)[],
): { discriminant: 1 | 2 | 4; payload: number; payloadSize: number; align: number } {
  const discriminant = discriminantSize(cases.length);
  let payloadAlign = 1, payloadSize = 0;
  for (const type of cases) {
    if (!type) continue;
    const { size, align } = layoutOf(type);
    payloadAlign = Math.max(payloadAlign, align);
    payloadSize = Math.max(payloadSize, size);
  }
  return {
    discriminant,
    payload: alignTo(discriminant, payloadAlign),
    payloadSize,
    align: Math.max(discriminant, payloadAlign),
  };
}

/** The next multiple of `align`. */
export function alignTo(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}

const flats = new WeakMap<ValueType, readonly Flat[]>();

/**
 * Flat core types of a value type. Longer than `MAX_FLAT_PARAMS` is cut at one more: the exact number
 * beyond it decides nothing, and a type can be made to flatten to billions.
 */
export function flatten(type: ValueType): readonly Flat[] {
  let flat = flats.get(type);
  if (!flat) flats.set(type, flat = computeFlat(type));
  return flat;
}

/** Flat core types of several values, cut like `flatten`. */
export function flattenAll(types: readonly ValueType[]): Flat[] {
  const flat: Flat[] = [];
  for (const type of types) {
    flat.push(...flatten(type));
    if (flat.length > MAX_FLAT_PARAMS) return flat.slice(0, MAX_FLAT_PARAMS + 1);
  }
  return flat;
}

function computeFlat(type: ValueType): readonly Flat[] {
  switch (type.kind) {
    case "s64":
    case "u64":
      return ["i64"];
    case "f32":
      return ["f32"];
    case "f64":
      return ["f64"];
    case "string":
    case "map":
      return ["i32", "i32"];
    case "list":
      if (type.length === undefined) return ["i32", "i32"];
      return flattenAll(Array<ValueType>(Math.min(type.length, MAX_FLAT_PARAMS + 1)).fill(type.element));
    case "record":
      return flattenAll(type.fields.map((f) => f.type));
    case "tuple":
      return flattenAll(type.types);
    case "variant":
    case "enum":
    case "option":
    case "result": {
      const flat: Flat[] = [];
      for (const payload of casesOf(type)) {
        if (!payload) continue;
        flatten(payload).forEach((have, i) => {
          const other = flat[i];
          flat[i] = other === undefined ? have : join(other, have);
        });
      }
      return (["i32", ...flat] as Flat[]).slice(0, MAX_FLAT_PARAMS + 1);
    }
    default:
      return ["i32"];
  }
}

/** The core type that holds either of two. */
export function join(a: Flat, b: Flat): Flat {
  if (a === b) return a;
  return (a === "i32" && b === "f32") || (a === "f32" && b === "i32") ? "i32" : "i64";
}

/** How a function's parameters and result travel. */
export interface Signature {
  /** Flat core parameters, without the return pointer that `lower` appends. */
  readonly params: readonly Flat[];
  /** Flat core results. */
  readonly results: readonly Flat[];
  /** Parameters go through memory, by one pointer. */
  readonly paramsInMemory: boolean;
  /** The result goes through memory, by one pointer. */
  readonly resultInMemory: boolean;
}

/** https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#flattening */
export function signatureOf(type: FuncType): Signature {
  const params = flattenAll(type.params.map((p) => p.type));
  const results = type.result ? flatten(type.result) : [];
  return {
    params,
    results,
    paramsInMemory: params.length > MAX_FLAT_PARAMS,
    resultInMemory: results.length > MAX_FLAT_RESULTS,
  };
}

/** Whether a predicate holds for a type or any of its parts. */
export function contains(type: ValueType, predicate: (type: ValueType) => boolean): boolean {
  return containsOnce(type, predicate, new Set());
}

function containsOnce(
  type: ValueType,
  predicate: (type: ValueType) => boolean,
  seen: Set<ValueType>,
): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  if (predicate(type)) return true;
  return partsOf(type).some((part) => containsOnce(part, predicate, seen));
}

/** The types that a type is made of. */
export function partsOf(type: ValueType): readonly ValueType[] {
  switch (type.kind) {
    case "list":
      return [type.element];
    case "record":
      return type.fields.map((f) => f.type);
    case "tuple":
      return type.types;
    case "variant":
    case "option":
    case "result":
      return casesOf(type).filter((t) => t !== undefined);
    case "map":
      return [type.key, type.value];
    case "stream":
    case "future":
      return type.type ? [type.type] : [];
    default:
      return [];
  }
}
