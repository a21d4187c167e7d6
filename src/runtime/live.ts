/**
 * An application that is in use: its calls, its servers and services, and what is told of them; and how another version of it
 * takes its place.
 *
 * @module
 */
import type { Start } from "../compartment/process.ts";
import type { Registry } from "../registry/registry.ts";
import type { Stdio } from "../wasi/mod.ts";
import type { Callable } from "./callable.ts";
import { Callables } from "./callables.ts";
import { ClosedError } from "./error.ts";
import { Events } from "./events.ts";
import { eventError } from "./events_error.ts";
import { EventStream } from "./events_stream.ts";
import type { Changes } from "./reload_changes.ts";
import type { LiveServer } from "./reload_server.ts";
import type { ServeOptions, Server } from "./serve.ts";
import type { Services } from "./supervise.ts";
import type { Started, StartOptions } from "./supervise_start.ts";
import type { Watch } from "./watch.ts";

/** Where OpenTelemetry's API keeps what is registered with it: see `spans.ts`, which is loaded where there is such a thing. */
const TRACING = Symbol.for("opentelemetry.js.api.1");

/** What an application is used with. */
export interface LiveOptions {
  /** How processes of guests are started; asked for where one is. */
  readonly start: () => Promise<Start>;
  /** Where the guests' standard streams lead. */
  readonly stdio: Partial<Stdio>;
  /** Where those of the service lead that a `terminal.host` has, if not to this process's own. */
  readonly terminal: Partial<Stdio>;
  /** Told what the operator should know. */
  readonly warn: (message: string) => void;
  /** Loads it anew, and what it is loaded from; `undefined`: it is what it is. */
  readonly source?: { readonly load: () => Registry; readonly paths: readonly string[] } | undefined;
}

/** How to make one call. */
export interface LiveCall {
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined;
  /** Where the guest's standard streams lead in this call, where not as usual. */
  readonly stdio?: Partial<Stdio> | undefined;
}

/** Is told what comes of changes of files. */
export interface WatchListener {
  /** Told what has changed. */
  readonly onReload?: (changes: Changes) => void;
  /** Told why nothing has. */
  readonly onError: (error: unknown) => void;
}

/** An application in use. */
export class Live {
  /** What happens in it. */
  readonly events: Events;
  /** Its entries. */
  readonly callables: Callables;
  readonly #options: LiveOptions;
  readonly #servers = new Set<LiveServer>();
  readonly #started = new Set<Started>();
  readonly #streams = new Set<EventStream>();
  /** What is not to happen at once: each sees the application as the one before has left it. */
  #turn: Promise<unknown> = Promise.resolve();
  #watch: Watch | undefined;
  #closed = false;

  /** Nothing of it runs yet. */
  constructor(registry: Registry, options: LiveOptions) {
    const { start, stdio, warn } = options;
    this.#options = options;
    this.events = new Events(warn);
    this.callables = new Callables(registry, { start, stdio, events: this.events });
  }

  /** The application, as it is now. */
  get registry(): Registry {
    return this.callables.registry;
  }

  /** Has OpenTelemetry make spans of calls, where anybody has a use for them. */
  async trace(): Promise<void> {
    if (!(TRACING in globalThis)) return;
    const { traceCalls } = await import("./spans.ts");
    traceCalls(this.events);
  }

  /** Events from now on. */
  stream(buffer: number, refusals: boolean): EventStream {
    this.#checkOpen();
    const stream: EventStream = new EventStream(buffer, (listener) => {
      const stop = this.events.listen(listener, { refusals });
      return () => {
        stop();
        this.#streams.delete(stream);
      };
    });
    this.#streams.add(stream);
    return stream;
  }

