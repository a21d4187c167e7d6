/**
 * Types with some resources replaced by others: what instantiation does to a component's type.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#type-checking
 * @module
 */
import type {
  ComponentType,
  DefinedType,
  ExternType,
  FuncType,
  Label,
  Resource,
  ValueType,
} from "../wit/types.ts";
import type { Budget } from "./budget.ts";

/** A type made anew takes time and stays: it costs as much as looking at this many. */
const MADE = 4;

/** What replaces what. A map may grow as long as no type that the new entry changes was asked for. */
export interface Replacements {
  readonly resources: ReadonlyMap<Resource, Resource>;
  /** Value types by identity: a type import, and the type that was supplied for it. */
  readonly values?: ReadonlyMap<ValueType, ValueType>;
  /** Labels of replaced resources; those not listed become new ones, as unknown outside as the old. */
  readonly labels?: ReadonlyMap<Label, Label | undefined>;
}

/** Replaces parts of types; shared parts stay shared, and a type without any of them stays itself. */
export class Substitution {
  readonly #to: Replacements;
  readonly #budget: Budget;
  readonly #done = new Map<object, unknown>();

  /**
   * @param to What replaces what.
   * @param budget What it may cost.
   */
  constructor(to: Replacements, budget: Budget) {
    this.#to = to;
    this.#budget = budget;
  }

  /** A resource, replaced or as it is. */
  resource(resource: Resource): Resource {
    return this.#to.resources.get(resource) ?? resource;
  }

  /** A value type. */
  value(type: ValueType): ValueType {
    return this.#once(type, () => this.#to.values?.get(type) ?? this.#value(type));
  }

  /** The label of a resource that was replaced. */
  #label(label: Label | undefined): { label?: Label } {
    if (!label) return {};
    const { labels } = this.#to;
    const to = labels?.has(label) ? labels.get(label) : this.#once(label, () => ({ name: label.name }));
    return to ? { label: to } : {};
  }

  /** A function type. */
  func(type: FuncType): FuncType {
    return this.#once(type, () => {
      const params = same(type.params, (p) => {
        const t = this.value(p.type);
        return t === p.type ? p : { ...p, type: t };
      });
      const result = type.result && this.value(type.result);
      return params === type.params && result === type.result ? type : { ...type, params, result };
    });
  }

  /** Anything in the type index space. */
  defined(type: DefinedType): DefinedType {
    switch (type.kind) {
      case "func":
        return this.func(type);
      case "resource":
        return this.resource(type);
      case "instance":
      case "component":
        return this.extern(type) as DefinedType;
      default:
        return this.value(type);
    }
  }

  /** The type of an import or export. */
  extern<T extends ExternType>(type: T): T {
    if (this.#to.resources.size === 0 && !this.#to.values?.size) return type;
    return this.#once(type, () => this.#extern(type) as T);
  }

  /** Every type of a list of imports or exports. */
  externs(map: ReadonlyMap<string, ExternType>): ReadonlyMap<string, ExternType> {
    let changed = false;
    const result = new Map<string, ExternType>();
    for (const [name, type] of map) {
      const t = this.extern(type);
      changed ||= t !== type;
      result.set(name, t);
    }
    return changed ? result : map;
  }

  #once<T extends object>(type: T, make: () => T): T {
    const known = this.#done.get(type);
    if (known !== undefined) return known as T;
    const made = make();
    this.#budget.spend(made === type ? 1 : MADE);
    this.#done.set(type, made);
    return made;
  }

  #extern(type: ExternType): ExternType {
    switch (type.kind) {
      case "func":
        return this.func(type);
      case "type": {
        const t = this.defined(type.type);
        return t === type.type ? type : { kind: "type", type: t, ...this.#label(type.label) };
      }
      case "value": {
        const t = this.value(type.type);
        return t === type.type ? type : { kind: "value", type: t };
      }
      case "instance": {
        const exports = this.externs(type.exports);
        return exports === type.exports ? type : { ...type, exports };
      }
      case "component": {
        const imports = this.externs(type.imports), exports = this.externs(type.exports);
        const unchanged = imports === type.imports && exports === type.exports;
        return unchanged ? type : { ...type, imports, exports } satisfies ComponentType;
      }
      case "core-module":
        return type;
    }
  }

  #value(type: ValueType): ValueType {
    switch (type.kind) {
      case "list": {
        const element = this.value(type.element);
        return element === type.element ? type : { ...type, element };
      }
      case "record": {
        const fields = same(type.fields, (f) => {
          const t = this.value(f.type);
          return t === f.type ? f : { ...f, type: t };
        });
        return fields === type.fields ? type : { kind: "record", fields };
      }
      case "tuple": {
        const types = same(type.types, (t) => this.value(t));
        return types === type.types ? type : { kind: "tuple", types };
      }
      case "variant": {
        const cases = same(type.cases, (c) => {
          const t = c.type && this.value(c.type);
          return t === c.type ? c : { ...c, type: t };
        });
        return cases === type.cases ? type : { kind: "variant", cases };
      }
      case "option": {
        const t = this.value(type.type);
        return t === type.type ? type : { kind: "option", type: t };
      }
      case "result": {
        const ok = type.ok && this.value(type.ok), err = type.err && this.value(type.err);
        return ok === type.ok && err === type.err ? type : { kind: "result", ok, err };
      }
      case "own":
      case "borrow": {
        const resource = this.resource(type.resource);
        if (resource === type.resource) return type;
        return { kind: type.kind, resource, ...this.#label(type.label) };
      }
      case "stream":
      case "future": {
        const t = type.type && this.value(type.type);
        return t === type.type ? type : { kind: type.kind, type: t };
      }
      case "map": {
        const key = this.value(type.key), value = this.value(type.value);
        return key === type.key && value === type.value ? type : { kind: "map", key, value };
      }
      default:
        return type;
    }
  }
}

function same<T>(list: readonly T[], f: (item: T) => T): readonly T[] {
  const result = list.map(f);
  return result.every((item, i) => item === list[i]) ? list : result;
}
