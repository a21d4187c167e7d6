/**
 * Patterns of paths, as Go's `net/http` has had them since version 1.22: `/users/{id}`, `/files/{path...}`, `/exact/{$}`,
 * `/below/`. {@link https://pkg.go.dev/net/http#hdr-Patterns-ServeMux}
 *
 * @module
 */
import { cleanPath, unescapePath } from "./path.ts";

/** One segment of a pattern. */
export type Segment =
  /** A segment of exactly these bytes, one character for each. */
  | { readonly kind: "literal"; readonly text: string }
  /** Any one segment. */
  | { readonly kind: "one"; readonly name: string }
  /** The end of a path, behind a slash. */
  | { readonly kind: "end" }
  /** All that is left, even nothing. Without a name, the pattern ended with a slash. */
  | { readonly kind: "rest"; readonly name: string };

/** A pattern of requests. */
export interface Pattern {
  /** The method; `GET` stands for `HEAD` as well. Empty: all of them. */
  readonly method: string;
  /** The path as it was written. */
  readonly path: string;
  /** The path's segments. At least one. */
  readonly segments: readonly Segment[];
  /** Names of what is captured, in order. */
  readonly names: readonly string[];
}

/** A pattern that is none, and why. */
export interface WrongPattern {
  /** What is wrong, as the end of a sentence that names the pattern. */
  readonly wrong: string;
}

/** As an identifier of Go. */
const NAME = /^[\p{L}_][\p{L}_\p{Nd}]*$/u;

/** The pattern in words. */
export function printPattern({ method, path }: Pattern): string {
  return method === "" ? path : `${method} ${path}`;
}

/**
 * Reads a pattern.
 *
 * @param method Of the requests that it matches; empty for any.
 * @param path Begins with a slash. `:name` is an older way to write `{name}`.
 */
export function parsePattern(method: string, path: string): Pattern | WrongPattern {
  if (!path.startsWith("/")) return { wrong: "must begin with /" };
  if (cleanPath(path) !== path) {
    return { wrong: "has empty segments, . or .., which no request arrives with: paths are cleaned first" };
  }
  const segments: Segment[] = [];
  const names: string[] = [];
  const words = path.slice(1).split("/");
  for (const [i, word] of words.entries()) {
    const segment = parseSegment(word, i === words.length - 1);
    if ("wrong" in segment) return segment;
    segments.push(segment);
    const name = "name" in segment ? segment.name : "";
    if (name === "") continue;
    if (names.includes(name)) return { wrong: `captures {${name}} twice` };
    names.push(name);
  }
  return { method, path, segments, names };
}

function parseSegment(word: string, last: boolean): Segment | WrongPattern {
  // Only behind the last slash is there nothing: the pattern is clean.
  if (word === "") return { kind: "rest", name: "" };
  if (word.startsWith(":")) return capture(word.slice(1), last);
  const brace = word.indexOf("{");
  if (brace < 0) return { kind: "literal", text: unescapePath(word) };
  if (brace > 0 || !word.endsWith("}")) {
    return { wrong: `has ${word}: what is captured must be a whole segment, as in /{name}/` };
  }
  const inner = word.slice(1, -1);
  if (inner !== "$") return capture(inner, last);
  return last ? { kind: "end" } : { wrong: "has {$} before its end" };
}

function capture(inner: string, last: boolean): Segment | WrongPattern {
  const rest = inner.endsWith("...");
  const name = rest ? inner.slice(0, -3) : inner;
  if (!NAME.test(name)) {
    return { wrong: `has {${inner}}: a name is letters, digits and _, and begins with no digit` };
  }
  if (rest && !last) return { wrong: `has {${inner}} before its end` };
  return rest ? { kind: "rest", name } : { kind: "one", name };
}
