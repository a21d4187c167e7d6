/**
 * Whether a core item may stand where another is expected. V8 checks this again when it instantiates a
 * module; here it is checked before anything runs, and for modules that are only passed on.
 *
 * @see https://webassembly.github.io/spec/core/valid/matching.html
 * @module
 */
import type { CoreExtern, CoreFuncType, CoreModuleType, Limits } from "../wit/types.ts";

/** What a core item is called in the text format. */
export function coreKind(type: CoreExtern): string {
  return type.kind === "core-func" ? "func" : type.kind;
}

/** Why `have` cannot stand for `want`; nothing if it can. */
export function coreMismatch(have: CoreExtern, want: CoreExtern): string | undefined {
  if (have.kind !== want.kind) return `expected ${coreKind(want)}, found ${coreKind(have)}`;
  switch (want.kind) {
    case "core-func":
      return sameFunc(have as CoreFuncType, want)
        ? undefined
        : `expected: ${signature(want)}, found: ${signature(have as CoreFuncType)}`;
    case "tag": {
      const { type } = have as typeof want;
      return sameFunc(type, want.type)
        ? undefined
        : `expected tag: ${signature(want.type)}, found: ${signature(type)}`;
    }
    case "global": {
      const { mutable, type } = have as typeof want;
      if (mutable !== want.mutable) {
        return `expected ${want.mutable ? "a mutable" : "an immutable"} global, found the other`;
      }
      const fits = mutable ? sameValue(type, want.type) : valueFits(type, want.type);
      return fits ? undefined : `expected global type ${want.type}, found ${type}`;
    }
    case "table": {
      const { element, limits } = have as typeof want;
      if (!sameValue(element, want.element)) {
        return `expected table element type ${want.element}, found ${element}`;
      }
      return limitsFit(limits, want.limits) ? undefined : "mismatch in table limits";
    }
    case "memory": {
      const { limits, pageSizeLog2 } = have as typeof want;
      if (limits.shared !== want.limits.shared) return "mismatch in the shared flag for memories";
      if (pageSizeLog2 !== want.pageSizeLog2) return "mismatch in the page size of memories";
      return limitsFit(limits, want.limits) ? undefined : "mismatch in memory limits";
    }
  }
}

/** Why a module of type `have` cannot stand for one of type `want`: it may import less and export more. */
export function moduleMismatch(have: CoreModuleType, want: CoreModuleType): string | undefined {
  if (have === want) return undefined;
  const key = (module: string, name: string) => `${module.length}:${module}${name}`;
  const given = new Map(want.imports.map((i) => [key(i.module, i.name), i.type]));
  for (const { module, name, type } of have.imports) {
    const supplied = given.get(key(module, name));
    if (!supplied) return `missing expected import \`${module}::${name}\``;
    const wrong = coreMismatch(supplied, type);
    if (wrong) return `type mismatch in import \`${module}::${name}\`: ${wrong}`;
  }
  for (const [name, type] of want.exports) {
    const found = have.exports.get(name);
    if (!found) return `missing expected export \`${name}\``;
    const wrong = coreMismatch(found, type);
    if (wrong) return `type mismatch in export \`${name}\`: ${wrong}`;
  }
  return undefined;
}

/** Whether two core signatures are the same, as far as can be told. */
export function sameFunc(have: CoreFuncType, want: CoreFuncType): boolean {
  return unclear(have) || unclear(want) ||
    sameValues(have.params, want.params) && sameValues(have.results, want.results);
}

/** A signature in the text format. */
export function signature(type: CoreFuncType): string {
  const list = (word: string, types: readonly string[]) =>
    types.length ? ` (${word} ${types.join(" ")})` : "";
  return `(func${list("param", type.params)}${list("result", type.results)})`;
}

function limitsFit(have: Limits, want: Limits): boolean {
  if (have.address !== want.address || have.min < want.min) return false;
  return want.max === undefined || have.max !== undefined && have.max <= want.max;
}

function sameValues(have: readonly string[], want: readonly string[]): boolean {
  return have.length === want.length && have.every((type, i) => sameValue(type, want[i]!));
}

// References to types by index mean something only inside the module that numbers them, and types of the
// garbage collection proposal are not kept. V8 compares them when the module is instantiated.
const INDEXED = /^\(ref (?:null )?[0-9]/;
const unclear = (type: CoreFuncType) => type.params[0] === "?";

function sameValue(have: string, want: string): boolean {
  return have === want || bothReferences(have, want) && (INDEXED.test(have) || INDEXED.test(want));
}

const bothReferences = (a: string, b: string) => /ref/.test(a) && /ref/.test(b);

/** For each abstract heap type, the ones right above it. */
const ABOVE: Readonly<Record<string, string>> = {
  "none": "struct array i31",
  "struct": "eq",
  "array": "eq",
  "i31": "eq",
  "eq": "any",
  "nofunc": "func",
  "noextern": "extern",
  "noexn": "exn",
};

function valueFits(have: string, want: string): boolean {
  if (sameValue(have, want)) return true;
  const from = reference(have), to = reference(want);
  if (!from || !to || from.nullable && !to.nullable) return false;
  for (let heaps = [from.heap]; heaps.length > 0;) {
    if (heaps.includes(to.heap)) return true;
    heaps = heaps.flatMap((heap) => ABOVE[heap]?.split(" ") ?? []);
  }
  return false;
}

function reference(type: string): { heap: string; nullable: boolean } | undefined {
  const long = /^\(ref (null )?([a-z0-9]+)\)$/.exec(type);
  if (long) return { heap: long[2]!, nullable: long[1] !== undefined };
  return type.endsWith("ref") ? { heap: type.slice(0, -3), nullable: true } : undefined;
}
