/**
 * Imports and exports: their names, their types, and the resources that they introduce.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#import-and-export-definitions
 * @module
 */
import type { Attribute, Definition, ExternRef } from "../binary/definition.ts";
import type { DefinedType, ExternType, InstanceType, Label, Resource } from "../wit/types.ts";
import type { Budget } from "./budget.ts";
import { at, invalid } from "./invalid.ts";
import { bindings, itemType, push, runtimeIndices, runtimeSort, sortOf } from "./item.ts";
import { checkAttributes, parseExternName } from "./names.ts";
import type { StepBody } from "./plan.ts";
import { isPrimitive, isValueType, resolveValueType, typeOfKind } from "./resolve.ts";
import type { Scope, Side } from "./scope.ts";
import { Substitution } from "./substitute.ts";
import { Bindings } from "./bindings.ts";
import { mismatch } from "./subtype.ts";
import { checkAnnotated, checkVisible } from "./visible.ts";

/** `import`. */
export function defineImport(d: Definition & { kind: "import" }, scope: Scope): StepBody | undefined {
  const { offset, name } = d;
  const type = introduce(d.type, scope, offset, name, "import");
  declare(d, type, scope, "import");
  if (type.kind === "type" && type.type.kind !== "resource") return undefined;
  return {
    op: "import",
    name,
    sort: runtimeSort(type),
    type,
    bind: bindings(type, scope.imports.bound, scope.budget),
  };
}

/** `export`. */
export function defineExport(d: Definition & { kind: "export" }, scope: Scope): StepBody {
  const { offset, name } = d;
  const actual = itemType(scope, d.target, offset);
  const fresh = new Set<Resource>();
  const type = d.type ? introduce(d.type, scope, offset, name, "export", fresh) : named(actual, name);
  if (d.type) {
    const found = new Bindings(fresh, scope.budget);
    found.match(type, actual);
    const wrong = mismatch(actual, found.check.extern(type), scope.budget);
    if (wrong) {
      invalid(
        `ascribed type of export \`${name}\` is not compatible with the item's type: ${wrong}`,
        offset,
        "export",
      );
    }
  }
  declare(d, type, scope, "export");
  const item = runtimeIndices(scope, [{ ...d.target, name }])[0];
  return { op: "export", name, item, type, bind: bindings(type, fresh, scope.budget) };
}

/** `exportdecl`: an export of a component type or instance type. */
export function declareExport(d: Definition & { kind: "export declaration" }, scope: Scope): void {
  declare(d, introduce(d.type, scope, d.offset, d.name, "export"), scope, "export");
}

/** Checks a name and adds it, with its type, to the scope. */
function declare(
  d: { readonly offset: number; readonly name: string; readonly attributes: readonly Attribute[] },
  type: ExternType,
  scope: Scope,
  as: "import" | "export",
): void {
  const { name, offset } = d;
  if (type.kind === "value") invalid(`value definitions are not supported: ${as} \`${name}\``, offset, as);
  const side = as === "import" ? scope.imports : scope.exports;
  checkName(d, type, side, `${as} name`);
  side.names.add(name, `${as} name`, offset);
  push(scope, type, offset);
  checkVisible(type, name, scope, as, offset);
  side.types.set(name, type);
}

/** The grammar of a name, its attributes, and what an annotation in it says of the type. */
export function checkName(
  d: { readonly offset: number; readonly name: string; readonly attributes: readonly Attribute[] },
  type: ExternType,
  side: Pick<Side, "resources">,
  what: string,
): void {
  const parsed = parseExternName(d.name, what, d.offset);
  if (d.attributes.length > 0) checkAttributes(d.attributes, d.name, parsed, sortOf(type), d.offset);
  checkAnnotated(d.name, parsed, type, side.resources, d.offset);
}

/**
 * `externtype`, resolved. A `(sub resource)` bound makes a fresh resource, and a use of an instance type
 * makes its bound resources anew; both belong to this scope from here on, and are added to `fresh`.
 */
function introduce(
  ref: ExternRef,
  scope: Scope,
  offset: number,
  name: string,
  as: "import" | "export",
  fresh?: Set<Resource>,
): ExternType {
  const bind = (name: string): Resource => {
    const resource = scope.fresh(name, offset);
    (as === "import" ? scope.imports : scope.exports).bound.add(resource);
    fresh?.add(resource);
    return resource;
  };
  switch (ref.kind) {
    case "core module": {
      const type = at(scope.coreTypes, ref.index, "core type", offset);
      if (type.kind !== "core-module") {
        invalid(`core type index ${ref.index} is not a module type`, offset, "core module type");
      }
      return type;
    }
    case "func":
    case "component":
      return typeOfKind(ref.kind, ref.index, scope, offset);
    case "instance":
      return freshen(typeOfKind("instance", ref.index, scope, offset), bind, scope.budget);
    case "value":
      return ref.bound === "type"
        ? { kind: "value", type: resolveValueType(ref.type, scope, offset) }
        : { kind: "value", type: at(scope.values, ref.index, "value", offset) };
    case "type":
      if (ref.bound === "eq") {
        return named({ kind: "type", type: at(scope.types, ref.index, "type", offset) }, name);
      }
      return { kind: "type", type: bind(name), label: { name } };
  }
}

/**
 * An item under a new name. A type gets a new identity by that: only what is mentioned through it has a
 * name outside, not what is mentioned through the type it was made of.
 */
function named(type: ExternType, name: string): ExternType {
  if (type.kind !== "type") return type;
  const label: Label = { name };
  if (type.type.kind === "resource") return { kind: "type", type: type.type, label };
  return { kind: "type", type: renamed(type.type) };
}

function renamed(type: DefinedType): DefinedType {
  return isValueType(type) && !isPrimitive(type) ? { ...type } : type;
}

function freshen(type: InstanceType, bind: (name: string) => Resource, budget: Budget): InstanceType {
  if (type.bound.length === 0) return type;
  const resources = new Map(type.bound.map((r) => [r, bind(r.name)]));
  const exports = new Substitution({ resources }, budget).externs(type.exports);
  return { kind: "instance", exports, bound: [] };
}
