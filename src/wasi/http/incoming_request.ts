/**
 * `resource incoming-request` of `wasi:http/types`:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
import { ComponentError } from "../../component/error.ts";
import type { IncomingExchange } from "./incoming_exchange.ts";
import { Fields } from "./fields.ts";
import { IncomingBody } from "./incoming_body.ts";
import type { Method, Scheme } from "./types.ts";

/** Methods that have a case of their own. Names of methods are case-sensitive (RFC 9110, section 9.1). */
const METHODS: Readonly<Record<string, Method>> = {
  GET: { tag: "get" },
  HEAD: { tag: "head" },
  POST: { tag: "post" },
  PUT: { tag: "put" },
  DELETE: { tag: "delete" },
  CONNECT: { tag: "connect" },
  OPTIONS: { tag: "options" },
  TRACE: { tag: "trace" },
  PATCH: { tag: "patch" },
};

/** `resource incoming-request`: a request that a handler is asked to answer. */
export class IncomingRequest {
  readonly #exchange: IncomingExchange;
  #headers: Fields | undefined;
  #consumed = false;

  /** @param exchange Where the request came in. */
  constructor(exchange: IncomingExchange) {
    this.#exchange = exchange;
  }

  /** `method: func() -> method` */
  method(): Method {
    const { method } = this.#exchange;
    return Object.hasOwn(METHODS, method) ? METHODS[method]! : { tag: "other", val: method };
  }

  /** `path-with-query: func() -> option<string>` */
  pathWithQuery(): string | undefined {
    return this.#exchange.pathWithQuery;
  }

  /** `scheme: func() -> option<scheme>` */
  scheme(): Scheme | undefined {
    return { tag: this.#exchange.scheme };
  }

  /** `authority: func() -> option<string>` */
  authority(): string | undefined {
    return this.#exchange.authority;
  }

  /** `headers: func() -> headers`: they cannot be changed, and those of the connection are not among them. */
  headers(): Fields {
    return this.#headers ??= Fields.from(this.#exchange.headers, { immutable: true });
  }

  /**
   * `consume: func() -> result<incoming-body>`: the body, once.
   *
   * @throws {ComponentError} Without a payload: it was asked for before.
   */
  consume(): IncomingBody {
    if (this.#consumed) throw new ComponentError(undefined);
    this.#consumed = true;
    const exchange = this.#exchange;
    return new IncomingBody(exchange.body, async () => {
      const trailers = await exchange.trailers();
      return trailers && Fields.from(trailers, { immutable: true });
    });
  }

  /** Drops the request; a body that was consumed lives on. */
  [Symbol.dispose](): void {}
}
