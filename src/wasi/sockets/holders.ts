/**
 * What several resources of a guest hold together.
 *
 * @module
 */

/**
 * Counts who holds something. The guest may drop a socket and its streams in any order: the connection lives as long
 * as one of them.
 */
export class Holders {
  readonly #last: () => void;
  #count = 0;

  /** @param last Called when the last holder has left. */
  constructor(last: () => void) {
    this.#last = last;
  }

  /** One more. @returns Leaves again; twice does no harm. */
  join(): () => void {
    this.#count++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (--this.#count === 0) this.#last();
    };
  }
}
