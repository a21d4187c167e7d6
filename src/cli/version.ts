/**
 * The version of Airlock, as `deno.json` has it too: a published module cannot count on reading that file.
 *
 * @module
 */

/** `major.minor.patch`. */
export const VERSION = "0.1.0";
