/**
 * What can go wrong in the engine, one class per cause. Each has a stable `name` and `code`.
 *
 * @module
 */

/** Facts that every engine error may carry beside its message. */
export interface ErrorFacts {
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/** Bytes that are not a component, or not a valid one. */
export class DecodeError extends SyntaxError {
  /** Always `DecodeError`. */
  override readonly name = "DecodeError";
  /** `malformed`: the bytes cannot be read; `invalid`: they can, and break a rule of the specification. */
  readonly code: "malformed" | "invalid";
  /** Where in the bytes the problem was found, counted from the first byte of the outermost component. */
  readonly offset: number;
  /** What was being read there, in the words of the specification. */
  readonly reading: string;

  /**
   * Makes the error.
   *
   * @param message What was found and what was expected.
   * @param offset Byte offset from the start of the file.
   * @param reading What was being read.
   * @param code Whether the bytes are malformed or merely invalid.
   */
  constructor(
    message: string,
    offset: number,
    reading: string,
    code: "malformed" | "invalid" = "malformed",
    facts: ErrorFacts = {},
  ) {
    super(`${message} (at byte ${offset}, reading ${reading})`, facts);
    this.code = code;
    this.offset = offset;
    this.reading = reading;
  }
}

/** An import that was not given, or that does not fit what the component asks for. */
export class LinkError extends TypeError {
  /** Always `LinkError`. */
  override readonly name = "LinkError";
  /** Always `link`. */
  readonly code = "link";
  /** The imports at fault, as the component spells them. */
  readonly imports: readonly string[];

  /**
   * Makes the error.
   *
   * @param message What does not fit.
   * @param imports The imports at fault.
   */
  constructor(message: string, imports: readonly string[], facts: ErrorFacts = {}) {
    super(message, facts);
    this.imports = imports;
  }
}

/** Facts of a limit that was reached. */
export interface LimitFacts extends ErrorFacts {
  /** What was asked for, in the limit's own unit, where that is known. */
  readonly asked?: number | undefined;
}

/** A component that does not fit within a limit it was given. */
export class LimitError extends RangeError {
  /** Always `LimitError`. */
  override readonly name = "LimitError";
  /** Always `limit`. */
  readonly code = "limit";
  /** Which limit: the name of the option; of an entry's `limits` the name in the file, as `max_memory_bytes`. */
  readonly limit: string;
  /** Its value. */
  readonly value: number;
  /** What was asked for, where that is known. */
  readonly asked: number | undefined;

  /**
   * Makes the error.
   *
   * @param message What does not fit.
   * @param limit The name of the option.
   * @param value Its value.
   */
  constructor(message: string, limit: string, value: number, facts: LimitFacts = {}) {
    super(message, facts);
    this.limit = limit;
    this.value = value;
    this.asked = facts.asked;
  }
}

/**
 * The guest broke a rule, or a host function failed under it. The instance is dead afterwards: every later
 * call fails with this error as its cause.
 */
export class Trap extends Error {
  /** Always `Trap`. */
  override readonly name = "Trap";
  /** Always `trap`. */
  readonly code = "trap";
  /** Guest functions on the stack when it happened, innermost first, where the engine could tell. */
  readonly frames: readonly string[];

  /**
   * Makes the error.
   *
   * @param message What happened.
   * @param frames Guest frames, innermost first.
   */
  constructor(message: string, facts: ErrorFacts = {}, frames: readonly string[] = []) {
    super(message, facts);
    this.frames = frames;
  }
}

/**
 * The error side of a WIT `result<T, E>`: thrown by host functions to return `err`, and thrown to the
 * caller of an export that returned `err`.
 *
 * @example
 * ```ts
 * import { ComponentError } from "@airlock/runtime/component";
 *
 * const divide = (a: number, b: number) => {
 *   if (b === 0) throw new ComponentError({ code: 1, message: "division by zero" });
 *   return Math.trunc(a / b);
 * };
 * divide(4, 2);
 * ```
 */
export class ComponentError<E = unknown> extends Error {
  /** Always `ComponentError`. */
  override readonly name = "ComponentError";
  /** Always `component`. */
  readonly code = "component";
  /** The value of the `err` case, in the JavaScript mapping of its WIT type. */
  readonly payload: E;

  /**
   * Makes the error.
   *
   * @param payload The value of the `err` case.
   */
  constructor(payload: E) {
    super(`the function returned err: ${describe(payload)}`);
    this.payload = payload;
  }
}

function describe(payload: unknown): string {
  if (payload === undefined) return "(no payload)";
  if (typeof payload === "string") return payload;
  try {
    return JSON.stringify(payload, (_, v) => typeof v === "bigint" ? v.toString() : v) ?? String(payload);
  } catch {
    return String(payload);
  }
}
