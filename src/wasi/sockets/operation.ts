/**
 * The pairs of `start-*` and `finish-*`.
 *
 * @module
 */
import { failure, translated } from "./error_code.ts";

/** Something that was started, and is finished by asking for its result. */
export class Operation<T> {
  #outcome: { readonly value: T } | { readonly error: unknown } | undefined;
  #given: ((value: T) => void) | undefined;

  /**
   * @param work What was started; its result, where there was nothing to wait for.
   * @param settled Called once it is done, later than this.
   */
  constructor(work: Promise<T> | { readonly value: T }, settled: () => void) {
    if (!(work instanceof Promise)) {
      this.#outcome = work;
      return;
    }
    work.then((value) => {
      if (this.#given !== undefined) return this.#given(value);
      this.#outcome = { value };
      settled();
    }, (error) => {
      this.#outcome = { error };
      settled();
    });
  }

  /** Whether the result is there. */
  get done(): boolean {
    return this.#outcome !== undefined;
  }

  /**
   * The result.
   *
   * @throws {ComponentError} `would-block` while there is none; the code of the failure, if it failed.
   */
  finish(): T {
    if (this.#outcome === undefined) throw failure("would-block");
    if ("error" in this.#outcome) throw translated(this.#outcome.error);
    return this.#outcome.value;
  }

  /** Nobody will ask any more: what came of it, or is still to come, is closed. */
  abandon(close: (value: T) => void): void {
    if (this.#outcome === undefined) this.#given = close;
    else if ("value" in this.#outcome) close(this.#outcome.value);
  }
}
