/**
 * What a client is told where a handler answers with an `error-code`, or not at all.
 *
 * @module
 */
import type { ResponseHead } from "./incoming_exchange.ts";
import { ResponseBody } from "./response_body.ts";
import type { ErrorCode } from "./types.ts";

/**
 * The status for each code. The codes are those of `Proxy-Status`, which recommends these.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9209#section-2.3
 */
const STATUS: Readonly<Record<ErrorCode["tag"], number>> = {
  "DNS-timeout": 504,
  "DNS-error": 502,
  "destination-not-found": 500,
  "destination-unavailable": 503,
  "destination-IP-prohibited": 502,
  "destination-IP-unroutable": 502,
  "connection-refused": 502,
  "connection-terminated": 502,
  "connection-timeout": 504,
  "connection-read-timeout": 504,
  "connection-write-timeout": 504,
  "connection-limit-reached": 503,
  "TLS-protocol-error": 502,
  "TLS-certificate-error": 502,
  "TLS-alert-received": 502,
  "HTTP-request-denied": 403,
  "HTTP-request-length-required": 411,
  "HTTP-request-body-size": 413,
  "HTTP-request-method-invalid": 400,
  "HTTP-request-URI-invalid": 400,
  "HTTP-request-URI-too-long": 414,
  "HTTP-request-header-section-size": 431,
  "HTTP-request-header-size": 431,
  "HTTP-request-trailer-section-size": 431,
  "HTTP-request-trailer-size": 431,
  "HTTP-response-incomplete": 502,
  "HTTP-response-header-section-size": 502,
  "HTTP-response-header-size": 502,
  "HTTP-response-body-size": 502,
  "HTTP-response-trailer-section-size": 502,
  "HTTP-response-trailer-size": 502,
  "HTTP-response-transfer-coding": 502,
  "HTTP-response-content-coding": 502,
  "HTTP-response-timeout": 504,
  "HTTP-upgrade-failed": 502,
  "HTTP-protocol-error": 502,
  "loop-detected": 502,
  "configuration-error": 500,
  "internal-error": 500,
};

/** What the statuses that a host answers with are called (RFC 9110, section 15). */
const PHRASES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  411: "Length Required",
  412: "Precondition Failed",
  413: "Content Too Large",
  414: "URI Too Long",
  416: "Range Not Satisfiable",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

const encoder = new TextEncoder();

/** The status of a response to a request whose handler answered with an `error-code`. */
export function statusOf(code: ErrorCode): number {
  return STATUS[code.tag];
}

/**
 * A response of the host's own. It says its status and nothing else: what went wrong is not the client's to know.
 *
 * @param more Fields beside the type of its text.
 */
export function hostResponse(status: number, more: readonly [string, string][] = []): ResponseHead {
  const fields = [["content-type", "text/plain; charset=utf-8"], ...more];
  return {
    status,
    headers: fields.map(([name, value]) => [name!, encoder.encode(value)]),
    body: ResponseBody.of(encoder.encode(`${PHRASES[status] ?? status}\n`)),
  };
}
