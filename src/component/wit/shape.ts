/**
 * Types with the identity that WIT needs. Validation compares types by structure; WIT text must know that
 * `stat` of one interface *is* `stat` of another (`use other.{stat}`) although a third, equal record is not.
 *
 * A type index names a {@linkcode TypeId}: a definition and the export or import that last gave it a name.
 * Exporting a type makes a new id whose alias leads back to the one before.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#type-checking
 * @module
 */
import type { Attribute } from "../binary/definition.ts";
import { DecodeError } from "../error.ts";
import type { PrimitiveKind } from "./types.ts";

/** A value type whose parts are `T` and whose handles lead to `R`. */
export type ValueShape<T, R> =
  | { readonly kind: PrimitiveKind }
  | { readonly kind: "record"; readonly fields: readonly { readonly name: string; readonly type: T }[] }
  | {
    readonly kind: "variant";
    readonly cases: readonly { readonly name: string; readonly type: T | undefined }[];
  }
  | { readonly kind: "list"; readonly element: T; readonly length?: number }
  | { readonly kind: "tuple"; readonly types: readonly T[] }
  | { readonly kind: "flags" | "enum"; readonly names: readonly string[] }
  | { readonly kind: "option"; readonly type: T }
  | { readonly kind: "result"; readonly ok: T | undefined; readonly err: T | undefined }
  | { readonly kind: "own" | "borrow"; readonly resource: R }
  | { readonly kind: "stream" | "future"; readonly type: T | undefined }
  | { readonly kind: "map"; readonly key: T; readonly value: T };

/** The same type over other parts. */
export function mapShape<T, R, U, S>(
  shape: ValueShape<T, R>,
  value: (type: T) => U,
  resource: (resource: R) => S,
): ValueShape<U, S> {
  const optional = (type: T | undefined): U | undefined => type === undefined ? undefined : value(type);
  switch (shape.kind) {
    case "record":
      return { kind: "record", fields: shape.fields.map((f) => ({ name: f.name, type: value(f.type) })) };
    case "variant":
      return { kind: "variant", cases: shape.cases.map((c) => ({ name: c.name, type: optional(c.type) })) };
    case "list": {
      const element = value(shape.element);
      return shape.length === undefined
        ? { kind: "list", element }
        : { kind: "list", element, length: shape.length };
    }
    case "tuple":
      return { kind: "tuple", types: shape.types.map(value) };
    case "option":
      return { kind: "option", type: value(shape.type) };
    case "result":
      return { kind: "result", ok: optional(shape.ok), err: optional(shape.err) };
    case "own":
    case "borrow":
      return { kind: shape.kind, resource: resource(shape.resource) };
    case "stream":
    case "future":
      return { kind: shape.kind, type: optional(shape.type) };
    case "map":
      return { kind: "map", key: value(shape.key), value: value(shape.value) };
    default:
      return shape;
  }
}

/** A value type in a binary: a primitive, or a type index resolved. */
export type ValueRef = PrimitiveKind | TypeId;

/** A function type. */
export interface FuncShape {
  readonly kind: "func";
  readonly params: readonly { readonly name: string; readonly type: ValueRef }[];
  readonly result: ValueRef | undefined;
  readonly async: boolean;
}
/** An instance type; `bound` are the resources that each use of it makes anew. */
export interface InstanceShape {
  readonly kind: "instance";
  readonly exports: ReadonlyMap<string, Item>;
  readonly bound: readonly Target[];
}
/** A component type, with the resources that its imports and its exports introduce. */
export interface ComponentShape {
  readonly kind: "component";
  readonly imports: ReadonlyMap<string, Item>;
  readonly exports: ReadonlyMap<string, Item>;
  readonly boundImports: readonly Target[];
  readonly boundExports: readonly Target[];
}
/** Anything that the type index space holds. */
export type Shape =
  | ValueShape<ValueRef, TypeId>
  | { readonly kind: "resource" }
  | FuncShape
  | InstanceShape
  | ComponentShape;

/** What an import or export is. For a type: what it refers to, and the new id that the name made. */
export type Extern =
  | { readonly kind: "type"; readonly referenced: TypeId; readonly created: TypeId }
  | { readonly kind: "func"; readonly type: FuncShape }
  | { readonly kind: "instance"; readonly type: InstanceShape }
  | { readonly kind: "component"; readonly type: ComponentShape }
  | { readonly kind: "core module" | "value" };

/** An import or export. */
export interface Item {
  readonly extern: Extern;
  readonly attributes: readonly Attribute[];
}

/** One step of renaming. */
interface Alias {
  readonly of: Alias | undefined;
}

/** A definition. Two with equal shapes are still two. */
export interface Target {
  readonly shape: Shape;
  /** How many types it is made of, shared ones counted each time. */
  readonly size: number;
  /** How deep those parts nest. */
  readonly depth: number;
  readonly views: Map<Alias | undefined, TypeId>;
}

/** A definition under the last of its names. The same pair is always the same object. */
export interface TypeId {
  readonly target: Target;
  readonly alias: Alias | undefined;
}

/**
 * The limit that other engines set. Types share parts, so that a kilobyte of `tuple<t, t>` of `tuple<t, t>`
 * could ask for more text than there is memory.
 */
const MAX_SIZE = 1_000_000;
/** Types are walked by recursion; a bound keeps hostile input off the end of the JavaScript stack. */
const MAX_DEPTH = 500;

/** A new definition. */
export function define(shape: Shape, offset: number, parts: readonly ValueRef[] = []): TypeId {
  let size = 1, depth = 1;
  for (const part of parts) {
    size += typeof part === "string" ? 1 : part.target.size;
    if (typeof part !== "string") depth = Math.max(depth, part.target.depth + 1);
  }
  if (size > MAX_SIZE) {
    throw new DecodeError(`effective type size exceeds the limit of ${MAX_SIZE}`, offset, "type", "invalid");
  }
  if (depth > MAX_DEPTH) {
    throw new DecodeError(`types nested more than ${MAX_DEPTH} deep`, offset, "type", "invalid");
  }
  return view({ shape, size, depth, views: new Map() }, undefined);
}

/** A definition under a name that it has already. */
export function view(target: Target, alias: Alias | undefined): TypeId {
  let id = target.views.get(alias);
  if (!id) target.views.set(alias, id = { target, alias });
  return id;
}

/** The id that an import or export of a type makes. */
export function rename(id: TypeId): TypeId {
  return view(id.target, { of: id.alias });
}

/** The id before the last renaming, if there was one. */
export function original(id: TypeId): TypeId | undefined {
  return id.alias && view(id.target, id.alias.of);
}