  /** Calls an entry. */
  async call(name: string, args: readonly unknown[], { signal, stdio: own }: LiveCall): Promise<unknown> {
    const entry = this.registry.findWasm(name);
    this.#checkOpen();
    let callable: Callable;
    try {
      // At once when it is there: whoever closes it waits for the calls that have begun by then.
      callable = await this.callables.get(entry);
    } catch (error) {
      this.events.failed(entry.id, undefined, error);
      throw error;
    }
    const stdio = { ...this.#options.stdio, ...own };
    return await (callable.isProgram
      ? callable.call([], { stdio, signal, args: args.map(String) })
      : callable.call(args, { stdio, signal }));
  }

  /** Serves what there is to serve, until the server is shut down. */
  serve(options: ServeOptions): Promise<Server> {
    return this.#inTurn(async () => {
      const { serveNamed } = await import("./serve_entry.ts");
      return await this.#kept(await serveNamed(this.#open, { onWarning: this.#options.warn, ...options }));
    });
  }

  /** Starts the services that start by themselves. */
  start(options: StartOptions): Promise<Services> {
    return this.#inTurn(() => this.#startServices(options));
  }

  async #startServices(options: StartOptions): Promise<Services> {
    const { startServices } = await import("./supervise_start.ts");
    const { stdio, terminal, warn } = this.#options;
    const started = startServices({ onWarning: warn, ...options }, {
      live: this,
      open: () => this.#open,
      kept: (server) => this.#kept(server),
      watches: () => this.#watch !== undefined,
      stdio,
      terminal,
    });
    this.#started.add(started);
    const forget = () => this.#started.delete(started);
    try {
      await started.begun;
    } catch (error) {
      forget();
      throw error;
    }
    void started.services.finished.then(forget);
    if (this.#closed) {
      await started.services.stop(true);
      this.#checkOpen();
    }
    return started.services;
  }

  /**
   * Loads the application anew and puts what has changed in force, unless something is wrong with it: then all stays as it is.
   *
   * @param touched Files that something has happened to.
   */
  reload(touched: ReadonlySet<string> = new Set()): Promise<Changes> {
    return this.#inTurn(async () => {
      const { stdio, warn } = this.#options;
      const { load } = this.#source;
      const { reload } = await import("./reload.ts");
      const { events } = this;
      try {
        const context = { live: this, servers: this.#servers, started: this.#started, stdio, warn };
        return await reload(load, touched, context);
      } catch (error) {
        events.emit({ type: "reload-failed", time: Date.now(), error: eventError(error) });
        throw error;
      }
    });
  }

  /**
   * Reloads whenever a file changes that the application was loaded from.
   *
   * @param loaded When it was loaded, in milliseconds since 1970.
   * @param told Told what has changed, or why nothing has.
   */
  async watch(loaded: number, told: WatchListener): Promise<void> {
    const { paths } = this.#source;
    const [{ Watch }, { interestOf }, { refuseWritableTrees }] = await Promise.all([
      import("./watch.ts"),
      import("./watch_interest.ts"),
      import("./check_mounts.ts"),
    ]);
    refuseWritableTrees(this.registry);
    const interest = () => interestOf(this.registry, paths);
    this.#watch = new Watch(interest(), loaded, {
      warn: this.#options.warn,
      reload: async (touched) => {
        try {
          const changes = await this.reload(touched);
          if (changes.changed.length + changes.added.length + changes.removed.length > 0) {
            told.onReload?.(changes);
          }
        } catch (error) {
          if (!this.#closed) told.onError(error);
        }
        return interest();
      },
    });
  }

  /** Takes no more calls, waits for those that are under way, and ends the processes of guests. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#watch?.close();
    await this.#turn;
    await Promise.all([...this.#started].map(({ services }) => services.stop()));
    await Promise.all([...this.#servers].map((server) => server.shutdown()));
    await this.callables.close();
    for (const stream of this.#streams) stream.end();
  }

  get #source(): NonNullable<LiveOptions["source"]> {
    const { source } = this.#options;
    if (source === undefined) throw new ClosedError("the application was not loaded from files");
    return source;
  }

  /** Does something when nothing else of its kind is being done. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(() => {
      this.#checkOpen();
      return work();
    });
    this.#turn = done.catch(() => {});
    return done;
  }

  get #open() {
    return { registry: this.registry, callables: this.callables, stdio: this.#options.stdio };
  }

  async #kept(server: LiveServer): Promise<LiveServer> {
    if (this.#closed) {
      await server.shutdown(true);
      this.#checkOpen();
    }
    this.#servers.add(server);
    server.finished.finally(() => this.#servers.delete(server)).catch(() => {});
    return server;
  }

  #checkOpen(): void {
    if (this.#closed) throw new ClosedError("the runtime was disposed of");
  }
}
