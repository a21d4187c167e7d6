/**
 * Built-ins of the async, threads and error-context proposals: checked here, so that a component that uses
 * them is told what is really in its way; linking refuses them by name.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#canonical-definitions
 * @module
 */
import type { AsyncCanonRef, CanonOptions } from "../binary/definition.ts";
import type { CoreFuncType, ValueType } from "../wit/types.ts";
import { checkMemory, checkOptions, coreFunc, needs, pointersIn } from "./canon_options.ts";
import { sameFunc } from "./core_subtype.ts";
import { flattenTypes, MAX_FLAT_PARAMS } from "./flatten.ts";
import { at, invalid } from "./invalid.ts";
import { resolveValueType } from "./resolve.ts";
import type { Scope } from "./scope.ts";

const SIGNATURES: Readonly<Record<string, readonly [params: string, results: string]>> = {
  "task.cancel": ["", ""],
  "subtask.cancel": ["i32", "i32"],
  "subtask.drop": ["i32", ""],
  "stream.new": ["", "i64"],
  "stream.read": ["i32 i32 i32", "i32"],
  "stream.write": ["i32 i32 i32", "i32"],
  "stream.cancel-read": ["i32", "i32"],
  "stream.cancel-write": ["i32", "i32"],
  "stream.drop-readable": ["i32", ""],
  "stream.drop-writable": ["i32", ""],
  "future.new": ["", "i64"],
  "future.read": ["i32 i32", "i32"],
  "future.write": ["i32 i32", "i32"],
  "future.cancel-read": ["i32", "i32"],
  "future.cancel-write": ["i32", "i32"],
  "future.drop-readable": ["i32", ""],
  "future.drop-writable": ["i32", ""],
  "error-context.new": ["i32 i32", "i32"],
  "error-context.debug-message": ["i32 i32", ""],
  "error-context.drop": ["i32", ""],
  "waitable-set.new": ["", "i32"],
  "waitable-set.wait": ["i32 i32", "i32"],
  "waitable-set.poll": ["i32 i32", "i32"],
  "waitable-set.drop": ["i32", ""],
  "waitable.join": ["i32 i32", ""],
  "backpressure.inc": ["", ""],
  "backpressure.dec": ["", ""],
  "thread.index": ["", "i32"],
  "thread.new-indirect": ["i32 i32", "i32"],
  "thread.resume-later": ["i32", ""],
  "thread.suspend": ["", "i32"],
  "thread.yield": ["", "i32"],
  "thread.suspend-then-resume": ["i32", "i32"],
  "thread.yield-then-resume": ["i32", "i32"],
  "thread.suspend-then-promote": ["i32", "i32"],
  "thread.yield-then-promote": ["i32", "i32"],
  "thread.spawn-indirect": ["i32 i32", "i32"],
  "thread.available-parallelism": ["", "i32"],
};
const CONTEXT_SLOTS = 2;
const THREAD_START = coreFunc(["i32"], []);
const words = (list: string): string[] => list === "" ? [] : list.split(" ");

/** Checks a built-in and says which core function it is. */
export function asyncBuiltin(canon: AsyncCanonRef, scope: Scope, offset: number): CoreFuncType {
  const { name, options } = canon;
  if (canon.memory !== undefined) checkMemory(canon.memory, scope, offset);
  if (canon.coreType !== undefined) checkThreadStart(canon, scope, offset);
  if (options) {
    checkOptions(options, scope, offset);
    if (options.postReturn !== undefined || options.callback !== undefined) {
      invalid(`${name} takes no \`post-return\` and no \`callback\``, offset, "canonical options");
    }
  }
  switch (name) {
    case "task.return":
      return taskReturn(canon, options!, scope, offset);
    case "context.get":
    case "context.set":
      if (canon.valueType !== "i32" || canon.slot! >= CONTEXT_SLOTS) {
        invalid(`${name} takes i32 and a slot below ${CONTEXT_SLOTS}`, offset, name);
      }
      return name === "context.get" ? coreFunc([], ["i32"]) : coreFunc(["i32"], []);
    case "error-context.new":
    case "error-context.debug-message":
      if (options!.async) invalid(`${name} takes no \`async\``, offset, "canonical options");
      needs("memory", options!, true, offset);
      needs("realloc", options!, name === "error-context.debug-message", offset);
      break;
    case "thread.spawn-ref":
      return coreFunc([`(ref null ${canon.coreType})`, "i32"], ["i32"]);
  }
  if (canon.type !== undefined) checkElement(canon, scope, offset);
  const [params, results] = SIGNATURES[name]!;
  return coreFunc(words(params), words(results));
}

function taskReturn(canon: AsyncCanonRef, options: CanonOptions, scope: Scope, offset: number): CoreFuncType {
  if (options.async || options.realloc !== undefined) {
    invalid("task.return takes only `memory` and `string-encoding`", offset, "canonical options");
  }
  const result = canon.result && resolveValueType(canon.result, scope, offset);
  const flat = flattenTypes(result ? [result] : []);
  const inMemory = flat.length > MAX_FLAT_PARAMS;
  needs("memory", options, pointersIn([result]) || inMemory, offset);
  return coreFunc(inMemory ? ["i32"] : flat, []);
}

/** The stream or future type of a built-in, and the options that its element needs. */
function checkElement(canon: AsyncCanonRef, scope: Scope, offset: number): void {
  const { name, options } = canon;
  const kind = name.slice(0, name.indexOf("."));
  const type = at(scope.types, canon.type!, "type", offset);
  if (type.kind !== kind) {
    invalid(`type index ${canon.type} is not a ${kind} type but a ${type.kind}`, offset, name);
  }
  const element = (type as { readonly type: ValueType | undefined }).type;
  if (!options || !element) return;
  needs("memory", options, true, offset);
  needs("realloc", options, name.endsWith(".read") && pointersIn([element]), offset);
}

function checkThreadStart(canon: AsyncCanonRef, scope: Scope, offset: number): void {
  const type = at(scope.coreTypes, canon.coreType!, "core type", offset);
  if (type.kind !== "core-func" || !sameFunc(type, THREAD_START)) {
    invalid(`${canon.name} needs a core type of (func (param i32))`, offset, canon.name);
  }
  if (canon.table === undefined) return;
  const table = at(scope.tables, canon.table, "table", offset);
  if (table.element !== "funcref") {
    invalid(`${canon.name} needs a table of funcref, found ${table.element}`, offset, canon.name);
  }
}
