/**
 * How a guest enters a function of preview 1.
 *
 * @module
 */
import type { Guest } from "./guest.ts";

/** A function's own work: numbers are unsigned, 64-bit ones as wasm gives them. It throws what it does not return. */
export type Work = (...args: never[]) => number | Promise<number>;

/** What wasm passes. */
type Argument = number | bigint | undefined;

/**
 * Makes the import of a function's work. One for all arities, up to the nine parameters of `path_open`: arguments that a
 * function does not have cost nothing that could be measured.
 */
export function entering(guest: Guest, work: Work): (...args: Argument[]) => number | Promise<number> {
  const call = work as (...args: Argument[]) => number | Promise<number>;
  const caught = (error: unknown) => guest.caught(error);
  return (a, b, c, d, e, f, g, h, i) => {
    if (guest.ended !== undefined) throw guest.ended;
    try {
      const errno = call(
        unsigned(a),
        unsigned(b),
        unsigned(c),
        unsigned(d),
        unsigned(e),
        unsigned(f),
        unsigned(g),
        unsigned(h),
        unsigned(i),
      );
      return typeof errno === "number" ? errno : errno.catch(caught);
    } catch (error) {
      return guest.caught(error);
    }
  };
}

/** wasm has no signs; JavaScript is given an `i32` as if it had. */
function unsigned(argument: Argument): Argument {
  return typeof argument === "number" ? argument >>> 0 : argument;
}
