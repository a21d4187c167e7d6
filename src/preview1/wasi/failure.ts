/**
 * A function of preview 1 that ends with an errno of its own making.
 *
 * @module
 */
import { Errno, type Name } from "./errno.ts";

/** Thrown inside a function, which then returns the errno. No `Error`: a guest can cause it in a loop, and no one reads its stack. */
export class Failure {
  /** What the function returns. */
  readonly errno: number;

  /** @param name The errno's name. */
  constructor(name: Name) {
    this.errno = Errno[name];
  }
}
