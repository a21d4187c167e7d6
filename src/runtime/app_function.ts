/**
 * A function that answers requests without knowing of HTTP: contents become arguments, its result the answer.
 *
 * @module
 */
import type { CallOptions } from "../compartment/guest.ts";
import { ComponentError, type FuncType, LimitError } from "../component/mod.ts";
import { ConfigError, Issues } from "../config/issue.ts";
import { type Content, ContentError, textContent } from "../transport/content.ts";
import { ArgumentError } from "../transport/json.ts";
import { mappedArguments } from "../transport/mapping.ts";
import { textOf } from "../transport/path.ts";
import { payloadArgument, payloadArguments, payloadContent } from "../transport/payload.ts";
import { wasiHttpArgument, wasiHttpArguments, wasiHttpContent } from "../transport/wasi_http.ts";
import { hostResponse } from "../wasi/http/error_status.ts";
import type { Field } from "../wasi/http/fields.ts";
import { ResponseBody } from "../wasi/http/response_body.ts";
import type { EndpointPlan } from "./app_plan.ts";
import type { Callable } from "./callable.ts";
import { toldOf } from "./funcs_error.ts";
import type { HttpExchange } from "./http_exchange.ts";
import { Body, type Budget, FullError } from "./http_body.ts";
import { field } from "./http_fields.ts";
import type { Answering } from "./service.ts";

const TEXT = "text/plain; charset=utf-8";
const NOTHING = new Uint8Array(0);

/** Reads contents of requests as arguments, and makes contents of results. */
interface Transport {
  readonly all: (params: FuncType["params"], body: Uint8Array) => unknown[];
  readonly one: typeof wasiHttpArgument;
  readonly content: (type: FuncType["result"], value: unknown) => Content;
}

const TRANSPORTS: Readonly<Record<"payload" | "wasi-http", Transport>> = {
  payload: { all: payloadArguments, one: payloadArgument, content: payloadContent },
  "wasi-http": { all: wasiHttpArguments, one: wasiHttpArgument, content: wasiHttpContent },
};

/** One endpoint. */
export class FunctionEndpoint implements Answering {
  readonly #plan: EndpointPlan;
  readonly #callable: Pick<Callable, "call">;
  readonly #type: FuncType;
  readonly #budget: Budget;
  readonly #transport: Transport;

  /**
   * @param plan The endpoint.
   * @param callable Its function, ready to be called.
   * @param budget What contents of requests are kept in while they come.
   * @throws {ConfigError} If the function takes or returns resources, or the mapping is of another number of arguments.
   */
  constructor(plan: EndpointPlan, callable: Pick<Callable, "call" | "method">, budget: Budget) {
    const { entry, func, mapping } = plan;
    const { type } = callable.method;
    const issues = new Issues();
    if (type === undefined) {
      const message = `${entry.id}: ${func.id} takes or returns resources, which cannot come by HTTP`;
      issues.error("unsupported", entry.where.func, message);
    } else if (mapping !== undefined && mapping.length !== type.params.length) {
      const names = type.params.map(({ name }) => name).join(", ");
      const message =
        `${entry.id}: meta.options.args has ${mapping.length} items, but ${func.method} takes ` +
        `${type.params.length}${names && `: ${names}`}`;
      issues.error("value", entry.at, message);
    }
    if (type === undefined || issues.errors > 0) throw new ConfigError(issues.sorted());
    this.#plan = plan;
    this.#callable = callable;
    this.#type = type;
    this.#budget = budget;
    this.#transport = TRANSPORTS[func.transport];
  }

