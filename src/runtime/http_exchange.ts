/**
 * A request of `Deno.serve` as an exchange that a guest can answer.
 *
 * @module
 */
import { HttpError } from "../wasi/http/error_code.ts";
import type { IncomingExchange, ResponseHead } from "../wasi/http/incoming_exchange.ts";
import type { Field } from "../wasi/http/fields.ts";
import { toLatin1 } from "../wasi/http/latin1.ts";
import { HttpSource } from "./http_source.ts";
import { type Delivery, type Ending, responseOf } from "./http_response.ts";

/** Changes a response that is about to begin. */
export type Filter = (head: ResponseHead) => ResponseHead;

/** One request and its response. */
export class HttpExchange implements IncomingExchange {
  /** As the client wrote it. */
  readonly method: string;
  /** Whether it came through TLS. */
  readonly scheme: "HTTP" | "HTTPS";
  /** The host that the client named, or this server where it named none. */
  readonly authority: string | undefined;
  /** The field `host` as the client wrote it, or what stands for it. */
  readonly host: string;
  /** As the client wrote it. */
  readonly pathWithQuery: string | undefined;
  /** The contents. */
  readonly body: HttpSource;
  /** What changes its response, in the order in which it is asked. */
  readonly filters: Filter[] = [];
  /** Whether its response's contents are compressed on their way; a filter that says so has changed the head. */
  gzip = false;
  /** What it led to: the pattern that it matched, the entry that has it, and what was captured, one character a byte. */
  route:
    | { readonly pattern: string; readonly entry: string; readonly values: readonly string[] }
    | undefined;
  /** When it came, by `performance.now()`. */
  readonly arrived: number = performance.now();
  /** The response, once the guest, or the host for it, has begun one. */
  readonly response: Promise<Response>;
  /** Its status, once it has begun. */
  status: number | undefined;
  /** How many bytes of its contents the server has taken. */
  bytes = 0;
  /** How its contents ended, once they have. */
  ending: Ending | undefined;
  /** Resolves when they have. */
  readonly over: Promise<void>;
  readonly #request: Request;
  readonly #remote: () => string;
  #client: string | undefined;
  #headers: readonly Field[] | undefined;
  readonly #answered = Promise.withResolvers<Response>();
  readonly #over = Promise.withResolvers<void>();
  #head: ResponseHead | undefined;
  #goneAt: number | undefined;
  #takenAt: number | undefined;
  #watched = false;

