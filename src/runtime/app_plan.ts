/**
 * An `http.service` with all that belongs to it, worked out once: routes, middleware, what becomes arguments. Or every
 * reason why it cannot be served.
 *
 * @module
 */
import { isHandler } from "../compartment/method.ts";
import { ConfigError, Issues } from "../config/issue.ts";
import { quote } from "../config/node.ts";
import { at, type Position } from "../config/position.ts";
import {
  type HttpEndpointEntry,
  type HttpRouterEntry,
  type HttpServiceEntry,
  type HttpStaticEntry,
  isWasm,
  type WasmEntry,
} from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { parseMapping, type Piece } from "../transport/mapping.ts";
import { parsePattern, type Pattern, printPattern } from "../transport/pattern.ts";
import { Routes } from "../transport/routes.ts";
import { type DeclaredChain, type Middleware, middlewareOf } from "./http_middleware.ts";

/** What a route leads to. */
export type Destination = EndpointPlan | StaticPlan;

/** What all have. */
interface DestinationBase {
  /** The pattern in words, for the log. */
  readonly pattern: string;
  /** What requests pass on the way. */
  readonly chain: readonly Middleware[];
}

/** A function. */
export interface EndpointPlan extends DestinationBase {
  /** The entry. */
  readonly entry: HttpEndpointEntry;
  /** The function that is called. */
  readonly func: WasmEntry;
  /** Whether it answers requests itself, as `wasi:http/incoming-handler` does. */
  readonly isHandler: boolean;
  /** Which parts of a request become its arguments; `undefined`: as its transport has it. */
  readonly mapping: readonly Piece[] | undefined;
  /** What is captured of a path, in order. */
  readonly captures: readonly string[];
  /** The status of an answer that is an `err`. */
  readonly errStatus: number;
}

/** A directory of files. */
export interface StaticPlan extends DestinationBase {
  /** The entry. */
  readonly entry: HttpStaticEntry;
  /** How many segments of a path come before the file's. */
  readonly depth: number;
}

/** A service, ready to be opened. */
export interface ServicePlan {
  /** The entry. */
  readonly entry: HttpServiceEntry;
  /** Where requests lead. */
  readonly routes: Routes<Destination>;
}

/**
 * Works services out.
 *
 * @param onWarning Told what does not keep them from being served.
 * @throws {ConfigError} With all that is wrong with any of them.
 */
export function planServices(
  registry: Registry,
  services: readonly HttpServiceEntry[],
  onWarning: (issue: Issues) => void = () => {},
): ServicePlan[] {
  const issues = new Issues();
  const plans = services.map((service) => {
    if (service.network !== undefined) issues.error("unsupported", service.where.network, overlay(service));
    return planService(registry, service, issues);
  });
  if (issues.errors > 0) throw new ConfigError(issues.sorted());
  onWarning(issues);
  return plans;
}

/** Why a service on a network of its own is not served. */
export function overlay({ id }: HttpServiceEntry): string {
  return `${id}: network is not supported: it would listen where everybody can reach it`;
}

/**
 * Works one service out.
 *
 * @param issues Receives what is wrong.
 */
export function planService(registry: Registry, entry: HttpServiceEntry, issues: Issues): ServicePlan {
  const routes = new Routes<Destination>();
  const entries = registry.entries();
  const { timeouts: { idleMs }, where } = entry;
  if (idleMs !== undefined) {
    issues.warn(
      "unsupported",
      where.addr,
      `${entry.id}: timeouts.idle is ignored: this server has no such setting`,
    );
  }
  const routers = new Map<string, HttpRouterEntry>();
  for (const router of entries) {
    if (router.kind === "http.router" && router.server === entry.id) routers.set(router.id, router);
  }
  const used = new Set(
    entries.flatMap((item) => {
      const func = item.kind === "http.endpoint" ? registry.get(item.func) : undefined;
      return item.kind === "http.endpoint" && func !== undefined && isWasm(func) ? [item.router] : [];
    }),
  );
  const chains = new Map(
    [...routers].map(([id, router]) => [id, chainOf(router, used.has(id), issues)]),
  );
  for (const item of entries) {
    if (item.kind === "http.endpoint" && routers.has(item.router)) {
      const router = routers.get(item.router)!;
      const plan = planEndpoint(registry, item, router, chains.get(router.id)!, issues);
      if (plan) add(routes, plan.pattern, plan.destination, item.where.path, issues);
    } else if (item.kind === "http.static" && item.server === entry.id) {
      const plan = planStatic(registry, item, issues);
      if (plan) add(routes, plan.pattern, plan.destination, item.where.path, issues);
    }
  }
  return { entry, routes };
}

/** @param used Whether a route leads through it: what nobody passes keeps nothing from being served. */
function chainOf(router: HttpRouterEntry, used: boolean, issues: Issues): Middleware[] {
  const { id: of, middleware, options, postMiddleware, postOptions, where } = router;
  const chain = (names: readonly string[], options: DeclaredChain["options"], post: "" | "post_") => {
    const shown = shownOf(router, `${post}middleware`, `${post}options.`);
    return middlewareOf({ names, options, shown, of, at: where.middleware, used }, issues);
  };
  return [...chain(middleware, options, ""), ...chain(postMiddleware, postOptions, "post_")];
}

interface Planned {
  readonly pattern: Pattern;
  readonly destination: Destination;
}

