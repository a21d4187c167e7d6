/**
 * `variant error-code` of `wasi:http/types`, and `http-error-code`:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
import { ComponentError } from "../../component/error.ts";
import { IoError } from "../io/error.ts";
import type { ErrorCode } from "./types.ts";

/** HTTP did not do what was asked. The code is what the guest learns; the cause is for the operator. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  /** What the guest learns. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, options?: ErrorOptions) {
    super(code.tag, options);
    this.code = code;
  }
}

/** The error of a function whose result is `result<_, error-code>`. */
export function refused(code: ErrorCode): ComponentError<ErrorCode> {
  return new ComponentError<ErrorCode>(code);
}

/**
 * `http-error-code: func(err: borrow<io-error>) -> option<error-code>`: what an error of a body's stream means.
 *
 * @returns `undefined` where the error is of no HTTP body.
 */
export function httpErrorCode(error: IoError): ErrorCode | undefined {
  const cause = IoError.causeOf(error);
  return cause instanceof HttpError ? cause.code : undefined;
}
