/**
 * `input` of a service: what its process is called with.
 *
 * @module
 */
import { arity } from "../compartment/method.ts";
import { ConfigError } from "../config/issue.ts";
import type { ProcessServiceEntry } from "../registry/entry.ts";
import { ArgumentError, fromJson } from "../transport/json.ts";
import type { Callable } from "./callable.ts";
import { UnsupportedError } from "./error.ts";

/** What a process is called with. */
export interface Input {
  /** Values in the JavaScript mapping of their WIT types. */
  readonly args: readonly unknown[];
  /** Of a program: its arguments. */
  readonly words: readonly string[] | undefined;
}

/**
 * Reads what a service declares, by the types of its process's parameters. A program takes any number of words.
 *
 * @throws {ConfigError} If it does not fit.
 */
export function inputOf({ id, input, where }: ProcessServiceEntry, { isProgram, method }: Callable): Input {
  if (isProgram) {
    return {
      args: [],
      words: input.map((item) => typeof item === "string" ? item : JSON.stringify(item)),
    };
  }
  const { name, type } = method;
  if (type === undefined) throw new UnsupportedError(`${id}: ${name} takes or returns resources`);
  try {
    if (type.params.length !== input.length) throw new ArgumentError(arity({ name, type }, input.length));
    return {
      args: type.params.map((param, i) => fromJson(param.type, input[i], param.name)),
      words: undefined,
    };
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw new ConfigError([{
      ...where.input,
      code: "value",
      severity: "error",
      message: `${id}: input does not fit: ${error.message}`,
    }]);
  }
}
