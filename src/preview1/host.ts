/**
 * What a host of preview 1 is to a core module.
 *
 * @module
 */
import type { Preview1 } from "./wasi/mod.ts";

/** The functions of one instance, by name, and what is to be told which memory is the instance's. */
export type Host = Pick<Preview1, "imports" | "bind">;
