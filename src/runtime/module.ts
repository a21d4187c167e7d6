/**
 * A guest's file → a compiled component.
 *
 * @module
 */
export { compile, digest } from "../compartment/module.ts";
