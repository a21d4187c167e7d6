/**
 * Lines of text, indented by two spaces a level, and the spelling of WIT names.
 *
 * @module
 */

/** Builds indented text. */
export class Writer {
  #text = "";
  #level = 0;
  #atStart = false;

  /** Appends to the current line. */
  add(text: string): void {
    if (this.#atStart) this.#text += "  ".repeat(this.#level);
    this.#atStart = false;
    this.#text += text;
  }

  /** Ends the current line, or adds an empty one. */
  newline(): void {
    this.#text += "\n";
    this.#atStart = true;
  }

  /** Appends and ends the line. */
  line(text: string): void {
    this.add(text);
    this.newline();
  }

  /** Ends the line; what `body` writes is one level in. */
  indent(body: () => void): void {
    this.#level++;
    this.newline();
    body();
    this.#level--;
  }

  /** Appends ` {`, what `body` writes one level in, and `}`. */
  block(body: () => void): void {
    this.#text += " {";
    this.indent(body);
    this.line("}");
  }

  /** What was written. */
  toString(): string {
    return this.#text;
  }
}

/** @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/WIT.md#keywords */
const KEYWORDS: ReadonlySet<string> = new Set(
  `use type func u8 u16 u32 u64 s8 s16 s32 s64 f32 f64 float32 float64 char resource record flags variant enum
  bool string option result future stream list own borrow _ as from static interface tuple world import export
  package with include constructor error-context async map`.split(/\s+/),
);

/** A label as WIT spells it: keywords need a `%`. */
export function escapeLabel(label: string): string {
  return KEYWORDS.has(label) ? `%${label}` : label;
}

/** A string literal as WIT spells it. */
export function quote(text: string): string {
  let quoted = "";
  for (const char of text) {
    if (/^[A-Za-z0-9\-_./: ]$/.test(char)) quoted += char;
    else if (char === "\\" || char === '"') quoted += `\\${char}`;
    else if (char === "\n") quoted += "\\n";
    else if (char === "\r") quoted += "\\r";
    else if (char === "\t") quoted += "\\t";
    else quoted += `\\u{${char.codePointAt(0)!.toString(16)}}`;
  }
  return `"${quoted}"`;
}

/** The lines of a text, without a last empty one. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
