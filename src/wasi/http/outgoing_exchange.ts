/**
 * One request and its response: over a connection, within its timeouts, until both are complete or somebody gives up.
 *
 * @module
 */
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { NetworkError } from "../network/error.ts";
import type { Reach } from "../network/reach.ts";
import type { Connections, Destination } from "./connections.ts";
import { HttpError } from "./error_code.ts";
import type { Field } from "./fields.ts";
import { IncomingBody } from "./incoming_body.ts";
import { IncomingResponse } from "./incoming_response.ts";
import { type MessageEvents, MessageSource } from "./message_source.ts";
import { Outcome } from "./outcome.ts";
import type { Contents, RequestBody } from "./request_body.ts";
import { headOf } from "./request_head.ts";
import { wireOf } from "./request_wire.ts";
import { headersOf, trailersOf } from "./response_head.ts";
import { type Speak, speaker } from "./speak.ts";
import { transportError } from "./transport_error.ts";
import type { ErrorCode } from "./types.ts";
import { Watchdog } from "./watchdog.ts";

/** A request that may be sent. */
export interface Sendable extends Destination {
  /** In capitals. */
  readonly method: string;
  /** With its query; never empty. */
  readonly path: string;
  /** The guest's, in their order. */
  readonly fields: readonly Readonly<Field>[];
  /** What the fields say of the length of the contents. */
  readonly declared: bigint | undefined;
  /** `undefined` where there are no contents. */
  readonly body: RequestBody | undefined;
  /** To be called when it is over. */
  readonly release: () => void;
}

/** How long each part may take, in milliseconds. */
export interface Timeouts {
  /** Until there is a connection: a place for it, the lookup, TCP and TLS together. */
  readonly connect: number;
  /** Until the response's header is there, since the last of the request was sent; and from there to its contents. */
  readonly firstByte: number;
  /** Until the contents go on, while there is room for them; and until a request's contents are taken. */
  readonly betweenBytes: number;
}

/** Whose request it is. */
export interface Sender {
  /** Its way out. */
  readonly reach: Reach;
  /** Its connections. */
  readonly connections: Connections;
}

/** Methods that change nothing: such a request may be sent again where the connection was closed meanwhile. */
const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** Responses before the response. Some servers send one or two; more are a way to keep a client busy. */
const MAX_INFORMATIONAL = 64;

const NO_CONTENTS: Contents = { kind: "complete", length: 0 };

/** One request on its way. */
export class OutgoingExchange {
  /** What comes of it. */
  readonly outcome: Outcome<IncomingResponse> = new Outcome<IncomingResponse>();
  readonly #request: Sendable;
  readonly #timeouts: Timeouts;
  readonly #sender: Sender;
  /** Whether the other side answers, and goes on answering. */
  readonly #answering = new Watchdog(() => this.#late());
  /** Whether the other side takes what it is sent. */
  readonly #taking = new Watchdog(() => this.#fail({ tag: "connection-write-timeout" }));
  readonly #connecting = new AbortController();
  #leave: () => void = () => {};
  #socket: Socket | undefined;
  /** What the connection had received before. */
  #bytesBefore = 0;
  #message: ClientRequest | undefined;
  #response: IncomingMessage | undefined;
  #source: MessageSource | undefined;
  #state: "connecting" | "sent" | "answered" | "complete" | "failed" = "connecting";

