/**
 * An entry, ready to be called: in the process that it belongs in, with its pool at hand.
 *
 * @module
 */
import type { CallOptions as GuestOptions } from "../compartment/guest.ts";
import { isolationOf } from "../compartment/isolation.ts";
import { isProgram } from "../compartment/method.ts";
import type { Start } from "../compartment/process.ts";
import type { GuestSpec } from "../compartment/spec.ts";
import { environmentOf } from "../grant/environment.ts";
import { Slots } from "../pool/slots.ts";
import type { WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { processSources } from "./env_sources.ts";
import { isolationAsked, specOfEntry } from "./spec.ts";
import { refuseUnsupported } from "./unsupported.ts";

/** What one call brings beside its arguments. */
export type CallOptions = Omit<GuestOptions, "env">;

/** What a guest is called in: `Guest` is one, in this process; `Processes` are another. */
export interface Compartment {
  /** Calls the method on a fresh instance. */
  call(args: readonly unknown[], options: GuestOptions): Promise<unknown>;
  /** Ends what it has started. */
  close(): Promise<void>;
}

/** An entry whose calls queue for the slots of its pool. */
export class Callable {
  /** Whether its method is a whole program. */
  readonly isProgram: boolean;
  readonly #compartment: Compartment;
  readonly #slots: Slots;
  readonly #env: () => GuestOptions["env"];

  private constructor(
    spec: GuestSpec,
    compartment: Compartment,
    workers: number,
    env: () => GuestOptions["env"],
  ) {
    this.isProgram = spec.method === undefined || isProgram(spec.method);
    this.#compartment = compartment;
    this.#slots = new Slots(workers);
    this.#env = env;
  }

  /**
   * Makes an entry ready: its mounts settled, its module compiled.
   *
   * @param start How processes of guests are started.
   */
  static async of(entry: WasmEntry, registry: Registry, start: Start): Promise<Callable> {
    refuseUnsupported(entry);
    const spec = specOfEntry(entry, registry);
    const env = () => environmentOf(entry, registry, processSources);
    return new Callable(spec, await compartmentOf(entry, spec, start), entry.pool.workers, env);
  }

  /**
   * Calls the method on a fresh instance, once a slot of the pool is free.
   *
   * @param args Values in the JavaScript mapping of their WIT types.
   * @throws {TypeError} If the number of arguments is not that of the parameters.
   * @throws {EnvironmentError} If a variable that the guest is to see has no value or cannot be read.
   * @throws {Trap | ComponentError | CapabilityError | ExitError | LinkError | LimitError | CompartmentError}
   */
  async call(args: readonly unknown[], options: CallOptions): Promise<unknown> {
    return await this.#slots.run(
      () => this.#compartment.call(args, { ...options, env: this.#env() }),
      options.signal,
    );
  }

  /** Waits for the calls that are under way, and ends the processes that it has started. */
  async close(): Promise<void> {
    await this.#slots.drain();
    await this.#compartment.close();
  }
}

/** What only one kind of compartment needs is loaded where that is chosen. */
async function compartmentOf(entry: WasmEntry, spec: GuestSpec, start: Start): Promise<Compartment> {
  const { maxExecutionMs } = entry.limits;
  const { grant } = spec;
  if (
    isolationOf({
      isolation: isolationAsked(entry),
      require: entry.require,
      grant,
      maxExecutionMs,
      of: entry.id,
    }) === "inline"
  ) {
    const { Guest } = await import("../compartment/guest.ts");
    const guest = await Guest.load(spec);
    return { call: (args, options) => guest.call(args, options), close: () => Promise.resolve() };
  }
  const { Processes } = await import("../compartment/processes.ts");
  const processes = new Processes(spec, { start, maxExecutionMs });
  try {
    // A module that is not as declared shows here, as it does inline.
    await processes.method();
    return processes;
  } catch (error) {
    await processes.close();
    throw error;
  }
}
