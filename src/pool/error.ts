/**
 * What can go wrong with a place in a pool.
 *
 * @module
 */

/** A call of what takes no more calls: a pool that was closed, or a runtime that was disposed of. */
export class ClosedError extends Error {
  /** Always `ClosedError`. */
  override readonly name = "ClosedError";
  /** Always `closed`. */
  readonly code = "closed";
}
