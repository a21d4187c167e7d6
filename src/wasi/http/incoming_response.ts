/**
 * `resource incoming-response` of `wasi:http/types`:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
import { ComponentError } from "../../component/error.ts";
import { Fields } from "./fields.ts";
import type { IncomingBody } from "./incoming_body.ts";

/** `resource incoming-response`: what a server answered. */
export class IncomingResponse {
  readonly #status: number;
  readonly #headers: Fields;
  #body: IncomingBody | undefined;

  /**
   * @param status From 200 on.
   * @param headers They cannot be changed.
   * @param body Its contents, even if there are none.
   */
  constructor(status: number, headers: Fields, body: IncomingBody) {
    this.#status = status;
    this.#headers = headers;
    this.#body = body;
  }

  /** `status: func() -> status-code` */
  status(): number {
    return this.#status;
  }

  /** `headers: func() -> headers`; they cannot be changed. */
  headers(): Fields {
    return Fields.frozen(this.#headers);
  }

  /**
   * `consume: func() -> result<incoming-body>`: the contents, once.
   *
   * @throws {ComponentError} Without a payload: it was asked for before.
   */
  consume(): IncomingBody {
    const body = this.#body;
    if (body === undefined) throw new ComponentError(undefined);
    this.#body = undefined;
    return body;
  }

  /** Drops the response. Unless it was consumed, nobody wants its contents. */
  [Symbol.dispose](): void {
    this.#body?.[Symbol.dispose]();
    this.#body = undefined;
    this.#headers[Symbol.dispose]();
  }
}