function planEndpoint(
  registry: Registry,
  entry: HttpEndpointEntry,
  router: HttpRouterEntry,
  chain: readonly Middleware[],
  issues: Issues,
): Planned | undefined {
  const { id, where } = entry;
  const hidden = router.shown["prefix"] !== undefined || entry.shown["path"] !== undefined;
  const told = (router.shown["prefix"] ?? router.prefix) + (entry.shown["path"] ?? entry.path);
  const path = { text: router.prefix + entry.path, shown: hidden ? told : undefined };
  const pattern = patternOf(entry.method, path, id, where.path, issues);
  const func = registry.get(entry.func);
  // A function that is none is the registry's to report.
  if (pattern === undefined || func === undefined || !isWasm(func)) return undefined;
  const options = (entry.meta["options"] ?? {}) as Readonly<Record<string, unknown>>;
  const handles = isHandler(func.method);
  const mapping = mappingOf(options["args"], pattern, handles, entry, issues);
  const errStatus = errStatusOf(options["err_status"], entry, issues);
  return {
    pattern,
    destination: {
      entry,
      pattern: printPattern(pattern),
      chain,
      func,
      isHandler: handles,
      mapping,
      captures: pattern.names,
      errStatus,
    },
  };
}

function mappingOf(
  args: unknown,
  pattern: Pattern,
  handles: boolean,
  { id, at: place }: HttpEndpointEntry,
  issues: Issues,
): readonly Piece[] | undefined {
  if (args === undefined || args === null) return undefined;
  const of = `${id}: meta.options.args`;
  if (typeof args !== "string") issues.error("type", place, `${of} must be a string`);
  else if (handles) {
    issues.error("value", place, `${of}: an incoming-handler gets the request, and no arguments`);
  } else {
    const mapping = parseMapping(args, pattern.names);
    if (!("wrong" in mapping)) return mapping;
    issues.error("value", place, `${of} ${mapping.wrong}`);
  }
  return undefined;
}

function errStatusOf(value: unknown, { id, at: place }: HttpEndpointEntry, issues: Issues): number {
  if (value === undefined || value === null) return 200;
  const status = Number(value);
  if (Number.isInteger(status) && status >= 200 && status <= 599 && ![204, 205, 304].includes(status)) {
    return status;
  }
  const message = `${id}: meta.options.err_status is ${
    quote(String(value))
  }; allowed: a status from 200 to 599 with contents`;
  issues.error("value", place, message);
  return 200;
}

function planStatic(registry: Registry, entry: HttpStaticEntry, issues: Issues): Planned | undefined {
  const { id: of, where, middleware: names, options } = entry;
  const prefix = entry.path.replace(/\/$/, "");
  // One directory of a service: what is below it is not what its pattern captures.
  const pattern = patternOf(
    "GET",
    { text: `${prefix}/`, shown: entry.shown["path"] },
    of,
    where.path,
    issues,
  );
  const fs = registry.get(entry.fs);
  if (fs?.kind === "fs.directory" && (fs.mode & 0o400) === 0) {
    issues.error("value", where.fs, `${of}: fs names ${fs.id}, whose mode does not let its owner read it`);
  }
  const cacheShown = entry.shown["options.cache"] ?? entry.shown["static_options.cache"];
  if (entry.cache !== undefined && !/^[\t\x20-\x7e]*$/.test(entry.cache)) {
    issues.error(
      "value",
      entry.at,
      `${of}: cache ${quote(cacheShown ?? entry.cache)} cannot be the value of a field`,
    );
  }
  const shown = shownOf(entry, "middleware", "options.");
  const chain = middlewareOf({ names, options, shown, of, at: where.middleware, used: true }, issues);
  if (pattern === undefined) return undefined;
  return {
    pattern,
    destination: { entry, pattern: printPattern(pattern), chain, depth: pattern.segments.length - 1 },
  };
}

/** What messages say in place of values, by the rest of their paths behind any of these beginnings. */
function shownOf(
  { shown }: Pick<HttpStaticEntry, "shown">,
  ...starts: readonly string[]
): DeclaredChain["shown"] {
  return Object.fromEntries(
    starts.flatMap((start) =>
      Object.entries(shown).flatMap(([path, text]) =>
        path.startsWith(start) ? [[path.slice(start.length), text]] : []
      )
    ),
  );
}

function patternOf(
  method: string,
  { text, shown }: { readonly text: string; readonly shown: string | undefined },
  of: string,
  place: Position,
  issues: Issues,
): Pattern | undefined {
  const pattern = parsePattern(method === "*" ? "" : method, text);
  if (!("wrong" in pattern)) return pattern;
  // What is wrong with it is said with parts of it.
  const why = shown === undefined
    ? `${quote(text)} ${pattern.wrong}`
    : `${quote(shown)} is no pattern of paths`;
  issues.error("value", place, `${of}: path ${why}`);
  return undefined;
}

function add(
  routes: Routes<Destination>,
  pattern: Pattern,
  target: Destination,
  place: Position,
  issues: Issues,
): void {
  for (const { first, why } of routes.add({ pattern, target })) {
    const { entry } = first.target;
    const message = `${target.entry.id} conflicts with ${entry.id} (${at(entry.where.path)}): ${why}`;
    issues.error("duplicate", place, message);
  }
}
