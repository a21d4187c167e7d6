/**
 * Component-level items: by sort and index, what they are, and which of them exist at run time.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#index-spaces
 * @module
 */
import type { Sort, SortIndex } from "../binary/definition.ts";
import type { ExternType, Resource } from "../wit/types.ts";
import type { Budget } from "./budget.ts";
import { at, invalid } from "./invalid.ts";
import { checkSize } from "./measure.ts";
import type { Binding, RuntimeIndex, RuntimeSort } from "./plan.ts";
import type { Scope } from "./scope.ts";

/** What an item is, by its sort and index. */
export function itemType(scope: Scope, item: SortIndex, offset: number): ExternType {
  switch (item.sort) {
    case "core module":
      return at(scope.coreModules, item.index, "core module", offset);
    case "func":
      return at(scope.funcs, item.index, "function", offset);
    case "value":
      return { kind: "value", type: at(scope.values, item.index, "value", offset) };
    case "type": {
      const type = at(scope.types, item.index, "type", offset), label = scope.labels[item.index];
      return label ? { kind: "type", type, label } : { kind: "type", type };
    }
    case "component":
      return at(scope.components, item.index, "component", offset);
    case "instance":
      return at(scope.instances, item.index, "instance", offset);
    default:
      return invalid(`a ${item.sort} cannot be used here`, offset, "index");
  }
}

/** The sort of an item. */
export function sortOf(type: ExternType): Sort {
  return type.kind === "core-module" ? "core module" : type.kind;
}

/** The sort of an item that exists at run time. */
export function runtimeSort(type: ExternType): RuntimeSort {
  const sort = sortOf(type);
  return sort === "type" ? "resource" : sort as RuntimeSort;
}

/** Appends an imported, exported or aliased item to the index space of its sort. */
export function push(scope: Scope, type: ExternType, offset: number): void {
  checkSize(type, offset);
  switch (type.kind) {
    case "core-module":
      return void scope.coreModules.push(type);
    case "func":
      return void scope.funcs.push(type);
    case "instance":
      return void scope.instances.push(type);
    case "component":
      return void scope.components.push(type);
    case "type":
      return scope.addType(type.type, type.label);
    case "value":
      return void scope.values.push(type.type);
  }
}

/** Items that exist at run time: all but types, of which only resources do. */
export function runtimeIndices(
  scope: Scope,
  items: readonly (SortIndex & { readonly name: string })[],
): RuntimeIndex[] {
  const result: RuntimeIndex[] = [];
  for (const { name, sort, index } of items) {
    if (sort === "type") {
      const type = scope.types[index]!;
      if (type.kind === "resource") result.push({ name, sort: "resource", index: type.slot });
    } else if (sort !== "value") {
      result.push({ name, sort: sort as RuntimeSort, index });
    }
  }
  return result;
}

/** Where in an item each wanted resource is found first. */
export function bindings(type: ExternType, wanted: ReadonlySet<Resource>, budget: Budget): Binding[] {
  const found = new Map<number, readonly string[]>();
  const seen = new Set<ExternType>();
  const walk = (type: ExternType, path: readonly string[]) => {
    if (type.kind === "type" && type.type.kind === "resource") {
      if (wanted.has(type.type) && !found.has(type.type.slot)) found.set(type.type.slot, path);
    } else if (type.kind === "instance" && !seen.has(type)) {
      seen.add(type);
      budget.spend(type.exports.size);
      for (const [name, t] of type.exports) walk(t, [...path, name]);
    }
  };
  if (wanted.size > 0) walk(type, []);
  return [...found].map(([slot, path]) => ({ path, slot }));
}