  /** Begins to send a request. */
  constructor(request: Sendable, timeouts: Timeouts, sender: Sender) {
    this.#request = request;
    this.#timeouts = timeouts;
    this.#sender = sender;
    this.#answering.start(timeouts.connect);
    request.body?.onAbort(() => this.#fail({ tag: "HTTP-protocol-error" }));
    this.#leave = sender.reach.atEnd(() => this.#fail({ tag: "connection-terminated" }));
    if (this.#isOver) this.#leave();
    else this.#begin().catch((error) => this.#break(error));
  }

  /** Nobody wants the response, or the rest of it. */
  abort(): void {
    if (this.#isOver) return;
    this.#end("failed");
    this.#request.body?.close();
  }

  get #isOver(): boolean {
    return this.#state === "complete" || this.#state === "failed";
  }

  async #begin(): Promise<void> {
    // A guest is suspended before anything goes on here: if it has written and finished a body by then, that is known.
    const speak = await speaker();
    const { method, body } = this.#request;
    const { kind, length } = { length: 0, ...body?.contents ?? NO_CONTENTS };
    await this.#send(speak, SAFE.has(method) && kind === "complete" && length === 0);
  }

  async #send(speak: Speak, repeatable: boolean): Promise<void> {
    if (this.#isOver) return;
    const { connections, reach } = this.#sender;
    const { socket, used } = await connections.open(this.#request, repeatable, this.#connecting.signal);
    if (this.#isOver) return void socket.destroy();
    this.#socket = socket;
    this.#bytesBefore = socket.bytesRead;
    const { method, path, authority, fields, declared, body } = this.#request;
    const message = speak({
      socket,
      method,
      path,
      headers: headOf(method, authority.text, fields, declared, body?.contents ?? NO_CONTENTS),
      maxHeaderSize: reach.limits.headerBytes,
    });
    this.#message = message;
    this.#state = "sent";
    this.#listen(message, (error) => {
      // A server may close a connection at the very moment when a request comes. Then it has not seen it.
      if (this.#state === "sent" && this.#heard) return this.#break(cutOff(error));
      if (!used || this.#state !== "sent") return this.#break(error);
      this.#message = undefined;
      this.#state = "connecting";
      this.#answering.start(this.#timeouts.connect);
      this.#send(speak, false).catch((error) => this.#break(error));
    });
    socket.once("free", () => {
      if (this.#state === "complete") connections.keep(this.#request, socket);
      else socket.destroy();
    });
    this.#answering.start(this.#timeouts.firstByte);
    if (body === undefined) return void message.end();
    // Even if the guest waits for the answer before it writes.
    message.flushHeaders();
    body.attach(wireOf(message), (pending) => {
      if (this.#state === "sent") this.#answering.touch();
      if (pending > 0) this.#taking.start(this.#timeouts.betweenBytes);
      else this.#taking.stop();
    });
  }

  #listen(message: ClientRequest, failed: (error: unknown) => void): void {
    let informational = 0;
    message.on("information", () => {
      if (++informational > MAX_INFORMATIONAL) this.#fail({ tag: "HTTP-protocol-error" });
    });
    message.on("upgrade", () => this.#fail({ tag: "HTTP-upgrade-failed" }));
    message.on("response", (response) => this.#answer(response));
    message.on("error", (error) => {
      // What comes after a complete response is not part of it.
      if (message === this.#message && !this.#response?.complete) failed(error);
    });
    message.on("close", () => {
      if (message === this.#message && this.#state === "sent") this.#fail({ tag: "connection-terminated" });
    });
  }

  #answer(response: IncomingMessage): void {
    if (this.#state !== "sent") return;
    const { reach: { limits } } = this.#sender;
    this.#response = response;
    try {
      if (response.statusCode === 101) throw new HttpError({ tag: "HTTP-upgrade-failed" });
      const headers = headersOf(response, limits);
      const source = this.#source = new MessageSource(response, this.#events(response), limits.bodyBytes);
      const body = new IncomingBody(source, () => Promise.try(() => trailersOf(response, limits)));
      this.#state = "answered";
      this.#answering.start(this.#timeouts.firstByte);
      this.outcome.settle({ tag: "ok", val: new IncomingResponse(response.statusCode!, headers, body) });
    } catch (error) {
      this.#break(error);
    }
  }

  #events(response: IncomingMessage): MessageEvents {
    return {
      waiting: () => this.#answering.start(this.#timeouts.betweenBytes),
      full: () => this.#answering.stop(),
      dropped: () => this.abort(),
      ended: () => {
        const { body } = this.#request;
        const sent = body?.sent ?? true;
        body?.close();
        // The server has said all that it had to say, and does not want the rest.
        this.#end(sent ? "complete" : "failed");
      },
      broken: (error) => {
        // Why it broke, if that is known, was told before.
        this.#break(
          response.complete ? error : new HttpError({ tag: "HTTP-response-incomplete" }, { cause: error }),
        );
      },
    };
  }

  /** The other side did not do in time what it should have done. */
  #late(): void {
    switch (this.#state) {
      case "connecting":
        return this.#connecting.abort(new NetworkError("timeout", "the connection took too long"));
      case "sent":
        if ((this.#request.body?.pending ?? 0) > 0) return this.#fail({ tag: "connection-write-timeout" });
        return this.#fail({ tag: this.#heard ? "HTTP-response-timeout" : "connection-read-timeout" });
      case "answered":
        return this.#fail({ tag: "connection-read-timeout" });
    }
  }

  /** Whether anything was received since the request was sent. */
  get #heard(): boolean {
    return (this.#socket?.bytesRead ?? 0) > this.#bytesBefore;
  }

  #fail(code: ErrorCode): void {
    this.#break(new HttpError(code));
  }

  #break(cause: unknown): void {
    if (this.#isOver) return;
    const error = transportError(cause, this.#state === "answered" ? "body" : "header");
    this.outcome.settle({ tag: "err", val: error.code });
    this.#source?.fail(error);
    this.#request.body?.fail(error);
    this.#end("failed");
  }

  #end(state: "complete" | "failed"): void {
    this.#state = state;
    this.#answering.stop();
    this.#taking.stop();
    this.#leave();
    this.#request.release();
    if (state === "complete") return;
    this.#connecting.abort(new NetworkError("other", "the request was given up"));
    this.#socket?.destroy();
    this.#message?.destroy();
  }
}

/** A connection that ends within a header is an incomplete response; one that is reset remains just that. */
function cutOff(error: unknown): unknown {
  const { code, syscall } = error as { readonly code?: unknown; readonly syscall?: unknown };
  if (code !== "ECONNRESET" || syscall !== undefined) return error;
  return new HttpError({ tag: "HTTP-response-incomplete" }, { cause: error });
}
