/**
 * Text of WebAssembly: whether it says a component or a core module, which different readers read.
 *
 * @module
 */

/** Blanks, or a comment that ends with its line: https://webassembly.github.io/spec/core/text/lexical.html#white-space */
const BLANK = /[ \t\n\r]+|;;[^\n\r]*/y;
/** What opens and closes comments that may hold others, or is neither. */
const COMMENT = /\(;|;\)|[^(;]+|[(;]/y;
/** The word that a component's text begins with. */
const WORD = /component(?![^\s()";])/y;

/**
 * Whether a text says a component: `(component …)`. Whatever else is wrong with it, a reader has to tell.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#component-definitions
 */
export function isComponentText(text: string): boolean {
  const open = afterSpace(text, 0);
  return text[open] === "(" && match(WORD, text, afterSpace(text, open + 1)) !== undefined;
}

/** Where blanks and comments end. */
function afterSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const blank = match(BLANK, text, at);
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    if (!text.startsWith("(;", at)) return at;
    let depth = 0;
    do {
      const found = match(COMMENT, text, at);
      if (found === undefined) return at; // A comment without an end.
      if (found === "(;") depth++;
      if (found === ";)") depth--;
      at += found.length;
    } while (depth > 0);
  }
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
