/**
 * What may stand behind a body that is sent.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1
 * @module
 */
import type { Field } from "./fields.ts";

/**
 * Fields that must be known before the body: they say where it ends, where it goes, who sends it or how to read it.
 * Whoever merges trailers into the header, as many do, would be told so behind the back of whoever checked the header.
 */
const NOT_TRAILERS: ReadonlySet<string> = new Set([
  "age",
  "authorization",
  "cache-control",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "cookie",
  "date",
  "expect",
  "expires",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "location",
  "max-forwards",
  "pragma",
  "range",
  "retry-after",
  "set-cookie",
  "te",
  "trailer",
  "vary",
  "warning",
  "www-authenticate",
]);

/** Whether fields can be sent as trailers. What belongs to the connection is in no `Fields` anyway. */
export function areTrailers(fields: readonly Readonly<Field>[]): boolean {
  return fields.every(([name]) => !NOT_TRAILERS.has(name.toLowerCase()));
}
