/**
 * What can be wrong with the texts that come with a core module: its signatures, or the module itself.
 *
 * @module
 */

/** Where in a text something was found. */
export interface Place {
  /** Line, from 1. */
  readonly line: number;
  /** Column in UTF-16 code units, from 1. */
  readonly column: number;
}

/** A `wit:` signature that cannot be read, that does not fit the module's export, or that is needed and not there. */
export class WitError extends SyntaxError {
  /** Always `WitError`. */
  override readonly name = "WitError";
  /** Always `wit`. */
  readonly code = "wit";
  /** The line in the text, from 1; `undefined` where the error is about no place in it. */
  readonly line: number | undefined;
  /** The column in that line, from 1. */
  readonly column: number | undefined;

  /**
   * Makes the error.
   *
   * @param message What was found, and what is allowed.
   * @param place Where in the text.
   */
  constructor(message: string, place?: Place) {
    super(message);
    this.line = place?.line;
    this.column = place?.column;
  }
}

/** Text that is no core module and no component. */
export class WatError extends SyntaxError {
  /** Always `WatError`. */
  override readonly name = "WatError";
  /** Always `wat`. */
  readonly code = "wat";
  /** The line in the text, from 1; `undefined` where the error is about no place in it. */
  readonly line: number | undefined;
  /** The column in that line, from 1. */
  readonly column: number | undefined;

  /**
   * Makes the error.
   *
   * @param message What was found.
   * @param place Where in the text.
   */
  constructor(message: string, place?: Place) {
    super(message);
    this.line = place?.line;
    this.column = place?.column;
  }
}
