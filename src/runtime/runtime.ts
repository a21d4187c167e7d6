/**
 * The one place that puts the rooms together: declarations in, calls out.
 *
 * @module
 */
import { isHandler } from "../compartment/method.ts";
import type { Start } from "../compartment/process.ts";
import type { Registry } from "../registry/registry.ts";
import { type Entry, isWasm, type WasmEntry } from "../registry/entry.ts";
import type { Stdio } from "../wasi/mod.ts";
import { EVENT_BUFFER } from "./events_stream.ts";
import type { RuntimeEvent } from "./events_types.ts";
import { Live } from "./live.ts";
import type { Changes } from "./reload_changes.ts";
import type { ServeOptions, Server } from "./serve.ts";
import { logStdio } from "./stdio.ts";
import type { Services } from "./supervise.ts";
import type { StartOptions } from "./supervise_start.ts";

/** How to load an application. */
export interface RuntimeOptions {
  /** The project root; by default the directory of `wippy.lock`, else that of the first path. */
  readonly root?: string | undefined;
  /** Values in the place of those that entries have, each `namespace:entry:field=value`. */
  readonly overrides?: readonly string[] | undefined;
  /** Where the guests' standard streams lead; by default stdin is empty and both outputs go to stderr. */
  readonly stdio?: Partial<Stdio> | undefined;
  /**
   * Told when a fence is not there that should be: a part of the OS wall that this machine does not have; and when an entry
   * that declares `warm_start` could not be made ready. By default it is said on standard error.
   */
  readonly onWarning?: ((message: string) => void) | undefined;
  /**
   * Whether to {@linkcode Runtime.reload | reload} whenever a file changes that was read: an index file, what it names, a
   * module. What is wrong then is a warning, and what was in force still is. The program runs until the runtime is disposed of.
   */
  readonly watch?: boolean | undefined;
}

/** How to read events. */
export interface EventsOptions {
  /** How many events wait for their reader; of more, the oldest are lost. By default 1024. */
  readonly buffer?: number | undefined;
  /**
   * Whether to be told of each refusal, as by default. It makes the calls of host functions slower. Without it only those are
   * told that a call ends with.
   */
  readonly refusals?: boolean | undefined;
}

/** How to make one call. */
export interface CallOptions {
  /** Ends the call: its guest's process is killed, or its guest given up where it waits. The call fails with the reason. */
  readonly signal?: AbortSignal | undefined;
  /** Where the guest's standard streams lead in this call; by default where the runtime's options say. */
  readonly stdio?: Partial<Stdio> | undefined;
}

/**
 * An application: entries that can be called by id. Each call runs on a fresh instance that may touch what
 * its entry declares and nothing else.
 *
 * @example
 * ```ts
 * import { Runtime } from "@airlock/runtime";
 *
 * await using runtime = await Runtime.load("examples/calculator/app.yaml");
 * const sum = await runtime.call("demo:add", 20, 22);
 * console.assert(sum === 42);
 * ```
 */
export class Runtime implements AsyncDisposable {
  readonly #live: Live;
  readonly #warn: (message: string) => void;
  #start: Promise<Start> | undefined;

