/**
 * Types of core WebAssembly in the words of messages.
 *
 * @module
 */
import type { Signature } from "../component/abi/layout.ts";
import type { CoreExtern, CoreFuncType } from "../component/mod.ts";

/** A function type: `func(i32, i32) -> i32`. */
export function funcText({ params, results }: Pick<CoreFuncType, "params" | "results">): string {
  const [only, ...more] = results;
  const result = only === undefined ? "" : ` -> ${more.length === 0 ? only : `(${results.join(", ")})`}`;
  return `func(${params.join(", ")})${result}`;
}

/** What an export is, with its type if it is a function. */
export function externText(type: CoreExtern): string {
  return type.kind === "core-func" ? funcText(type) : `a ${type.kind}`;
}

/** The core type of a function that `canon lift` makes one of that signature. */
export function coreTypeOf(signature: Signature): Pick<CoreFuncType, "params" | "results"> {
  return {
    params: signature.paramsInMemory ? ["i32"] : signature.params,
    results: signature.resultInMemory ? ["i32"] : signature.results,
  };
}

/** Whether two function types are the same. */
export function sameFunc(
  a: Pick<CoreFuncType, "params" | "results">,
  b: Pick<CoreFuncType, "params" | "results">,
): boolean {
  return a.params.join() === b.params.join() && a.results.join() === b.results.join();
}

/** A name that the module chose, as it may stand in a message. */
export function nameText(name: string): string {
  return name.length > 80 ? `${name.slice(0, 77)}...` : name;
}
