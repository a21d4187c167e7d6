/**
 * A guest that exports `wasi:http/incoming-handler`, behind a port.
 *
 * @module
 */
import type { Compartment } from "../compartment/compartment.ts";
import type { AskFuncs } from "../compartment/funcs.ts";
import type { Grant } from "../grant/grant.ts";
import { openPool, type Pool, type PoolShape } from "../pool/pool.ts";
import type { Stdio } from "../wasi/mod.ts";
import type { HttpExchange } from "./http_exchange.ts";
import { serveAt } from "./listen.ts";
import { printFailure } from "./serve_report.ts";
import { type Answering, Service, type ServiceLimits } from "./service.ts";

/** A request that is over, as a log tells of it. */
export interface RequestRecord {
  /** When it came: ISO 8601. */
  readonly time: string;
  /** Its method. */
  readonly method: string;
  /** Its path with the query. */
  readonly path: string;
  /** The status of its response. */
  readonly status: number;
  /** How long it took in all, in milliseconds. */
  readonly ms: number;
  /** How many bytes of the response's contents were sent. */
  readonly bytes: number;
  /** Whether the contents were sent completely, broken off, or given up because the client had left. */
  readonly ended: "complete" | "cut" | "gone";
  /** Of an `http.service`: its id. */
  readonly service?: string;
  /** The pattern that it matched there: `GET /users/{id}`. */
  readonly route?: string;
  /** The id of the endpoint, or of the directory of files, that has the pattern. */
  readonly entry?: string;
  /** The address of the client, as the middleware `real_ip` knows it where there is one. */
  readonly client?: string;
}

/** A service that listens. */
export interface Listening {
  /** The id of its entry, or of the guest that answers. */
  readonly entry: string;
  /** Whether by TLS. */
  readonly secure: boolean;
}

/** Bounds of a service, and who is told what. */
export interface AnswerOptions {
  /** Told what went wrong with a request, once for each; by default a line on standard error. */
  readonly onError?: ((error: unknown, request: Pick<RequestRecord, "method" | "path">) => void) | undefined;
  /** Told of each request when it is over; by default nobody is. */
  readonly onRequest?: ((record: RequestRecord) => void) | undefined;
  /**
   * How many requests may wait while as many run as may; one more gets a 503. By default as many as the entry's pool has a
   * queue for, or 1024 where that has no bound.
   */
  readonly maxWaiting?: number | undefined;
  /**
   * The most that a request's body may have, in bytes; one that has more gets a 413. By default any length streams to a
   * guest that answers requests itself, and 10 MiB go to a function, which gets it whole.
   */
  readonly maxBodyBytes?: number | undefined;
  /**
   * How long a request may take, in milliseconds: then its guest is given up if it waits for something, and the client
   * gets a 504, or the end of an incomplete response. By default any time; a guest that computes is not stopped.
   */
  readonly requestTimeoutMs?: number | undefined;
  /** How long a guest may have to wait for its client to send or take something, in milliseconds; by default a minute. */
  readonly clientTimeoutMs?: number | undefined;
  /** How long requests may go on after the client has left, in milliseconds; by default 10 seconds. */
  readonly graceMs?: number | undefined;
}

/** How to serve. */
export interface ServeOptions extends AnswerOptions {
  /**
   * The entry: its id, or its name where only one has it. An `http.service`, or one whose method is
   * `wasi:http/incoming-handler#handle`. By default every `http.service` that starts by itself; else the only one; else the
   * only other entry that can be served.
   */
  readonly entry?: string | undefined;
  /**
   * The address to listen on; by default that of the `http.service`, or 127.0.0.1, where only this machine can reach it.
   * Of one service only.
   */
  readonly hostname?: string | undefined;
  /** The port; by default that of the `http.service`, or 8080; 0 for any that is free. Of one service only. */
  readonly port?: number | undefined;
  /**
   * A path that says whether requests are taken: 200 while they are, 503 once a shutdown has begun. By default there is
   * none.
   */
  readonly readyPath?: string | undefined;
  /** Begins the shutdown when it aborts, as `shutdown()` does. */
  readonly signal?: AbortSignal | undefined;
  /** Told the address once connections are accepted; for each service, where there are several. */
  readonly onListen?: ((addr: Deno.NetAddr, listening: Listening) => void) | undefined;
  /** Told what is wrong and does not keep it from being served. By default nobody is. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** How long a shutdown waits for requests, in milliseconds; by default 30 seconds. */
  readonly shutdownMs?: number | undefined;
}

