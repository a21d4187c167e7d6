/**
 * The contents of requests and responses on their way to arguments and from results.
 *
 * @module
 */
import { hasLongNumber, type Json, parseJson } from "./json.ts";

/** What a response says. */
export interface Content {
  /** Its status. */
  readonly status: number;
  /** What kind of contents they are; `undefined` where there are none. */
  readonly type: string | undefined;
  /** The contents. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A request whose contents cannot become arguments. */
export class ContentError extends TypeError {
  /** Always `ContentError`. */
  override readonly name = "ContentError";
  /** Always `content`. */
  readonly code = "content";
  /** What the response says: 400, or 413 where there is too much. */
  readonly status: number;

  /**
   * Makes the error.
   *
   * @param message What is wrong, for the client.
   * @param status What the response says.
   */
  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

/** No contents: a result that there is none of. */
export const NO_CONTENT: Content = { status: 204, type: undefined, bytes: new Uint8Array(0) };

/** The most JSON that is read number by number, in characters: it takes up to half a second, and everybody waits. */
const MAX_SLOW_JSON = 1024 * 1024;

/** How deep JSON may be nested: deeper than any type is, and nowhere near the end of the stack. */
const MAX_DEPTH = 1000;

const [QUOTE, ESCAPE, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = new TextEncoder().encode('"\\[]{}');

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Bytes as text.
 *
 * @throws {ContentError} If they are none.
 */
export function utf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new ContentError("the request's contents are no text: they are not UTF-8");
  }
}

/**
 * Bytes as JSON.
 *
 * @throws {ContentError} If they are none.
 */
export function jsonOf(bytes: Uint8Array): unknown {
  const text = utf8(bytes);
  if (text.length > MAX_SLOW_JSON && hasLongNumber(text)) {
    throw new ContentError(
      `JSON with integers of 16 digits may have ${MAX_SLOW_JSON} characters at most`,
      413,
    );
  }
  const no = (why: string) => new ContentError(`the request's contents are no JSON: ${why}`);
  // Who reads it recurses, and the end of the stack would be nobody's fault but the client's.
  if (isDeeper(bytes, MAX_DEPTH)) throw no(`it is nested deeper than ${MAX_DEPTH}`);
  try {
    return parseJson(text);
  } catch (error) {
    throw error instanceof SyntaxError ? no(error.message) : error;
  }
}

/** Whether JSON is nested deeper than so much. */
function isDeeper(json: Uint8Array, most: number): boolean {
  if (json.length <= most) return false;
  let depth = 0;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (byte === QUOTE) {
      // Brackets in a text are none.
      for (i++; i < json.length && json[i] !== QUOTE; i++) if (json[i] === ESCAPE) i++;
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (++depth > most) return true;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
  }
  return false;
}

/** Text, of this kind. */
export function textContent(text: string, type: string, status = 200): Content {
  return { status, type, bytes: encoder.encode(text) };
}

/** A JSON value. */
export function jsonContent(json: Json): Content {
  return textContent(JSON.stringify(json), "application/json");
}
