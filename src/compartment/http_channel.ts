/**
 * An HTTP request that came over the channel, at the end of the guest that answers it.
 *
 * @module
 */
import { HttpError } from "../wasi/http/error_code.ts";
import type { Field } from "../wasi/http/fields.ts";
import type { IncomingExchange, ResponseHead } from "../wasi/http/incoming_exchange.ts";
import { RESPONSE_ROOM, type ResponseBody } from "../wasi/http/response_body.ts";
import type { ErrorCode } from "../wasi/http/types.ts";
import type { Source } from "../wasi/io/source.ts";
import { Signal, whenAny } from "../wasi/io/waitable.ts";
import type { Send } from "./conversation.ts";
import { Kind } from "./frame.ts";
import type { PlainRequest, PlainResponse } from "./http_conversation.ts";
import { decodeValue, encodeValue } from "./value.ts";

const NOTHING = new Uint8Array(0);

/** A request whose contents and whose response go through the channel. */
export class ChannelExchange implements IncomingExchange {
  readonly method: string;
  readonly scheme: "HTTP" | "HTTPS";
  readonly authority: string | undefined;
  readonly pathWithQuery: string | undefined;
  readonly headers: readonly Field[];
  /** The contents. */
  readonly body: Source;
  /** Set before `respond`, where the response is what the host makes of a failure. */
  failed = false;
  readonly #send: Send;
  readonly #arrived = new Signal();
  readonly #acknowledged = new Signal();
  readonly #trailers: PromiseWithResolvers<readonly Field[] | undefined> = Promise.withResolvers();
  #chunk: Uint8Array | undefined;
  #state: "open" | "asked" | "ended" | "closed" = "open";
  #failure: HttpError | undefined;
  #room = RESPONSE_ROOM;
  #response: ResponseBody | undefined;
  #delivered: Promise<void> = Promise.resolve();

  /**
   * @param request The head that came.
   * @param send Says something of this call to the other end.
   */
  constructor(request: PlainRequest, send: Send) {
    this.method = request.method;
    this.scheme = request.scheme;
    this.authority = request.authority;
    this.pathWithQuery = request.pathWithQuery;
    this.headers = request.headers;
    this.#send = send;
    this.#trailers.promise.catch(() => {});
    this.body = {
      ready: () => this.#ready(),
      watch: (wake) => {
        this.#ready();
        return this.#arrived.watch(wake);
      },
      read: (max) => this.#read(max),
      close: () => void (this.#state = "closed"),
    };
  }

  /** See {@linkcode IncomingExchange.trailers}. */
  trailers(): Promise<readonly Field[] | undefined> {
    return this.#trailers.promise;
  }

  /** See {@linkcode IncomingExchange.respond}. */
  respond({ status, headers, body }: ResponseHead): void {
    this.#response = body;
    // After the stretch that the guest runs now: many have written everything by then, and one frame tells it all.
    this.#delivered = Promise.resolve().then(async () => {
      const whole = body.whole();
      const head: PlainResponse = { status, headers, whole, failed: this.failed };
      this.#send(Kind.Response, encodeValue(head));
      if (whole === undefined) await this.#deliver(body.source);
    });
  }

  /** All of the response has been sent. */
  get delivered(): Promise<void> {
    return this.#delivered;
  }

  /** Takes what the other end says of this request. */
  take(kind: number, body: Uint8Array): void {
    switch (kind) {
      case Kind.Body:
        this.#chunk = body;
        this.#state = this.#state === "asked" ? "open" : this.#state;
        break;
      case Kind.BodyEnd:
        this.#trailers.resolve(decodeValue(body) as readonly Field[] | undefined);
        this.#state = "ended";
        break;
      case Kind.BodyCut:
        if (body.length === 0) {
          this.#response?.source.close?.();
          return this.#acknowledged.fire();
        }
        this.#failure = new HttpError(decodeValue(body) as ErrorCode);
        this.#trailers.reject(this.#failure);
        this.#state = "ended";
        break;
      case Kind.Taken:
        this.#room += Number(decodeValue(body));
        return this.#acknowledged.fire();
    }
    this.#arrived.fire();
  }

  #ready(): boolean {
    if (this.#chunk !== undefined || this.#failure !== undefined) return true;
    if (this.#state === "open") this.#ask();
    return this.#state === "ended" || this.#state === "closed";
  }

  #read(max: number): Uint8Array | null {
    const chunk = this.#chunk;
    if (chunk !== undefined) {
      this.#chunk = max < chunk.length ? chunk.subarray(max) : undefined;
      return chunk.subarray(0, max);
    }
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#state === "ended" || this.#state === "closed") return null;
    if (max > 0 && this.#state === "open") this.#ask();
    return NOTHING;
  }

  #ask(): void {
    this.#state = "asked";
    this.#send(Kind.WantBody);
  }

  /** Sends contents as they are written, and no faster than they are taken. */
  async #deliver(source: Source): Promise<void> {
    const space = {
      ready: () => this.#room > 0 || this.#response!.gone,
      watch: (wake: () => void) => this.#acknowledged.watch(wake),
    };
    for (;;) {
      await whenAny([source]);
      if (this.#room === 0) await whenAny([space]);
      let bytes: Uint8Array | null;
      try {
        bytes = source.read(this.#room);
      } catch {
        return this.#send(Kind.BodyCut);
      }
      if (this.#response!.gone) return;
      if (bytes === null) return this.#send(Kind.BodyEnd);
      this.#room -= bytes.length;
      if (bytes.length > 0) this.#send(Kind.Body, bytes);
    }
  }
}