/** A service that listens, or several. Disposing of it shuts it down. */
export interface Server extends AsyncDisposable {
  /** Where it listens: of several services the first. */
  readonly addr: Deno.NetAddr;
  /** Where each of its services listens. */
  readonly addrs: readonly Deno.NetAddr[];
  /** Resolves when it has shut down, with nothing left under way. */
  readonly finished: Promise<void>;
  /**
   * Accepts no more connections, and lets requests that are under way end; those that are still not over after
   * `shutdownMs` are broken off.
   *
   * @param now Breaks them off at once.
   */
  shutdown(now?: boolean): Promise<void>;
}

/** What is served, beside how. */
export interface Served {
  /** What answers. It is closed with the server. */
  readonly handler: Compartment;
  /** How many requests run at once, and wait. */
  readonly pool: PoolShape;
  /** Where the guest's standard streams lead. */
  readonly stdio: Partial<Stdio>;
  /** The variables that the guest sees. */
  readonly env: () => Grant["env"];
  /** Makes the calls of other entries that the guest asks for, where it may. */
  readonly funcs?: AskFuncs | undefined;
}

/** The same, of what somebody else closes. */
export interface Answered extends Omit<Served, "handler" | "pool"> {
  /** What answers. */
  readonly handler: Answering & Pick<Compartment, "holder">;
  /** How many requests run at once, and wait. Others may use it as well. */
  readonly pool: Pool;
}

/** The bounds that options set, and those that hold where they do not. */
export function limitsOf(options: AnswerOptions): ServiceLimits {
  return {
    maxWaiting: options.maxWaiting,
    maxBodyBytes: options.maxBodyBytes ?? Infinity,
    requestTimeoutMs: options.requestTimeoutMs ?? Infinity,
    clientTimeoutMs: options.clientTimeoutMs ?? 60_000,
    graceMs: options.graceMs ?? 10_000,
  };
}

/** What answers the requests of a server. */
export function serviceOf(served: Answered, options: AnswerOptions): Service {
  const { handler, pool, stdio, env, funcs } = served;
  const { holder } = handler;
  const onError = options.onError ?? ((error, request) => printFailure(holder, request, error));
  return new Service(handler, {
    pool,
    stdio,
    env,
    funcs,
    ...limitsOf(options),
    onError: (error, { method, pathWithQuery }) => onError(error, { method, path: pathWithQuery ?? "" }),
    onDone: (exchange) => options.onRequest?.(recordOf(exchange)),
  });
}

/**
 * Serves a guest. This process receives requests and sends responses; a fresh instance, in whichever process the guest
 * runs, makes the one of the other.
 *
 * @throws {ListenError} If the address cannot be listened on.
 * @throws {Deno.errors.NotCapable} If this process may not.
 */
export function serveGuest(served: Served, options: ServeOptions = {}): Server {
  const { hostname = "127.0.0.1", port = 8080 } = options;
  const service = serviceOf({ ...served, pool: openPool(served.pool) }, options);
  const door = { entry: served.handler.holder, hostname, port, service };
  return serveAt([door], options, () => served.handler.close());
}

/** A request that is over, for a log. */
export function recordOf(exchange: HttpExchange): RequestRecord {
  const { method, pathWithQuery, arrived, status, bytes, ending } = exchange;
  const ms = performance.now() - arrived;
  return {
    time: new Date(Date.now() - ms).toISOString(),
    method,
    path: pathWithQuery ?? "",
    status: status ?? 500,
    ms: Math.round(ms * 1000) / 1000,
    bytes,
    ended: ending ?? "complete",
  };
}
