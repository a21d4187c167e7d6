/**
 * What a call of a method prints, and the exit code it ends with.
 *
 * @module
 */
import { ComponentError, type FuncType } from "../component/mod.ts";
import { ArgumentError, fromWord, toJson } from "../transport/json.ts";
import { arity, type Method } from "../compartment/method.ts";
import { print } from "./output.ts";

/**
 * Words of the command line → arguments.
 *
 * @throws {ArgumentError} Naming the parameter, its WIT type and what came.
 */
export function readArguments(method: Pick<Method, "name" | "type">, words: readonly string[]): unknown[] {
  const { params } = method.type;
  if (words.length !== params.length) throw new ArgumentError(arity(method, words.length));
  return params.map((param, i) => fromWord(param.type, words[i]!, param.name));
}

/**
 * Prints a result: a string raw, nothing for none, anything else as JSON.
 *
 * @param call The call under way.
 * @returns The exit code: 1 for an `err` result.
 */
export async function printResult(type: FuncType, call: Promise<unknown>): Promise<number> {
  const { result } = type;
  let value: unknown;
  let code = 0;
  try {
    value = await call;
    if (result?.kind === "result") value = { tag: "ok", val: value };
  } catch (error) {
    if (!(error instanceof ComponentError) || result?.kind !== "result") throw error;
    value = { tag: "err", val: error.payload };
    code = 1;
  }
  if (!result || (result.kind === "result" && !result.ok && !result.err)) return code;
  // By its type, not by its value: of an option<string> the text "null" must not look like none.
  const raw = result.kind === "string" || result.kind === "enum" || result.kind === "char";
  const text = raw ? value as string : JSON.stringify(toJson(result, value));
  if (text !== "") print(text.endsWith("\n") ? text : `${text}\n`);
  return code;
}