  private constructor(load: () => Registry, paths: readonly string[], options: RuntimeOptions) {
    this.#warn = options.onWarning ?? warnOnStderr;
    this.#live = new Live(load(), {
      start: () => this.#starter(),
      stdio: { ...logStdio, ...options.stdio },
      terminal: options.stdio ?? {},
      warn: this.#warn,
      source: { paths, load },
    });
  }

  /**
   * Loads index files, or directories of them. Entries that declare `pool.warm_start` are ready when it is done: their
   * modules compiled, their processes started. Others are made ready when they are first called.
   *
   * @param paths One path or several.
   * @throws {ConfigError} With every problem found, each with file, line and column.
   */
  static async load(paths: string | readonly string[], options: RuntimeOptions = {}): Promise<Runtime> {
    const { load } = await import("../registry/load.ts");
    const { root, overrides, watch = false } = options;
    const began = Date.now();
    const all = typeof paths === "string" ? [paths] : [...paths];
    const runtime = new Runtime(() => load(all, { root, overrides }), all, options);
    const live = runtime.#live;
    await live.trace();
    await Promise.all(runtime.entries().filter(isWasm).filter(isWarm).map((entry) => runtime.#warmUp(entry)));
    if (watch) {
      const onError = (error: unknown) => runtime.#warn(`what was in force still is: ${wordsOf(error)}`);
      await live.watch(began, { onError });
    }
    return runtime;
  }

  /** All entries, in the order of the files. */
  entries(): readonly Entry[] {
    return this.#live.registry.entries();
  }

  /**
   * Calls an entry.
   *
   * @param id Its id, its command's name, or its name where only one entry has it.
   * @param args Values in the JavaScript mapping of their WIT types. A program (an entry whose method is
   * `wasi:cli/run`) takes any number of them, as its arguments.
   * @returns What the method returns; of a `result<T, E>` its `T`.
   * @throws {ComponentError} If the method returned `err`.
   * @throws {ExitError} If a program exited with another code than 0.
   * @throws {IntegrityError} If the module's file is not the declared one.
   * @throws {EnvironmentError} If a variable that the guest is to see has no value or cannot be read.
   * @throws {CapabilityError} If the guest asked for what the entry does not declare.
   * @throws {Trap} If the guest trapped.
   */
  call(id: string, ...args: unknown[]): Promise<unknown> {
    return this.invoke(id, args);
  }

  /**
   * The same as {@linkcode call}, with options.
   *
   * @param id As for `call`.
   * @param args As for `call`.
   * @param options How to make this call.
   * @returns What the method returns; of a `result<T, E>` its `T`.
   */
  invoke(id: string, args: readonly unknown[], options: CallOptions = {}): Promise<unknown> {
    return this.#live.call(id, args, options);
  }

  /**
   * Serves the application's `http.service` entries, or an entry whose method is `wasi:http/incoming-handler#handle`:
   * every request gets a fresh instance.
   *
   * @example
   * ```ts
   * import { Runtime } from "@airlock/runtime";
   *
   * await using runtime = await Runtime.load("examples/http-service/app.yaml", { onWarning() {} });
   * await using server = await runtime.serve({ entry: "demo:hello", port: 0 });
   * const response = await fetch(`http://127.0.0.1:${server.addr.port}/?name=Ada`);
   * console.assert(await response.text() === "Hello, Ada!\n");
   * ```
   *
   * @param options Where to listen, what to serve, and its bounds.
   * @returns The server, which listens. Disposing of it, or of the runtime, shuts it down.
   * @throws {EntryError} If there is no such entry, or several.
   * @throws {ListenError} If the address cannot be listened on.
   * @throws {ConfigError | IntegrityError | DecodeError | LinkError | MethodError | CapabilityError}
   */
  serve(options: ServeOptions = {}): Promise<Server> {
    return this.#live.serve(options);
  }

  /**
   * Starts the services whose `auto_start` is true, each after those that it requires: `process.service` entries, which are
   * started again when they fail, and `http.service` entries.
   *
   * @param options Which to start, and how those listen that do.
   * @returns The services, all of which run that are `required`. Disposing of them, or of the runtime, stops them.
   * @throws {EntryError} If there is nothing to start.
   * @throws {ListenError} If an address cannot be listened on.
   * @throws {ServiceError} If a service that is required takes too long, or requires one that did not start.
   * @throws {ConfigError | IntegrityError | DecodeError | LinkError | MethodError | CapabilityError}
   */
  start(options: StartOptions = {}): Promise<Services> {
    return this.#live.start(options);
  }

  /**
   * What happens from now on: calls that are started and over, refusals, restarts, reloads. It ends with the runtime. While
   * nobody reads events, calls pay nothing for them.
   *
   * Where OpenTelemetry has a tracer when the runtime is loaded, as it has where `OTEL_DENO` is on, every call becomes a span
   * as well.
   *
   * @example
   * ```ts
   * import { Runtime } from "@airlock/runtime";
   *
   * await using runtime = await Runtime.load("examples/calculator/app.yaml");
   * await using events = runtime.events();
   * await runtime.call("demo:add", 20, 22);
   * for await (const event of events) {
   *   if (event.type !== "call-ended") continue;
   *   console.assert(event.entry === "demo:add" && event.outcome === "ok");
   *   break;
   * }
   * ```
   *
   * @param options How many events may wait, and which there are.
   * @returns The events, for one reader. Who reads too slowly loses the oldest, and is told how many.
   */
  events(options: EventsOptions = {}): AsyncIterableIterator<RuntimeEvent, undefined> & AsyncDisposable {
    const { buffer = EVENT_BUFFER, refusals = true } = options;
    return this.#live.stream(buffer, refusals);
  }

  /**
   * Loads the application anew, from where it was loaded, and puts what has changed in force: at once for the next call and the
   * next request, while those that are under way end as they began. What has not changed keeps its processes. Addresses that
   * are listened on stay as they are.
   *
   * @returns What has changed.
   * @throws {ConfigError} With every problem found. Whatever is thrown, nothing has changed.
   * @throws {IntegrityError} If a module's file is not the declared one.
   * @throws {Deno.errors.NotCapable} If this process may not do what is declared now, with the flags that would let it.
   * @throws {DecodeError | LinkError | MethodError | CapabilityError | CompartmentError}
   */
  reload(): Promise<Changes> {
    return this.#live.reload();
  }

  /** What is wrong with an entry fails its calls, and nobody else's. */
  async #warmUp(entry: WasmEntry): Promise<void> {
    try {
      await this.#live.callables.get(entry);
    } catch (error) {
      this.#warn(`${entry.id} could not be made ready: ${wordsOf(error)}`);
    }
  }

  /** How processes of guests are started; the same for all, so that what is missing is said once. */
  #starter(): Promise<Start> {
    return this.#start ??= import("../compartment/start.ts").then(({ starter }) =>
      starter({ lacking: this.#warn })
    );
  }

  /** Takes no more calls, waits for those that are under way, and ends the processes of guests. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#live.close();
  }
}

/** Whether an entry is to be ready before it is called. A handler of requests is, in any case, when it is served. */
function isWarm({ pool, method }: WasmEntry): boolean {
  return pool.warmStart && !isHandler(method);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function warnOnStderr(message: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`airlock: ${message}\n`));
}
