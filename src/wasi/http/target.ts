/**
 * What a request asks for: methods, schemes, paths.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3
 * @module
 */
import { isToken } from "./field_syntax.ts";
import type { Method, Scheme } from "./types.ts";

/** Far longer than what servers accept (8 KiB), and no way to fill the host's memory. */
const MAX_PATH = 65_535;
const MAX_WORD = 256;

/** Visible ASCII, no fragment. Anything else must be escaped: a space or a line break would end the path. */
const PATH = /^[/?][\x21\x22\x24-\x7e]*$/;

/** RFC 3986, section 3.1. */
const SCHEME = /^[a-z][a-z0-9+.-]*$/i;

/** Whether a text is a path with a query, or the `*` of `OPTIONS`. A whole URI is none: it names a host of its own. */
export function isPath(text: string): boolean {
  return text === "*" || (text.length <= MAX_PATH && PATH.test(text));
}

/** Whether a method can be named so. */
export function isMethod(method: Method): boolean {
  return method.tag !== "other" || (method.val.length <= MAX_WORD && isToken(method.val));
}

/** A method as it is sent: `get` is `GET`; others are their own word, whose casing counts. */
export function methodWord(method: Method): string {
  return method.tag === "other" ? method.val : method.tag.toUpperCase();
}

/** Whether a scheme can be named so. */
export function isScheme(scheme: Scheme): boolean {
  return scheme.tag !== "other" || (scheme.val.length <= MAX_WORD && SCHEME.test(scheme.val));
}

/**
 * The scheme that a request is sent under. Where none is said, the specification leaves the choice to the host: the
 * one that does not show the request to everybody on the way.
 *
 * @returns `undefined` for a scheme that is not HTTP.
 */
export function transportOf(scheme: Scheme | undefined): "http" | "https" | undefined {
  switch (scheme?.tag) {
    case undefined:
      return "https";
    case "HTTP":
      return "http";
    case "HTTPS":
      return "https";
    case "other": {
      const lower = scheme!.val!.toLowerCase();
      return lower === "http" || lower === "https" ? lower : undefined;
    }
  }
}
