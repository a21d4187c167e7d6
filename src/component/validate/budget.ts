/**
 * What one validation may cost.
 *
 * @module
 */
import { invalid } from "./invalid.ts";

/** Steps that one validation may take; real components need some thousands. */
const MAX_STEPS = 2_000_000;

/**
 * Types share their parts and components are instantiated again and again, so a few bytes can ask for a lot
 * of work. Whatever walks types takes its steps from here, so that no file keeps its reader busy for long.
 */
export class Budget {
  /** Where in the file the work is being done for. */
  offset = 0;
  #left = MAX_STEPS;

  /** Takes steps. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) {
      invalid("the types of this component are too large, or used too often", this.offset, "component");
    }
  }
}
