/**
 * Loaded before every test file: with `AIRLOCK_SEED` set, property tests draw the same cases each time, so that a gate
 * tells of the change under it and not of its luck. Without it every run draws new ones.
 */
import fc from "fast-check";

const seed = Deno.env.get("AIRLOCK_SEED");
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
