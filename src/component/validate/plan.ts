/**
 * A validated component: its type, and the steps that instantiate it, every type resolved.
 *
 * @module
 */
import type { CanonOptions, CoreSort } from "../binary/definition.ts";
import type { ComponentType, ExternType, FuncType, ValueType } from "../wit/types.ts";

/** Which resource type of an instance to put into which slot: the path of export names from the item. */
export interface Binding {
  readonly path: readonly string[];
  readonly slot: number;
}

/** Sorts that exist while a component runs. Types do not, except resource types, by slot. */
export type RuntimeSort = "core module" | "func" | "component" | "instance" | "resource";

/** One item of a runtime index space. */
export interface RuntimeIndex {
  readonly name: string;
  readonly sort: RuntimeSort;
  readonly index: number;
}

/** One step of instantiation. Each that defines something appends it to the index space of its sort. */
export type Step =
  & { readonly offset: number }
  & (
    | { readonly op: "core module"; readonly bytes: Uint8Array }
    | {
      readonly op: "core instantiate";
      readonly module: number;
      readonly args: readonly { readonly name: string; readonly instance: number }[];
    }
    | {
      readonly op: "core inline";
      readonly exports: readonly { readonly name: string; readonly sort: CoreSort; readonly index: number }[];
    }
    | { readonly op: "component"; readonly plan: Plan }
    | {
      readonly op: "instantiate";
      readonly component: number;
      readonly args: readonly RuntimeIndex[];
      readonly bind: readonly Binding[];
    }
    | { readonly op: "inline"; readonly exports: readonly RuntimeIndex[] }
    | {
      readonly op: "alias export";
      readonly sort: RuntimeSort;
      readonly instance: number;
      readonly name: string;
    }
    | {
      readonly op: "alias core export";
      readonly sort: CoreSort;
      readonly instance: number;
      readonly name: string;
    }
    | {
      readonly op: "alias outer";
      readonly sort: "core module" | "component";
      readonly count: number;
      readonly index: number;
    }
    | {
      readonly op: "resource";
      readonly slot: number;
      readonly dtor: number | undefined;
      readonly name: string;
    }
    | { readonly op: "lift"; readonly func: number; readonly options: CanonOptions; readonly type: FuncType }
    | { readonly op: "lower"; readonly func: number; readonly options: CanonOptions; readonly type: FuncType }
    | { readonly op: "resource.new" | "resource.drop" | "resource.rep"; readonly slot: number }
    | { readonly op: "async builtin"; readonly name: string }
    | {
      readonly op: "import";
      readonly name: string;
      readonly sort: RuntimeSort;
      readonly type: ExternType;
      readonly bind: readonly Binding[];
    }
    | {
      readonly op: "export";
      readonly name: string;
      readonly item: RuntimeIndex | undefined;
      readonly type: ExternType;
      readonly bind: readonly Binding[];
    }
  );

/** A step before it is known where it stands. */
export type StepBody = Step extends infer S ? S extends Step ? Omit<S, "offset"> : never : never;

/** A validated component. */
export interface Plan {
  /** Imports and exports, types resolved. */
  readonly type: ComponentType;
  /** What to do to instantiate it, in order. */
  readonly steps: readonly Step[];
  /** How many resource slots an instance has. */
  readonly slots: number;
  /** Value types that carry a name: the first export name of each, for messages and type declarations. */
  readonly typeNames: ReadonlyMap<ValueType, string>;
}
