/**
 * Resources that a type mentions.
 *
 * @module
 */
import type { DefinedType, ExternType, Resource, ValueType } from "../wit/types.ts";
import type { Budget } from "./budget.ts";
import { measure } from "./measure.ts";

const known = new WeakMap<DefinedType, boolean>();

/** Whether a type mentions a resource that it does not introduce itself. */
export function mentionsResource(type: DefinedType, budget: Budget): boolean {
  let found = known.get(type);
  if (found === undefined) {
    const { mentioned, bound } = mentions([type], budget);
    found = [...mentioned].some((resource) => !bound.has(resource));
    known.set(type, found);
  }
  return found;
}

/** All resources that types mention, and those among them that a component or instance type introduces. */
export function mentions(types: Iterable<DefinedType | ExternType>, budget: Budget): {
  readonly mentioned: ReadonlySet<Resource>;
  readonly bound: ReadonlySet<Resource>;
} {
  const mentioned = new Set<Resource>(), bound = new Set<Resource>(), seen = new Set<object>();
  const each = (types: Iterable<DefinedType | ExternType | undefined>) => {
    for (const type of types) if (type) walk(type);
  };
  const walk = (type: DefinedType | ExternType): void => {
    if (type.kind === "resource") return void mentioned.add(type);
    if (seen.has(type)) return;
    seen.add(type);
    budget.spend(1);
    switch (type.kind) {
      case "type":
      case "value":
        return walk(type.type);
      case "func":
        return each([...type.params.map((p) => p.type), type.result]);
      case "instance":
        for (const resource of type.bound) bound.add(resource);
        return each(type.exports.values());
      case "component":
        for (const resource of [...type.boundImports, ...type.boundExports]) bound.add(resource);
        each(type.imports.values());
        return each(type.exports.values());
      case "core-module":
        return;
      case "own":
      case "borrow":
        return void mentioned.add(type.resource);
      default:
        if (measure(type).handles) each(parts(type));
    }
  };
  each(types);
  return { mentioned, bound };
}

function parts(type: ValueType): readonly (ValueType | undefined)[] {
  switch (type.kind) {
    case "list":
      return [type.element];
    case "record":
      return type.fields.map((f) => f.type);
    case "tuple":
      return type.types;
    case "variant":
      return type.cases.map((c) => c.type);
    case "option":
    case "stream":
    case "future":
      return [type.type];
    case "result":
      return [type.ok, type.err];
    case "map":
      return [type.key, type.value];
    default:
      return [];
  }
}
