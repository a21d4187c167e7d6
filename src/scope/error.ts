/**
 * A scope that Deno has no words for.
 *
 * @module
 */

/** Something that Deno's permissions cannot name. Leaving it out, or naming more, would be another fence. */
export class ScopeError extends Error {
  /** Always `ScopeError`. */
  override readonly name = "ScopeError";
  /** Always `scope`. */
  readonly code = "scope";
  /** What cannot be named: a path, a variable, a program. */
  readonly value: string;

  /**
   * Makes the error for one value.
   *
   * @param value What cannot be named.
   * @param message Why, and what could be done.
   */
  constructor(value: string, message: string) {
    super(message);
    this.value = value;
  }
}
