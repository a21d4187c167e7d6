/**
 * The exports that begin a module: a command has one and a reactor the other.
 *
 * @see https://github.com/WebAssembly/WASI/blob/main/legacy/application-abi.md
 * @module
 */

/** The whole of a program. */
export const START = "_start";

/** Called before any other function. */
export const INITIALIZE = "_initialize";
