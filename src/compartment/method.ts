/**
 * Methods: the exported functions of a component or core module, by the names that entries use.
 *
 * @module
 */
import { camelCase } from "../component/abi/names.ts";
import type { FuncType, Instance } from "../component/mod.ts";
import { nearest } from "../config/nearest.ts";
import { START } from "../preview1/beginning.ts";
import type { CoreModule } from "../preview1/mod.ts";
import { MethodError } from "./error.ts";
import type { GuestModule } from "./module.ts";

/** One exported function. */
export interface Method {
  /** `func`, or `interface#func` exactly as the binary spells it. */
  readonly name: string;
  /** Its WIT type. */
  readonly type: FuncType;
  /** The function of an instance. */
  of(instance: Instance): (...args: unknown[]) => unknown;
}

/** Whether a module is none of a component. Asked of it: what the classes are made of is not loaded for the question. */
export function isCore(module: GuestModule): module is CoreModule {
  return "whyNot" in module;
}

/** All exported functions that can be called with values alone. */
export function methodsOf(component: GuestModule): Method[] {
  if (isCore(component)) {
    return [...component.exports].map(([name, type]) => ({ name, type, of: (i) => i.exports[name] }));
  }
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

/** The names of all exported functions, those of a core module too that no signature makes methods of. */
export function namesOf(component: GuestModule): string[] {
  return isCore(component)
    ? [...component.functions.keys()]
    : methodsOf(component).map((method) => method.name);
}

/**
 * The method of a name.
 *
 * @param where What asks for it, for the error: `app.yaml:8:13: demo:add`.
 * @throws {MethodError} With the methods that exist.
 * @throws {WitError} If a core module has that function, and no signature that fits it.
 */
export function findMethod(component: GuestModule, name: string, where: string): Method {
  const methods = methodsOf(component);
  const found = methods.find((m) => m.name === name) ?? (isHandler(name) ? handlerOf(component) : undefined);
  if (found) return found;
  const core = isCore(component);
  const why = core ? component.whyNot(name) : undefined;
  if (why) {
    why.message = `${where}: ${why.message}`;
    throw why;
  }
  const names = namesOf(component);
  const near = names.find((known) => known.endsWith(`#${name}`)) ?? nearest(name, names);
  const meant = near === undefined ? "" : ` (did you mean ${near}?)`;
  throw new MethodError(
    `${where}: the ${core ? "module" : "component"} exports no function ${name}${meant}`,
    names,
  );
}

/** `wasi:cli/run#run` of any 0.2 version, or a core module's `_start`: a whole program, with arguments and an exit code. */
export function isProgram(method: string): boolean {
  return method === START || /^wasi:cli\/run@0\.2\.\d+#run$/.test(method);
}

/** The method that makes a component or core module a program, if it is one. */
export function programOf(component: GuestModule): Method | undefined {
  return methodsOf(component).find((method) => isProgram(method.name));
}

/** `wasi:http/incoming-handler#handle` of any 0.2 version, or of none: a handler of requests, which is served. */
export function isHandler(method: string): boolean {
  return /^wasi:http\/incoming-handler(@0\.2\.\d+)?#handle$/.test(method);
}

/** The method that makes a component a handler of requests, if it is one. */
export function handlerOf(component: GuestModule): Method | undefined {
  return methodsOf(component).find((method) => isHandler(method.name));
}

/** A wrong number of arguments, in words. */
export function arity({ name, type }: Pick<Method, "name" | "type">, count: number): string {
  const params = type.params.map((p) => p.name).join(", ");
  return `${name} takes ${type.params.length} argument${type.params.length === 1 ? "" : "s"}` +
    `${params ? ` (${params})` : ""}, got ${count}`;
}
