/**
 * The index spaces of one component, component type or instance type while it is being validated.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#index-spaces
 * @module
 */
import type {
  ComponentType,
  CoreExtern,
  CoreFuncType,
  CoreModuleType,
  DefinedType,
  ExternType,
  FuncType,
  InstanceType,
  Label,
  Resource,
  ValueType,
} from "../wit/types.ts";
import { Budget } from "./budget.ts";
import { invalid } from "./invalid.ts";
import { UniqueNames } from "./names.ts";

/** A core type of another proposal, kept so that indices count right. */
export interface OtherCoreType {
  readonly kind: "other";
  readonly name: string;
}

/** What a scope is; outer aliases count all three. */
export type ScopeKind = "component" | "component-type" | "instance-type";

/** Resources that one component may name; each takes memory in every instance. */
const MAX_RESOURCES = 10_000;

/** The imports, or the exports, of a scope. */
export class Side {
  readonly types = new Map<string, ExternType>();
  readonly names = new UniqueNames();
  /** Resources this side introduced. */
  readonly bound = new Set<Resource>();
  /** Value types and labels of resources that have a name outside, for types on this side. */
  readonly visible = new Set<object>();
  /** Resources that have a name on this very side, which `[method]` and the like may refer to. */
  readonly resources = new Map<string, Label>();
}

/** Index spaces, filled definition by definition. */
export class Scope {
  readonly kind: ScopeKind;
  readonly parent: Scope | undefined;
  readonly budget: Budget;

  readonly coreModules: CoreModuleType[] = [];
  readonly coreInstances: ReadonlyMap<string, CoreExtern>[] = [];
  readonly coreTypes: (CoreFuncType | CoreModuleType | OtherCoreType)[] = [];
  readonly coreFuncs: CoreFuncType[] = [];
  readonly tables: Extract<CoreExtern, { kind: "table" }>[] = [];
  readonly memories: Extract<CoreExtern, { kind: "memory" }>[] = [];
  readonly globals: Extract<CoreExtern, { kind: "global" }>[] = [];
  readonly tags: Extract<CoreExtern, { kind: "tag" }>[] = [];
  readonly components: ComponentType[] = [];
  readonly instances: InstanceType[] = [];
  readonly funcs: FuncType[] = [];
  readonly types: DefinedType[] = [];
  /** For each type that is a resource: the import or export through which this index names it, if any. */
  readonly labels: (Label | undefined)[] = [];
  readonly values: ValueType[] = [];

  readonly imports: Side = new Side();
  /** Its `bound` includes resources that are defined here and those of instances made here. */
  readonly exports: Side = new Side();
  #slots = 0;

  /**
   * @param kind What the scope belongs to.
   * @param parent The scope around it.
   */
  constructor(kind: ScopeKind, parent?: Scope) {
    this.kind = kind;
    this.parent = parent;
    this.budget = parent?.budget ?? new Budget();
  }

  /** How many resources were numbered here. */
  get slots(): number {
    return this.#slots;
  }

  /** Appends to the type index space. */
  addType(type: DefinedType, label?: Label): void {
    this.types.push(type);
    this.labels.push(label);
  }

  /** A new resource type, unequal to every other. */
  fresh(name: string, offset: number, local = false, rep: "i32" | "i64" = "i32"): Resource {
    if (this.#slots >= MAX_RESOURCES) {
      invalid(`more than ${MAX_RESOURCES} resource types in one component`, offset, "resource type");
    }
    return { kind: "resource", slot: this.#slots++, name, local, rep };
  }

  /** The scope `count` levels out. */
  outer(count: number, offset: number): Scope {
    // deno-lint-ignore no-this-alias
    let scope: Scope | undefined = this;
    for (let i = 0; i < count && scope; i++) scope = scope.parent;
    return scope ?? invalid(`invalid outer alias count of ${count}`, offset, "alias");
  }
}
