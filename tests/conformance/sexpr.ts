/**
 * S-expressions of WebAssembly's text format, with their place in the source.
 *
 * @see https://webassembly.github.io/spec/core/text/lexical.html
 * @module
 */

/** A place in the source; `line` counts from 1. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}
/** A word. */
export interface Atom extends Place {
  readonly kind: "atom";
  readonly text: string;
}
/** A string literal, which need not be UTF-8. */
export interface Text extends Place {
  readonly kind: "string";
  readonly bytes: Uint8Array;
}
/** A list in parentheses. */
export interface List extends Place {
  readonly kind: "list";
  readonly items: readonly Node[];
}
/** Anything. */
export type Node = Atom | Text | List;

const encoder = new TextEncoder();
const ESCAPES: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, '"': 34, "'": 39, "\\": 92 };

/** Reads all expressions of a source text. */
export function readAll(source: string): List[] {
  let at = 0, line = 1;
  const fail = (why: string): never => {
    throw new SyntaxError(`${why} in line ${line}`);
  };
  const skip = () => {
    for (; at < source.length; at++) {
      const c = source[at]!;
      if (c === "\n") line++;
      else if (source.startsWith(";;", at)) at = (source.indexOf("\n", at) + 1 || source.length + 1) - 2;
      else if (source.startsWith("(;", at)) skipBlock();
      else if (!/\s/.test(c)) return;
    }
  };
  const skipBlock = () => {
    for (let depth = 0;; at++) {
      if (at >= source.length) fail("unclosed comment");
      if (source[at] === "\n") line++;
      if (source.startsWith("(;", at)) depth++, at++;
      else if (source.startsWith(";)", at)) {
        at++;
        if (--depth === 0) return;
      }
    }
  };
  const text = (): Text => {
    const start = at++, from = line, bytes: number[] = [];
    while (source[at] !== '"') {
      if (at >= source.length) fail("unclosed string");
      if (source[at] === "\n") line++;
      if (source[at] !== "\\") {
        const char = String.fromCodePoint(source.codePointAt(at)!);
        bytes.push(...encoder.encode(char));
        at += char.length;
        continue;
      }
      const next = source[at + 1]!;
      const unicode = /^\\u\{([0-9a-fA-F_]+)\}/.exec(source.slice(at, at + 20));
      if (unicode) {
        bytes.push(...encoder.encode(String.fromCodePoint(parseInt(unicode[1]!.replaceAll("_", ""), 16))));
        at += unicode[0].length;
      } else if (ESCAPES[next] !== undefined) {
        bytes.push(ESCAPES[next]);
        at += 2;
      } else {
        const byte = source.slice(at + 1, at + 3);
        if (!/^[0-9a-fA-F]{2}$/.test(byte)) fail(`unknown escape \\${next}`);
        bytes.push(parseInt(byte, 16));
        at += 3;
      }
    }
    return { kind: "string", bytes: Uint8Array.from(bytes), start, end: ++at, line: from };
  };
  const list = (): List => {
    const start = at++, from = line, items: Node[] = [];
    for (;;) {
      skip();
      if (at >= source.length) fail("unclosed list");
      if (source[at] === ")") return { kind: "list", items, start, end: ++at, line: from };
      items.push(node());
    }
  };
  const node = (): Node => {
    if (source[at] === "(") return list();
    if (source[at] === '"') return text();
    const word = /^[^\s()";]+/.exec(source.slice(at, at + 500))?.[0] ?? fail("unexpected character");
    at += word.length;
    return { kind: "atom", text: word, start: at - word.length, end: at, line };
  };
  const all: List[] = [];
  for (skip(); at < source.length; skip()) {
    const found = node();
    if (found.kind !== "list") return fail("expected a list");
    all.push(found);
  }
  return all;
}
