/**
 * `wit:` texts: signatures of a core module's exports. `add: func(a: s32, b: s32) -> s32;`, one or more.
 *
 * Of WIT's grammar these are the functions of a world without the word that would make them exports. Names may also be
 * written as C writes them (`list_files`), since they are names of exports.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/WIT.md#item-use
 * @module
 */
import type { Field, FuncType, PrimitiveKind, PrimitiveType } from "../component/mod.ts";
import { type Place, WitError } from "./error.ts";

/** The types that values of core modules may have. */
export const WIT_TYPES = [
  "bool",
  "s8",
  "s16",
  "s32",
  "s64",
  "u8",
  "u16",
  "u32",
  "u64",
  "f32",
  "f64",
  "char",
  "string",
] as const satisfies readonly PrimitiveKind[];

const TYPES: ReadonlyMap<string, PrimitiveType> = new Map(WIT_TYPES.map((kind) => [kind, { kind }]));

/** Type constructors and the words that begin definitions: known, and nothing that a core module can have. */
const LARGER: ReadonlySet<string> = new Set([
  ...["list", "option", "result", "tuple", "own", "borrow", "stream", "future", "map", "error-context"],
  ...["record", "variant", "enum", "flags", "resource", "type", "interface", "world", "package", "use"],
]);

/**
 * Reads signatures.
 *
 * @param text The text.
 * @returns Their types, by the names of the functions.
 * @throws {WitError} With line and column.
 */
export function parseWit(text: string): ReadonlyMap<string, FuncType> {
  return new Parser(text).functions();
}

interface Token {
  readonly kind: "name" | "symbol" | "end";
  /** As it is written; of a name without the `%` that says that it is no keyword. */
  readonly text: string;
  /** A name that is none of the keywords whatever it looks like. */
  readonly escaped: boolean;
  /** Where it begins. */
  readonly at: number;
}

const SPACE = /(?:\s|\/\/[^\n]*)+/y;
const NAME = /%?[A-Za-z_]\w*(?:-\w+)*/y;
const COMMENT = /\/\*|\*\//g;
const SYMBOL = /->|[():;,<>{}=]/y;

class Parser {
  readonly #text: string;
  #at = 0;
  #token: Token;

  constructor(text: string) {
    this.#text = text;
    this.#token = this.#read();
  }

  functions(): ReadonlyMap<string, FuncType> {
    const functions = new Map<string, FuncType>();
    while (this.#token.kind !== "end") {
      // In a world, exported functions are written so.
      if (this.#is("export")) this.#next();
      const name = this.#name("the name of a function");
      if (functions.has(name.text)) this.#fail(`the function ${name.text} is declared twice`, name.at);
      functions.set(name.text, this.#function());
    }
    if (functions.size === 0) {
      this.#fail("no function is declared; expected such as: add: func(a: s32) -> s32;");
    }
    return functions;
  }

  #function(): FuncType {
    this.#symbol(":");
    if (this.#is("async")) this.#fail("async functions belong to components; allowed: func");
    if (!this.#is("func")) this.#unexpected("func");
    this.#next();
    this.#symbol("(");
    const params: Field[] = [];
    while (!this.#isSymbol(")")) {
      const name = this.#name("the name of a parameter, or `)`");
      if (params.some((param) => param.name === name.text)) {
        this.#fail(`the parameter ${name.text} is declared twice`, name.at);
      }
      this.#symbol(":");
      params.push({ name: name.text, type: this.#type() });
      if (!this.#isSymbol(")")) this.#symbol(",", "`,` or `)`");
    }
    this.#next();
    let result: PrimitiveType | undefined;
    if (this.#isSymbol("->")) {
      this.#next();
      result = this.#type();
    }
    if (this.#token.kind !== "end") this.#symbol(";", result ? "`;`" : "`->` or `;`");
    return { kind: "func", async: false, params, result };
  }

  #type(): PrimitiveType {
    const { text } = this.#token;
    const type = this.#token.kind === "name" ? TYPES.get(text) : undefined;
    if (!type) {
      const larger = LARGER.has(text) ? ` (values of type ${text} take a component)` : "";
      this.#unexpected(`a type: ${WIT_TYPES.join(", ")}${larger}`);
    }
    this.#next();
    return type;
  }

  /** A name, unless a keyword that begins something else stands there. */
  #name(what: string): Token {
    const token = this.#token;
    if (token.kind !== "name") this.#unexpected(what);
    if (!token.escaped && LARGER.has(token.text) && !this.#followedBy(":")) {
      this.#fail(`${token.text} belongs to components; expected ${what}`);
    }
    this.#next();
    return token;
  }

  #followedBy(symbol: string): boolean {
    SPACE.lastIndex = this.#at;
    const after = SPACE.test(this.#text) ? SPACE.lastIndex : this.#at;
    return this.#text.startsWith(symbol, after);
  }

  #is(keyword: string): boolean {
    const { kind, text, escaped } = this.#token;
    return kind === "name" && text === keyword && !escaped && !this.#followedBy(":");
  }

  #isSymbol(symbol: string): boolean {
    return this.#token.kind === "symbol" && this.#token.text === symbol;
  }

  #symbol(symbol: string, expected = `\`${symbol}\``): void {
    if (!this.#isSymbol(symbol)) this.#unexpected(expected);
    this.#next();
  }

  #next(): void {
    this.#token = this.#read();
  }

  #read(): Token {
    this.#skip();
    const at = this.#at, text = this.#text;
    if (at >= text.length) return { kind: "end", text: "", escaped: false, at };
    NAME.lastIndex = SYMBOL.lastIndex = at;
    const name = NAME.exec(text)?.[0];
    const found = name ?? SYMBOL.exec(text)?.[0];
    if (found === undefined) {
      const character = String.fromCodePoint(text.codePointAt(at)!);
      this.#fail(`found ${JSON.stringify(character)}, which has no meaning here`, at);
    }
    this.#at += found.length;
    const escaped = found.startsWith("%");
    return {
      kind: name === undefined ? "symbol" : "name",
      text: escaped ? found.slice(1) : found,
      escaped,
      at,
    };
  }

  /** Spaces and comments; those between slashes and asterisks nest. */
  #skip(): void {
    const text = this.#text;
    for (;;) {
      SPACE.lastIndex = this.#at;
      if (SPACE.test(text)) this.#at = SPACE.lastIndex;
      if (!text.startsWith("/*", this.#at)) return;
      const start = COMMENT.lastIndex = this.#at;
      let depth = 0;
      do {
        const [mark] = COMMENT.exec(text) ?? this.#fail("the comment has no end", start);
        depth += mark === "/*" ? 1 : -1;
        this.#at = COMMENT.lastIndex;
      } while (depth > 0);
    }
  }

  #unexpected(expected: string): never {
    const { kind, text } = this.#token;
    this.#fail(`expected ${expected}, found ${kind === "end" ? "the end" : `\`${text}\``}`);
  }

  #fail(message: string, at: number = this.#token.at): never {
    const place = placeOf(this.#text, at);
    throw new WitError(`wit, line ${place.line}, column ${place.column}: ${message}`, place);
  }
}

function placeOf(text: string, at: number): Place {
  const before = text.slice(0, at);
  return { line: before.split("\n").length, column: at - before.lastIndexOf("\n") };
}
