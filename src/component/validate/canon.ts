/**
 * Canonical definitions: their options, and the core signatures they need and give.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#canonical-definitions
 * @module
 */
import type { CanonRef, Definition } from "../binary/definition.ts";
import { asyncBuiltin } from "./canon_async.ts";
import { checkFunc, checkOptions, coreFunc, needs, pointersIn } from "./canon_options.ts";
import { sameFunc, signature } from "./core_subtype.ts";
import { flattenFunc } from "./flatten.ts";
import { at, invalid } from "./invalid.ts";
import type { StepBody } from "./plan.ts";
import { resolveResource, typeOfKind } from "./resolve.ts";
import type { Scope } from "./scope.ts";

const CALLBACK = coreFunc(["i32", "i32", "i32"], ["i32"]);

/** `canon`: checks it, and adds the function that it defines. */
export function defineCanon(d: Definition & { kind: "canon" }, scope: Scope): StepBody {
  const { canon, offset } = d;
  switch (canon.op) {
    case "lift":
      return lift(canon, scope, offset);
    case "lower":
      return lower(canon, scope, offset);
    case "async":
      scope.coreFuncs.push(asyncBuiltin(canon, scope, offset));
      return { op: "async builtin", name: canon.name };
    default:
      return resourceBuiltin(canon.op, canon.type, scope, offset);
  }
}

function lift(canon: CanonRef & { op: "lift" }, scope: Scope, offset: number): StepBody {
  const { options } = canon;
  const type = typeOfKind("func", canon.type, scope, offset);
  const callee = at(scope.coreFuncs, canon.func, "core function", offset);
  scope.budget.spend(type.params.length);
  checkOptions(options, scope, offset);
  if (options.async && !type.async) {
    invalid("the `async` canonical option requires an async function type", offset, "canonical options");
  }
  const flat = flattenFunc(type, "lift", options);
  const params = pointersIn(type.params.map((p) => p.type)), results = pointersIn([type.result]);
  needs("memory", options, params || results || flat.paramsInMemory || flat.resultsInMemory, offset);
  needs("realloc", options, params || flat.paramsInMemory, offset);
  if (!sameFunc(callee, flat.type)) {
    invalid(
      `core function ${canon.func} is a ${signature(callee)}, ` +
        `but lifting to the given type takes a ${signature(flat.type)}`,
      offset,
      "canonical function lift",
    );
  }
  if (options.postReturn !== undefined) {
    if (options.async) {
      invalid("canonical option `post-return` cannot be specified with `async`", offset, "canonical options");
    }
    checkFunc(
      "canonical option `post-return`",
      options.postReturn,
      coreFunc(flat.type.results, []),
      scope,
      offset,
    );
  }
  if (options.callback !== undefined) {
    if (!options.async) {
      invalid("canonical option `callback` requires `async`", offset, "canonical options");
    }
    checkFunc("canonical option `callback`", options.callback, CALLBACK, scope, offset);
  }
  scope.funcs.push(type);
  return { op: "lift", func: canon.func, options, type };
}

function lower(canon: CanonRef & { op: "lower" }, scope: Scope, offset: number): StepBody {
  const { options } = canon;
  const type = at(scope.funcs, canon.func, "function", offset);
  scope.budget.spend(type.params.length);
  checkOptions(options, scope, offset);
  notForLowering("post-return", options.postReturn, offset);
  notForLowering("callback", options.callback, offset);
  if (options.async && !type.async) {
    invalid("the `async` canonical option requires an async function type", offset, "canonical options");
  }
  const flat = flattenFunc(type, "lower", options);
  const params = pointersIn(type.params.map((p) => p.type)), results = pointersIn([type.result]);
  needs("memory", options, params || results || flat.paramsInMemory || flat.resultsInMemory, offset);
  needs("realloc", options, results, offset);
  scope.coreFuncs.push(flat.type);
  return { op: "lower", func: canon.func, options, type };
}

function resourceBuiltin(
  op: "resource.new" | "resource.drop" | "resource.rep",
  index: number,
  scope: Scope,
  offset: number,
): StepBody {
  const resource = resolveResource(index, scope, offset);
  if (op !== "resource.drop" && !resource.local) {
    invalid(`type index ${index} is not a local resource, as ${op} requires`, offset, op);
  }
  const signatures = {
    "resource.new": coreFunc([resource.rep], ["i32"]),
    "resource.rep": coreFunc(["i32"], [resource.rep]),
    "resource.drop": coreFunc(["i32"], []),
  };
  scope.coreFuncs.push(signatures[op]);
  return { op, slot: resource.slot };
}

function notForLowering(option: string, value: number | undefined, offset: number): void {
  if (value !== undefined) {
    invalid(`canonical option \`${option}\` cannot be specified for lowerings`, offset, "canonical options");
  }
}
