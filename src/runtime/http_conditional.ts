/**
 * Requests for a part of something, or for it only if it has changed.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13
 * @module
 */
import type { HttpExchange } from "./http_exchange.ts";

/** Which state something is in. */
export interface Validators {
  /** A strong entity tag, with its quotes. */
  readonly etag: string;
  /** When it was changed last, in seconds since 1970. */
  readonly modified: number;
}

/** A part of contents: from the first byte to the last. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * What the conditions of a request come to, in the order of RFC 9110, section 13.2.2, for `GET` and `HEAD`.
 *
 * @returns 412 or 304, or `undefined` where the request goes on.
 */
export function preconditionOf(
  exchange: HttpExchange,
  { etag, modified }: Validators,
): 412 | 304 | undefined {
  const match = exchange.field("if-match");
  if (match !== undefined) {
    if (match.trim() !== "*" && !tagsOf(match).includes(etag)) return 412;
  } else {
    const since = secondsOf(exchange.field("if-unmodified-since"));
    if (since !== undefined && modified > since) return 412;
  }
  const none = exchange.field("if-none-match");
  if (none !== undefined) {
    return none.trim() === "*" || tagsOf(none).some((tag) => tag.replace(/^W\//, "") === etag)
      ? 304
      : undefined;
  }
  const since = secondsOf(exchange.field("if-modified-since"));
  return since !== undefined && modified <= since ? 304 : undefined;
}

/**
 * The part that a request asks for.
 *
 * @param size How many bytes there are.
 * @returns `undefined` for all of it: where no part is asked for, where the state is another than the client has, where
 * several are (a server may send all then), and where what is asked for cannot be read. `"none"` where there is no such
 * part.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
export function rangeOf(
  exchange: HttpExchange,
  size: number,
  { etag, modified }: Validators,
): Range | "none" | undefined {
  const [, from = "", to = ""] = /^bytes\s*=\s*(\d*)-(\d*)$/i.exec(exchange.field("range")?.trim() ?? "") ??
    [];
  if (exchange.method !== "GET" || (from === "" && to === "")) return undefined;
  const condition = exchange.field("if-range")?.trim();
  if (condition !== undefined) {
    const same = condition.startsWith('"') ? condition === etag : secondsOf(condition) === modified;
    if (!same) return undefined;
  }
  if (from === "") {
    const count = Math.min(Number(to), size);
    return count === 0 ? "none" : { first: size - count, last: size - 1 };
  }
  const first = Number(from), last = to === "" ? Infinity : Number(to);
  if (last < first) return undefined;
  return first >= size ? "none" : { first, last: Math.min(last, size - 1) };
}

/** The entity tags of a list. */
function tagsOf(text: string): readonly string[] {
  return text.match(/(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g) ?? [];
}

/** A date of HTTP in seconds; `undefined` for what is none. Dates that other readers take are none. */
function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)) {
    return undefined;
  }
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms / 1000;
}
