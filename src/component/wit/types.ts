/**
 * The component model's types, as data. Types are compared by structure; resources by identity.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#type-definitions
 * @module
 */

/** Value types without parts. */
export type PrimitiveKind =
  | "bool"
  | "s8"
  | "u8"
  | "s16"
  | "u16"
  | "s32"
  | "u32"
  | "s64"
  | "u64"
  | "f32"
  | "f64"
  | "char"
  | "string"
  | "error-context";

/** A primitive value type. */
export interface PrimitiveType {
  /** Which one. */
  readonly kind: PrimitiveKind;
}
/** `list<T>`, or `list<T, N>` where `length` is given. */
export interface ListType {
  /** Which type this is. */
  readonly kind: "list";
  /** The type of its elements. */
  readonly element: ValueType;
  /** How many elements, where that is fixed. */
  readonly length?: number;
}
/** A named part of a record, or a parameter. */
export interface Field {
  /** Its name, as WIT spells it. */
  readonly name: string;
  /** Its type. */
  readonly type: ValueType;
}
/** `record { … }`. */
export interface RecordType {
  /** Which type this is. */
  readonly kind: "record";
  /** Its fields, in order. */
  readonly fields: readonly Field[];
}
/** `tuple<…>`. */
export interface TupleType {
  /** Which type this is. */
  readonly kind: "tuple";
  /** The types of its parts, in order. */
  readonly types: readonly ValueType[];
}
/** One case of a variant. */
export interface Case {
  /** Its name, as WIT spells it. */
  readonly name: string;
  /** Its type. */
  readonly type: ValueType | undefined;
}
/** `variant { … }`. */
export interface VariantType {
  /** Which type this is. */
  readonly kind: "variant";
  /** Its cases, in order. */
  readonly cases: readonly Case[];
}
/** `enum { … }`. */
export interface EnumType {
  /** Which type this is. */
  readonly kind: "enum";
  /** The names, in order. */
  readonly names: readonly string[];
}
/** `flags { … }`. */
export interface FlagsType {
  /** Which type this is. */
  readonly kind: "flags";
  /** The names, in order. */
  readonly names: readonly string[];
}
/** `option<T>`. */
export interface OptionType {
  /** Which type this is. */
  readonly kind: "option";
  /** Its type. */
  readonly type: ValueType;
}
/** `result<T, E>`, either side possibly absent. */
export interface ResultType {
  /** Which type this is. */
  readonly kind: "result";
  /** The type of the `ok` side. */
  readonly ok: ValueType | undefined;
  /** The type of the `err` side. */
  readonly err: ValueType | undefined;
}
/** `own<R>` or `borrow<R>`. */
export interface HandleType {
  /** Which type this is. */
  readonly kind: "own" | "borrow";
  /** The resource. */
  readonly resource: Resource;
  /** The import or export through which the resource was named here; validation alone asks for it. */
  readonly label?: Label;
}
/** `stream<T>` or `future<T>`: decoded and validated, not yet linked. */
export interface AsyncType {
  /** Which type this is. */
  readonly kind: "stream" | "future";
  /** Its type. */
  readonly type: ValueType | undefined;
}
/** `map<K, V>`: decoded and validated as a list of pairs. */
export interface MapType {
  /** Which type this is. */
  readonly kind: "map";
  /** The type of keys. */
  readonly key: ValueType;
  /** The type of values. */
  readonly value: ValueType;
}

/** Any value type, its references resolved. */
export type ValueType =
  | PrimitiveType
  | ListType
  | RecordType
  | TupleType
  | VariantType
  | EnumType
  | FlagsType
  | OptionType
  | ResultType
  | HandleType
  | AsyncType
  | MapType;

/**
 * A resource type as one component sees it: an identity. Two mentions are the same type exactly if they
 * are the same object. At run time each one stands for a table entry of the instance (`slot`).
 */
