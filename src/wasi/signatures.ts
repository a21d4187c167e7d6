/**
 * What WASI 0.2 says of each function, in WIT with every type spelled out. A component that imports one under another
 * type is refused: hosts are called with values that they were written for, and nothing that a host class has beside
 * these is a function of WASI. Made from the WIT of 0.2.12; within 0.2 no signature changes.
 *
 * @see https://github.com/WebAssembly/WASI
 * @module
 */

import { HTTP_SIGNATURES } from "./signatures/http.ts";
import { LOCAL_SIGNATURES } from "./signatures/local.ts";
import { SOCKETS_SIGNATURES } from "./signatures/sockets.ts";

/** Signatures by interface and function. */
export const SIGNATURES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...LOCAL_SIGNATURES,
  ...HTTP_SIGNATURES,
  ...SOCKETS_SIGNATURES,
};
