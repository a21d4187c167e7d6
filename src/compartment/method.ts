/**
 * Methods: the exported functions of a component, by the names that entries use.
 *
 * @module
 */
import { camelCase } from "../component/abi/names.ts";
import type { Component, FuncType, Instance } from "../component/mod.ts";
import { nearest } from "../config/nearest.ts";
import { MethodError } from "./error.ts";

/** One exported function. */
export interface Method {
  /** `func`, or `interface#func` exactly as the binary spells it. */
  readonly name: string;
  /** Its WIT type. */
  readonly type: FuncType;
  /** The function of an instance. */
  of(instance: Instance): (...args: unknown[]) => unknown;
}

/** All exported functions that can be called with values alone. */
export function methodsOf(component: Component): Method[] {
  const methods: Method[] = [];
  for (const [name, type] of component.exports) {
    if (type.kind === "func") {
      methods.push({ name, type, of: (instance) => instance.exports[camelCase(name)] });
    } else if (type.kind === "instance") {
      for (const [func, inner] of type.exports) {
        if (inner.kind !== "func" || func.startsWith("[")) continue;
        const of = (instance: Instance) => instance.exports[name][camelCase(func)];
        methods.push({ name: `${name}#${func}`, type: inner, of });
      }
    }
  }
  return methods;
}

/**
 * The method of a name.
 *
 * @param where What asks for it, for the error: `app.yaml:8:13: demo:add`.
 * @throws {MethodError} With the methods that exist.
 */
export function findMethod(component: Component, name: string, where: string): Method {
  const methods = methodsOf(component);
  const found = methods.find((m) => m.name === name) ?? (isHandler(name) ? handlerOf(component) : undefined);
  if (found) return found;
  const names = methods.map((m) => m.name);
  const near = names.find((known) => known.endsWith(`#${name}`)) ?? nearest(name, names);
  const meant = near === undefined ? "" : ` (did you mean ${near}?)`;
  throw new MethodError(`${where}: the component exports no function ${name}${meant}`, names);
}

/** `wasi:cli/run#run` of any 0.2 version: a whole program, with arguments and an exit code. */
export function isProgram(method: string): boolean {
  return /^wasi:cli\/run@0\.2\.\d+#run$/.test(method);
}

/** The method that makes a component a program, if it is one. */
export function programOf(component: Component): Method | undefined {
  return methodsOf(component).find((method) => isProgram(method.name));
}

/** `wasi:http/incoming-handler#handle` of any 0.2 version, or of none: a handler of requests, which is served. */
export function isHandler(method: string): boolean {
  return /^wasi:http\/incoming-handler(@0\.2\.\d+)?#handle$/.test(method);
}

/** The method that makes a component a handler of requests, if it is one. */
export function handlerOf(component: Component): Method | undefined {
  return methodsOf(component).find((method) => isHandler(method.name));
}

/** A wrong number of arguments, in words. */
export function arity({ name, type }: Pick<Method, "name" | "type">, count: number): string {
  const params = type.params.map((p) => p.name).join(", ");
  return `${name} takes ${type.params.length} argument${type.params.length === 1 ? "" : "s"}` +
    `${params ? ` (${params})` : ""}, got ${count}`;
}
