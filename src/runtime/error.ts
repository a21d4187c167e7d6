/**
 * What can go wrong between a declaration and a running guest.
 *
 * @module
 */
export { IntegrityError, MethodError, UnsupportedError } from "../compartment/error.ts";
export { ClosedError } from "../pool/error.ts";

/** A service could not begin to listen: its address is in use, or not this machine's. */
export class ListenError extends Error {
  /** Always `ListenError`. */
  override readonly name = "ListenError";
  /** Always `listen`. */
  readonly code = "listen";
}

/** Why a request was given up while its guest was waiting. */
export type RequestErrorReason = "timeout" | "gone" | "stopped";

/** A guest was stopped before it was done with a request. */
export class RequestError extends Error {
  /** Always `RequestError`. */
  override readonly name = "RequestError";
  /** Always `request`. */
  readonly code = "request";
  /** It took too long, its client had left, or the service was stopped. */
  readonly reason: RequestErrorReason;

  /**
   * Makes the error for one request.
   *
   * @param reason Why it was given up.
   * @param message The same in words.
   */
  constructor(reason: RequestErrorReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
