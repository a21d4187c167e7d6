/**
 * A component as its bytes spell it: definitions in the order they stand, references still indices.
 * Names follow the productions of Binary.md.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
 * @module
 */
import type { CoreExtern, CoreFuncType, PrimitiveKind } from "../wit/types.ts";

/** `core:sort`. */
export type CoreSort = "func" | "table" | "memory" | "global" | "tag" | "type" | "module" | "instance";
/** `sort`; core sorts carry the prefix `core `. */
export type Sort = `core ${CoreSort}` | "func" | "value" | "type" | "component" | "instance";

/** `sortidx`: one definition in one index space. */
export interface SortIndex {
  readonly sort: Sort;
  readonly index: number;
}

/** `valtype`: a primitive or an index into the type index space. */
export type ValueTypeRef = { readonly kind: PrimitiveKind } | {
  readonly kind: "index";
  readonly index: number;
};

/** `labelvaltype`. */
export interface FieldRef {
  readonly name: string;
  readonly type: ValueTypeRef;
}

/** `defvaltype`. */
export type DefinedValueTypeRef =
  | { readonly kind: PrimitiveKind }
  | { readonly kind: "record"; readonly fields: readonly FieldRef[] }
  | {
    readonly kind: "variant";
    readonly cases: readonly { readonly name: string; readonly type: ValueTypeRef | undefined }[];
  }
  | { readonly kind: "list"; readonly element: ValueTypeRef; readonly length?: number }
  | { readonly kind: "tuple"; readonly types: readonly ValueTypeRef[] }
  | { readonly kind: "flags" | "enum"; readonly names: readonly string[] }
  | { readonly kind: "option"; readonly type: ValueTypeRef }
  | {
    readonly kind: "result";
    readonly ok: ValueTypeRef | undefined;
    readonly err: ValueTypeRef | undefined;
  }
  | { readonly kind: "own" | "borrow"; readonly index: number }
  | { readonly kind: "stream" | "future"; readonly type: ValueTypeRef | undefined }
  | { readonly kind: "map"; readonly key: ValueTypeRef; readonly value: ValueTypeRef };

/** `functype`. */
export interface FuncTypeRef {
  readonly kind: "func";
  readonly params: readonly FieldRef[];
  readonly result: ValueTypeRef | undefined;
  readonly async: boolean;
}

/** `resourcetype`. */
export interface ResourceTypeRef {
  readonly kind: "resource";
  readonly rep: "i32" | "i64";
  readonly dtor: number | undefined;
}

/** `componenttype` or `instancetype`: declarations, which are definitions of a scope of their own. */
export interface ScopeTypeRef {
  readonly kind: "component-type" | "instance-type";
  readonly declarations: readonly Definition[];
}

/** `deftype`. */
export type TypeRef = DefinedValueTypeRef | FuncTypeRef | ResourceTypeRef | ScopeTypeRef;

/** `externtype`. */
export type ExternRef =
  | { readonly kind: "core module" | "func" | "component" | "instance"; readonly index: number }
  | { readonly kind: "value"; readonly bound: "eq"; readonly index: number }
  | { readonly kind: "value"; readonly bound: "type"; readonly type: ValueTypeRef }
  | { readonly kind: "type"; readonly bound: "eq"; readonly index: number }
  | { readonly kind: "type"; readonly bound: "sub resource" };

/** `attribute` of an import or export name. */
export interface Attribute {
  readonly kind: "implements" | "versionsuffix" | "external-id";
  readonly value: string;
}

/** `canonopt`, gathered. Functions and memories are core indices. */
export interface CanonOptions {
  readonly encoding: "utf8" | "utf16" | "latin1+utf16";
  readonly memory: number | undefined;
  readonly realloc: number | undefined;
  readonly postReturn: number | undefined;
  readonly async: boolean;
  readonly callback: number | undefined;
  /** Whether a string encoding was written out. */
  readonly encodingGiven: boolean;
}

/** `canon`. */
export type CanonRef =
  | { readonly op: "lift"; readonly func: number; readonly options: CanonOptions; readonly type: number }
  | { readonly op: "lower"; readonly func: number; readonly options: CanonOptions }
  | { readonly op: "resource.new" | "resource.drop" | "resource.rep"; readonly type: number }
  | AsyncCanonRef;

