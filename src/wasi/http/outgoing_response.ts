/**
 * `resource outgoing-response` of `wasi:http/types`:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
import { ComponentError } from "../../component/error.ts";
import type { ResponseHead } from "./incoming_exchange.ts";
import { lengthOf } from "./field_syntax.ts";
import { Fields } from "./fields.ts";
import { HandlerError } from "./handler_error.ts";
import { OutgoingBody } from "./outgoing_body.ts";
import { ResponseBody } from "./response_body.ts";

/** `resource outgoing-response`: a response that a handler makes. */
export class OutgoingResponse {
  readonly #headers: Fields;
  /** What its `content-length` says, each time that it is there. */
  readonly #lengths: readonly (bigint | undefined)[];
  #status = 200;
  #body: ResponseBody | undefined;
  /** It has no content, whatever its `content-length` says: what a GET would give. */
  #empty = false;

  /**
   * `constructor(headers: headers)`
   *
   * @param headers Fixed from now on.
   */
  constructor(headers: Fields) {
    this.#headers = Fields.frozen(headers);
    this.#lengths = headers.get("content-length").map(lengthOf);
  }

  /** `status-code: func() -> status-code` */
  statusCode(): number {
    return this.#status;
  }

  /**
   * `set-status-code: func(status-code: status-code) -> result`
   *
   * @throws {ComponentError} Without a payload: it is none of 200 to 599. A status beyond them is no valid one (RFC
   * 9110, section 15), and one below is of an interim response, which is not what `response-outparam.set` sends.
   */
  setStatusCode(status: number): void {
    if (status < 200 || status > 599) throw new ComponentError(undefined);
    this.#status = status;
  }

  /** `headers: func() -> headers`: they cannot be changed any more. */
  headers(): Fields {
    return Fields.frozen(this.#headers);
  }

  /**
   * `body: func() -> result<outgoing-body>`: where the contents are written, once.
   *
   * @throws {ComponentError} Without a payload: it was asked for before, or the fields say two lengths of it.
   */
  body(): OutgoingBody {
    if (this.#body !== undefined || this.#lengths.length > 1) throw new ComponentError(undefined);
    const body = this.#body = new ResponseBody();
    const declared = () => this.#empty ? undefined : this.#lengths[0];
    return new OutgoingBody({
      sink: body.sink,
      // HTTP servers of this platform send no trailers: the guest's are dropped.
      finish: () => body.finish(),
      abort: () => body.cut(),
      get declaredLength() {
        return declared();
      },
      sizeError: "HTTP-response-body-size",
    });
  }

  /** Drops a response that was not sent. */
  [Symbol.dispose](): void {}

  /**
   * For the host: the response as it is sent.
   *
   * @param response What the guest has set.
   * @param isEmpty Whether it has no content, whatever the guest says.
   * @throws {HandlerError} Its fields promise what it cannot keep.
   */
  static headOf(response: OutgoingResponse, isEmpty: (status: number) => boolean): ResponseHead {
    const status = response.#status;
    const [length, second] = response.#lengths;
    // Two lengths are two ends of one message, and what is between them could be taken for another response.
    if (second !== undefined) throw new HandlerError("its response has two content-lengths");
    response.#empty = isEmpty(status);
    let body = response.#body;
    if (body === undefined) {
      if (!response.#empty && length) {
        throw new HandlerError(`its response promises ${length} bytes and has no body`);
      }
      body = ResponseBody.of(new Uint8Array(0));
    }
    if (response.#empty) body.discard();
    return { status, headers: Fields.entriesOf(response.#headers), body };
  }
}
