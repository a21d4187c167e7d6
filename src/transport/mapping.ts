/**
 * Which parts of a request become which arguments, where an endpoint says so: `path.id, query.page, header.x-user, body`.
 *
 * @module
 */
import type { FuncType, ValueType } from "../component/wit/types.ts";
import { ContentError } from "./content.ts";
import { fromJson, fromWord } from "./json.ts";

/** Where one argument comes from. */
export type Piece =
  /** A capture of the path, a parameter of the query, a field of the header. */
  | { readonly from: "path" | "query" | "header"; readonly name: string }
  /** The contents. */
  | { readonly from: "body" };

/** A mapping that is none, and why. */
export interface WrongMapping {
  /** What is wrong, as the end of a sentence that names the mapping. */
  readonly wrong: string;
}

/** What pieces are taken from. */
export interface Pieces {
  /** What was captured of the path: `undefined` where its bytes are no text. */
  readonly path: (name: string) => string | undefined;
  /** The first value of a parameter. */
  readonly query: (name: string) => string | undefined;
  /** The value of a field. */
  readonly header: (name: string) => string | undefined;
  /** The contents, as the transport reads them. */
  readonly body: (type: ValueType, name: string) => unknown;
}

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * Reads a mapping.
 *
 * @param text Pieces with commas between.
 * @param captures What the endpoint's pattern captures.
 */
export function parseMapping(text: string, captures: readonly string[]): readonly Piece[] | WrongMapping {
  const pieces: Piece[] = [];
  const words = text.split(",").map((word) => word.trim());
  if (words.length === 1 && words[0] === "") return pieces;
  for (const word of words) {
    const dot = word.indexOf(".");
    const from = dot < 0 ? word : word.slice(0, dot);
    const name = dot < 0 ? "" : word.slice(dot + 1);
    if (word === "body") {
      if (pieces.some((piece) => piece.from === "body")) return { wrong: "takes body twice" };
      pieces.push({ from: word });
    } else if ((from !== "path" && from !== "query" && from !== "header") || name === "") {
      return { wrong: `has ${JSON.stringify(word)}; allowed: path.NAME, query.NAME, header.NAME, body` };
    } else if (from === "path" && !captures.includes(name)) {
      const known = captures.length === 0 ? "it captures nothing" : `it captures ${captures.join(", ")}`;
      return { wrong: `takes path.${name}, which the path does not capture: ${known}` };
    } else if (from === "header" && !TOKEN.test(name)) {
      return { wrong: `takes header.${name}, which is no name of a field` };
    } else pieces.push({ from, name });
  }
  return pieces;
}

/**
 * The arguments that a request gives. Text is as it is where the parameter is a string; for any other type it is read as
 * on the command line.
 *
 * @param mapping As many pieces as there are parameters.
 * @throws {ContentError} If one is missing whose parameter is no option.
 * @throws {ArgumentError} If one does not fit its parameter.
 */
export function mappedArguments(
  params: FuncType["params"],
  mapping: readonly Piece[],
  pieces: Pieces,
): unknown[] {
  return params.map(({ name, type }, i) => {
    const piece = mapping[i]!;
    if (piece.from === "body") return pieces.body(type, name);
    const text = pieces[piece.from](piece.name);
    // An option of an option says itself which of the two is there.
    const inner = type.kind === "option" && type.type.kind !== "option" ? type.type : type;
    if (text !== undefined) return fromWord(inner, text, name);
    if (type.kind === "option") return fromJson(type, null, name);
    throw new ContentError(`${name} is missing: ${WHERE[piece.from]} ${piece.name}`);
  });
}

const WHERE = { path: "the path's", query: "the query's parameter", header: "the field" } as const;
