/**
 * The one place that puts the rooms together: declarations in, calls out.
 *
 * @module
 */
import type { Registry } from "../registry/registry.ts";
import type { Entry, WasmEntry } from "../registry/entry.ts";
import type { Stdio } from "../wasi/mod.ts";
import type { Callable } from "./callable.ts";
import { ClosedError } from "./error.ts";
import { logStdio } from "./stdio.ts";

/** How to load an application. */
export interface RuntimeOptions {
  /** The project root; by default the directory of `wippy.lock`, else that of the first path. */
  readonly root?: string | undefined;
  /** Where the guests' standard streams lead; by default stdin is empty and both outputs go to stderr. */
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
  #closed = false;

  private constructor(registry: Registry, stdio: Partial<Stdio>) {
    this.#registry = registry;
    this.#stdio = stdio;
  }

  /**
   * Loads index files, or directories of them.
   *
   * @param paths One path or several.
   * @throws {ConfigError} With every problem found, each with file, line and column.
   */
  static async load(paths: string | readonly string[], options: RuntimeOptions = {}): Promise<Runtime> {
    const { load } = await import("../registry/load.ts");
    return new Runtime(load(paths, { root: options.root }), { ...logStdio, ...options.stdio });
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
  async call(id: string, ...args: unknown[]): Promise<unknown> {
    const callable = await this.#callable(this.#registry.findWasm(id));
    const options = { stdio: this.#stdio };
    return await (callable.isProgram
      ? callable.run(args.map(String), options)
      : callable.call(args, options));
  }

  /** An entry, compiled once and ready to be called. */
  #callable(entry: WasmEntry): Promise<Callable> {
    if (this.#closed) return Promise.reject(new ClosedError("the runtime was disposed of"));
    let callable = this.#callables.get(entry.id);
    if (!callable) {
      callable = import("./callable.ts").then(({ Callable }) => Callable.of(entry, this.#registry));
      this.#callables.set(entry.id, callable);
      // A file that was wrong may be put right: the next call reads it again.
      callable.catch(() => this.#callables.delete(entry.id));
    }
    return callable;
  }

  /** Takes no more calls and forgets what was compiled. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#callables.clear();
    return Promise.resolve();
  }
}
