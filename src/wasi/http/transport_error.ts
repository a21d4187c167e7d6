/**
 * What an error of the transport means: TCP's, TLS's, and those of the parser of `node:http`.
 *
 * @see https://www.iana.org/assignments/http-proxy-status
 * @module
 */
import { tlsErrorCode } from "./alert.ts";
import { HttpError, httpError } from "./error_code.ts";
import type { ErrorCode } from "./types.ts";

/** What was being read when it happened. */
export type Stage = "header" | "body";

/**
 * The error that a guest gets.
 *
 * @param error What `node:` modules emitted, or a `NetworkError`.
 */
export function transportError(error: unknown, stage: Stage): HttpError {
  if (!(error instanceof Error) || error instanceof HttpError) return httpError(error);
  const { code } = error as Error & { readonly code?: unknown };
  const known = typeof code === "string" && code.startsWith("HPE_")
    ? parserErrorCode(code, stage)
    : tlsErrorCode(error);
  return known === undefined ? httpError(error) : new HttpError(known, { cause: error });
}

/** The codes of llhttp. */
function parserErrorCode(code: string, stage: Stage): ErrorCode {
  if (code === "HPE_HEADER_OVERFLOW") {
    return {
      tag: stage === "header" ? "HTTP-response-header-section-size" : "HTTP-response-trailer-section-size",
      val: undefined,
    };
  }
  if (code === "HPE_PAUSED_UPGRADE") return { tag: "HTTP-upgrade-failed" };
  // Only chunks have a syntax.
  return stage === "body"
    ? { tag: "HTTP-response-transfer-coding", val: "chunked" }
    : { tag: "HTTP-protocol-error" };
}
