/**
 * `resource response-outparam` of `wasi:http/types`:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
import { refused } from "./error_code.ts";
import type { Fields } from "./fields.ts";
import type { OutgoingResponse } from "./outgoing_response.ts";
import type { ErrorCode, Result } from "./types.ts";

/** What a handler may answer. */
export type Answer = Result<OutgoingResponse, ErrorCode>;

/** `resource response-outparam`: the right to answer one request, once. */
export class ResponseOutparam {
  readonly #answer: (answer: Answer) => void;

  /** @param answer Sends the response. Called at most once: the guest gives the right away with it. */
  constructor(answer: (answer: Answer) => void) {
    this.#answer = answer;
  }

  /**
   * `set: static func(param: response-outparam, response: result<outgoing-response, error-code>)`
   *
   * A second time there is no `param` any more, and the call traps.
   */
  static set(param: ResponseOutparam, response: Answer): void {
    param.#answer(response);
  }

  /**
   * `send-informational: func(status: u16, headers: headers) -> result<_, error-code>`
   *
   * @throws {ComponentError} Always: with `internal-error`, since no server of this platform sends interim responses,
   * or with `HTTP-protocol-error` where it is none.
   */
  sendInformational(status: number, headers: Fields): void {
    headers[Symbol.dispose]();
    throw refused(
      status < 100 || status > 199
        ? { tag: "HTTP-protocol-error" }
        : { tag: "internal-error", val: "interim responses are not supported" },
    );
  }

  /** Drops the right to answer. The host answers then, once the handler has returned. */
  [Symbol.dispose](): void {}
}
