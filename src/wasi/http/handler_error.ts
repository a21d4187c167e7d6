/**
 * What a handler does wrong that is no trap.
 *
 * @module
 */
/** A handler of requests did not answer, or not as it must. For the operator: no client sees it. */
export class HandlerError extends Error {
  /** Always `HandlerError`. */
  override readonly name = "HandlerError";
  /** Always `handler`. */
  readonly code = "handler";
  /** The `error-code` that it answered instead of a response, if that is what it did. */
  readonly errorCode: { readonly tag: string; readonly val?: unknown } | undefined;

  /**
   * Makes the error.
   *
   * @param message What it did, or did not do.
   * @param errorCode What it answered instead of a response.
   */
  constructor(message: string, errorCode?: { readonly tag: string; readonly val?: unknown }) {
    super(message);
    this.errorCode = errorCode;
  }
}
