/**
 * The options of canonical definitions: what holds for them wherever they stand.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#canonopt-validation
 * @module
 */
import type { CanonOptions } from "../binary/definition.ts";
import type { CoreFuncType, ValueType } from "../wit/types.ts";
import { sameFunc, signature } from "./core_subtype.ts";
import { at, invalid } from "./invalid.ts";
import { measure } from "./measure.ts";
import type { Scope } from "./scope.ts";

/** A core function type. */
export const coreFunc = (params: readonly string[], results: readonly string[]): CoreFuncType => ({
  kind: "core-func",
  params,
  results,
});

const REALLOC = coreFunc(["i32", "i32", "i32", "i32"], ["i32"]);

/** Memory and realloc. */
export function checkOptions(options: CanonOptions, scope: Scope, offset: number): void {
  if (options.memory !== undefined) checkMemory(options.memory, scope, offset);
  if (options.realloc !== undefined) {
    if (options.memory === undefined) {
      invalid(
        "canonical option `realloc` requires `memory` to also be specified",
        offset,
        "canonical options",
      );
    }
    checkFunc("canonical option `realloc`", options.realloc, REALLOC, scope, offset);
  }
}

/** A memory that the canonical ABI can use: 32-bit and not shared. */
export function checkMemory(index: number, scope: Scope, offset: number): void {
  const { limits } = at(scope.memories, index, "memory", offset);
  if (limits.address !== "i32" || limits.shared) {
    invalid(
      `canonical option \`memory\` needs a 32-bit memory that is not shared, memory ${index} is another kind`,
      offset,
      "canonical options",
    );
  }
}

/** Requires an option that the types at hand cannot do without. */
export function needs(
  option: "memory" | "realloc",
  options: CanonOptions,
  needed: boolean,
  offset: number,
): void {
  if (needed && options[option] === undefined) {
    invalid(`canonical option \`${option}\` is required`, offset, "canonical options");
  }
}

/** Whether values of any of these types need memory of their own. */
export function pointersIn(types: readonly (ValueType | undefined)[]): boolean {
  return types.some((type) => type !== undefined && measure(type).pointers);
}

/** A core function given as an option, or as anything else that needs one signature. */
export function checkFunc(
  what: string,
  index: number,
  want: CoreFuncType,
  scope: Scope,
  offset: number,
): void {
  const have = at(scope.coreFuncs, index, "core function", offset);
  if (!sameFunc(have, want)) {
    invalid(
      `${what} uses a core function with an incorrect signature: ` +
        `expected ${signature(want)}, found ${signature(have)}`,
      offset,
      "canonical options",
    );
  }
}
