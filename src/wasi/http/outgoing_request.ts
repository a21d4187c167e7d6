/**
 * `resource outgoing-request` of `wasi:http/types`:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
import { ComponentError, Trap } from "../../component/error.ts";
import { parseAuthority } from "./authority.ts";
import { declaredLength } from "./field_syntax.ts";
import { Fields } from "./fields.ts";
import { Holding } from "./ledger.ts";
import { OutgoingBody } from "./outgoing_body.ts";
import { RequestBody } from "./request_body.ts";
import { isMethod, isPath, isScheme } from "./target.ts";
import type { Method, Scheme } from "./types.ts";

/** What a guest said of a request, before anybody has asked whether it can be sent. */
export interface RequestParts {
  /** Some word. */
  readonly method: Method;
  /** `undefined`: the host chooses. */
  readonly scheme: Scheme | undefined;
  /** A host with or without a port, if there is one. */
  readonly authority: string | undefined;
  /** `undefined`: empty. */
  readonly pathWithQuery: string | undefined;
  /** They cannot be changed. */
  readonly headers: Fields;
  /** `undefined` where the guest never asked for it: then there is none. */
  readonly body: RequestBody | undefined;
  /** To be called when they are not needed any more. */
  readonly release: () => void;
}

/** `resource outgoing-request`: a request that can be sent once. */
export class OutgoingRequest {
  #method: Method = { tag: "get" };
  #scheme: Scheme | undefined;
  #authority: string | undefined;
  #pathWithQuery: string | undefined;
  readonly #headers: Fields;
  #body: RequestBody | undefined;
  #sent = false;
  readonly #holding = new Holding(this);

  /** `constructor(headers: headers)`: a `GET` to nowhere yet. */
  constructor(headers: Fields) {
    this.#headers = Fields.frozen(headers);
    headers[Symbol.dispose]();
  }

  /**
   * For the host: what is to be sent, once.
   *
   * @throws {Trap} It was sent before. A guest gives its handle away, and cannot come here again.
   */
  static partsOf(request: OutgoingRequest): RequestParts {
    if (request.#sent) {
      throw new Trap("wasi:http/outgoing-handler.handle: this outgoing-request was sent before");
    }
    request.#sent = true;
    return {
      method: request.#method,
      scheme: request.#scheme,
      authority: request.#authority,
      pathWithQuery: request.#pathWithQuery,
      headers: request.#headers,
      body: request.#body,
      release: () => request.#release(),
    };
  }

  /**
   * `body: func() -> result<outgoing-body>`: where to write the contents, once.
   *
   * @throws {ComponentError} Without a payload: it was asked for before.
   */
  body(): OutgoingBody {
    if (this.#body !== undefined) throw new ComponentError(undefined);
    const declared = declaredLength(Fields.entriesOf(this.#headers));
    const body = this.#body = new RequestBody(declared === undefined);
    return new OutgoingBody({
      sink: body,
      finish: (trailers) => body.finish(trailers),
      abort: () => body.abort(),
      declaredLength: declared,
      sizeError: "HTTP-request-body-size",
    });
  }

  /** `method: func() -> method` */
  method(): Method {
    return this.#method;
  }

  /**
   * `set-method: func(method: method) -> result`
   *
   * @throws {ComponentError} Without a payload: no method can be named so.
   */
  setMethod(method: Method): void {
    if (!isMethod(method)) throw new ComponentError(undefined);
    this.#method = method;
  }

  /** `path-with-query: func() -> option<string>`; `undefined`: an empty path and an empty query. */
  pathWithQuery(): string | undefined {
    return this.#pathWithQuery;
  }

  /**
   * `set-path-with-query: func(path-with-query: option<string>) -> result`
   *
   * @throws {ComponentError} Without a payload: it is no path with a query.
   */
  setPathWithQuery(pathWithQuery: string | undefined): void {
    if (pathWithQuery !== undefined && !isPath(pathWithQuery)) throw new ComponentError(undefined);
    this.#pathWithQuery = pathWithQuery;
    this.#hold();
  }

  /** `scheme: func() -> option<scheme>` */
  scheme(): Scheme | undefined {
    return this.#scheme;
  }

  /**
   * `set-scheme: func(scheme: option<scheme>) -> result`
   *
   * @throws {ComponentError} Without a payload: no scheme can be named so.
   */
  setScheme(scheme: Scheme | undefined): void {
    if (scheme !== undefined && !isScheme(scheme)) throw new ComponentError(undefined);
    this.#scheme = scheme;
  }

  /** `authority: func() -> option<string>` */
  authority(): string | undefined {
    return this.#authority;
  }

  /**
   * `set-authority: func(authority: option<string>) -> result`
   *
   * @throws {ComponentError} Without a payload: it is no host with or without a port.
   */
  setAuthority(authority: string | undefined): void {
    if (authority !== undefined && parseAuthority(authority) === undefined) {
      throw new ComponentError(undefined);
    }
    this.#authority = authority;
    this.#hold();
  }

  /** `headers: func() -> headers`; they cannot be changed. */
  headers(): Fields {
    return Fields.frozen(this.#headers);
  }

  /** Drops the request. Nobody takes its contents any more. */
  [Symbol.dispose](): void {
    if (this.#sent) return;
    this.#body?.close();
    this.#release();
  }

  #release(): void {
    this.#headers[Symbol.dispose]();
    this.#holding.set(0);
  }

  #hold(): void {
    this.#holding.set((this.#pathWithQuery?.length ?? 0) + (this.#authority?.length ?? 0));
  }
}
