/**
 * An entry, ready to be called: its component compiled, its grant made, its method found.
 *
 * @module
 */
import type { Component, FuncType } from "../component/mod.ts";
import { at } from "../config/position.ts";
import { environmentOf } from "../grant/environment.ts";
import { grantOf } from "../grant/from_entry.ts";
import type { Grant } from "../grant/grant.ts";
import { Slots } from "../pool/slots.ts";
import { isWasm, type WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { ExitError, release, type Stdio, wasi } from "../wasi/mod.ts";
import { processSources } from "./env_sources.ts";
import { UnsupportedError } from "./error.ts";
import { findMethod, isProgram, type Method } from "./method.ts";
import { compileEntry } from "./module.ts";
import { settleMounts } from "./mounts.ts";
import { checkImports, refusal } from "./refuse.ts";

/** What one call brings beside its arguments. */
export interface CallOptions {
  /** Where the guest's standard streams lead. */
  readonly stdio: Partial<Stdio>;
  /** The program's arguments, where the entry fixes none. */
  readonly args?: readonly string[];
}

/** A compiled component under a grant: every call is a fresh instance. */
export class Callable {
  /** The method that is called. */
  readonly method: Method;
  /** The method is a whole program. */
  readonly isProgram: boolean;
  readonly #component: Component;
  readonly #grant: Grant;
  readonly #entry: WasmEntry | undefined;
  readonly #slots: Slots;
  readonly #env: () => Grant["env"];

  /**
   * Binds a component to what it may touch.
   *
   * @param component The compiled component.
   * @param method The method to call.
   * @param grant What it may touch.
   * @param entry The entry that declares it; `undefined` where there is none.
   * @param env Its variables, asked for before every call; by default those of the grant.
   * @throws {LinkError} For imports that cannot be served.
   */
  constructor(component: Component, method: Method, grant: Grant, entry?: WasmEntry, env = () => grant.env) {
    checkImports(component, grant, entry);
    this.#component = component;
    this.method = method;
    this.isProgram = isProgram(method.name);
    this.#grant = grant;
    this.#entry = entry;
    this.#slots = new Slots(entry?.pool.workers ?? 1);
    this.#env = env;
  }

  /** Compiles an entry and binds it to the grant that its declaration amounts to. */
  static async of(entry: WasmEntry, registry: Registry): Promise<Callable> {
    refuseUnsupported(entry);
    const component = await compileEntry(entry);
    const method = findMethod(component, entry.method, `${at(entry.where.method)}: ${entry.id}`);
    const env = () => environmentOf(entry, registry, processSources);
    const grant = grantOf(entry, registry);
    const mounts = settleMounts(grant.mounts, {
      writable: writableMounts(registry),
      system: entry.allowSystem
        ? undefined
        : `to allow it, declare allow_system: true in ${entry.id} (${at(entry.at)})`,
      of: `${at(entry.where.wasi)}: ${entry.id}`,
    });
    return new Callable(component, method, { ...grant, mounts }, entry, env);
  }

  /** The WIT type of the method. */
  get type(): FuncType {
    return this.method.type;
  }

  /**
   * Calls the method on a fresh instance, once a slot of the pool is free.
   *
   * @param args Values in the JavaScript mapping of their WIT types.
   * @throws {TypeError} If the number of arguments is not that of the parameters.
   * @throws {EnvironmentError} If a variable that the guest is to see has no value or cannot be read.
   * @throws {Trap | ComponentError | CapabilityError | ExitError | LinkError}
   */
  async call(args: readonly unknown[], options: CallOptions): Promise<unknown> {
    if (args.length !== this.type.params.length) throw new TypeError(arity(this.method, args.length));
    return await this.#slots.run(async () => {
      const { args: fixed } = this.#grant;
      const words = fixed.length > 0 || !options.args ? fixed : options.args;
      const grant = { ...this.#grant, args: words, env: this.#env() };
      const imports = wasi(grant, { stdio: options.stdio });
      try {
        const missing = refusal(grant, this.#entry);
        const instance = await this.#component.instantiate(imports, { missing });
        const f = this.method.of(instance);
        return await f(...args);
      } finally {
        release(imports);
      }
    });
  }

  /**
   * Runs a program on a fresh instance: like `call`, but exit code 0 is a result like any other.
   *
   * @param words Its arguments, where the entry fixes none. Its name is put before them.
   */
  async run(words: readonly string[], options: Omit<CallOptions, "args">): Promise<unknown> {
    const name = this.#entry?.command?.name ?? this.#entry?.name ?? this.#grant.holder.split("/").at(-1)!;
    try {
      return await this.call([], { ...options, args: [name, ...words] });
    } catch (error) {
      if (error instanceof ExitError && error.exitCode === 0) return undefined;
      throw error;
    }
  }
}

/** Directories that some entry's guest may write to. */
function writableMounts(registry: Registry): string[] {
  return registry.entries().filter(isWasm)
    .flatMap((entry) => grantOf(entry, registry).mounts)
    .filter((mount) => !mount.readOnly).map((mount) => mount.host);
}

/** A wrong number of arguments, in words. */
export function arity({ name, type }: Method, count: number): string {
  const params = type.params.map((p) => p.name).join(", ");
  return `${name} takes ${type.params.length} argument${type.params.length === 1 ? "" : "s"}` +
    `${params ? ` (${params})` : ""}, got ${count}`;
}

/** A declaration that asks for a fence or a service that is not there yet is not run without it. */
function refuseUnsupported(entry: WasmEntry): void {
  const { isolation, limits, pool } = entry;
  const asked: string[] = [];
  if (isolation === "process") asked.push("isolation: process (it would run in this process)");
  if (limits.maxExecutionMs) asked.push("limits.max_execution_ms (nothing would stop it)");
  if (limits.maxMemoryBytes) asked.push("limits.max_memory_bytes (nothing would bound it)");
  if (pool.workerClass !== undefined) asked.push("pool.worker_class");
  if (pool.type === "adaptive") asked.push("pool.type: adaptive");
  if (asked.length === 0) return;
  throw new UnsupportedError(
    `${at(entry.at)}: ${entry.id} asks for what is not supported yet: ${asked.join(", ")}`,
  );
}
