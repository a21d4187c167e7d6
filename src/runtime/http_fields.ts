/**
 * Fields of responses, as the host adds and reads them.
 *
 * @module
 */
import type { Field } from "../wasi/http/fields.ts";
import type { ResponseHead } from "../wasi/http/incoming_exchange.ts";
import { fromLatin1, toLatin1 } from "../wasi/http/latin1.ts";

type Headers = ResponseHead["headers"];

/** A name and a value, as bytes. */
export function field(name: string, value: string): Field {
  return [name, toLatin1(value)];
}

/** The value of a field; several as one list; `undefined` where there is none. */
export function fieldOf(headers: Headers, name: string): string | undefined {
  const values = headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) =>
    fromLatin1(value)
  );
  return values.length === 0 ? undefined : values.join(", ");
}

/** The fields without those of a name, and with another one in their place where a value is given. */
export function withField(headers: Headers, name: string, value?: string): Headers {
  const rest = headers.filter(([other]) => other.toLowerCase() !== name);
  return value === undefined ? rest : [...rest, field(name, value)];
}

/** The fields with one more name in a list of names, such as that of `vary`. */
export function withName(headers: Headers, list: string, name: string): Headers {
  const names = fieldOf(headers, list)?.split(",").map((item) => item.trim()) ?? [];
  if (names.some((item) => item === "*" || item.toLowerCase() === name.toLowerCase())) return headers;
  return withField(headers, list, [...names, name].join(", "));
}
