/**
 * `variant error-code` of `wasi:http/types`, and `http-error-code`:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/types.wit}
 *
 * A code is all that a guest learns: no message of the host, no address that it did not know.
 *
 * @see https://www.iana.org/assignments/http-proxy-status
 * @module
 */
import { ComponentError } from "../../component/error.ts";
import { IoError } from "../io/error.ts";
import { NetworkError, networkError, type Reason } from "../network/error.ts";
import type { ErrorCode } from "./types.ts";

/** HTTP did not do what was asked. The code is what the guest learns; the cause is for the operator. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  /** What the guest learns. */
  readonly code: ErrorCode;

  /**
   * @param code What the guest learns.
   * @param options Why, for the operator.
   */
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

/** What an error means to a guest. */
export function errorCodeOf(error: unknown): ErrorCode {
  if (error instanceof HttpError) return error.code;
  return codeOf(networkError(error).reason);
}

/** The same as something to throw: an {@linkcode HttpError}. */
export function httpError(error: unknown): HttpError {
  return error instanceof HttpError ? error : new HttpError(errorCodeOf(error), { cause: error });
}

/** The codes for what happens before HTTP is spoken. */
function codeOf(reason: Reason): ErrorCode {
  switch (reason) {
    case "denied":
      return { tag: "HTTP-request-denied" };
    case "private":
      return { tag: "destination-IP-prohibited" };
    case "invalid-name":
      return { tag: "HTTP-request-URI-invalid" };
    case "not-found":
      return { tag: "DNS-error", val: { rcode: "NXDOMAIN" } };
    case "resolver-failed":
      return { tag: "DNS-error", val: { rcode: "SERVFAIL" } };
    case "try-again":
      return { tag: "DNS-timeout" };
    case "refused":
      return { tag: "connection-refused" };
    case "unreachable":
      return { tag: "destination-IP-unroutable" };
    case "timeout":
      return { tag: "connection-timeout" };
    case "reset":
      return { tag: "connection-terminated" };
    case "too-many-sockets":
      return { tag: "connection-limit-reached" };
    case "address-in-use":
    case "address-not-available":
      // No port of this host is left to connect from.
      return { tag: "destination-unavailable" };
    case "not-capable":
      // The declaration allows it and the process that runs the guest does not: the operator's mistake.
      return { tag: "configuration-error" };
    case "too-large":
    case "other":
      return { tag: "internal-error", val: undefined };
  }
}

/** Whether an error is the network's, with this reason. */
export function hasReason(error: unknown, reason: Reason): boolean {
  return error instanceof NetworkError && error.reason === reason;
}
