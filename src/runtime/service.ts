/**
 * A guest that answers requests: a fresh instance for each, so many at once, so many more in a queue.
 *
 * @module
 */
import type { Handler } from "../compartment/handler.ts";
import type { Grant } from "../grant/grant.ts";
import { Slots } from "../pool/slots.ts";
import { hostResponse } from "../wasi/http/error_status.ts";
import { HandlerError } from "../wasi/http/handler_error.ts";
import type { Stdio } from "../wasi/mod.ts";
import { RequestError } from "./error.ts";
import { HttpExchange } from "./http_exchange.ts";
import { responseOf } from "./http_response.ts";

/** Bounds of a service. */
export interface ServiceLimits {
  /** How many requests may wait while as many run as may; one more is answered 503. */
  readonly maxWaiting: number;
  /** The most that the body of a request may have, in bytes; more is answered 413. */
  readonly maxBodyBytes: number;
  /** How long one request may take, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** How long a guest may wait for its client to send or to take something, in milliseconds. */
  readonly clientTimeoutMs: number;
  /** How long a guest may go on after its client has left, in milliseconds. */
  readonly graceMs: number;
}

/** What a service needs beside its guest. */
export interface ServiceOptions extends ServiceLimits {
  /** How many requests run at once. */
  readonly workers: number;
  /** Where the guest's standard streams lead. */
  readonly stdio: Partial<Stdio>;
  /** The variables that the guest sees, asked for before every request. */
  readonly env: () => Grant["env"];
  /** Told what went wrong with a request, once for each. */
  readonly onError: (error: unknown, exchange: HttpExchange) => void;
  /** Told of each request when all is over: its response, and what the guest did afterwards. */
  readonly onDone: (exchange: HttpExchange) => void;
}

/** How often what waits is looked at, in milliseconds. One timer for all: most requests are over before it fires. */
const TICK = 100;

/** From when on a client that is not answered is watched, in milliseconds. */
const WATCH_AFTER = 1000;

/** What is asked of a client that is turned away for now, in seconds. */
const RETRY_AFTER = "1";

const NOTHING_TOLD = { sent() {}, ended() {} };

/** A guest at the service of clients. */
export class Service {
  readonly #handler: Handler;
  readonly #options: ServiceOptions;
  readonly #slots: Slots;
  readonly #live = new Map<HttpExchange, AbortController>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #idle: PromiseWithResolvers<void> | undefined;

  /**
   * Takes no request yet.
   *
   * @param handler What answers.
   * @param options Its bounds, and who is told what.
   */
  constructor(handler: Handler, options: ServiceOptions) {
    this.#handler = handler;
    this.#options = options;
    this.#slots = new Slots(options.workers);
  }

  /** Answers one request. Never rejects. */
  answer(request: Request): Promise<Response> {
    const exchange = new HttpExchange(request, this.#options.maxBodyBytes);
    const refused = this.#refusal(exchange);
    if (refused !== undefined) return Promise.resolve(this.#refuse(exchange, refused));
    const controller = new AbortController();
    this.#live.set(exchange, controller);
    this.#timer ??= setInterval(() => this.#tick(), TICK);
    void this.#handle(exchange, controller.signal);
    return exchange.response;
  }

  /** Gives up what is under way. */
  abandon(): void {
    for (const [exchange, controller] of this.#live) {
      controller.abort(new RequestError("stopped", "the service was stopped"));
      exchange.drop();
    }
  }

  /** Resolves once no request is under way. */
  async idle(): Promise<void> {
    if (this.#live.size > 0) await (this.#idle ??= Promise.withResolvers<void>()).promise;
    this.#stopTimer();
  }

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #handle(exchange: HttpExchange, signal: AbortSignal): Promise<void> {
    const { stdio, env, onError } = this.#options;
    let started = false;
    const statusFor = () => signal.aborted ? started ? 504 : 503 : exchange.body.tooLarge ? 413 : 500;
    try {
      await this.#slots.run(() => {
        started = true;
        return this.#handler.handle(exchange, { stdio, env: env(), signal }, statusFor);
      }, signal);
    } catch (error) {
      if (exchange.status === undefined) exchange.respond(hostResponse(statusFor()));
      if (!isClients(error, exchange)) onError(error, exchange);
    }
    // The response may still be on its way: the log tells of all of it.
    await exchange.over;
    this.#live.delete(exchange);
    this.#options.onDone(exchange);
    if (this.#live.size > 0) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }

  /** The status for a request that no guest is to see. */
  #refusal({ method, authority, headers, host }: HttpExchange): number | undefined {
    // A tunnel would leave HTTP, and the guest's control of what goes through.
    if (method === "CONNECT") return 501;
    // The server puts the URL together of it: a path in it would become the request's.
    if (!isAuthority(authority) || !isAuthority(host)) return 400;
    const length = headers.find(([name]) => name === "content-length")?.[1];
    if (length && Number(String.fromCharCode(...length)) > this.#options.maxBodyBytes) return 413;
    return this.#slots.waiting >= this.#options.maxWaiting && this.#slots.full ? 503 : undefined;
  }

  #refuse(exchange: HttpExchange, status: number): Response {
    const head = hostResponse(status, status === 503 ? [["retry-after", RETRY_AFTER]] : []);
    exchange.status = status;
    const response = responseOf(exchange.method, head, NOTHING_TOLD);
    this.#options.onDone(exchange);
    return response;
  }

  #tick(): void {
    const { requestTimeoutMs, clientTimeoutMs, graceMs } = this.#options;
    const now = performance.now();
    if (this.#live.size === 0) this.#stopTimer();
    for (const [exchange, controller] of this.#live) {
      const age = now - exchange.arrived;
      if (age > requestTimeoutMs) {
        controller.abort(new RequestError("timeout", `it took longer than ${requestTimeoutMs} ms`));
      }
      const { goneAt, stalledSince } = exchange;
      if (goneAt !== undefined && now - goneAt > graceMs) {
        controller.abort(new RequestError("gone", "its client has left"));
      }
      if (stalledSince !== undefined && now - stalledSince > clientTimeoutMs) exchange.drop();
      if (age > WATCH_AFTER) exchange.watchClient();
    }
  }
}

/** What is no fault of the guest's, and no news to the operator: clients leave all the time. */
function isClients(error: unknown, { goneAt }: HttpExchange): boolean {
  if (goneAt === undefined) return false;
  return error instanceof RequestError && error.reason === "gone" || error instanceof HandlerError;
}

/** A host and perhaps a port (RFC 9110, section 7.2); no users, no spaces, nothing that another reader takes otherwise. */
function isAuthority(text: string | undefined): boolean {
  return text !== undefined && /^(\[[0-9a-f:.]+\]|[\w.~!$&'()*+,;=%-]+)(:\d*)?$/i.test(text);
}
