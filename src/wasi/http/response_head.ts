/**
 * Fields of a response as `node:http` gives them: checked, and made into {@linkcode Fields}.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";
import { HttpError } from "./error_code.ts";
import { type Field, Fields } from "./fields.ts";
import { toLatin1 } from "./latin1.ts";
import type { FieldLimits } from "./limits.ts";

/**
 * The fields of a response's header.
 *
 * @throws {HttpError} There are too many, or the contents are coded in a way that nobody here decodes.
 */
export function headersOf(response: IncomingMessage, limits: FieldLimits): Fields {
  const fields = fieldsOf(response.rawHeaders);
  if (fields.length > limits.headerCount) {
    throw new HttpError({ tag: "HTTP-response-header-section-size", val: undefined });
  }
  for (const [name, value] of fields) {
    if (name.toLowerCase() !== "transfer-encoding") continue;
    // The guest would take compressed bytes for the contents: this field is not shown to it.
    const coding = new TextDecoder().decode(value).trim().toLowerCase();
    if (coding !== "chunked") throw new HttpError({ tag: "HTTP-response-transfer-coding", val: coding });
  }
  return Fields.from(fields, { immutable: true, limits });
}

/**
 * The fields behind a response's contents, once it is complete; `undefined` where there are none.
 *
 * @throws {HttpError} There are too many.
 */
export function trailersOf(response: IncomingMessage, limits: FieldLimits): Fields | undefined {
  const fields = fieldsOf(response.rawTrailers);
  if (fields.length === 0) return undefined;
  if (fields.length > limits.headerCount) {
    throw new HttpError({ tag: "HTTP-response-trailer-section-size", val: undefined });
  }
  return Fields.from(fields, { immutable: true, limits });
}

function fieldsOf(raw: readonly string[]): Field[] {
  const fields: Field[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) fields.push([raw[i]!, toLatin1(raw[i + 1]!)]);
  return fields;
}
