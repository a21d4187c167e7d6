/**
 * The transport `payload` over HTTP: JSON in, JSON out.
 *
 * @module
 */
import type { FuncType, ValueType } from "../component/wit/types.ts";
import { type Content, jsonContent, jsonOf, NO_CONTENT } from "./content.ts";
import { ArgumentError, fromJson, toJson } from "./json.ts";

type Params = FuncType["params"];

/**
 * The arguments that a request gives: a JSON array holds one for each parameter, any other JSON value is the only one, and
 * no contents are none. The list that is to be the only argument is an array in an array.
 *
 * @throws {ContentError} If the contents are no JSON.
 * @throws {ArgumentError} If there are not as many as parameters, or one does not fit its parameter.
 */
export function payloadArguments(params: Params, body: Uint8Array): unknown[] {
  const json = body.length === 0 ? [] : jsonOf(body);
  const items: readonly unknown[] = Array.isArray(json) ? json : [json];
  checkCount(params, items.length);
  return params.map(({ name, type }, i) => fromJson(type, items[i], name));
}

/** One argument of many, where the contents are that one. */
export function payloadArgument(type: ValueType, body: Uint8Array, name: string): unknown {
  return fromJson(type, body.length === 0 ? null : jsonOf(body), name);
}

/**
 * What a result says: JSON; a list of bytes is taken for JSON that the guest wrote itself. 204 where the function has no
 * result.
 *
 * @param type Its type; `undefined`: there is none.
 * @param value A `result` with its tag, anything else in the JavaScript mapping of its type.
 */
export function payloadContent(type: ValueType | undefined, value: unknown): Content {
  if (type === undefined) return NO_CONTENT;
  return isBytes(type) && value instanceof Uint8Array
    ? { status: 200, type: "application/json", bytes: value as Uint8Array<ArrayBuffer> }
    : jsonContent(toJson(type, value));
}

/**
 * Makes sure that there are as many arguments as parameters.
 *
 * @throws {ArgumentError}
 */
export function checkCount(params: Params, count: number): void {
  if (params.length === count) return;
  const names = params.map(({ name }) => name).join(", ");
  const plural = params.length === 1 ? "" : "s";
  throw new ArgumentError(
    `the function takes ${params.length} argument${plural}${
      names && ` (${names})`
    }, the request gives ${count}`,
  );
}

/** Whether values of a type are bytes. */
export function isBytes(type: ValueType): boolean {
  return type.kind === "list" && type.element.kind === "u8";
}
