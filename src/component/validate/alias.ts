/**
 * Aliases.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#alias-definitions
 * @module
 */
import type { Definition, Sort } from "../binary/definition.ts";
import { coreKind } from "./core_subtype.ts";
import { pushCore } from "./core_type.ts";
import { mentionsResource } from "./free.ts";
import { at, invalid } from "./invalid.ts";
import { push, sortOf } from "./item.ts";
import type { RuntimeSort, StepBody } from "./plan.ts";
import type { Scope } from "./scope.ts";

const IN_TYPE = {
  export: new Set<Sort>(["type", "instance"]),
  outer: new Set<Sort>(["type", "core type"]),
};

/** An export of an instance. */
export function aliasExport(d: Definition & { kind: "alias export" }, scope: Scope): StepBody | undefined {
  const { offset } = d;
  checkPlace("export", d.sort, scope, offset);
  const instance = at(scope.instances, d.instance, "instance", offset);
  const type = instance.exports.get(d.name) ??
    invalid(`instance ${d.instance} has no export named \`${d.name}\``, offset, "alias");
  if (sortOf(type) !== d.sort) {
    const sort = d.sort === "core module" ? "module" : d.sort;
    invalid(`export \`${d.name}\` of instance ${d.instance} is not a ${sort}`, offset, "alias");
  }
  push(scope, type, offset);
  if (d.sort === "type" || d.sort === "value") return undefined;
  return { op: "alias export", sort: d.sort as RuntimeSort, instance: d.instance, name: d.name };
}

/** An export of a core instance. */
export function aliasCoreExport(d: Definition & { kind: "alias core export" }, scope: Scope): StepBody {
  const { offset } = d;
  const instance = at(scope.coreInstances, d.instance, "core instance", offset);
  const type = instance.get(d.name) ??
    invalid(`core instance ${d.instance} has no export named \`${d.name}\``, offset, "alias");
  if (coreKind(type) !== d.sort) {
    invalid(`export \`${d.name}\` of core instance ${d.instance} is not a core ${d.sort}`, offset, "alias");
  }
  pushCore(scope, type);
  return { op: "alias core export", sort: d.sort, instance: d.instance, name: d.name };
}

/** A definition of a scope further out. */
export function aliasOuter(d: Definition & { kind: "alias outer" }, scope: Scope): StepBody | undefined {
  const { offset, count, index } = d;
  checkPlace("outer", d.sort, scope, offset);
  const outer = scope.outer(count, offset);
  switch (d.sort) {
    case "core module":
      scope.coreModules.push(at(outer.coreModules, index, "core module", offset));
      return { op: "alias outer", sort: "core module", count, index };
    case "component":
      scope.components.push(at(outer.components, index, "component", offset));
      return { op: "alias outer", sort: "component", count, index };
    case "core type":
      scope.coreTypes.push(at(outer.coreTypes, index, "core type", offset));
      return undefined;
    default: {
      const type = at(outer.types, index, "type", offset);
      if (crossesComponent(scope, outer) && mentionsResource(type, scope.budget)) {
        invalid(
          `outer type alias ${index} transitively refers to resources not defined in the current component`,
          offset,
          "alias",
        );
      }
      scope.addType(type, outer.labels[index]);
      return undefined;
    }
  }
}

function checkPlace(target: "export" | "outer", sort: Sort, scope: Scope, offset: number): void {
  if (scope.kind !== "component" && !IN_TYPE[target].has(sort)) {
    invalid(
      `aliases inside a type may only refer to types or instances, not to a ${sort} by ${target}`,
      offset,
      "alias",
    );
  }
}

/** Components must not depend on resources around them: they can be taken out and instantiated elsewhere. */
function crossesComponent(from: Scope, to: Scope): boolean {
  for (let scope: Scope | undefined = from; scope && scope !== to; scope = scope.parent) {
    if (scope.kind === "component") return true;
  }
  return false;
}