export interface Resource {
  /** Which type this is. */
  readonly kind: "resource";
  /** Index into the instance's resource types; unique within the component that numbers it. */
  readonly slot: number;
  /** The first name it was seen under, for messages. */
  name: string;
  /** Defined in this very component, so `resource.new` and `resource.rep` are allowed. */
  readonly local: boolean;
  /** The core type of its representation; always `i32` today. */
  readonly rep: "i32" | "i64";
}

/**
 * The name that an import or export gives to a resource: an identity, like the resource. One resource may
 * have several, and a type is visible outside only through one of them.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#external-visibility-of-types
 */
export interface Label {
  /** Its name, as WIT spells it. */
  readonly name: string;
}

/** `func(…) -> …`. */
export interface FuncType {
  /** Which type this is. */
  readonly kind: "func";
  /** Its parameters, in order. */
  readonly params: readonly Field[];
  /** The type of its result, if it has one. */
  readonly result: ValueType | undefined;
  /** Declared `async`. */
  readonly async: boolean;
}

/** The type of an instance: what it exports. */
export interface InstanceType {
  /** Which type this is. */
  readonly kind: "instance";
  /** What it exports, by name. */
  readonly exports: ReadonlyMap<string, ExternType>;
  /** Resources that each use of this type makes anew; empty for the type of an instance that exists. */
  readonly bound: readonly Resource[];
}

/** The type of a component: what it imports and exports. */
export interface ComponentType {
  /** Which type this is. */
  readonly kind: "component";
  /** What it imports. */
  readonly imports: ReadonlyMap<string, ExternType>;
  /** What it exports, by name. */
  readonly exports: ReadonlyMap<string, ExternType>;
  /** Resources that imports introduce: each instantiation replaces them by those of its arguments. */
  readonly boundImports: readonly Resource[];
  /** Resources that exports introduce: each instantiation makes them anew. */
  readonly boundExports: readonly Resource[];
}

/** Anything that has a place in the component type index space. */
export type DefinedType = ValueType | FuncType | InstanceType | ComponentType | Resource;

/** A type as an import or export: `(type (eq …))` or `(type (sub resource))`. */
export interface TypeExtern {
  /** Which type this is. */
  readonly kind: "type";
  /** Its type. */
  readonly type: DefinedType;
  /** For a resource: the name that this import or export gives it. */
  readonly label?: Label;
}

/** A core function's type in the core type index space. */
export interface CoreFuncType {
  /** Which type this is. */
  readonly kind: "core-func";
  /** Its parameters, in order. */
  readonly params: readonly string[];
  /** Its results. */
  readonly results: readonly string[];
}

/** The type of a core module. */
export interface CoreModuleType {
  /** Which type this is. */
  readonly kind: "core-module";
  /** What it imports. */
  readonly imports: readonly { readonly module: string; readonly name: string; readonly type: CoreExtern }[];
  /** What it exports, by name. */
  readonly exports: ReadonlyMap<string, CoreExtern>;
}

/** The type of a core import or export. */
export type CoreExtern =
  | CoreFuncType
  | { readonly kind: "table"; readonly element: string; readonly limits: Limits }
  | { readonly kind: "memory"; readonly limits: Limits; readonly pageSizeLog2?: number }
  | { readonly kind: "global"; readonly type: string; readonly mutable: boolean }
  | { readonly kind: "tag"; readonly type: CoreFuncType };

/** Limits of a memory or table. */
export interface Limits {
  /** The least. */
  readonly min: bigint;
  /** The most, where bounded. */
  readonly max: bigint | undefined;
  /** Shared between threads. */
  readonly shared: boolean;
  /** The type of its indices. */
  readonly address: "i32" | "i64";
}

/** The type of an import or export. */
export type ExternType = FuncType | InstanceType | ComponentType | CoreModuleType | TypeExtern | {
  /** Which type this is. */
  readonly kind: "value";
  /** Its type. */
  readonly type: ValueType;
};
