/**
 * Services made ready to be served: their functions loaded, their directories found.
 *
 * @module
 */
import type { WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { openPool, type Pool } from "../pool/pool.ts";
import type { Stdio } from "../wasi/mod.ts";
import { App } from "./app.ts";
import { FunctionEndpoint } from "./app_function.ts";
import type { Destination, ServicePlan, StaticPlan } from "./app_plan.ts";
import type { Callables } from "./callables.ts";
import { Budget } from "./http_body.ts";
import type { HttpExchange } from "./http_exchange.ts";
import { type AnswerOptions, limitsOf, recordOf } from "./serve.ts";
import { printFailure } from "./serve_report.ts";
import { type Answering, Service, type ServiceOptions } from "./service.ts";

/** The most that the contents of a request to a function may have where nobody says, in bytes: they are kept whole. */
export const MAX_VALUE_BODY = 10 * 1024 * 1024;

/** The most that is kept of all requests to functions together, in bytes. */
const MAX_KEPT = 256 * 1024 * 1024;

/** How many requests of one function may wait where neither its pool nor the options say. */
const MAX_WAITING = 1024;

/** How many files one entry sends at once, and how many requests wait. */
const FILES = { type: "lazy", workers: 256, buffer: 1024 } as const;

/** What services are opened with. */
export interface OpenOptions {
  /** The application. */
  readonly registry: Registry;
  /** Its functions, which outlive what is opened with them. */
  readonly callables: Pick<Callables, "get">;
  /** Where the guests' standard streams lead. */
  readonly stdio: Partial<Stdio>;
}

/**
 * Makes services ready.
 *
 * @returns One for each, in their order.
 * @throws {ConfigError | IntegrityError | DecodeError | LinkError | MethodError | CapabilityError | CompartmentError}
 */
export async function openServices(
  plans: readonly ServicePlan[],
  { registry, callables, stdio }: OpenOptions,
  options: AnswerOptions,
): Promise<readonly App[]> {
  const pools = new Map<string, Pool>();
  const budget = new Budget(MAX_KEPT);

  /** How many requests are in one function, those that wait for its own pool included. */
  const poolOf = ({ id, pool }: WasmEntry) => {
    const waiting = options.maxWaiting ?? (pool.buffer || MAX_WAITING);
    let found = pools.get(id);
    if (!found) pools.set(id, found = openPool({ type: "lazy", workers: pool.workers + waiting, buffer: 0 }));
    return found;
  };

  const open = async (plan: ServicePlan): Promise<App> => {
    const { readMs, writeMs = Infinity } = plan.entry.timeouts;
    const limits = limitsOf(options);
    const { onRequest } = options;
    const onDone = onRequest &&
      ((exchange: HttpExchange) => onRequest({ ...recordOf(exchange), ...recordOfRoute(exchange, plan) }));
    const common = {
      ...limits,
      readTimeoutMs: readMs,
      requestTimeoutMs: Math.min(limits.requestTimeoutMs, writeMs),
      stdio,
      env: () => [],
      onDone: (exchange: HttpExchange) => onDone?.(exchange),
      onError: (error: unknown, exchange: HttpExchange) => {
        const request = { method: exchange.method, path: exchange.pathWithQuery ?? "" };
        if (options.onError) options.onError(error, request);
        else printFailure(exchange.route?.entry ?? plan.entry.id, request, error);
      },
    };
    const serviceOf = async (target: Destination): Promise<Service> => {
      const make = (answering: Answering, more: Pick<ServiceOptions, "pool"> & Partial<ServiceOptions>) =>
        new Service(answering, { ...common, ...more });
      if (!("func" in target)) return make(await openFiles(target, registry), { pool: openPool(FILES) });
      const callable = await callables.get(target.func);
      if (target.isHandler) return make(callable, { pool: callable.pool });
      const endpoint = new FunctionEndpoint(target, callable, budget);
      const maxBodyBytes = options.maxBodyBytes ?? MAX_VALUE_BODY;
      return make(endpoint, { pool: poolOf(target.func), maxWaiting: 0, maxBodyBytes });
    };
    const targets = plan.routes.all.map(({ target }) => target);
    const services = await all(targets.map(async (target) => [target, await serviceOf(target)] as const));
    return new App(plan, new Map(services), onDone);
  };

  return await all(plans.map(open));
}

/** All of them, or the first failure once nothing goes on any more: what others have started by then is to be ended too. */
async function all<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return await Promise.all(promises);
}

/** What only services of files need is loaded for them. */
async function openFiles(plan: StaticPlan, registry: Registry): Promise<Answering> {
  const { StaticFiles } = await import("./http_static.ts");
  return new StaticFiles(plan, registry);
}

function recordOfRoute({ client, route }: HttpExchange, { entry }: ServicePlan) {
  return { client, service: entry.id, ...route && { route: route.pattern, entry: route.entry } };
}
