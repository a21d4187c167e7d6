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

/** A name in its own casing, and a value. */
export type Field = [name: string, value: Uint8Array];

/** What a field takes beside its name and value: on the wire 4 bytes, and here some objects. */
const OVERHEAD = 4;

/** How many bytes a field counts for. */
export function sizeOf([name, value]: Readonly<Field>): number {
  return name.length + value.length + OVERHEAD;
}
