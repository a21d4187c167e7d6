/**
 * A name that leads to no entry, or to several.
 *
 * @module
 */

/** Why no single entry was found. */
export type EntryErrorCode = "unknown" | "ambiguous" | "wrong-kind";

/** An entry was asked for by a name that is unknown, ambiguous, or of an entry that cannot be run. */
export class EntryError extends ReferenceError {
  /** Always `EntryError`. */
  override readonly name = "EntryError";
  /** `unknown`, `ambiguous` or `wrong-kind`. */
  readonly code: EntryErrorCode;
  /** The name that was asked for. */
  readonly asked: string;
  /** What may have been meant: the nearest names, or the ids between which to choose. */
  readonly candidates: readonly string[];

  /**
   * Makes the error for one name.
   *
   * @param code Why no single entry was found.
   * @param asked The name that was asked for.
   * @param candidates What may have been meant.
   * @param message What was found, and what to do.
   */
  constructor(code: EntryErrorCode, asked: string, candidates: readonly string[], message: string) {
    super(message);
    this.code = code;
    this.asked = asked;
    this.candidates = Object.freeze([...candidates]);
  }
}