  /**
   * @param request What came.
   * @param maxBodyBytes The most that its body may have.
   * @param remote Gives the address of who sent it.
   */
  constructor(request: Request, maxBodyBytes: number, remote: () => string = () => "") {
    this.#request = request;
    this.#remote = remote;
    this.method = request.method;
    this.scheme = request.url.startsWith("https:") ? "HTTPS" : "HTTP";
    const { authority, path } = splitTarget(request.method, request.url);
    this.authority = authority;
    this.pathWithQuery = path;
    this.host = request.headers.get("host") ?? authority;
    this.body = new HttpSource(() => request.body, { maxBytes: maxBodyBytes, onGone: () => this.#gone() });
    this.response = this.#answered.promise;
    this.over = this.#over.promise;
  }

  /** Names and values, without those that the connection's own field names. */
  get headers(): readonly Field[] {
    return this.#headers ??= fieldsOf(this.#request.headers);
  }

  /** The value of a field; `undefined` where it is not there. */
  field(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined;
  }

  /** The path as the client wrote it, without the query. */
  get path(): string {
    const text = this.pathWithQuery ?? "";
    const mark = text.indexOf("?");
    return mark < 0 ? text : text.slice(0, mark);
  }

  /** The query as the client wrote it, without the question mark. */
  get query(): string {
    const text = this.pathWithQuery ?? "";
    const mark = text.indexOf("?");
    return mark < 0 ? "" : text.slice(mark + 1);
  }

  /** The address of the client: of who sent the request, unless somebody who knows better has said otherwise. */
  get client(): string {
    return this.#client ??= this.#remote();
  }

  set client(address: string) {
    this.#client = address;
  }

  /** `Deno.serve` does not tell them. */
  trailers(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** See {@linkcode IncomingExchange.respond}. */
  respond(head: ResponseHead): void {
    const changed = this.#changed(head);
    if (this.#goneAt !== undefined) this.#leave();
    // After the stretch that the guest runs now: many have written everything by then.
    queueMicrotask(() => this.#begin(changed));
  }

  /** Answers at once, with contents that are complete: there is nobody else who would. */
  answer(head: ResponseHead): Response {
    return this.#made(this.#changed(head));
  }

  #changed(head: ResponseHead): ResponseHead {
    const changed = this.filters.reduce((head, filter) => filter(head), head);
    this.#head = changed;
    this.status = changed.status;
    return changed;
  }

  #made(head: ResponseHead): Response {
    this.#takenAt = performance.now();
    const delivery: Delivery = {
      sent: (bytes) => {
        this.bytes += bytes;
        this.#takenAt = performance.now();
      },
      ended: (how) => {
        if (how === "gone") this.#gone();
        else this.#end(how);
      },
    };
    return responseOf(this.method, head, delivery, this.gzip);
  }

  #begin(head: ResponseHead): void {
    try {
      this.#answered.resolve(this.#made(head));
    } catch (error) {
      // No response that a guest can make is known to get here: it is the server's to answer then.
      this.#answered.reject(error);
      this.#leave();
    }
  }

  /** When the client went away, if it did. */
  get goneAt(): number | undefined {
    return this.#goneAt;
  }

  /** Since when the guest can do nothing but wait for the client. */
  get stalledSince(): number | undefined {
    const waiting = this.#head?.body.waiting ?? 0;
    return this.body.waitingSince ?? (waiting > 0 && this.ending === undefined ? this.#takenAt : undefined);
  }

  /**
   * Listens for the client going away while it is not answered. Not from the start: it costs, and when a response
   * succeeds after it, `Deno.serve` once remarks on standard error that it will do so differently one day.
   */
  watchClient(): void {
    if (this.#watched || this.status !== undefined) return;
    this.#watched = true;
    this.#request.signal.addEventListener("abort", () => {
      if (this.status === undefined) this.#gone();
    }, { once: true });
  }

  /** Takes the client for gone: it has neither sent nor taken anything for too long. */
  drop(): void {
    this.body.fail(new HttpError({ tag: "connection-read-timeout" }));
    this.#gone();
  }

  /** Whatever the guest reads or writes from now on fails. */
  #gone(): void {
    if (this.#goneAt !== undefined) return;
    this.#goneAt = performance.now();
    this.body.fail(new HttpError({ tag: "connection-terminated" }));
    if (this.#head !== undefined) this.#leave();
  }

  #leave(): void {
    this.#head!.body.source.close?.();
    this.#end("gone");
  }

  #end(how: Ending): void {
    this.ending ??= how;
    this.#over.resolve();
  }
}

/**
 * The two parts of a URL as `Deno.serve` gives it: `http://`, the authority, and the target exactly as it came. A
 * URL parser would resolve dots and escape characters: what the guest judges would not be what was asked for.
 */
function splitTarget(method: string, url: string): { authority: string; path: string | undefined } {
  const from = url.indexOf("://") + 3;
  const length = url.slice(from).search(/[/?#]/);
  if (length < 0) return { authority: url.slice(from), path: method === "CONNECT" ? undefined : "/" };
  const path = url.slice(from + length);
  return {
    authority: url.slice(from, from + length),
    // `OPTIONS *` asks about the server, not about one of its resources (RFC 9110, section 9.3.7).
    path: method === "OPTIONS" && path === "/*" ? "*" : path,
  };
}

/** The fields; those that `connection` names are of the connection as well (RFC 9110, section 7.6.1). */
function fieldsOf(headers: Headers): Field[] {
  const fields: Field[] = [];
  const nominated = headers.get("connection")?.toLowerCase().split(",").map((name) => name.trim());
  for (const [name, value] of headers) {
    if (!nominated?.includes(name)) fields.push([name, toLatin1(value)]);
  }
  return fields;
}