/** A built-in of the async proposal: decoded so that it can be checked, and refused by name. */
export interface AsyncCanonRef {
  readonly op: "async";
  readonly name: string;
  readonly type?: number;
  readonly coreType?: number;
  readonly table?: number;
  readonly memory?: number;
  readonly slot?: number;
  readonly valueType?: string;
  readonly result?: ValueTypeRef;
  readonly options?: CanonOptions;
}

/** `core:type`: a function type, a module type, or a type of another proposal, kept by name only. */
export type CoreTypeRef =
  | CoreFuncType
  | { readonly kind: "core-module"; readonly declarations: readonly CoreDeclaration[] }
  | { readonly kind: "other"; readonly name: string };

/** `core:moduledecl`. */
export type CoreDeclaration =
  | { readonly kind: "import"; readonly module: string; readonly name: string; readonly type: CoreExternRef }
  | { readonly kind: "type"; readonly type: CoreTypeRef }
  | { readonly kind: "alias"; readonly count: number; readonly index: number }
  | { readonly kind: "export"; readonly name: string; readonly type: CoreExternRef };

/** `core:externtype`, functions and tags by index into the module type's own type index space. */
export type CoreExternRef =
  | { readonly kind: "func"; readonly index: number }
  | { readonly kind: "tag"; readonly index: number }
  | Exclude<CoreExtern, { kind: "core-func" } | { kind: "tag" }>;

/** One definition (or declaration, inside a type), in the order of the bytes. */
export type Definition = { readonly offset: number } & DefinitionBody;

/** What a definition defines. */
export type DefinitionBody =
  | { readonly kind: "core module"; readonly bytes: Uint8Array }
  | {
    readonly kind: "core instantiate";
    readonly module: number;
    readonly args: readonly { readonly name: string; readonly instance: number }[];
  }
  | {
    readonly kind: "core inline";
    readonly exports: readonly { readonly name: string; readonly sort: CoreSort; readonly index: number }[];
  }
  | { readonly kind: "core type"; readonly type: CoreTypeRef }
  | { readonly kind: "component"; readonly component: ComponentDefinition }
  | {
    readonly kind: "instantiate";
    readonly component: number;
    readonly args: readonly ({ readonly name: string } & SortIndex)[];
  }
  | {
    readonly kind: "inline";
    readonly exports:
      readonly ({ readonly name: string; readonly attributes: readonly Attribute[] } & SortIndex)[];
  }
  | { readonly kind: "alias export"; readonly sort: Sort; readonly instance: number; readonly name: string }
  | {
    readonly kind: "alias core export";
    readonly sort: CoreSort;
    readonly instance: number;
    readonly name: string;
  }
  | { readonly kind: "alias outer"; readonly sort: Sort; readonly count: number; readonly index: number }
  | { readonly kind: "type"; readonly type: TypeRef }
  | { readonly kind: "canon"; readonly canon: CanonRef }
  | {
    readonly kind: "start";
    readonly func: number;
    readonly args: readonly number[];
    readonly results: number;
  }
  | {
    readonly kind: "import";
    readonly name: string;
    readonly attributes: readonly Attribute[];
    readonly type: ExternRef;
  }
  | {
    readonly kind: "export";
    readonly name: string;
    readonly attributes: readonly Attribute[];
    readonly target: SortIndex;
    readonly type: ExternRef | undefined;
  }
  /** `exportdecl`: an export inside a component or instance type. */
  | {
    readonly kind: "export declaration";
    readonly name: string;
    readonly attributes: readonly Attribute[];
    readonly type: ExternRef;
  }
  | { readonly kind: "value"; readonly type: ValueTypeRef; readonly bytes: Uint8Array };

/** A component, decoded. */
export interface ComponentDefinition {
  /** Byte offset of its preamble. */
  readonly offset: number;
  readonly definitions: readonly Definition[];
  /** Custom sections, by name; contents uninterpreted. */
  readonly custom: readonly { readonly name: string; readonly bytes: Uint8Array; readonly offset: number }[];
}
