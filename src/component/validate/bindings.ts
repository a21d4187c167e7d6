/**
 * What stands for the types that another type leaves open.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#type-checking
 * @module
 */
import type { DefinedType, ExternType, Label, Resource, ValueType } from "../wit/types.ts";
import type { Budget } from "./budget.ts";
import { Substitution } from "./substitute.ts";

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
