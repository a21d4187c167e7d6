/**
 * Whether one thing may stand where another is expected.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#type-checking
 * @module
 */
import type {
  ComponentType,
  DefinedType,
  ExternType,
  FuncType,
  InstanceType,
  Label,
  Resource,
  ValueType,
} from "../wit/types.ts";
import type { Budget } from "./budget.ts";
import { moduleMismatch } from "./core_subtype.ts";
import { isValueType } from "./resolve.ts";
import { Substitution } from "./substitute.ts";

/** Why not; nothing if all is well. */
export type Mismatch = string | undefined;

/** Pairs found to match. Types never change, so once is enough; shared parts are compared once. */
type Pairs = WeakMap<object, WeakSet<object>>;
const matching: Pairs = new WeakMap();
const equal: Pairs = new WeakMap();

function once(pairs: Pairs, have: object, want: object, compare: () => Mismatch): Mismatch {
  if (have === want || pairs.get(have)?.has(want)) return undefined;
  const mismatch = compare();
  if (mismatch !== undefined) return mismatch;
  let known = pairs.get(have);
  if (!known) pairs.set(have, known = new WeakSet());
  known.add(want);
  return undefined;
}

const inside = (where: string, mismatch: Mismatch): Mismatch => mismatch && `${where}: ${mismatch}`;

/**
 * Whether `have` is a subtype of `want`, whose bound resources were replaced by those of `have`.
 *
 * @param budget What it may cost.
 * @param exact Whether it must be equal instead: neither more nor less.
 */
export function mismatch(have: ExternType, want: ExternType, budget: Budget, exact = false): Mismatch {
  return once(exact ? equal : matching, have, want, () => {
    if (have.kind !== want.kind) return `expected ${sort(want)}, found ${sort(have)}`;
    switch (want.kind) {
      case "func":
        return funcMismatch(have as FuncType, want);
      case "value":
        return valueMismatch((have as typeof want).type, want.type);
      case "type":
        return definedMismatch((have as typeof want).type, want.type, budget);
      case "instance":
        return instanceMismatch(have as InstanceType, want, budget, exact);
      case "component":
        return componentMismatch(have as ComponentType, want, budget, exact);
      case "core-module":
        budget.spend(want.imports.length + want.exports.size);
        return moduleMismatch(have as typeof want, want) ??
          (exact ? moduleMismatch(want, have as typeof want) : undefined);
    }
  });
}

function sort(type: ExternType): string {
  return type.kind === "core-module" ? "core module" : type.kind;
}

function instanceMismatch(have: InstanceType, want: InstanceType, budget: Budget, exact: boolean): Mismatch {
  return exportsMismatch(have.exports, have.bound, want.exports, want.bound, budget, exact);
}

function exportsMismatch(
  have: ReadonlyMap<string, ExternType>,
  haveBound: readonly Resource[],
  want: ReadonlyMap<string, ExternType>,
  wantBound: readonly Resource[],
  budget: Budget,
  exact: boolean,
): Mismatch {
  if (exact && have.size !== want.size) return `expected ${want.size} exports, found ${have.size}`;
  const bindings = new Bindings(wantBound, budget);
  for (const [name, type] of want) {
    const found = have.get(name);
    if (!found) return `missing expected export \`${name}\``;
    bindings.match(type, found);
    const wrong = mismatch(found, bindings.check.extern(type), budget, exact);
    if (wrong) return inside(`type mismatch in export \`${name}\``, wrong);
  }
  return exact && !bindings.pairs(haveBound) ? "resource types are not the same" : undefined;
}

function componentMismatch(
  have: ComponentType,
  want: ComponentType,
  budget: Budget,
  exact: boolean,
): Mismatch {
  if (exact && have.imports.size !== want.imports.size) {
    return `expected ${want.imports.size} imports, found ${have.imports.size}`;
  }
  // What `want` promises to be given must do as what `have` asks for.
  const given = new Bindings(have.boundImports, budget);
  for (const [name, type] of have.imports) {
    const supplied = want.imports.get(name);
    if (!supplied) return `missing expected import \`${name}\``;
    given.match(type, supplied);
    const wrong = mismatch(supplied, given.check.extern(type), budget, exact);
    if (wrong) return inside(`type mismatch in import \`${name}\``, wrong);
  }
  if (exact && !given.pairs(want.boundImports)) return "resource types are not the same";
  const actual = given.check.externs(have.exports);
  return exportsMismatch(actual, have.boundExports, want.exports, want.boundExports, budget, exact);
}

