/**
 * `wasi:io/error`: {@link https://github.com/WebAssembly/wasi-io/blob/v0.2.3/wit/error.wit}
 *
 * @module
 */

/** `resource error`: why a stream failed. Called `Error` in the guest's interface. */
export class IoError {
  readonly #cause: unknown;

  /** @param cause What went wrong on the host. Other hosts may read it; the guest sees only its description. */
  constructor(cause: unknown) {
    this.#cause = cause;
  }

  /** What went wrong, for other hosts that know more about it (`filesystem-error-code`). */
  static causeOf(error: IoError): unknown {
    return error.#cause;
  }

  /**
   * `to-debug-string: func() -> string`: a description for humans.
   *
   * It is the kind of error alone. The host's own message may name host paths, which are not the guest's to know.
   */
  toDebugString(): string {
    return this.#cause instanceof Error ? this.#cause.name : "Error";
  }

  /** Nothing to release. */
  [Symbol.dispose](): void {}
}
