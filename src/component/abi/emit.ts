/**
 * Writes the JavaScript of lifts and lowers: one function per type, so that shared types are written once
 * and nothing dispatches on types while a guest runs.
 *
 * Only generated names, numbers and JSON-quoted strings enter the text; nothing that a component spells
 * does so unquoted.
 *
 * @module
 */
import { LinkError } from "../error.ts";
import type { ValueType } from "../wit/types.ts";
import type { Encoding } from "./strings.ts";

/**
 * What is on the other side of the values: a JavaScript caller or callee (`host`: resources are objects), or
 * another component (`guest`: resources are bare representations, results are tagged values).
 */
export type Boundary = "host" | "guest";

const MAX_TEXT = 500_000;

/**
 * What all functions of a component may take together, in characters, over all its instances: writing as much takes
 * about a second. The largest real component takes 600,000.
 */
export const MAX_CODE = 16_000_000;

/** What is left of that. */
export interface CodeBudget {
  left: number;
}

/** Takes the text of a function from the budget, before it is compiled. */
export function spendCode(budget: CodeBudget, text: string): void {
  budget.left -= text.length;
  if (budget.left >= 0) return;
  throw new LinkError(`the functions of the component take more than ${MAX_CODE} characters of code`, []);
}

/** Collects the helper functions, constants and resources of one generated function. */
export class Emitter {
  readonly boundary: Boundary;
  readonly encoding: Encoding;
  /** Constants that the text refers to as `K[i]`. */
  readonly constants: unknown[] = [];
  /** Resource slots that the text refers to as `r<slot>`. */
  readonly resources = new Set<number>();
  /** A borrow is lifted: what was lent ends with the call. */
  lends = false;
  /** Lends are counted, because the same call may also take the lender away. */
  countLends = false;
  /** A borrow is lowered: it must be dropped before the call returns. */
  borrows = false;
  /** What is lowered is remembered, to be taken back if a later value does not fit. */
  undoes = false;
  /** Such an own was lowered. */
  owns = false;
  readonly #helpers: string[] = [];
  readonly #known = new Map<ValueType, Map<string, string>>();
  #count = 0;
  #size = 0;

  /**
   * @param boundary What is on the other side.
   * @param encoding How strings are stored in the memory at hand.
   */
  constructor(boundary: Boundary, encoding: Encoding) {
    this.boundary = boundary;
    this.encoding = encoding;
  }

  /**
   * Counts the text that is written. Variants of variants are written out case by case, so a few hundred bytes of
   * types can ask for megabytes of code; the largest real function (an error of wasi:http) takes 20 KB.
   */
  grow(length: number): void {
    this.#size += length;
    if (this.#size > MAX_TEXT) {
      throw new LinkError(`the types of one function take more than ${MAX_TEXT} characters of code`, []);
    }
  }

  /** A name not used before. */
  name(prefix: string): string {
    return `${prefix}${this.#count++}`;
  }

  /** Adds a constant; returns how the text refers to it. */
  constant(value: unknown): string {
    return `K[${this.constants.push(value) - 1}]`;
  }

  /** How the text refers to a resource type. */
  resource(slot: number): string {
    this.resources.add(slot);
    return `r${slot}`;
  }

  /**
   * The helper that does `op` for a type, written at its first use.
   *
   * @param write Fills the body.
   */
  helper(op: string, type: ValueType, params: string, write: (body: Body) => void): string {
    let ops = this.#known.get(type);
    if (!ops) this.#known.set(type, ops = new Map());
    const known = ops.get(op);
    if (known !== undefined) return known;
    const name = this.name(op);
    ops.set(op, name);
    const body = new Body(this);
    write(body);
    this.#helpers.push(`function ${name}(${params}) {\n${body.text()}\n}`);
    return name;
  }

  /** The text of all helpers. */
  helpers(): string {
    return this.#helpers.join("\n");
  }
}

/** The statements of one function. */
export class Body {
  readonly emitter: Emitter;
  readonly #lines: string[] = [];

  /** @param emitter Where helpers and names come from. */
  constructor(emitter: Emitter) {
    this.emitter = emitter;
  }

  /** Adds statements. */
  line(text: string): void {
    this.emitter.grow(text.length);
    this.#lines.push(text);
  }

  /** Evaluates an expression now; returns the name that holds it. */
  hold(expression: string, prefix = "x"): string {
    if (/^[a-z]\d+$/.test(expression)) return expression;
    const name = this.emitter.name(prefix);
    this.#lines.push(`const ${name} = ${expression};`);
    return name;
  }

  /** The text so far. */
  text(): string {
    return this.#lines.join("\n");
  }
}

/** A string literal. */
export function quote(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** `base + offset` for a name and a constant. */
export function plus(base: string, offset: number): string {
  return offset === 0 ? base : `${base} + ${offset}`;
}

/** Refuses a type that is decoded and validated and has no values in JavaScript yet. */
export function unsupported(kind: string): never {
  throw new LinkError(`values of type ${kind} (WASI 0.3) are not supported yet`, []);
}
