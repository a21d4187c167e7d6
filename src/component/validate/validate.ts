/**
 * Walks a decoded component once: checks it, resolves every type, and writes down the steps that
 * instantiate it.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md
 * @module
 */
import { readCoreModule } from "../binary/core_module.ts";
import type {
  ComponentDefinition,
  Definition,
  ResourceTypeRef,
  ScopeTypeRef,
  TypeRef,
} from "../binary/definition.ts";
import type { ComponentType, DefinedType, ExternType, InstanceType, ValueType } from "../wit/types.ts";
import { aliasCoreExport, aliasExport, aliasOuter } from "./alias.ts";
import { defineCanon } from "./canon.ts";
import { checkFunc, coreFunc } from "./canon_options.ts";
import { checkModuleImports, coreType } from "./core_type.ts";
import { declareExport, defineExport, defineImport } from "./extern.ts";
import { mentions } from "./free.ts";
import { coreInlineInstance, coreInstantiate, inlineInstance, instantiate } from "./instantiate.ts";
import { invalid } from "./invalid.ts";
import { checkSize } from "./measure.ts";
import type { Plan, Step, StepBody } from "./plan.ts";
import { isPrimitive, isValueType, resolveDefined, resolveFunc } from "./resolve.ts";
import { Scope } from "./scope.ts";

/**
 * Validates a decoded component.
 *
 * @throws {DecodeError} With code `invalid`, the byte offset and the rule that was broken.
 */
export function validate(component: ComponentDefinition): Plan {
  return validateComponent(component, undefined);
}

function validateComponent(component: ComponentDefinition, parent: Scope | undefined): Plan {
  const scope = new Scope("component", parent);
  const steps: Step[] = [];
  for (const definition of component.definitions) {
    const step = define(definition, scope);
    if (step) steps.push({ ...step, offset: definition.offset } as Step);
  }
  const type = componentType(scope);
  checkSize(type, component.offset);
  return { type, steps, slots: scope.slots, typeNames: nameTypes(type) };
}

/** Adds one definition to its index space; returns the step it needs at run time, if any. */
function define(d: Definition, scope: Scope): StepBody | undefined {
  const { offset } = d;
  scope.budget.offset = offset;
  switch (d.kind) {
    case "core module": {
      const type = readCoreModule(d.bytes, offset);
      checkModuleImports(type, offset);
      scope.coreModules.push(type);
      return { op: "core module", bytes: d.bytes };
    }
    case "core instantiate":
      return coreInstantiate(d, scope);
    case "core inline":
      return coreInlineInstance(d, scope);
    case "core type":
      scope.coreTypes.push(coreType(d.type, scope, offset));
      return undefined;
    case "component": {
      const plan = validateComponent(d.component, scope);
      scope.components.push(plan.type);
      return { op: "component", plan };
    }
    case "instantiate":
      return instantiate(d, scope);
    case "inline":
      return inlineInstance(d, scope);
    case "alias export":
      return aliasExport(d, scope);
    case "alias core export":
      return aliasCoreExport(d, scope);
    case "alias outer":
      return aliasOuter(d, scope);
    case "type":
      return defineType(d, scope);
    case "canon":
      return defineCanon(d, scope);
    case "start":
      return invalid("value definitions are not supported: start section", offset, "start section");
    case "value":
      return invalid("value definitions are not supported: value section", offset, "value section");
    case "import":
      return defineImport(d, scope);
    case "export":
      return defineExport(d, scope);
    case "export declaration":
      declareExport(d, scope);
      return undefined;
  }
}

function defineType(d: Definition & { kind: "type" }, scope: Scope): StepBody | undefined {
  const { type: ref, offset } = d;
  if (ref.kind === "resource") {
    if (scope.kind !== "component") {
      invalid("resources can only be defined within a concrete component", offset, "resource type");
    }
    if (ref.rep !== "i32") invalid("resources can only be represented by `i32`", offset, "resource type");
    if (ref.dtor !== undefined) checkFunc("a destructor", ref.dtor, coreFunc([ref.rep], []), scope, offset);
    const resource = scope.fresh(`resource ${scope.types.length}`, offset, true, ref.rep);
    scope.addType(resource);
    scope.exports.bound.add(resource);
    return { op: "resource", slot: resource.slot, dtor: ref.dtor, name: resource.name };
  }
  const type = resolveType(ref, scope, offset);
  checkSize(type, offset);
  scope.addType(type);
  return undefined;
}

function resolveType(ref: Exclude<TypeRef, ResourceTypeRef>, scope: Scope, offset: number): DefinedType {
  switch (ref.kind) {
    case "func":
      return resolveFunc(ref, scope, offset);
    case "component-type":
    case "instance-type":
      return scopeType(ref, scope);
    default:
      return resolveDefined(ref, scope, offset);
  }
}

/** A component or instance type: its declarations, in a scope of their own. */
function scopeType(ref: ScopeTypeRef, parent: Scope): ComponentType | InstanceType {
  const scope = new Scope(ref.kind, parent);
  for (const d of ref.declarations) define(d, scope);
  return ref.kind === "component-type"
    ? componentType(scope)
    : { kind: "instance", exports: scope.exports.types, bound: [...scope.exports.bound] };
}

function componentType(scope: Scope): ComponentType {
  const { imports, exports } = scope;
  // Resources that no export mentions are nobody's business; were they listed, a component that holds two
  // instances of another would count its resources twice, and so on.
  const shown = exports.bound.size > 0 ? mentions(exports.types.values(), scope.budget).mentioned : undefined;
  return {
    kind: "component",
    imports: imports.types,
    exports: exports.types,
    boundImports: [...imports.bound],
    boundExports: [...exports.bound].filter((resource) => shown!.has(resource)),
  };
}

/** Under which name each value type was first imported or exported. */
function nameTypes({ imports, exports }: ComponentType): Map<ValueType, string> {
  const names = new Map<ValueType, string>(), seen = new Set<ExternType>();
  const walk = (name: string, type: ExternType) => {
    if (type.kind === "type") {
      const named = type.type;
      if (isValueType(named) && !isPrimitive(named) && !names.has(named)) names.set(named, name);
    } else if (type.kind === "instance" && !seen.has(type)) {
      seen.add(type);
      for (const [inner, t] of type.exports) walk(inner, t);
    }
  };
  for (const [name, type] of imports) walk(name, type);
  for (const [name, type] of exports) walk(name, type);
  return names;
}