/** Whether two types in the type index space are equal. */
function definedMismatch(have: DefinedType, want: DefinedType, budget: Budget): Mismatch {
  if (have === want) return undefined;
  if (have.kind === "resource" || want.kind === "resource") {
    if (have.kind === want.kind) return "resource types are not the same";
    return have.kind === "resource"
      ? `expected ${describe(want)}, found resource`
      : `expected resource, found ${describe(have)}`;
  }
  const values = isValueType(have) && isValueType(want);
  if (values) return valueMismatch(have, want);
  if (have.kind !== want.kind) return `expected ${describe(want)}, found ${describe(have)}`;
  return mismatch(have as ExternType, want as ExternType, budget, true);
}

function funcMismatch(have: FuncType, want: FuncType): Mismatch {
  if (have.async !== want.async) {
    return `expected ${want.async ? "an async" : "a sync"} function, found ${
      have.async ? "an async" : "a sync"
    } one`;
  }
  if (have.params.length !== want.params.length) {
    return `expected ${want.params.length} parameters, found ${have.params.length}`;
  }
  for (const [i, param] of want.params.entries()) {
    const found = have.params[i]!;
    if (found.name !== param.name) {
      return `expected parameter named \`${param.name}\`, found \`${found.name}\``;
    }
    const wrong = valueMismatch(found.type, param.type);
    if (wrong) return inside(`type mismatch in function parameter \`${param.name}\``, wrong);
  }
  return inside("type mismatch with result type", optionalMismatch(have.result, want.result, "a result"));
}

function optionalMismatch(have: ValueType | undefined, want: ValueType | undefined, what: string): Mismatch {
  if (!have && !want) return undefined;
  if (!have) return `expected ${what}, found none`;
  if (!want) return `expected no ${what.replace(/^an? /, "")}, found ${describe(have)}`;
  return valueMismatch(have, want);
}

function valueMismatch(have: ValueType, want: ValueType): Mismatch {
  return once(equal, have, want, () => unequal(have, want));
}

function unequal(have: ValueType, want: ValueType): Mismatch {
  if (have.kind !== want.kind) return `expected ${describe(want)}, found ${describe(have)}`;
  // `have` is of the same kind from here on, which TypeScript cannot follow.
  const other = have as never;
  switch (want.kind) {
    case "list": {
      const { length, element }: typeof want = other;
      if (length !== want.length) {
        return `expected a list of ${want.length ?? "any"} elements, found one of ${length ?? "any"}`;
      }
      return inside("type mismatch in list element", valueMismatch(element, want.element));
    }
    case "record": {
      const { fields }: typeof want = other;
      if (fields.length !== want.fields.length) {
        return `expected ${want.fields.length} fields, found ${fields.length}`;
      }
      for (const [i, field] of want.fields.entries()) {
        const { name, type } = fields[i]!;
        if (name !== field.name) return `expected field name \`${field.name}\`, found \`${name}\``;
        const wrong = valueMismatch(type, field.type);
        if (wrong) return inside(`type mismatch in record field \`${name}\``, wrong);
      }
      return undefined;
    }
    case "variant": {
      const { cases }: typeof want = other;
      if (cases.length !== want.cases.length) {
        return `expected ${want.cases.length} cases, found ${cases.length}`;
      }
      for (const [i, case_] of want.cases.entries()) {
        const { name, type } = cases[i]!;
        if (name !== case_.name) return `expected case named \`${case_.name}\`, found \`${name}\``;
        const wrong = optionalMismatch(type, case_.type, "a type");
        if (wrong) return inside(`type mismatch in variant case \`${name}\``, wrong);
      }
      return undefined;
    }
    case "tuple": {
      const { types }: typeof want = other;
      if (types.length !== want.types.length) {
        return `expected ${want.types.length} types, found ${types.length}`;
      }
      for (const [i, type] of want.types.entries()) {
        const wrong = valueMismatch(types[i]!, type);
        if (wrong) return inside(`type mismatch in tuple field ${i}`, wrong);
      }
      return undefined;
    }
    case "flags":
    case "enum": {
      const { names }: typeof want = other;
      const same = names.length === want.names.length && names.every((n, i) => n === want.names[i]);
      return same ? undefined : `mismatch in ${want.kind} elements`;
    }
    case "option":
      return inside("type mismatch in option", valueMismatch((other as typeof want).type, want.type));
    case "result": {
      const { ok, err }: typeof want = other;
      return inside("type mismatch in ok variant", optionalMismatch(ok, want.ok, "an ok type")) ??
        inside("type mismatch in err variant", optionalMismatch(err, want.err, "an err type"));
    }
    case "own":
    case "borrow":
      return (other as typeof want).resource === want.resource
        ? undefined
        : "resource types are not the same";
    case "stream":
    case "future":
      return inside(
        `type mismatch in ${want.kind} element`,
        optionalMismatch((other as typeof want).type, want.type, "a type"),
      );
    case "map": {
      const { key, value }: typeof want = other;
      return inside("type mismatch in map key", valueMismatch(key, want.key)) ??
        inside("type mismatch in map value", valueMismatch(value, want.value));
    }
    default:
      return undefined;
  }
}

