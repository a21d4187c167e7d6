/**
 * The one place that puts the rooms together: declarations in, calls out.
 *
 * @module
 */
import type { Start } from "../compartment/process.ts";
import type { Registry } from "../registry/registry.ts";
import type { Entry, WasmEntry } from "../registry/entry.ts";
import type { Stdio } from "../wasi/mod.ts";
import type { Callable } from "./callable.ts";
import { ClosedError } from "./error.ts";
import type { ServeOptions, Server } from "./serve.ts";
import { logStdio } from "./stdio.ts";

/** How to load an application. */
export interface RuntimeOptions {
  /** The project root; by default the directory of `wippy.lock`, else that of the first path. */
  readonly root?: string | undefined;
  /** Where the guests' standard streams lead; by default stdin is empty and both outputs go to stderr. */
  readonly stdio?: Partial<Stdio> | undefined;
  /**
   * Told when a fence is not there that should be: a part of the OS wall that this machine does not have. By default it is
   * said on standard error.
   */
  readonly onWarning?: ((message: string) => void) | undefined;
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
  readonly #registry: Registry;
  readonly #stdio: Partial<Stdio>;
  readonly #callables = new Map<string, Promise<Callable>>();
  readonly #warn: (message: string) => void;
  #start: Promise<Start> | undefined;
  readonly #servers = new Set<Server>();
  #closed = false;

  private constructor(registry: Registry, options: RuntimeOptions) {
    this.#registry = registry;
    this.#stdio = { ...logStdio, ...options.stdio };
    this.#warn = options.onWarning ?? warnOnStderr;
  }

  /**
   * Loads index files, or directories of them.
   *
   * @param paths One path or several.
   * @throws {ConfigError} With every problem found, each with file, line and column.
   */
  static async load(paths: string | readonly string[], options: RuntimeOptions = {}): Promise<Runtime> {
    const { load } = await import("../registry/load.ts");
    return new Runtime(load(paths, { root: options.root }), options);
  }

  /** All entries, in the order of the files. */
  entries(): readonly Entry[] {
    return this.#registry.entries();
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
  async invoke(id: string, args: readonly unknown[], options: CallOptions = {}): Promise<unknown> {
    const callable = await this.#callable(this.#registry.findWasm(id));
    const { signal } = options;
    const stdio = { ...this.#stdio, ...options.stdio };
    return await (callable.isProgram
      ? callable.call([], { stdio, signal, args: args.map(String) })
      : callable.call(args, { stdio, signal }));
  }

  /**
   * Serves an entry whose method is `wasi:http/incoming-handler#handle`: every request gets a fresh instance, in this
   * process.
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
   * @throws {UnsupportedError} If the entry asks for a process of its own.
   * @throws {ConfigError | IntegrityError | DecodeError | LinkError | MethodError | CapabilityError}
   */
  async serve(options: ServeOptions = {}): Promise<Server> {
    if (this.#closed) throw new ClosedError("the runtime was disposed of");
    const [{ findServed, servedEntry }, { serveGuest }] = await Promise.all([
      import("./serve_entry.ts"),
      import("./serve.ts"),
    ]);
    const entry = findServed(this.#registry, options.entry);
    const served = await servedEntry(entry, this.#registry, this.#stdio, () => this.#starter());
    if (this.#closed) throw new ClosedError("the runtime was disposed of");
    const server = serveGuest(served, options);
    this.#servers.add(server);
    server.finished.finally(() => this.#servers.delete(server)).catch(() => {});
    return server;
  }

  /** An entry, compiled once and ready to be called. */
  #callable(entry: WasmEntry): Promise<Callable> {
    if (this.#closed) return Promise.reject(new ClosedError("the runtime was disposed of"));
    let callable = this.#callables.get(entry.id);
    if (!callable) {
      callable = import("./callable.ts").then(async ({ Callable }) =>
        Callable.of(entry, this.#registry, await this.#starter())
      );
      this.#callables.set(entry.id, callable);
      // A file that was wrong may be put right: the next call reads it again.
      callable.catch(() => this.#callables.delete(entry.id));
    }
    return callable;
  }

  /** How processes of guests are started; the same for all, so that what is missing is said once. */
  #starter(): Promise<Start> {
    return this.#start ??= import("../compartment/start.ts").then(({ starter }) =>
      starter({ lacking: this.#warn })
    );
  }

  /** Takes no more calls, waits for those that are under way, and ends the processes of guests. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#servers].map((server) => server.shutdown()));
    const callables = await Promise.allSettled(this.#callables.values());
    this.#callables.clear();
    await Promise.all(callables.map((one) => one.status === "fulfilled" ? one.value.close() : undefined));
  }
}

function warnOnStderr(message: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`airlock: ${message}\n`));
}
