/**
 * The transport `wasi-http` for a function that is no `wasi:http/incoming-handler`: a request's contents are the argument,
 * and the result is the response's.
 *
 * @module
 */
import type { FuncType, ValueType } from "../component/wit/types.ts";
import { type Content, jsonContent, jsonOf, NO_CONTENT, textContent, utf8 } from "./content.ts";
import { fromJson, toJson } from "./json.ts";
import { checkCount, isBytes } from "./payload.ts";

/**
 * The arguments that a request gives: its contents are the only one, and no contents are none.
 *
 * @throws {ContentError} If the contents are no text or no JSON, and the parameter's type wants that.
 * @throws {ArgumentError} If they do not fit it, or there is another number of parameters.
 */
export function wasiHttpArguments(params: FuncType["params"], body: Uint8Array): unknown[] {
  checkCount(params, body.length === 0 ? 0 : 1);
  return params.map(({ name, type }) => wasiHttpArgument(type, body, name));
}

/** One argument: bytes and text as they are, for a parameter of another type what the text says as JSON. */
export function wasiHttpArgument(type: ValueType, body: Uint8Array, name: string): unknown {
  const inner = type.kind === "option" ? type.type : type;
  if (body.length === 0 && type.kind === "option") return fromJson(type, null, name);
  if (isBytes(inner)) return body;
  return inner.kind === "string" ? utf8(body) : fromJson(type, jsonOf(body), name);
}

/**
 * What a result says: text as `text/plain`, bytes as they are, nothing as 204, anything else as JSON.
 *
 * @param type Its type; `undefined`: there is none.
 * @param value A `result` with its tag, anything else in the JavaScript mapping of its type.
 */
export function wasiHttpContent(type: ValueType | undefined, value: unknown): Content {
  if (type === undefined) return NO_CONTENT;
  if (type.kind === "option" && type.type.kind !== "option") {
    return value === undefined || value === null ? NO_CONTENT : wasiHttpContent(type.type, value);
  }
  if (type.kind === "string") return textContent(String(value), "text/plain; charset=utf-8");
  if (isBytes(type) && value instanceof Uint8Array) {
    return { status: 200, type: "application/octet-stream", bytes: value as Uint8Array<ArrayBuffer> };
  }
  return jsonContent(toJson(type, value));
}
