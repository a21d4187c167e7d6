/**
 * Exports of core modules as functions of the component model: which of the module's exports take part, and whether
 * they are what the canonical ABI wants.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#canon-lift
 * @module
 */
import { witFunc } from "../component/abi/check.ts";
import { type Signature, signatureOf } from "../component/abi/layout.ts";
import type { CoreExtern, CoreFuncType, FuncType } from "../component/mod.ts";
import { coreTypeOf, externText, funcText, sameFunc } from "./core_type.ts";
import { WitError } from "./error.ts";

/** The name of the memory that a module shares with its host. */
export const MEMORY = "memory";

/** An export that makes room in the module's memory, and how it is called. */
export interface Allocator {
  /** Its name. */
  readonly name: string;
  /** `realloc` takes what was there before, its size, the alignment and the new size; `alloc` the size alone. */
  readonly form: "realloc" | "alloc";
}

/** What a lifted function is made of. */
export interface Lift {
  /** The name of the export. */
  readonly name: string;
  /** Its type in WIT. */
  readonly type: FuncType;
  /** Whether values pass through the memory. */
  readonly memory: boolean;
  /** What makes room for its arguments, where they need any. */
  readonly allocator: Allocator | undefined;
  /** The export that is called once the result was read. */
  readonly post: string | undefined;
}

type Exports = ReadonlyMap<string, CoreExtern>;

const REALLOC = { params: ["i32", "i32", "i32", "i32"], results: ["i32"] };
const ALLOC = { params: ["i32"], results: ["i32"] };

/** The exports that make room, the best first. */
const ALLOCATORS: readonly Allocator[] = [
  { name: "cabi_realloc", form: "realloc" },
  { name: "canonical_abi_realloc", form: "realloc" },
  { name: "allocate", form: "alloc" },
  { name: "alloc", form: "alloc" },
];

/**
 * Lifts an export.
 *
 * @param name The export.
 * @param type Its type in WIT, of primitive types alone.
 * @param exports What the module exports.
 * @throws {WitError} Saying what the type makes of it in core WebAssembly, and what it is.
 */
export function liftOf(name: string, type: FuncType, exports: Exports): Lift {
  const signature = signatureOf(type);
  const wanted = coreTypeOf(signature), found = exports.get(name);
  const wit = `wit: ${name}: ${witFunc(type)}`;
  if (found === undefined) throw new WitError(`${wit}: the module exports no function ${name}`);
  if (found.kind !== "core-func" || !sameFunc(found, wanted)) {
    throw new WitError(
      `${wit} is ${funcText(wanted)} in core WebAssembly, and the module's ${name} is ${externText(found)}${
        hint(signature, found)
      }`,
    );
  }
  const room = signature.paramsInMemory || type.params.some((param) => param.type.kind === "string");
  const memory = room || signature.resultInMemory;
  if (memory) checkMemory(wit, exports.get(MEMORY));
  return { name, type, memory, allocator: room ? allocatorOf(wit, exports) : undefined, post: postOf() };

  function postOf(): string | undefined {
    const post = `cabi_post_${name}`, found = exports.get(post);
    if (found === undefined) return undefined;
    const wanted = { params: coreTypeOf(signature).results, results: [] };
    if (found.kind === "core-func" && sameFunc(found, wanted)) return post;
    throw new WitError(`${wit}: ${post} must be ${funcText(wanted)}, and is ${externText(found)}`);
  }
}

/** What C makes of a function that returns a struct of two. */
function hint(signature: Signature, found: CoreExtern): string {
  if (!signature.resultInMemory || found.kind !== "core-func") return "";
  if (!sameFunc(found, { params: ["i32", ...signature.params], results: [] })) return "";
  return "; a string is returned by the address where its pointer and its length are, and the caller gives no address for them";
}

function checkMemory(wit: string, memory: CoreExtern | undefined): void {
  const needs = `${wit}: strings pass through an exported memory called ${MEMORY}`;
  if (memory === undefined) throw new WitError(`${needs}, and the module exports none`);
  if (memory.kind !== "memory") {
    throw new WitError(`${needs}, and the module's ${MEMORY} is a ${memory.kind}`);
  }
  const wrong = unusable(memory);
  if (wrong !== undefined) throw new WitError(`${needs}, and the module's is ${wrong}`);
}

/** Why a memory cannot be one that the host reads and writes. */
export function unusable({ limits }: Extract<CoreExtern, { kind: "memory" }>): string | undefined {
  if (limits.address === "i64") return "64-bit, which neither the canonical ABI nor preview 1 has";
  return limits.shared ? "shared between threads, which are not supported" : undefined;
}

function allocatorOf(wit: string, exports: Exports): Allocator {
  const type = ({ form }: Allocator) => form === "realloc" ? REALLOC : ALLOC;
  const fits = ALLOCATORS.find((allocator) => {
    const found = exports.get(allocator.name);
    return found?.kind === "core-func" && sameFunc(found, type(allocator));
  });
  if (fits) return fits;
  const wanted = ALLOCATORS.map((one) => `${one.name}: ${funcText(type(one))}`).join(", or ");
  const others = ALLOCATORS.flatMap(({ name }) => {
    const found = exports.get(name);
    return found ? [`${name} is ${externText(found)}`] : [];
  });
  throw new WitError(
    `${wit}: arguments of its types need room in the module's memory, and it exports nothing that makes any: ${wanted}${
      others.length > 0 ? `; its ${others.join(", its ")}` : ""
    }`,
  );
}

/** The WIT type that stands for each core type where nothing says more. */
const NUMBERS: Readonly<Record<string, FuncType["result"]>> = {
  i32: { kind: "s32" },
  i64: { kind: "s64" },
  f32: { kind: "f32" },
  f64: { kind: "f64" },
};

/**
 * The type of an export that takes and returns numbers, as they are: integers signed.
 *
 * @returns `undefined` where it takes or returns something else, or more than one result.
 */
export function numericType({ params, results }: CoreFuncType): FuncType | undefined {
  if (results.length > 1) return undefined;
  const [result] = results;
  const fields = params.flatMap((param, i) => {
    const type = NUMBERS[param];
    return type ? [{ name: nameOf(i), type }] : [];
  });
  if (fields.length < params.length || (result !== undefined && !NUMBERS[result])) return undefined;
  return {
    kind: "func",
    async: false,
    params: fields,
    result: result === undefined ? undefined : NUMBERS[result],
  };
}

/** `a`, `b` …, and after `z` `p26`. */
function nameOf(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : `p${index}`;
}