function describe(type: DefinedType): string {
  return isValueType(type) ? type.kind : `${type.kind} type`;
}

/**
 * Which types are supplied for the type imports of a component (or, the other way round, which types of an
 * actual instance stand for those that its expected type leaves open), found as they come up.
 */
export class Bindings {
  readonly #bound: ReadonlySet<Resource>;
  readonly #budget: Budget;
  readonly resources = new Map<Resource, Resource>();
  readonly values = new Map<ValueType, ValueType>();
  readonly labels = new Map<Label, Label | undefined>();
  readonly #seen = new Map<object, object>();
  #check: Substitution | undefined;
  #result: Substitution | undefined;

  /**
   * @param bound The resources that stand for others.
   * @param budget What it may cost.
   */
  constructor(bound: Iterable<Resource>, budget: Budget) {
    this.#bound = new Set(bound);
    this.#budget = budget;
  }

  /** Replaces resources: what to compare with the actual types. */
  get check(): Substitution {
    return this.#check ??= new Substitution({ resources: this.resources }, this.#budget);
  }

  /** Replaces resources and value types by the actual ones: what the outside sees afterwards. */
  get result(): Substitution {
    return this.#result ??= new Substitution(this, this.#budget);
  }

  /** Whether each resource stands for another one, all of them bound as it is. */
  pairs(bound: readonly Resource[]): boolean {
    const actual = new Set(this.resources.values()), known = new Set(bound);
    return actual.size === this.resources.size && [...actual].every((resource) => known.has(resource));
  }

  /** Pairs the types that `want` leaves open or names with those of `have`. */
  match(want: ExternType, have: ExternType): void {
    this.#budget.spend(1);
    if (want.kind === "type" && have.kind === "type") {
      const to = have.type, from = want.type;
      if (from.kind === "resource") {
        if (to.kind !== "resource" || !this.#bound.has(from)) return;
        if (!this.resources.has(from)) this.resources.set(from, to);
        if (want.label && !this.labels.has(want.label)) this.labels.set(want.label, have.label);
      } else if (isNamed(from) && isNamed(to) && !this.values.has(from)) {
        this.values.set(from, to);
      }
    } else if (want.kind === "instance" && have.kind === "instance") {
      if (this.#seen.get(want) === have) return;
      this.#seen.set(want, have);
      for (const [name, type] of want.exports) {
        const other = have.exports.get(name);
        if (other) this.match(type, other);
      }
    }
  }
}

/** Value types whose identity means something: only those must have names. */
function isNamed(type: DefinedType): type is ValueType {
  return type.kind === "record" || type.kind === "variant" || type.kind === "enum" || type.kind === "flags";
}
