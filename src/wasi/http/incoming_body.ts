/**
 * `resource incoming-body` of `wasi:http/types`:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
import { ComponentError, Trap } from "../../component/error.ts";
import type { InputStream } from "../io/input_stream.ts";
import type { Source } from "../io/source.ts";
import { IncomingStream } from "./child.ts";
import type { Fields } from "./fields.ts";
import { FutureTrailers } from "./future_trailers.ts";

/** `resource incoming-body`: the contents of a message that comes in, and then its trailers. */
export class IncomingBody {
  #source: Source | undefined;
  readonly #trailers: () => Promise<Fields | undefined>;
  #stream: IncomingStream | undefined;

  /**
   * @param source The contents. What it throws should be an `HttpError`, again at every read. It is closed when nobody
   * can want the rest any more.
   * @param trailers The trailers, `undefined` where there are none; called once, at the end of the contents. It
   * rejects with an `HttpError`.
   */
  constructor(source: Source, trailers: () => Promise<Fields | undefined>) {
    this.#source = source;
    this.#trailers = trailers;
  }

  /**
   * `stream: func() -> result<input-stream>`: the contents, once.
   *
   * @throws {ComponentError} Without a payload: it was asked for before.
   */
  stream(): InputStream {
    if (this.#stream !== undefined || this.#source === undefined) throw new ComponentError(undefined);
    return this.#stream = new IncomingStream(this.#source);
  }

  /**
   * `finish: static func(this: incoming-body) -> future-trailers`: what was not read is dropped.
   *
   * @throws {Trap} The stream is still there.
   */
  static finish(body: IncomingBody): FutureTrailers {
    body.#childless("finish");
    const source = body.#source;
    if (source === undefined) {
      throw new Trap("wasi:http/types.incoming-body.finish: it was finished or dropped");
    }
    body.#source = undefined;
    return new FutureTrailers(source, body.#trailers);
  }

  /**
   * Drops the body; nobody wants the rest.
   *
   * @throws {Trap} The stream is still there.
   */
  [Symbol.dispose](): void {
    this.#childless("drop");
    const source = this.#source;
    this.#source = undefined;
    source?.close?.();
  }

  #childless(verb: string): void {
    if (this.#stream?.dropped === false) {
      throw new Trap(`wasi:http/types.incoming-body: ${verb} while its input-stream is not dropped`);
    }
  }
}
