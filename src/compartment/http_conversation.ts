/**
 * An HTTP request that is answered in a guest's process, at the end that received it.
 *
 * @module
 */
import type { Stdio } from "../wasi/mod.ts";
import { HttpError } from "../wasi/http/error_code.ts";
import { hostResponse } from "../wasi/http/error_status.ts";
import { isForbidden, isToken, isValue } from "../wasi/http/field_syntax.ts";
import type { Field } from "../wasi/http/fields.ts";
import type { IncomingExchange } from "../wasi/http/incoming_exchange.ts";
import { RESPONSE_ROOM, ResponseBody } from "../wasi/http/response_body.ts";
import { whenReady } from "../wasi/io/waitable.ts";
import { NETWORK_LIMITS } from "../wasi/network/limits.ts";
import { Conversation, type Send } from "./conversation.ts";
import { ChannelError } from "./error.ts";
import { Kind } from "./frame.ts";
import type { CallOptions } from "./guest.ts";
import { decodeValue, encodeValue } from "./value.ts";

/** How much of a request's contents goes into one frame, in bytes. */
const CHUNK = 64 * 1024;

/** As many fields as a guest may set. */
const MAX_FIELDS = NETWORK_LIMITS.headerCount;

/** The head of a request, as a `Request` frame tells it. */
export type PlainRequest =
  & Pick<IncomingExchange, "method" | "scheme" | "authority" | "pathWithQuery" | "headers">
  & {
    /** The variables that the guest sees. */
    readonly env: readonly (readonly [string, string])[] | undefined;
    /** Which of the standard streams are terminals. */
    readonly terminals: readonly boolean[];
    /** Whether to tell what is used and what is refused. */
    readonly audit: boolean;
    /** Whether somebody makes its calls of other entries. */
    readonly funcs: boolean;
  };

/** The head of a response, as a `Response` frame tells it. */
export interface PlainResponse {
  /** 200 to 599. */
  readonly status: number;
  /** Names and values. */
  readonly headers: readonly Readonly<Field>[];
  /** The contents, where they are complete by now; others follow. */
  readonly whole: Uint8Array<ArrayBuffer> | undefined;
  /** Whether the guest failed, and this is only what the host makes of it. */
  readonly failed: boolean;
}

/** One request under way. */
export class HttpConversation extends Conversation {
  readonly #exchange: IncomingExchange;
  readonly #statusFor: () => number;
  #body: ResponseBody | undefined;
  #stopWatching = () => {};
  /** Contents of the request are on their way, or have ended. */
  #sending = false;
  #received = 0;
  #acknowledged = 0;

  /**
   * @param exchange The request, and the way back.
   * @param statusFor The status where the guest failed before it answered.
   * @param more Makes the calls of other entries, if the guest may make any; is told of what is used and refused, if anybody is.
   */
  constructor(
    send: Send,
    stdio: Partial<Stdio>,
    exchange: IncomingExchange,
    statusFor: () => number,
    { funcs, audit }: Pick<CallOptions, "funcs" | "audit"> = {},
  ) {
    super(send, stdio, audit, funcs);
    this.#exchange = exchange;
    this.#statusFor = statusFor;
  }

  /** See {@linkcode Conversation.take}. */
  override take(kind: number, body: Uint8Array): void {
    switch (kind) {
      case Kind.WantBody:
        if (this.#sending) throw new ChannelError("a second wish for contents before the first was granted");
        return void this.#contents();
      case Kind.Response:
        return this.#respond(decodeValue(body) as PlainResponse);
      case Kind.Body:
        return this.#receive(body);
      case Kind.BodyEnd:
        return this.#open().finish();
      case Kind.BodyCut:
        return this.#open().cut();
      default:
        return super.take(kind, body);
    }
  }

  /** See {@linkcode Conversation.end}. The client is answered in any case. */
  protected override end(settle: () => void): void {
    if (this.over) return;
    this.#stopWatching();
    super.end(settle);
    this.#exchange.body.close?.();
    if (this.#body === undefined) this.#begin(hostResponse(this.#statusFor()));
    else if (this.#body.state === "open") this.#body.cut();
  }

  async #contents(): Promise<void> {
    const { body } = this.#exchange;
    this.#sending = true;
    await this.sent;
    if (this.over) return;
    try {
      for (;;) {
        const bytes = body.read(CHUNK);
        if (this.over) return;
        if (bytes === null) break;
        if (bytes.length > 0) {
          this.#sending = false;
          this.sent = this.send(Kind.Body, bytes);
          return;
        }
        await whenReady(body);
      }
      const trailers = await this.#exchange.trailers();
      if (!this.over) this.send(Kind.BodyEnd, encodeValue(trailers));
    } catch (error) {
      const code = error instanceof HttpError ? error.code : { tag: "connection-terminated" };
      if (!this.over) this.send(Kind.BodyCut, encodeValue(code));
    }
  }

  #respond({ status, headers, whole, failed }: PlainResponse): void {
    if (this.#body !== undefined) throw new ChannelError("a second response");
    if (
      !Number.isInteger(status) || status < 200 || status > 599 || !Array.isArray(headers) ||
      headers.length > MAX_FIELDS || !headers.every(isField)
    ) {
      throw new ChannelError("a response that is none");
    }
    if (failed) return this.#begin(hostResponse(this.#statusFor()));
    const body = whole instanceof Uint8Array ? ResponseBody.of(whole) : new ResponseBody();
    this.#begin({ status, headers, body });
    this.#stopWatching = body.sink.watch(() => this.#drained());
  }

  #begin(head: Parameters<IncomingExchange["respond"]>[0]): void {
    this.#body = head.body;
    this.#exchange.respond(head);
  }

  #receive(bytes: Uint8Array): void {
    const body = this.#open();
    this.#received += bytes.length;
    if (this.#received - this.#acknowledged > RESPONSE_ROOM) {
      throw new ChannelError("more than there is room for");
    }
    if (!body.gone) body.sink.write(bytes);
  }

  #open(): ResponseBody {
    if (this.#body?.state !== "open") throw new ChannelError("contents of no response");
    return this.#body;
  }

  #drained(): void {
    const body = this.#body!;
    if (body.gone) {
      this.#stopWatching();
      return void this.send(Kind.BodyCut);
    }
    const taken = this.#received - body.waiting - this.#acknowledged;
    if (taken <= 0) return;
    this.#acknowledged += taken;
    this.send(Kind.Taken, encodeValue(taken));
  }
}

/** As the guest's own process has checked it; but that process may say anything by now. */
function isField(field: unknown): boolean {
  if (!Array.isArray(field) || typeof field[0] !== "string" || !(field[1] instanceof Uint8Array)) {
    return false;
  }
  const [name, value] = field;
  return isToken(name) && !isForbidden(name) && isValue(name, value);
}
