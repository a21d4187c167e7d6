/**
 * A guest that exports `wasi:http/incoming-handler`, behind a port.
 *
 * @module
 */
import type { Handler } from "../compartment/handler.ts";
import type { Grant } from "../grant/grant.ts";
import { checkListen } from "../registry/permitted.ts";
import type { Stdio } from "../wasi/mod.ts";
import { ListenError } from "./error.ts";
import type { HttpExchange } from "./http_exchange.ts";
import { printFailure } from "./serve_report.ts";
import { Service } from "./service.ts";
import { Stopper } from "./stopper.ts";

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
}

/** Bounds of a service, and who is told what. */
export interface AnswerOptions {
  /** Told what went wrong with a request, once for each; by default a line on standard error. */
  readonly onError?: ((error: unknown, request: Pick<RequestRecord, "method" | "path">) => void) | undefined;
  /** Told of each request when it is over; by default nobody is. */
  readonly onRequest?: ((record: RequestRecord) => void) | undefined;
  /** How many requests may wait while as many run as may; one more gets a 503. By default 1024. */
  readonly maxWaiting?: number | undefined;
  /** The most that a request's body may have, in bytes; one that has more gets a 413. By default any length streams. */
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
  /** The entry: its id, or its name where only one has it. Not needed where only one can be served. */
  readonly entry?: string | undefined;
  /** The address to listen on; by default 127.0.0.1, where only this machine can reach it. */
  readonly hostname?: string | undefined;
  /** The port; by default 8080; 0 for any that is free. */
  readonly port?: number | undefined;
  /** Begins the shutdown when it aborts, as `shutdown()` does. */
  readonly signal?: AbortSignal | undefined;
  /** Told the address once connections are accepted. */
  readonly onListen?: ((addr: Deno.NetAddr) => void) | undefined;
  /** How long a shutdown waits for requests, in milliseconds; by default 30 seconds. */
  readonly shutdownMs?: number | undefined;
}

/** A service that listens. Disposing of it shuts it down. */
export interface Server extends AsyncDisposable {
  /** Where it listens. */
  readonly addr: Deno.NetAddr;
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
  readonly handler: Handler;
  /** How many requests run at once. */
  readonly workers: number;
  /** How many wait where the options do not say. */
  readonly maxWaiting?: number | undefined;
  /** Where the guest's standard streams lead. */
  readonly stdio: Partial<Stdio>;
  /** The variables that the guest sees. */
  readonly env: () => Grant["env"];
}

const DEFAULT_WAITING = 1024;

/** What answers the requests of a server. */
export function serviceOf(served: Served, options: AnswerOptions): Service {
  const { handler, workers, stdio, env } = served;
  const { holder } = handler;
  const onError = options.onError ?? ((error, request) => printFailure(holder, request, error));
  return new Service(handler, {
    workers,
    stdio,
    env,
    maxWaiting: options.maxWaiting ?? served.maxWaiting ?? DEFAULT_WAITING,
    maxBodyBytes: options.maxBodyBytes ?? Infinity,
    requestTimeoutMs: options.requestTimeoutMs ?? Infinity,
    clientTimeoutMs: options.clientTimeoutMs ?? 60_000,
    graceMs: options.graceMs ?? 10_000,
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
  const { handler } = served;
  const service = serviceOf(served, options);
  const cut = new AbortController();
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = listen(service, options, cut.signal);
  } catch (error) {
    void handler.close();
    throw error;
  }
  const stopper = new Stopper(server, service, cut, options.shutdownMs ?? 30_000);
  const { signal } = options;
  const stop = () => void stopper.shutdown();
  if (signal?.aborted) stop();
  else signal?.addEventListener("abort", stop, { once: true });
  const finished = stopper.finished.finally(() => {
    signal?.removeEventListener("abort", stop);
    return handler.close();
  });
  const shutdown = async (now?: boolean) => {
    await stopper.shutdown(now);
    await finished;
  };
  return { addr: server.addr, finished, shutdown, [Symbol.asyncDispose]: () => shutdown() };
}

function listen(service: Service, options: ServeOptions, signal: AbortSignal): Deno.HttpServer<Deno.NetAddr> {
  const { hostname = "127.0.0.1", port = 8080, onListen } = options;
  try {
    checkListen(hostname, port);
    return Deno.serve({
      hostname,
      port,
      signal,
      onListen: (addr) => onListen?.(addr),
      // A guest's bytes go out as they are. It may compress them itself, and say so.
      automaticCompression: false,
      // A response that is cut off has been reported where that was decided; what the client sees is the cut.
      onError: () => new Response(null, { status: 500 }),
    }, (request) => service.answer(request));
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const { message } = error as Error;
    const why = error instanceof Deno.errors.AddrInUse ? "the port is in use" : message;
    throw new ListenError(`cannot listen on ${hostname}:${port}: ${why}`, { cause: error });
  }
}

function recordOf(exchange: HttpExchange): RequestRecord {
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
