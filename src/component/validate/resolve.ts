/**
 * Type references → types: indices looked up, every part resolved, and the rules for types checked.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#type-definitions
 * @module
 */
import type { DefinedValueTypeRef, FuncTypeRef, ValueTypeRef } from "../binary/definition.ts";
import type {
  ComponentType,
  DefinedType,
  FuncType,
  InstanceType,
  PrimitiveKind,
  Resource,
  ValueType,
} from "../wit/types.ts";
import { at, invalid } from "./invalid.ts";
import { measure } from "./measure.ts";
import { checkLabels } from "./names.ts";
import type { Scope } from "./scope.ts";

const MAX_FLAGS = 32;
/** Parts of one type, and parameters of one function; other engines have the same bounds. */
const MAX_PARTS = 10_000;
const MAX_PARAMS = 1_000;
/** `keytype`. */
const KEY_TYPES: ReadonlySet<string> = new Set(
  ["bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "char", "string"],
);
const PRIMITIVES = new Map<PrimitiveKind, ValueType>();

/** The one object that stands for a primitive type. */
export function primitive(kind: PrimitiveKind): ValueType {
  let type = PRIMITIVES.get(kind);
  if (!type) PRIMITIVES.set(kind, type = Object.freeze({ kind }));
  return type;
}

/** Whether a type is one of the shared primitives. */
export function isPrimitive(type: DefinedType): boolean {
  return PRIMITIVES.get(type.kind as PrimitiveKind) === type;
}

const NOT_VALUES: ReadonlySet<string> = new Set(["func", "instance", "component", "resource"]);

/** Whether a defined type is a value type. */
export function isValueType(type: DefinedType): type is ValueType {
  return !NOT_VALUES.has(type.kind);
}

/** `valtype`. */
export function resolveValueType(ref: ValueTypeRef, scope: Scope, offset: number): ValueType {
  if (ref.kind !== "index") return primitive(ref.kind);
  const type = at(scope.types, ref.index, "type", offset);
  if (!isValueType(type)) {
    invalid(`type index ${ref.index} is not a defined value type but a ${type.kind}`, offset, "value type");
  }
  return type;
}

/** A type index that must be a resource. */
export function resolveResource(index: number, scope: Scope, offset: number): Resource {
  const type = at(scope.types, index, "type", offset);
  if (type.kind !== "resource") {
    invalid(`type index ${index} is not a resource type but a ${type.kind}`, offset, "resource type");
  }
  return type;
}

/** `defvaltype`. */
export function resolveDefined(ref: DefinedValueTypeRef, scope: Scope, offset: number): ValueType {
  const value = (t: ValueTypeRef): ValueType => resolveValueType(t, scope, offset);
  const maybe = (t: ValueTypeRef | undefined): ValueType | undefined => t && value(t);
  const some = (list: readonly unknown[], rule: string) => {
    if (list.length === 0) invalid(rule, offset, ref.kind);
    if (list.length > MAX_PARTS) invalid(`a ${ref.kind} of more than ${MAX_PARTS} parts`, offset, ref.kind);
  };
  switch (ref.kind) {
    case "record":
      some(ref.fields, "record type must have at least one field");
      checkLabels(ref.fields.map((f) => f.name), "record field name", offset);
      return { kind: "record", fields: ref.fields.map((f) => ({ name: f.name, type: value(f.type) })) };
    case "variant":
      some(ref.cases, "variant type must have at least one case");
      checkLabels(ref.cases.map((c) => c.name), "variant case name", offset);
      return { kind: "variant", cases: ref.cases.map((c) => ({ name: c.name, type: maybe(c.type) })) };
    case "list":
      if (ref.length === undefined) return { kind: "list", element: value(ref.element) };
      if (ref.length === 0) invalid("a fixed-length list must have at least one element", offset, "list");
      return { kind: "list", element: value(ref.element), length: ref.length };
    case "tuple":
      some(ref.types, "tuple type must have at least one type");
      return { kind: "tuple", types: ref.types.map(value) };
    case "flags":
      some(ref.names, "flags must have at least one entry");
      if (ref.names.length > MAX_FLAGS) {
        invalid(`cannot have more than ${MAX_FLAGS} flags, found ${ref.names.length}`, offset, "flags");
      }
      checkLabels(ref.names, "flag name", offset);
      return { kind: "flags", names: ref.names };
    case "enum":
      some(ref.names, "enum type must have at least one variant");
      checkLabels(ref.names, "enum tag name", offset);
      return { kind: "enum", names: ref.names };
    case "option":
      return { kind: "option", type: value(ref.type) };
    case "result":
      return { kind: "result", ok: maybe(ref.ok), err: maybe(ref.err) };
    case "own":
    case "borrow": {
      const resource = resolveResource(ref.index, scope, offset), label = scope.labels[ref.index];
      return label ? { kind: ref.kind, resource, label } : { kind: ref.kind, resource };
    }
    case "stream":
    case "future": {
      const type = maybe(ref.type);
      if (type && measure(type).borrows) {
        invalid(`a ${ref.kind} cannot carry a \`borrow\` type`, offset, ref.kind);
      }
      // https://github.com/WebAssembly/component-model/blob/main/design/mvp/Concurrency.md#TODO
      if (ref.kind === "stream" && type?.kind === "char") {
        invalid("`stream<char>` is not valid at this time", offset, "stream");
      }
      return { kind: ref.kind, type };
    }
    case "map": {
      const key = value(ref.key);
      if (!KEY_TYPES.has(key.kind)) invalid(`a map cannot have keys of type ${key.kind}`, offset, "map");
      return { kind: "map", key, value: value(ref.value) };
    }
    default:
      return primitive(ref.kind);
  }
}

/** `functype`. */
export function resolveFunc(ref: FuncTypeRef, scope: Scope, offset: number): FuncType {
  if (ref.params.length > MAX_PARAMS) {
    invalid(`a function of more than ${MAX_PARAMS} parameters`, offset, "function type");
  }
  checkLabels(ref.params.map((p) => p.name), "function parameter name", offset);
  const result = ref.result && resolveValueType(ref.result, scope, offset);
  if (result && measure(result).borrows) {
    invalid("function result cannot contain a `borrow` type", offset, "function type");
  }
  return {
    kind: "func",
    params: ref.params.map((p) => ({ name: p.name, type: resolveValueType(p.type, scope, offset) })),
    result,
    async: ref.async,
  };
}

/** A type index of one kind. */
export function typeOfKind<K extends "func" | "instance" | "component">(
  kind: K,
  index: number,
  scope: Scope,
  offset: number,
): { func: FuncType; instance: InstanceType; component: ComponentType }[K] {
  const type = at(scope.types, index, "type", offset);
  if (type.kind !== kind) {
    const article = kind === "instance" ? "an" : "a";
    invalid(`type index ${index} is not ${article} ${kind} type but a ${type.kind}`, offset, `${kind} type`);
  }
  return type as never;
}
