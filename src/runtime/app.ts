/**
 * An `http.service`: requests find their routes here, pass their middleware, and are answered.
 *
 * @module
 */
import type { Route } from "../transport/routes.ts";
import { hostResponse } from "../wasi/http/error_status.ts";
import type { ResponseHead } from "../wasi/http/incoming_exchange.ts";
import { ResponseBody } from "../wasi/http/response_body.ts";
import type { Destination, ServicePlan } from "./app_plan.ts";
import { HttpExchange } from "./http_exchange.ts";
import { field } from "./http_fields.ts";
import type { Middleware } from "./http_middleware.ts";
import { redirectTo } from "./http_redirect.ts";
import { refusalOf, type Service } from "./service.ts";

const NOTHING_CAPTURED: readonly string[] = [];

/** What answers the requests of one service. */
export class App {
  readonly #plan: ServicePlan;
  readonly #services: ReadonlyMap<Destination, Service>;
  readonly #onDone: ((exchange: HttpExchange) => void) | undefined;

  /**
   * @param plan The service.
   * @param services What answers, for each destination of its routes.
   * @param onDone Told of each request when all is over that was answered here; `undefined`: nobody wants to know.
   */
  constructor(
    plan: ServicePlan,
    services: ReadonlyMap<Destination, Service>,
    onDone: ((exchange: HttpExchange) => void) | undefined,
  ) {
    this.#plan = plan;
    this.#services = services;
    this.#onDone = onDone;
  }

  /**
   * Answers one request. Never rejects.
   *
   * @param remote Gives the address of who sent it.
   */
  answer(request: Request, remote?: () => string): Promise<Response> {
    const exchange = new HttpExchange(request, Infinity, remote);
    // When all is over, nobody can tell any more.
    if (this.#onDone !== undefined) void exchange.client;
    const refused = refusalOf(exchange);
    if (refused !== undefined) return this.#end(exchange, hostResponse(refused));
    const { method, path } = exchange;
    // About the server itself: it can do more than nothing.
    if (path === "*") return this.#end(exchange, noContent());
    const found = this.#plan.routes.find(method, path);
    switch (found.kind) {
      case "route":
        return this.#go(exchange, found.route, found.values);
      case "redirect":
        return this.#end(exchange, redirectTo(found.path, exchange.query));
      case "malformed":
        return this.#end(exchange, hostResponse(400));
      case "nothing":
        return this.#end(exchange, hostResponse(404));
      case "method":
        return this.#end(exchange, hostResponse(405, [["allow", found.allowed.join(", ")]]));
      case "options":
        return this.#options(exchange, found.allowed, found.routes);
    }
  }

  /** Gives up what is under way. */
  abandon(): void {
    for (const service of this.#services.values()) service.abandon();
  }

  /** Resolves once no request is under way. */
  async idle(): Promise<void> {
    await Promise.all([...this.#services.values()].map((service) => service.idle()));
  }

  #go(exchange: HttpExchange, { target }: Route<Destination>, values: readonly string[]): Promise<Response> {
    exchange.route = { pattern: target.pattern, entry: target.entry.id, values };
    const answer = pass(exchange, target.chain);
    return answer === undefined ? this.#services.get(target)!.take(exchange) : this.#end(exchange, answer);
  }

  /** Nobody answers `OPTIONS` here but the middleware of what another method leads to: the one that is asked for. */
  #options(
    exchange: HttpExchange,
    allowed: readonly string[],
    routes: ReadonlyMap<string, Route<Destination>>,
  ): Promise<Response> {
    const asked = exchange.field("access-control-request-method") ?? "";
    const route = routes.get(asked === "HEAD" && !routes.has(asked) ? "GET" : asked) ??
      routes.values().next().value!;
    const { target } = route;
    exchange.route = { pattern: target.pattern, entry: target.entry.id, values: NOTHING_CAPTURED };
    const answer = pass(exchange, target.chain) ?? noContent();
    const allow = field("allow", allowed.join(", "));
    return this.#end(exchange, { ...answer, headers: [...answer.headers, allow] });
  }

  #end(exchange: HttpExchange, head: ResponseHead): Promise<Response> {
    const response = exchange.answer(head);
    this.#onDone?.(exchange);
    return Promise.resolve(response);
  }
}

/**
 * Has a request pass its middleware.
 *
 * @returns The answer of the one that did not let it pass.
 */
function pass(exchange: HttpExchange, chain: readonly Middleware[]): ResponseHead | undefined {
  for (const { before, after } of chain) {
    // The first one stands outside of all the others: it is the last to change the answer.
    if (after !== undefined) exchange.filters.unshift((head) => after(exchange, head));
    const answer = before?.(exchange);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function noContent(): ResponseHead {
  return { status: 204, headers: [], body: ResponseBody.of(new Uint8Array(0)) };
}
