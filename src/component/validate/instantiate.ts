/**
 * Instances: of components, of core modules, and those put together from items at hand.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#instance-definitions
 * @module
 */
import type { Definition } from "../binary/definition.ts";
import type { CoreExtern, ExternType, InstanceType } from "../wit/types.ts";
import { coreMismatch } from "./core_subtype.ts";
import { coreItem } from "./core_type.ts";
import { checkName } from "./extern.ts";
import { at, invalid } from "./invalid.ts";
import { bindings, itemType, push, runtimeIndices } from "./item.ts";
import { UniqueNames } from "./names.ts";
import type { StepBody } from "./plan.ts";
import type { Scope } from "./scope.ts";
import { Bindings } from "./bindings.ts";
import { mismatch } from "./subtype.ts";

/** An instance of a component. */
export function instantiate(d: Definition & { kind: "instantiate" }, scope: Scope): StepBody {
  const { offset } = d;
  const component = at(scope.components, d.component, "component", offset);
  const args = new Map<string, ExternType>();
  for (const arg of d.args) {
    if (args.has(arg.name)) {
      invalid(
        `instantiation argument \`${arg.name}\` conflicts with previous argument`,
        offset,
        "instantiate",
      );
    }
    args.set(arg.name, itemType(scope, arg, offset));
  }
  const supplied = new Bindings(component.boundImports, scope.budget);
  for (const [name, type] of component.imports) {
    const arg = args.get(name) ??
      invalid(`missing import named \`${name}\` in instantiation`, offset, "instantiate");
    supplied.match(type, arg);
    const wrong = mismatch(arg, supplied.check.extern(type), scope.budget);
    if (wrong) invalid(`type mismatch for import \`${name}\`: ${wrong}`, offset, "instantiate");
  }
  const made = component.boundExports.map((r) => {
    const fresh = scope.fresh(r.name, offset);
    supplied.resources.set(r, fresh);
    scope.exports.bound.add(fresh);
    return fresh;
  });
  const exports = supplied.result.externs(component.exports);
  const instance: InstanceType = { kind: "instance", exports, bound: [] };
  push(scope, instance, offset);
  return {
    op: "instantiate",
    component: d.component,
    args: runtimeIndices(scope, d.args),
    bind: bindings(instance, new Set(made), scope.budget),
  };
}

/** An instance that exports items of this component. */
export function inlineInstance(d: Definition & { kind: "inline" }, scope: Scope): StepBody {
  const { offset } = d;
  const exports = new Map<string, ExternType>();
  const names = new UniqueNames();
  for (const e of d.exports) {
    const type = itemType(scope, e, offset);
    // No resource has a name in such an instance, so none of its functions may be called a method.
    checkName({ ...e, offset }, type, { resources: new Map() }, "export name");
    names.add(e.name, "export name", offset);
    exports.set(e.name, labelled(type, e.name));
  }
  push(scope, { kind: "instance", exports, bound: [] }, offset);
  return { op: "inline", exports: runtimeIndices(scope, d.exports) };
}

/** A resource without a name gets one here, which is good outside once the instance is exported. */
function labelled(type: ExternType, name: string): ExternType {
  const nameless = type.kind === "type" && type.type.kind === "resource" && !type.label;
  return nameless ? { ...type, label: { name } } : type;
}

/** An instance of a core module. */
export function coreInstantiate(d: Definition & { kind: "core instantiate" }, scope: Scope): StepBody {
  const { offset } = d;
  const module = at(scope.coreModules, d.module, "core module", offset);
  scope.budget.spend(module.imports.length);
  const args = new Map<string, ReadonlyMap<string, CoreExtern>>();
  for (const { name, instance } of d.args) {
    if (args.has(name)) {
      invalid(`duplicate module instantiation argument named \`${name}\``, offset, "core instantiate");
    }
    args.set(name, at(scope.coreInstances, instance, "core instance", offset));
  }
  for (const { module: from, name, type } of module.imports) {
    const instance = args.get(from) ??
      invalid(`missing module instantiation argument named \`${from}\``, offset, "core instantiate");
    const item = instance.get(name) ??
      invalid(
        `module instantiation argument \`${from}\` does not export an item named \`${name}\``,
        offset,
        "core instantiate",
      );
    const wrong = coreMismatch(item, type);
    if (wrong) {
      invalid(
        `type mismatch for export \`${name}\` of argument \`${from}\`: ${wrong}`,
        offset,
        "core instantiate",
      );
    }
  }
  scope.coreInstances.push(module.exports);
  return { op: "core instantiate", module: d.module, args: d.args };
}

/** A core instance that exports core items of this component. */
export function coreInlineInstance(d: Definition & { kind: "core inline" }, scope: Scope): StepBody {
  const exports = new Map<string, CoreExtern>();
  for (const e of d.exports) {
    if (exports.has(e.name)) {
      invalid(`core export name \`${e.name}\` already defined`, d.offset, "core instance");
    }
    exports.set(e.name, coreItem(scope, e.sort, e.index, d.offset));
  }
  scope.coreInstances.push(exports);
  return { op: "core inline", exports: d.exports };
}
