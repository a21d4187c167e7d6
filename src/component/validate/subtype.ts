/**
 * Whether one thing may stand where another is expected.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#type-checking
 * @module
 */
import type {
  ComponentType,
  DefinedType,
  ExternType,
  FuncType,
  InstanceType,
  Resource,
} from "../wit/types.ts";
import { Bindings } from "./bindings.ts";
import type { Budget } from "./budget.ts";
import { moduleMismatch } from "./core_subtype.ts";
import {
  describe,
  equal,
  inside,
  type Mismatch,
  once,
  optionalMismatch,
  type Pairs,
  valueMismatch,
} from "./equal.ts";
import { isValueType } from "./resolve.ts";

const matching: Pairs = new WeakMap();

/**
 * Whether `have` is a subtype of `want`, whose bound resources were replaced by those of `have`.
 *
 * @param budget What it may cost.
 * @param exact Whether it must be equal instead: neither more nor less.
 */
export function mismatch(have: ExternType, want: ExternType, budget: Budget, exact = false): Mismatch {
  return once(exact ? equal : matching, have, want, () => {
    if (have.kind !== want.kind) return `expected ${sort(want)}, found ${sort(have)}`;
    switch (want.kind) {
      case "func":
        return funcMismatch(have as FuncType, want);
      case "value":
        return valueMismatch((have as typeof want).type, want.type);
      case "type":
        return definedMismatch((have as typeof want).type, want.type, budget);
      case "instance":
        return instanceMismatch(have as InstanceType, want, budget, exact);
      case "component":
        return componentMismatch(have as ComponentType, want, budget, exact);
      case "core-module":
        budget.spend(want.imports.length + want.exports.size);
        return moduleMismatch(have as typeof want, want) ??
          (exact ? moduleMismatch(want, have as typeof want) : undefined);
    }
  });
}

function sort(type: ExternType): string {
  return type.kind === "core-module" ? "core module" : type.kind;
}

function instanceMismatch(have: InstanceType, want: InstanceType, budget: Budget, exact: boolean): Mismatch {
  return exportsMismatch(have.exports, have.bound, want.exports, want.bound, budget, exact);
}

function exportsMismatch(
  have: ReadonlyMap<string, ExternType>,
  haveBound: readonly Resource[],
  want: ReadonlyMap<string, ExternType>,
  wantBound: readonly Resource[],
  budget: Budget,
  exact: boolean,
): Mismatch {
  if (exact && have.size !== want.size) return `expected ${want.size} exports, found ${have.size}`;
  const bindings = new Bindings(wantBound, budget);
  for (const [name, type] of want) {
    const found = have.get(name);
    if (!found) return `missing expected export \`${name}\``;
    bindings.match(type, found);
    const wrong = mismatch(found, bindings.check.extern(type), budget, exact);
    if (wrong) return inside(`type mismatch in export \`${name}\``, wrong);
  }
  return exact && !bindings.pairs(haveBound) ? "resource types are not the same" : undefined;
}

function componentMismatch(
  have: ComponentType,
  want: ComponentType,
  budget: Budget,
  exact: boolean,
): Mismatch {
  if (exact && have.imports.size !== want.imports.size) {
    return `expected ${want.imports.size} imports, found ${have.imports.size}`;
  }
  // What `want` promises to be given must do as what `have` asks for.
  const given = new Bindings(have.boundImports, budget);
  for (const [name, type] of have.imports) {
    const supplied = want.imports.get(name);
    if (!supplied) return `missing expected import \`${name}\``;
    given.match(type, supplied);
    const wrong = mismatch(supplied, given.check.extern(type), budget, exact);
    if (wrong) return inside(`type mismatch in import \`${name}\``, wrong);
  }
  if (exact && !given.pairs(want.boundImports)) return "resource types are not the same";
  const actual = given.check.externs(have.exports);
  return exportsMismatch(actual, have.boundExports, want.exports, want.boundExports, budget, exact);
}

/** Whether two types in the type index space are equal. */
function definedMismatch(have: DefinedType, want: DefinedType, budget: Budget): Mismatch {
  if (have === want) return undefined;
  if (have.kind === "resource" || want.kind === "resource") {
    if (have.kind === want.kind) return "resource types are not the same";
    return have.kind === "resource"
      ? `expected ${describe(want)}, found resource`
      : `expected resource, found ${describe(have)}`;
  }
  const values = isValueType(have) && isValueType(want);
  if (values) return valueMismatch(have, want);
  if (have.kind !== want.kind) return `expected ${describe(want)}, found ${describe(have)}`;
  return mismatch(have as ExternType, want as ExternType, budget, true);
}

function funcMismatch(have: FuncType, want: FuncType): Mismatch {
  if (have.async !== want.async) {
    return `expected ${want.async ? "an async" : "a sync"} function, found ${
      have.async ? "an async" : "a sync"
    } one`;
  }
  if (have.params.length !== want.params.length) {
    return `expected ${want.params.length} parameters, found ${have.params.length}`;
  }
  for (const [i, param] of want.params.entries()) {
    const found = have.params[i]!;
    if (found.name !== param.name) {
      return `expected parameter named \`${param.name}\`, found \`${found.name}\``;
    }
    const wrong = valueMismatch(found.type, param.type);
    if (wrong) return inside(`type mismatch in function parameter \`${param.name}\``, wrong);
  }
  return inside("type mismatch with result type", optionalMismatch(have.result, want.result, "a result"));
}
