/**
 * What can go wrong between a declaration and a running guest.
 *
 * @module
 */
export { IntegrityError, MethodError, UnsupportedError } from "../compartment/error.ts";

/** A call of a runtime that was disposed of. */
export class ClosedError extends Error {
  /** Always `ClosedError`. */
  override readonly name = "ClosedError";
  /** Always `closed`. */
  readonly code = "closed";
}
