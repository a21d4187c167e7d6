/**
 * `resource outgoing-body` of `wasi:http/types`:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
import { ComponentError, Trap } from "../../component/error.ts";
import type { OutputStream } from "../io/output_stream.ts";
import type { Sink } from "../io/sink.ts";
import { OutgoingStream } from "./child.ts";
import { HttpError, refused } from "./error_code.ts";
import type { Fields } from "./fields.ts";
import type { ErrorCode } from "./types.ts";

/** Where a body goes. */
export interface OutgoingBodyTo {
  /** Its contents. Its own `close` is not called: either `finish` or `abort` is. */
  readonly sink: Sink;
  /**
   * The contents are complete. Called at most once.
   *
   * @param trailers `undefined` where there are none. They are dropped afterwards.
   * @throws {ComponentError} With an `error-code`.
   */
  finish(trailers: Fields | undefined): void;
  /** The body ends incomplete, and the other side must be able to tell. Called at most once, and not after `finish`. */
  abort(): void;
  /** What the message's `content-length` says, if it has one. */
  readonly declaredLength: bigint | undefined;
  /** The error of a body of another length. */
  readonly sizeError: "HTTP-request-body-size" | "HTTP-response-body-size";
}

/** `resource outgoing-body`: the contents of a message that goes out, and then its trailers. */
export class OutgoingBody {
  #to: OutgoingBodyTo | undefined;
  #stream: OutgoingStream | undefined;
  #written = 0n;

  /** @param to Where it goes. */
  constructor(to: OutgoingBodyTo) {
    this.#to = to;
  }

  /**
   * `write: func() -> result<output-stream>`: a stream for the contents, once.
   *
   * @throws {ComponentError} Without a payload: it was asked for before.
   */
  write(): OutputStream {
    const to = this.#to;
    if (this.#stream !== undefined || to === undefined) throw new ComponentError(undefined);
    const { sink } = to;
    return this.#stream = new OutgoingStream({
      ready: () => this.#excess() || sink.ready(),
      watch: (wake) => sink.watch(wake),
      room: () => this.#count(to, 0) ?? sink.room(),
      write: (bytes) => this.#count(to, bytes.length) ?? sink.write(bytes),
      flush: () => this.#count(to, 0) ?? sink.flush(),
    });
  }

  /**
   * `finish: static func(this: outgoing-body, trailers: option<trailers>) -> result<_, error-code>`
   *
   * @throws {Trap} The stream is still there.
   * @throws {ComponentError} With an `error-code`: above all, the contents are not as long as the `content-length`
   * says. Then the body ends incomplete.
   */
  static finish(body: OutgoingBody, trailers: Fields | undefined): void {
    const to = body.#end("finish");
    if (to === undefined) throw new Trap("wasi:http/types.outgoing-body.finish: it was finished or dropped");
    using _given = trailers;
    if (to.declaredLength !== undefined && to.declaredLength !== body.#written) {
      to.abort();
      throw refused(body.#sizeError(to));
    }
    to.finish(trailers);
  }

  /**
   * Drops the body; unless it was finished, it ends incomplete.
   *
   * @throws {Trap} The stream is still there.
   */
  [Symbol.dispose](): void {
    this.#end("drop")?.abort();
  }

  #end(verb: string): OutgoingBodyTo | undefined {
    if (this.#stream?.dropped === false) {
      throw new Trap(`wasi:http/types.outgoing-body: ${verb} while its output-stream is not dropped`);
    }
    const to = this.#to;
    this.#to = undefined;
    return to;
  }

  /** What goes beyond the declared length is counted, and not sent: on the wire it would be the next message. */
  #count(to: OutgoingBodyTo, length: number): undefined {
    this.#written += BigInt(length);
    if (to.declaredLength !== undefined && this.#written > to.declaredLength) {
      throw new HttpError(this.#sizeError(to));
    }
  }

  #excess(): boolean {
    const declared = this.#to?.declaredLength;
    return declared !== undefined && this.#written > declared;
  }

  #sizeError({ sizeError }: OutgoingBodyTo): ErrorCode {
    return { tag: sizeError, val: this.#written };
  }
}
