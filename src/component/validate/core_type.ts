/**
 * Core types, and core items by sort and index.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#type-definitions
 * @module
 */
import type { CoreDeclaration, CoreExternRef, CoreSort, CoreTypeRef } from "../binary/definition.ts";
import type { CoreExtern, CoreFuncType, CoreModuleType, Limits } from "../wit/types.ts";
import { at, invalid } from "./invalid.ts";
import type { OtherCoreType, Scope } from "./scope.ts";

const MAX_PAGES = { i32: 1n << 16n, i64: 1n << 48n };
const MAX_ELEMENTS = { i32: (1n << 32n) - 1n, i64: (1n << 64n) - 1n };

/** `core:type`. */
export function coreType(
  ref: CoreTypeRef,
  scope: Scope,
  offset: number,
): CoreFuncType | CoreModuleType | OtherCoreType {
  return ref.kind === "core-module" ? coreModuleType(ref.declarations, scope, offset) : ref;
}

/** A module type: its declarations, in a core type index space of their own. */
function coreModuleType(
  declarations: readonly CoreDeclaration[],
  scope: Scope,
  offset: number,
): CoreModuleType {
  const types: (CoreFuncType | OtherCoreType)[] = [];
  const imports: { module: string; name: string; type: CoreExtern }[] = [];
  const exports = new Map<string, CoreExtern>();
  const add = (type: CoreFuncType | CoreModuleType | OtherCoreType) => {
    if (type.kind !== "core-module") return void types.push(type);
    invalid("a module type can neither define nor alias module types", offset, "module type");
  };
  const extern = (ref: CoreExternRef): CoreExtern => {
    if (ref.kind === "table") checkLimits("table", ref.limits, MAX_ELEMENTS[ref.limits.address], offset);
    if (ref.kind === "memory") checkMemory(ref.limits, ref.pageSizeLog2, offset);
    if (ref.kind !== "func" && ref.kind !== "tag") return ref;
    const type = at(types, ref.index, "core type", offset);
    if (type.kind !== "core-func") {
      invalid(`core type ${ref.index} is not a function type`, offset, "module type");
    }
    if (ref.kind === "func") return type;
    if (type.results.length > 0) invalid("a tag cannot have results", offset, "module type");
    return { kind: "tag", type };
  };
  for (const d of declarations) {
    switch (d.kind) {
      case "type":
        add(coreType(d.type, scope, offset));
        break;
      case "alias":
        // The module type itself is scope 0; everything further out is ours.
        if (d.count === 0) add(at(types, d.index, "core type", offset));
        else add(at(scope.outer(d.count - 1, offset).coreTypes, d.index, "core type", offset));
        break;
      case "import":
        imports.push({ module: d.module, name: d.name, type: extern(d.type) });
        break;
      case "export":
        if (exports.has(d.name)) {
          invalid(`core export name \`${d.name}\` already defined`, offset, "module type");
        }
        exports.set(d.name, extern(d.type));
        break;
    }
  }
  const type: CoreModuleType = { kind: "core-module", imports, exports };
  checkModuleImports(type, offset);
  return type;
}

/**
 * Two-level names become one name of a component, so no two may be alike; core WebAssembly allows that.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#instance-definitions
 */
export function checkModuleImports(type: CoreModuleType, offset: number): void {
  const seen = new Map<string, Set<string>>();
  for (const { module, name } of type.imports) {
    let names = seen.get(module);
    if (!names) seen.set(module, names = new Set());
    if (names.has(name)) invalid(`duplicate import name \`${module}:${name}\``, offset, "core module");
    names.add(name);
  }
}

function checkMemory(limits: Limits, pageSizeLog2: number | undefined, offset: number): void {
  const max = MAX_PAGES[limits.address];
  if (pageSizeLog2 !== undefined && pageSizeLog2 !== 0 && pageSizeLog2 !== 16) {
    invalid("a page has 1 or 65536 bytes", offset, "memory type");
  }
  checkLimits("memory", limits, pageSizeLog2 === 0 ? max << 16n : max, offset);
  if (limits.shared && limits.max === undefined) {
    invalid("a shared memory must have a maximum size", offset, "memory type");
  }
}

function checkLimits(what: string, limits: Limits, bound: bigint, offset: number): void {
  if (limits.min > bound || (limits.max ?? 0n) > bound) {
    invalid(`${what} size must be at most ${bound}`, offset, `${what} type`);
  }
  if (limits.max !== undefined && limits.min > limits.max) {
    invalid(`${what} size minimum must not be greater than maximum`, offset, `${what} type`);
  }
}

/** A core item by sort and index. */
export function coreItem(scope: Scope, sort: CoreSort, index: number, offset: number): CoreExtern {
  switch (sort) {
    case "func":
      return at(scope.coreFuncs, index, "core function", offset);
    case "table":
      return at(scope.tables, index, "table", offset);
    case "memory":
      return at(scope.memories, index, "memory", offset);
    case "global":
      return at(scope.globals, index, "global", offset);
    case "tag":
      return at(scope.tags, index, "tag", offset);
    default:
      return invalid(`a core instance cannot export a ${sort}`, offset, "core instance");
  }
}

/** Appends a core item to the index space of its sort. */
export function pushCore(scope: Scope, type: CoreExtern): void {
  switch (type.kind) {
    case "core-func":
      return void scope.coreFuncs.push(type);
    case "table":
      return void scope.tables.push(type);
    case "memory":
      return void scope.memories.push(type);
    case "global":
      return void scope.globals.push(type);
    case "tag":
      return void scope.tags.push(type);
  }
}
