/**
 * An entry, ready to be called: its guest loaded, its pool at hand.
 *
 * @module
 */
import { type CallOptions as GuestOptions, Guest } from "../compartment/guest.ts";
import type { FuncType } from "../component/mod.ts";
import { at } from "../config/position.ts";
import { environmentOf } from "../grant/environment.ts";
import type { Grant } from "../grant/grant.ts";
import { Slots } from "../pool/slots.ts";
import type { WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { processSources } from "./env_sources.ts";
import { UnsupportedError } from "./error.ts";
import type { Method } from "./method.ts";
import { specOfEntry } from "./spec.ts";

/** What one call brings beside its arguments. */
export type CallOptions = Omit<GuestOptions, "env">;

/** A compiled component under a grant: every call is a fresh instance. */
export class Callable {
  /** The guest. */
  readonly guest: Guest;
  readonly #slots: Slots;
  readonly #env: () => Grant["env"];

  /**
   * Lets calls of a guest queue for slots of its pool.
   *
   * @param guest What is called.
   * @param workers How many calls run at once.
   * @param env Its variables, asked for before every call; by default those of the grant.
   */
  constructor(guest: Guest, workers = 1, env = () => guest.spec.grant.env) {
    this.guest = guest;
    this.#slots = new Slots(workers);
    this.#env = env;
  }

  /** Compiles an entry and binds it to the grant that its declaration amounts to. */
  static async of(entry: WasmEntry, registry: Registry): Promise<Callable> {
    refuseUnsupported(entry);
    const guest = await Guest.load(specOfEntry(entry, registry));
    return new Callable(guest, entry.pool.workers, () => environmentOf(entry, registry, processSources));
  }

  /** The method that is called. */
  get method(): Method {
    return this.guest.method;
  }

  /** The WIT type of the method. */
  get type(): FuncType {
    return this.guest.method.type;
  }

  /** The method is a whole program. */
  get isProgram(): boolean {
    return this.guest.isProgram;
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
    return await this.#slots.run(() => this.guest.call(args, { ...options, env: this.#env() }));
  }

  /**
   * Runs a program on a fresh instance.
   *
   * @param words Its arguments, where the entry fixes none. Its name is put before them.
   */
  run(words: readonly string[], options: Omit<CallOptions, "args">): Promise<unknown> {
    return this.call([], { ...options, args: words });
  }
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
