/**
 * A guest that answers requests: a fresh instance for each, so many at once, so many more in a queue.
 *
 * @module
 */
import type { CallOptions } from "../compartment/guest.ts";
import type { AskFuncs } from "../compartment/funcs.ts";
import type { Grant } from "../grant/grant.ts";
import { ClosedError } from "../pool/error.ts";
import type { Pool } from "../pool/pool.ts";
import { hostResponse } from "../wasi/http/error_status.ts";
import { HandlerError } from "../wasi/http/handler_error.ts";
import type { Stdio } from "../wasi/mod.ts";
import { RequestError } from "./error.ts";
import { HttpExchange } from "./http_exchange.ts";

/** Bounds of a service. */
export interface ServiceLimits {
  /** How many requests may wait while as many run as may; one more is answered 503. By default as the pool says, or 1024. */
  readonly maxWaiting?: number | undefined;
  /** The most that the body of a request may have, in bytes; more is answered 413. */
  readonly maxBodyBytes: number;
  /** How long one request may take, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** How long a guest may wait for its client to send or to take something, in milliseconds. */
  readonly clientTimeoutMs: number;
  /** How long a client may take to send all of a request, in milliseconds. By default any time. */
  readonly readTimeoutMs?: number | undefined;
  /** How long a guest may go on after its client has left, in milliseconds. */
  readonly graceMs: number;
}

/** What a service needs beside its guest. */
export interface ServiceOptions extends ServiceLimits {
  /** How many requests run at once. Others may use it as well. */
  readonly pool: Pool;
  /** Where the guest's standard streams lead. */
  readonly stdio: Partial<Stdio>;
  /** The variables that the guest sees, asked for before every request. */
  readonly env: () => Grant["env"];
  /** Makes the calls of other entries that the guest asks for, where it may. */
  readonly funcs?: AskFuncs | undefined;
  /** Told what went wrong with a request, once for each. */
  readonly onError: (error: unknown, exchange: HttpExchange) => void;
  /** Told of each request when all is over: its response, and what the guest did afterwards. */
  readonly onDone: (exchange: HttpExchange) => void;
}

/** How often what waits is looked at, in milliseconds. One timer for all: most requests are over before it fires. */
const TICK = 100;

/** From when on a client that is not answered is watched, in milliseconds. */
const WATCH_AFTER = 1000;

/** How many requests wait where neither the options nor the pool say. */
const MAX_WAITING = 1024;

/** What is asked of a client that is turned away for now, in seconds. */
const RETRY_AFTER = "1";

/** What answers requests: a guest in its compartment, or somebody in its place. */
export interface Answering {
  /** See `Compartment.handle`. */
  handle(exchange: HttpExchange, options: CallOptions, statusFor: () => number): Promise<void>;
}

/** A guest at the service of clients. */
export class Service {
  readonly #handler: Answering;
  readonly #options: ServiceOptions;
  readonly #maxWaiting: number;
  readonly #live = new Map<HttpExchange, AbortController>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #idle: PromiseWithResolvers<void> | undefined;

  /**
   * Takes no request yet.
   *
   * @param handler What answers.
   * @param options Its bounds, and who is told what.
   */
  constructor(handler: Answering, options: ServiceOptions) {
    this.#handler = handler;
    this.#options = options;
    const { maxWaiting, pool: { buffer } } = options;
    this.#maxWaiting = maxWaiting ?? (Number.isFinite(buffer) ? buffer : MAX_WAITING);
  }

  /**
   * Answers one request. Never rejects.
   *
   * @param remote Gives the address of who sent it.
   */
  answer(request: Request, remote?: () => string): Promise<Response> {
    const exchange = new HttpExchange(request, this.#options.maxBodyBytes, remote);
    const refused = refusalOf(exchange);
    return refused === undefined ? this.take(exchange) : Promise.resolve(this.#refuse(exchange, refused));
  }

  /** The same for a request in which {@linkcode refusalOf} has found nothing. */
  take(exchange: HttpExchange): Promise<Response> {
    exchange.body.maxBytes = this.#options.maxBodyBytes;
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
    const { pool, stdio, env, funcs, onError } = this.#options;
    let started = false;
    const statusFor = () => {
      if (signal.aborted) return started ? 504 : 503;
      return exchange.body.tooLarge ? 413 : exchange.body.tooLate ? 408 : 500;
    };
    try {
      await pool.run(() => {
        started = true;
        return this.#handler.handle(exchange, { stdio, env: env(), signal, funcs }, statusFor);
      }, { signal });
    } catch (error) {
      if (exchange.status === undefined) {
        exchange.respond(failure(error instanceof ClosedError ? 503 : statusFor()));
      }
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

  /** The status for a request that there is no room for. */
  #refusal(exchange: HttpExchange): number | undefined {
    const length = exchange.field("content-length");
    if (length !== undefined && Number(length) > this.#options.maxBodyBytes) return 413;
    const { pool } = this.#options;
    return pool.waiting >= this.#maxWaiting && pool.full ? 503 : undefined;
  }

  #refuse(exchange: HttpExchange, status: number): Response {
    const response = exchange.answer(failure(status));
    this.#options.onDone(exchange);
    return response;
  }

  #tick(): void {
    const { requestTimeoutMs, clientTimeoutMs, readTimeoutMs = Infinity, graceMs } = this.#options;
    const now = performance.now();
    if (this.#live.size === 0) this.#stopTimer();
    for (const [exchange, controller] of this.#live) {
      const age = now - exchange.arrived;
      if (age > requestTimeoutMs) {
        controller.abort(new RequestError("timeout", `it took longer than ${requestTimeoutMs} ms`));
      }
      if (age > readTimeoutMs && exchange.body.waitingSince !== undefined) exchange.body.late();
      const { goneAt, stalledSince } = exchange;
      if (goneAt !== undefined && now - goneAt > graceMs) {
        controller.abort(new RequestError("gone", "its client has left"));
      }
      if (stalledSince !== undefined && now - stalledSince > clientTimeoutMs) exchange.drop();
      if (age > WATCH_AFTER) exchange.watchClient();
    }
  }
}

/** A response of the host's own. A client for whom there is no room now may come again. */
function failure(status: number): ReturnType<typeof hostResponse> {
  return hostResponse(status, status === 503 ? [["retry-after", RETRY_AFTER]] : []);
}

/** What is no fault of the guest's, and no news to the operator: clients leave all the time. */
function isClients(error: unknown, { goneAt }: HttpExchange): boolean {
  if (goneAt === undefined) return false;
  return error instanceof RequestError && error.reason === "gone" || error instanceof HandlerError;
}

/**
 * What is wrong with a request before anybody looks at what it asks for.
 *
 * @returns The status to answer it with; `undefined` where it may go on.
 */
export function refusalOf({ method, authority, host }: HttpExchange): number | undefined {
  // A tunnel would leave HTTP, and the guest's control of what goes through.
  if (method === "CONNECT") return 501;
  // The server puts the URL together of it: a path in it would become the request's.
  return isAuthority(authority) && isAuthority(host) ? undefined : 400;
}

/** A host and perhaps a port (RFC 9110, section 7.2); no users, no spaces, nothing that another reader takes otherwise. */
function isAuthority(text: string | undefined): boolean {
  return text !== undefined && /^(\[[0-9a-f:.]+\]|[\w.~!$&'()*+,;=%-]+)(:\d*)?$/i.test(text);
}
