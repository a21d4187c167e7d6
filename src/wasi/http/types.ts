/**
 * The variants and records of `wasi:http/types`, in the JavaScript mapping:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
export type {
  ErrorCode,
  HeaderError,
  Method,
  Result,
  Scheme,
} from "@bytecodealliance/preview2-shim/interfaces/wasi-http-types";
