/**
 * `enum error-code` of `wasi:sockets/network`:
 * {@link https://github.com/WebAssembly/wasi-sockets/blob/v0.2.3/wit/network.wit}
 *
 * @module
 */
import { ComponentError } from "../../component/error.ts";
import { denial } from "../denial.ts";
import { IoError } from "../io/error.ts";
import { NetworkError, networkError, type Reason } from "../network/error.ts";
import type { ErrorCode } from "./types.ts";

/** What a guest is told of each reason. */
const CODES: Readonly<Record<Reason, ErrorCode>> = {
  "denied": "access-denied",
  // What a guest may not know is forbidden, and not absent.
  "private": "access-denied",
  "invalid-name": "invalid-argument",
  "not-found": "name-unresolvable",
  "try-again": "temporary-resolver-failure",
  "resolver-failed": "permanent-resolver-failure",
  "refused": "connection-refused",
  "unreachable": "remote-unreachable",
  "timeout": "timeout",
  "reset": "connection-reset",
  "address-in-use": "address-in-use",
  "address-not-available": "address-not-bindable",
  "too-many-sockets": "new-socket-limit",
  "too-large": "datagram-too-large",
  "not-capable": "access-denied",
  "other": "unknown",
};

/** By the POSIX name, where the reasons are coarser than the enum. */
const BY_NAME: Readonly<Record<string, ErrorCode>> = {
  ECONNABORTED: "connection-aborted",
  ENOMEM: "out-of-memory",
  ENOBUFS: "out-of-memory",
};

/** The error that a function of this package ends with. */
export function failure(code: ErrorCode): ComponentError<ErrorCode> {
  return new ComponentError(code);
}

/** The code of a failure of the network. */
export function codeOf(error: NetworkError): ErrorCode {
  const name = codeNameOf(error.cause);
  return name !== undefined && Object.hasOwn(BY_NAME, name) ? BY_NAME[name]! : CODES[error.reason];
}

/** The POSIX name that `node:` modules give an error as its `code`. */
export function codeNameOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/**
 * What the guest is told instead of `error`.
 *
 * @param error Whatever an operation on sockets was rejected with.
 */
export function translated(error: unknown): ComponentError {
  if (error instanceof ComponentError) return error;
  const known = networkError(error);
  return denial(failure(codeOf(known)), known);
}

/** Runs an operation; its error becomes a code. */
export function attempt<T>(operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw translated(error);
  }
}

/**
 * `network-error-code: func(err: borrow<error>) -> option<error-code>`: the code of a stream's failure, if it is one
 * of the network at all.
 */
export function networkErrorCode(error: IoError): ErrorCode | undefined {
  const cause = IoError.causeOf(error);
  return cause instanceof NetworkError ? codeOf(cause) : undefined;
}
