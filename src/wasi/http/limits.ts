/**
 * How much one set of fields may hold.
 *
 * @module
 */
import { NETWORK_LIMITS, type NetworkLimits } from "../network/limits.ts";

/** Bounds for one set of fields. */
export type FieldLimits = Pick<NetworkLimits, "headerBytes" | "headerCount">;

/** The bounds of the fields that guests make themselves. */
export const FIELD_LIMITS: FieldLimits = NETWORK_LIMITS;

/** What a field takes on the wire beside its name and value: a colon, a space, and the end of the line. */
const OVERHEAD = 4;

/** How many bytes a field counts for. */
export function sizeOf(name: string, value: Uint8Array): number {
  return name.length + value.length + OVERHEAD;
}
