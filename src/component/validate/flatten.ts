/**
 * Component types → the core types that carry them.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#flattening
 * @module
 */
import type { CoreFuncType, FuncType, ValueType } from "../wit/types.ts";

/** More parameters than this go through memory. */
export const MAX_FLAT_PARAMS = 16;
/** The same for functions lowered with `async`. */
export const MAX_FLAT_ASYNC_PARAMS = 4;
/** More results than this go through memory. */
export const MAX_FLAT_RESULTS = 1;

// A list of one more than the largest limit already says all: too many.
const ENOUGH = MAX_FLAT_PARAMS + 1;
const flattened = new WeakMap<ValueType, readonly string[]>();
const JOINED: Readonly<Record<string, string>> = { "i32 f32": "i32", "f32 i32": "i32" };

/** How a function looks to core code, and what of it goes through memory. */
export interface FlatFunc {
  readonly type: CoreFuncType;
  readonly paramsInMemory: boolean;
  readonly resultsInMemory: boolean;
}

/** `flatten_functype`. */
export function flattenFunc(
  type: FuncType,
  context: "lift" | "lower",
  options: { readonly async: boolean; readonly callback: number | undefined },
): FlatFunc {
  let params = flattenTypes(type.params.map((p) => p.type));
  let results = flattenTypes(type.result ? [type.result] : []);
  const maxParams = context === "lower" && options.async ? MAX_FLAT_ASYNC_PARAMS : MAX_FLAT_PARAMS;
  const paramsInMemory = params.length > maxParams;
  if (paramsInMemory) params = ["i32"];
  let resultsInMemory = false;
  if (!options.async) {
    resultsInMemory = results.length > MAX_FLAT_RESULTS;
    if (resultsInMemory && context === "lower") params = [...params, "i32"], results = [];
    else if (resultsInMemory) results = ["i32"];
  } else if (context === "lift") {
    resultsInMemory = results.length > MAX_FLAT_PARAMS;
    results = options.callback === undefined ? [] : ["i32"];
  } else {
    resultsInMemory = results.length > 0;
    if (resultsInMemory) params = [...params, "i32"];
    results = ["i32"];
  }
  return { type: { kind: "core-func", params, results }, paramsInMemory, resultsInMemory };
}

/** `flatten_types`, of which no more than one past the largest limit. */
export function flattenTypes(types: readonly ValueType[]): readonly string[] {
  const flat: string[] = [];
  for (const type of types) {
    for (const core of flatten(type)) if (flat.length < ENOUGH) flat.push(core);
    if (flat.length >= ENOUGH) break;
  }
  return flat;
}

function flatten(type: ValueType): readonly string[] {
  let flat = flattened.get(type);
  if (!flat) flattened.set(type, flat = work(type));
  return flat;
}

function work(type: ValueType): readonly string[] {
  switch (type.kind) {
    case "s64":
    case "u64":
      return ["i64"];
    case "f32":
    case "f64":
      return [type.kind];
    case "string":
    case "map":
      return ["i32", "i32"];
    case "list":
      if (type.length === undefined) return ["i32", "i32"];
      return flattenTypes(Array.from({ length: Math.min(type.length, ENOUGH) }, () => type.element));
    case "record":
      return flattenTypes(type.fields.map((f) => f.type));
    case "tuple":
      return flattenTypes(type.types);
    case "variant":
      return choice(type.cases.map((c) => c.type));
    case "option":
      return choice([type.type]);
    case "result":
      return choice([type.ok, type.err]);
    default:
      return ["i32"];
  }
}

function choice(types: readonly (ValueType | undefined)[]): readonly string[] {
  const flat = ["i32"];
  for (const type of types) {
    if (!type) continue;
    flatten(type).forEach((core, i) => {
      if (i + 1 >= ENOUGH) return;
      const other = flat[i + 1];
      flat[i + 1] = other === undefined || other === core ? core : JOINED[`${other} ${core}`] ?? "i64";
    });
  }
  return flat;
}
