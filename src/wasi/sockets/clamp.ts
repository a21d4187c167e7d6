/**
 * Values of options.
 *
 * @module
 */
import { failure } from "./error_code.ts";

/**
 * "If the provided value is 0, an `invalid-argument` error is returned. Any other value will never cause an error, but
 * it might be silently clamped and/or rounded."
 */
export function clamp(value: bigint, min: bigint, max: bigint): bigint {
  if (value === 0n) throw failure("invalid-argument");
  return value < min ? min : value > max ? max : value;
}
