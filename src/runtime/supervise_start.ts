/**
 * Starts what starts by itself.
 *
 * @module
 */
import type { HttpServiceEntry } from "../registry/entry.ts";
import { processStdio, type Stdio } from "../wasi/cli/stdio.ts";
import type { OpenOptions } from "./app_open.ts";
import { ListenError } from "./error.ts";
import type { Live } from "./live.ts";
import type { LiveServer } from "./reload_server.ts";
import type { ServeOptions } from "./serve.ts";
import { type Services, Supervisor } from "./supervise.ts";
import { Hosts } from "./supervise_hosts.ts";
import { planUnits } from "./supervise_plan.ts";
import { describe, type ServiceFailure } from "./supervise_process.ts";

/** How to start services. */
export interface StartOptions extends ServeOptions {
  /**
   * What to start: the id or name of a service, or of an entry that answers requests itself; with it starts what it requires.
   * By default every service whose `auto_start` is true; where there is none, what `serve` would serve.
   */
  readonly entry?: string | undefined;
  /** Told of each failure of a service; by default a line on standard error. */
  readonly onFailure?: ((failure: ServiceFailure) => void) | undefined;
}

/** What an application lends to its services. */
export interface StartContext {
  /** The application. */
  readonly live: Pick<Live, "registry" | "callables" | "events">;
  /** What is served with, as it is now. */
  readonly open: () => OpenOptions;
  /** Keeps a server until it has shut down. */
  readonly kept: (server: LiveServer) => Promise<LiveServer>;
  /** Whether the application is loaded anew when its files change. */
  readonly watches: () => boolean;
  /** Where the standard streams of services lead. */
  readonly stdio: Partial<Stdio>;
  /** Where those of the one lead that a `terminal.host` has, if not to this process's own. */
  readonly terminal: Partial<Stdio>;
}

/** Services that start, or have started. */
export interface Started {
  /** They themselves. */
  readonly services: Services;
  /** What starts and stops processes of them. */
  readonly supervisor: Supervisor;
  /** What was asked for. */
  readonly name: string | undefined;
  /** Resolves when all run that are required. */
  readonly begun: Promise<void>;
}

/** Starts services. */
export function startServices(options: StartOptions, context: StartContext): Started {
  const { live, open, kept, watches, stdio, terminal } = context;
  const { entry: name, onWarning = () => {}, signal } = options;
  const { units, remarks } = planUnits(live.registry, name);
  for (const remark of remarks) onWarning(remark);
  const listening = units.flatMap(({ services }) => services).filter(({ kind }) => kind === "http.service");
  const serve = async (services: readonly HttpServiceEntry[]): Promise<LiveServer> => {
    const { serveServices } = await import("./app_serve.ts");
    return await kept(await serveServices(services, open(), { ...options, signal: undefined }));
  };
  const supervisor = new Supervisor({
    open: (entry, registry) => live.callables.open(entry, registry),
    serve,
    hosts: new Hosts(stdio, () => ({ ...processStdio, ...terminal })),
    stays: watches,
    emit: (event) => live.events.emit(event),
    onFailure: options.onFailure ?? ((failure) => onWarning(failureText(failure))),
    warn: onWarning,
    random: Math.random,
  });
  const begin = async () => {
    if (units.length === 0) await serveAlone(supervisor, options, context);
    else {
      checkAddress(options, listening, units.length);
      await supervisor.start(units, live.registry);
    }
  };
  const stop = () => void supervisor.stop();
  if (signal?.aborted) stop();
  else signal?.addEventListener("abort", stop, { once: true });
  const begun = begin();
  const forget = () => signal?.removeEventListener("abort", stop);
  begun.then(() => supervisor.finished.then(forget), forget);
  return { services: supervisor, supervisor, name, begun };
}

/** Without services, or where another entry is named, there may be one that answers requests itself. */
async function serveAlone(
  supervisor: Supervisor,
  options: StartOptions,
  { open, kept }: StartContext,
): Promise<void> {
  const { serveNamed } = await import("./serve_entry.ts");
  supervisor.take(await kept(await serveNamed(open(), { ...options, signal: undefined })));
}

function checkAddress(
  { hostname, port }: ServeOptions,
  listening: readonly { readonly id: string }[],
  units: number,
): void {
  if (hostname === undefined && port === undefined || listening.length === 1) return;
  const ids = listening.map(({ id }) => id).join(", ");
  throw new ListenError(
    ids === ""
      ? `nothing listens at the address that is given: none of ${units} services is an http.service`
      : `one address is not enough for ${listening.length} services: ${ids}`,
  );
}

/** A failure as a line. */
export function failureText({ service, error, delayMs, attempt }: ServiceFailure): string {
  const next = delayMs === undefined ? "it is not started again" : `it is started again in ${delayMs} ms`;
  const which = attempt > 1 ? ` (restart ${attempt})` : "";
  return `${service} failed: ${describe(error)}; ${next}${delayMs === undefined ? "" : which}`;
}