  /** Answers a request: what goes wrong is answered with a status, and thrown where the operator wants to know of it. */
  async handle(exchange: HttpExchange, { stdio, signal }: CallOptions): Promise<void> {
    const body = new Body(exchange.body, this.#budget);
    try {
      await this.#answer(exchange, body, { stdio, signal });
    } catch (error) {
      // Whoever gave it up knows why.
      throw signal?.aborted ? signal.reason : error;
    } finally {
      body.release();
    }
  }

  async #answer(
    exchange: HttpExchange,
    body: Body,
    options: Pick<CallOptions, "stdio" | "signal">,
  ): Promise<void> {
    const { signal } = options;
    let args: unknown[];
    try {
      args = await this.#arguments(exchange, body, signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      return this.#refuse(exchange, error);
    }
    let content: Content;
    try {
      content = await this.#call(args, options);
    } catch (error) {
      if (signal?.aborted) throw error;
      const { status, text, reduced } = this.#told(error);
      respond(exchange, textContent(`${text}\n`, TEXT, status));
      if (reduced) throw error;
      return;
    }
    respond(exchange, content);
  }

  async #arguments(exchange: HttpExchange, body: Body, signal: AbortSignal | undefined): Promise<unknown[]> {
    const { mapping, captures } = this.#plan;
    const { params } = this.#type;
    const transport = this.#transport;
    if (mapping === undefined) return transport.all(params, await body.read(signal));
    // Contents that nobody wants are not waited for.
    const wants = mapping.some(({ from }) => from === "body");
    const bytes = wants ? await body.read(signal) : NOTHING;
    const query = new URLSearchParams(exchange.query);
    const { values } = exchange.route!;
    return mappedArguments(params, mapping, {
      path: (name) => pathText(values[captures.indexOf(name)]!),
      query: (name) => query.get(name) ?? undefined,
      header: (name) => exchange.field(name),
      body: (type, name) => transport.one(type, bytes, name),
    });
  }

  async #call(args: readonly unknown[], options: Pick<CallOptions, "stdio" | "signal">): Promise<Content> {
    const { result } = this.#type;
    let value: unknown, status = 200;
    try {
      value = await this.#callable.call(args, options);
      if (result?.kind === "result") value = { tag: "ok", val: value };
    } catch (error) {
      if (!(error instanceof ComponentError) || result?.kind !== "result") throw error;
      value = { tag: "err", val: error.payload };
      status = this.#plan.errStatus;
    }
    const content = this.#transport.content(result, value);
    return content.status === 200 ? { ...content, status } : content;
  }

  /** What the client is told of a request that did not become a call. */
  #refuse(exchange: HttpExchange, error: unknown): void {
    const { tooLarge, tooLate } = exchange.body;
    if (tooLarge || tooLate) return exchange.respond(hostResponse(tooLarge ? 413 : 408));
    if (error instanceof FullError) return exchange.respond(hostResponse(503, [["retry-after", "1"]]));
    // The client has left: nobody reads this.
    if (exchange.goneAt !== undefined) return exchange.respond(hostResponse(400));
    // As the original has it: what does not fit the function's parameters is 500, as is whatever else ends its call.
    const status = error instanceof ContentError
      ? error.status
      : error instanceof ArgumentError
      ? 500
      : undefined;
    if (status === undefined) throw error;
    respond(exchange, textContent(`${(error as Error).message}\n`, TEXT, status));
  }

  /** What the client is told of a call that failed: nothing of the host, and not where in the guest it was. */
  #told(error: unknown): { status: number; text: string; reduced: boolean } {
    const { id } = this.#plan.func;
    if (error instanceof LimitError && error.limit === "max_execution_ms") {
      return {
        status: 504,
        text: `${id} ran longer than limits.max_execution_ms: ${error.value}`,
        reduced: true,
      };
    }
    const { text, reduced } = toldOf(error, id);
    return { status: text.startsWith("Unavailable: ") ? 503 : 500, text, reduced };
  }
}

function respond(exchange: HttpExchange, { status, type, bytes }: Content): void {
  const headers: Field[] = [];
  if (type !== undefined) headers.push(field("content-type", type));
  // Of an answer without contents, the server does not know how many there would be.
  if (exchange.method === "HEAD" && type !== undefined) {
    headers.push(field("content-length", String(bytes.length)));
  }
  exchange.respond({ status, headers, body: ResponseBody.of(bytes) });
}

function pathText(bytes: string): string {
  const text = textOf(bytes);
  if (text === undefined) throw new ContentError("the path is no text: it is not UTF-8");
  return text;
}
