/**
 * Services behind ports: they begin together and end together.
 *
 * @module
 */
import { checkListen } from "../registry/permitted.ts";
import { ListenError } from "./error.ts";
import type { ServeOptions, Server } from "./serve.ts";
import type { Service } from "./service.ts";
import { Stopper } from "./stopper.ts";

/** A service, and where it listens. */
export interface Door {
  /** Whose it is, for messages: an entry's id. */
  readonly entry: string;
  /** Whether an entry says where it listens: messages name that entry then. */
  readonly declared?: boolean;
  /** The address. */
  readonly hostname: string;
  /** The port; 0 for any that is free. */
  readonly port: number;
  /** A certificate and its key as PEM text; `undefined`: no TLS. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** What answers. */
  readonly service: Pick<Service, "answer" | "abandon" | "idle">;
  /** The ids of all entries that decide what it answers. */
  readonly uses?: ReadonlySet<string>;
}

/**
 * Listens.
 *
 * @param doors At least one.
 * @param close Ends what was started for the services. Called once, whatever happens.
 * @throws {ListenError} If one of the addresses cannot be listened on: then none is.
 * @throws {Deno.errors.NotCapable} If this process may not.
 */
export function serveAt(doors: readonly Door[], options: ServeOptions, close: () => Promise<void>): Server {
  const { signal, shutdownMs = 30_000 } = options;
  const stoppers: Stopper[] = [];
  const addrs: Deno.NetAddr[] = [];
  let stopping = false;
  try {
    for (const door of doors) {
      const cut = new AbortController();
      const server = listen(door, options, () => !stopping, cut.signal);
      stoppers.push(new Stopper(server, door.service, cut, shutdownMs));
      addrs.push(server.addr);
    }
  } catch (error) {
    void Promise.allSettled(stoppers.map((stopper) => stopper.shutdown(true))).then(close);
    throw error;
  }
  const stop = async (now?: boolean) => {
    stopping = true;
    await Promise.all(stoppers.map((stopper) => stopper.shutdown(now)));
  };
  const abort = () => void stop();
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort, { once: true });
  const finished = Promise.all(stoppers.map((stopper) => stopper.finished)).then(() => {}).finally(() => {
    signal?.removeEventListener("abort", abort);
    return close();
  });
  const shutdown = async (now?: boolean) => {
    await stop(now);
    await finished;
  };
  return { addr: addrs[0]!, addrs, finished, shutdown, [Symbol.asyncDispose]: () => shutdown() };
}

function listen(
  { entry, declared, hostname, port, tls, service }: Door,
  { onListen, readyPath }: ServeOptions,
  isReady: () => boolean,
  signal: AbortSignal,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    checkListen(hostname, port);
    return Deno.serve({
      hostname,
      port,
      ...tls,
      signal,
      onListen: (addr) => onListen?.(addr, { entry, secure: tls !== undefined }),
      // A guest's bytes go out as they are. It may compress them itself, and say so.
      automaticCompression: false,
      // A response that is cut off has been reported where that was decided; what the client sees is the cut.
      onError: () => new Response(null, { status: 500 }),
    }, (request, info) => {
      if (readyPath !== undefined && isAskedFor(readyPath, request)) return readiness(isReady());
      return service.answer(request, () => addressOf(info));
    });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const { message } = error as Error;
    const inUse = error instanceof Deno.errors.AddrInUse;
    const why = inUse
      ? "the port is in use"
      : error instanceof Deno.errors.InvalidData
      ? `TLS: ${message}`
      : message;
    const who = declared ? `${entry}: ` : "";
    const where = hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
    throw new ListenError(`${who}cannot listen on ${where}: ${why}`, { cause: error });
  }
}

/** Who sent it; of a request that is over, nobody. */
function addressOf(info: Deno.ServeHandlerInfo<Deno.NetAddr>): string {
  try {
    return info.remoteAddr.hostname;
  } catch {
    return "";
  }
}

function isAskedFor(path: string, { method, url }: Request): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  const target = url.slice(url.indexOf("/", url.indexOf("://") + 3));
  return target === path || target.startsWith(`${path}?`);
}

/** Whoever asks does so often: no log tells of it. */
function readiness(ready: boolean): Response {
  const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
  return new Response(ready ? "ready\n" : "shutting down\n", { status: ready ? 200 : 503, headers });
}
