/**
 * `resource future-trailers` of `wasi:http/types`:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
import { Pollable } from "../io/pollable.ts";
import { MAX_READ, type Source } from "../io/source.ts";
import { whenReady } from "../io/waitable.ts";
import { errorCodeOf } from "./error_code.ts";
import type { Fields } from "./fields.ts";
import { Outcome } from "./outcome.ts";
import type { ErrorCode, Result } from "./types.ts";

/** `resource future-trailers`: the end of a message, with or without trailers, or why it did not come. */
export class FutureTrailers {
  readonly #outcome = new Outcome<Fields | undefined>();
  #source: Source | undefined;
  #dropped = false;

  /**
   * @param source What is left of the contents; it is read to its end and closed.
   * @param trailers What comes after it.
   */
  constructor(source: Source, trailers: () => Promise<Fields | undefined>) {
    this.#source = source;
    this.#finish(trailers).then(
      (fields) => {
        if (this.#dropped) fields?.[Symbol.dispose]();
        this.#outcome.settle({ tag: "ok", val: fields });
      },
      (error) => this.#outcome.settle({ tag: "err", val: errorCodeOf(error) }),
    );
  }

  /** `subscribe: func() -> pollable`: ready when {@linkcode get} gives something. */
  subscribe(): Pollable {
    return new Pollable(this.#outcome);
  }

  /**
   * `get: func() -> option<result<result<option<trailers>, error-code>>>`
   *
   * @returns `undefined` until the message has ended; then its trailers or an error; after that, an error without
   * payload.
   */
  get(): Result<Result<Fields | undefined, ErrorCode>, void> | undefined {
    return this.#outcome.take();
  }

  /** Drops the future; nobody wants the rest of the message, nor the trailers that were not taken. */
  [Symbol.dispose](): void {
    const source = this.#source;
    this.#source = undefined;
    source?.close?.();
    this.#dropped = true;
    const result = this.#outcome.take();
    if (result?.tag === "ok" && result.val.tag === "ok") result.val.val?.[Symbol.dispose]();
  }

  async #finish(trailers: () => Promise<Fields | undefined>): Promise<Fields | undefined> {
    const source = this.#source!;
    for (;;) {
      const bytes = source.read(MAX_READ);
      if (bytes === null) break;
      if (bytes.length > 0) continue;
      await whenReady(source);
      if (this.#dropped) return undefined;
    }
    const fields = await trailers();
    this.#source = undefined;
    source.close?.();
    return fields;
  }
}
