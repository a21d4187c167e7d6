/**
 * `resource future-incoming-response` of `wasi:http/types`:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
import { Pollable } from "../io/pollable.ts";
import type { IncomingResponse } from "./incoming_response.ts";
import type { Outcome } from "./outcome.ts";
import type { ErrorCode, Result } from "./types.ts";

/** `resource future-incoming-response`: a response, or why there is none. */
export class FutureIncomingResponse {
  readonly #outcome: Outcome<IncomingResponse>;
  #abandon: (() => void) | undefined;

  /**
   * @param outcome What comes.
   * @param abandon Called where the future is dropped before there was a response.
   */
  constructor(outcome: Outcome<IncomingResponse>, abandon: () => void) {
    this.#outcome = outcome;
    this.#abandon = abandon;
  }

  /** `subscribe: func() -> pollable`: ready when {@linkcode get} gives something. */
  subscribe(): Pollable {
    return new Pollable(this.#outcome);
  }

  /**
   * `get: func() -> option<result<result<incoming-response, error-code>>>`
   *
   * @returns `undefined` until there is a response or an error; then that; afterwards an error without payload.
   */
  get(): Result<Result<IncomingResponse, ErrorCode>, void> | undefined {
    const result = this.#outcome.take();
    if (result !== undefined) this.#abandon = undefined;
    return result;
  }

  /** Drops the future. A response that was not taken is not wanted, nor is the request's end. */
  [Symbol.dispose](): void {
    const abandon = this.#abandon;
    this.#abandon = undefined;
    if (abandon === undefined) return;
    const result = this.#outcome.take();
    if (result?.tag === "ok" && result.val.tag === "ok") result.val.val[Symbol.dispose]();
    else abandon();
  }
}
