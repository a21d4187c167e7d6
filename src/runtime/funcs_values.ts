/**
 * Between the one text, or the bytes, of a call of another entry and the WIT types of its method.
 *
 * @module
 */
import { show, witType } from "../component/abi/check.ts";
import type { FuncType, ValueType } from "../component/wit/types.ts";
import type { Described } from "../compartment/child.ts";
import { isTooLarge, MAX_PAYLOAD } from "../compartment/funcs.ts";
import { ArgumentError, fromJson, fromWord, parseJson, toJson } from "../transport/json.ts";
import { FuncsError } from "./funcs_error.ts";

/**
 * The most text that is read as JSON, in UTF-16 code units. Nothing else happens in this process meanwhile: it takes up to
 * half a second, and a guest may call in a loop. A method whose parameter is a string or a list of bytes gets any amount.
 */
const MAX_JSON = 1024 * 1024;

/** What a call gives, and gets: a text or bytes. */
export type Payload = string | Uint8Array;

const encoder = new TextEncoder();

/** The type of a method, as it can be called with values. */
export function callableType({ type }: Described): FuncType {
  if (type !== undefined && !holdsHandle(type)) return type;
  throw new FuncsError(
    "Invalid",
    "a method that takes or returns resources cannot be called by another entry",
  );
}

/** Whether something in a type lives where it was made. Types are data; what is shared in them is looked at once. */
function holdsHandle(type: object, seen: Set<object> = new Set()): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  const { kind } = type as { readonly kind?: unknown };
  return HANDLES.has(kind) ||
    Object.values(type).some((part) => typeof part === "object" && part !== null && holdsHandle(part, seen));
}

const HANDLES: ReadonlySet<unknown> = new Set(["own", "borrow", "stream", "future", "error-context"]);

/**
 * What a method is called with.
 *
 * - no parameters: nothing, where the input is empty;
 * - one `string` or `list<u8>`: the input as it is. A text becomes bytes as UTF-8, and bytes a text;
 * - one of another type: what the input says as JSON, in the words of the WIT; text, enums, characters and cases without
 *   payload may go without quotes, as on the command line;
 * - several: the input is a JSON array with an item for each.
 *
 * @throws {ArgumentError | FuncsError} If the input is none of that.
 */
export function argumentsOf(type: FuncType, input: Payload): unknown[] {
  try {
    return read(type, input);
  } catch (error) {
    // Whoever writes a million brackets meets the end of the stack.
    if (error instanceof RangeError) throw new ArgumentError("its input nests too deeply");
    throw error;
  }
}

function read({ params }: FuncType, input: Payload): unknown[] {
  const [first, second] = params;
  if (first === undefined) {
    if (input.length === 0) return [];
    throw new ArgumentError("it takes no argument, and was given one");
  }
  if (second === undefined) return [argumentOf(first.type, input, first.name)];
  const text = jsonOf(input);
  let items: unknown;
  try {
    items = parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (!Array.isArray(items) || items.length !== params.length) {
    const names = params.map(({ name, type }) => `${name}: ${witType(type)}`).join(", ");
    throw new ArgumentError(
      `it takes ${params.length} arguments (${names}), to be given as a JSON array of them, got ${
        show(text)
      }`,
    );
  }
  return params.map(({ name, type }, i) => fromJson(type, items[i], name));
}

function argumentOf(type: ValueType, input: Payload, name: string): unknown {
  if (isBytes(type)) return typeof input === "string" ? encoder.encode(input) : input;
  return type.kind === "string" ? textOf(input) : fromWord(type, jsonOf(input), name);
}

function jsonOf(input: Payload): string {
  if (input.length <= MAX_JSON) return textOf(input);
  throw new FuncsError("Invalid", `an input of more than ${MAX_JSON} bytes is not read as JSON`);
}

/** A program's words: the input is one, if there is any. */
export function wordsOf(input: Payload): string[] {
  return input.length === 0 ? [] : [textOf(input)];
}

/**
 * What a call gives back: strings, enums, characters and lists of bytes as they are, integers as digits, nothing as nothing,
 * anything else as JSON, in the words of the WIT. Of a `result` and of an `option` it is what is in them.
 *
 * @param type Of the value; `undefined`: there is none.
 * @param value What the method has returned. It came from the callee's process, which may not keep to the type.
 * @param as What the caller wants: of which kind its own input was.
 * @throws {FuncsError} If it is larger than may be, or bytes that are no text and text is wanted.
 */
export function payloadOf(type: ValueType | undefined, value: unknown, as: Payload): Payload {
  // Of a result, the other side was thrown.
  const payload = type?.kind === "result" ? plain(type.ok, value) : plain(type, value);
  if (isTooLarge(payload)) {
    throw new FuncsError("Invalid", `the result is larger than ${MAX_PAYLOAD} bytes`);
  }
  if (typeof as === "string") return textOf(payload);
  return typeof payload === "string" ? encoder.encode(payload) : payload;
}

/**
 * The text of an `err` that a method has returned: as {@linkcode payloadOf} has it; bytes that are no text as far as they
 * are one.
 *
 * @param id The method's entry.
 * @param payload What came with the `err`.
 */
export function errOf({ result }: FuncType, id: string, payload: unknown): string {
  const type = result?.kind === "result" ? result.err : undefined;
  if (type === undefined) return `Unknown: ${id} returned err`;
  const said = plain(type, payload);
  if (isTooLarge(said)) {
    throw new FuncsError("Invalid", `the err that ${id} returned is larger than ${MAX_PAYLOAD} bytes`);
  }
  return typeof said === "string" ? said : new TextDecoder().decode(said);
}

function plain(type: ValueType | undefined, value: unknown): Payload {
  if (type === undefined) return "";
  if (isBytes(type) && value instanceof Uint8Array) return value;
  switch (type.kind) {
    case "string":
    case "enum":
    case "char":
      if (typeof value !== "string") throw new TypeError(`${type.kind} expected, got ${typeof value}`);
      return value;
    case "u64":
    case "s64":
      // As JSON, those from 2^53 on would be in quotes.
      return String(toJson(type, value));
    case "option":
      if (type.type.kind !== "option") {
        return value === undefined || value === null ? "" : plain(type.type, value);
      }
      break;
  }
  return JSON.stringify(toJson(type, value));
}

function textOf(payload: Payload): string {
  if (typeof payload === "string") return payload;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
  } catch {
    throw new FuncsError("Invalid", "these bytes are no text: they are not UTF-8");
  }
}

function isBytes(type: ValueType): boolean {
  return type.kind === "list" && type.element.kind === "u8";
}
