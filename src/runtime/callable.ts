/**
 * An entry, ready to be called: in the process that it belongs in, with its pool at hand.
 *
 * @module
 */
import { type Compartment, openCompartment, type Placement } from "../compartment/compartment.ts";
import type { Described } from "../compartment/child.ts";
import type { CallOptions as GuestOptions } from "../compartment/guest.ts";
import type { Start } from "../compartment/process.ts";
import { at } from "../config/position.ts";
import { environmentOf } from "../grant/environment.ts";
import { ClosedError } from "../pool/error.ts";
import { openPool, type Pool } from "../pool/pool.ts";
import type { WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import type { IncomingExchange } from "../wasi/http/incoming_exchange.ts";
import { processSources } from "./env_sources.ts";
import type { Events } from "./events.ts";
import { tellingRestarts } from "./events_start.ts";
import { isolationAsked, specOfEntry } from "./spec.ts";

/** What one call brings beside its arguments. */
export interface CallOptions extends Omit<GuestOptions, "env"> {
  /** Another entry waits for it, and holds a slot itself: it never waits for one, which may be one that its caller holds. */
  readonly nested?: boolean;
  /** The number of that call, where somebody listens to events. */
  readonly parent?: number | undefined;
}

/** An entry whose calls queue for the slots of its pool. */
export class Callable {
  /** How many of its calls run, and wait. */
  readonly pool: Pool;
  readonly #compartment: Compartment;
  readonly #env: () => GuestOptions["env"];
  readonly #funcs: GuestOptions["funcs"];
  readonly #events: Events | undefined;
  /** Nested calls are taken while it closes, and no more now. */
  #closed = false;

  private constructor(
    compartment: Compartment,
    pool: Pool,
    env: () => GuestOptions["env"],
    funcs: GuestOptions["funcs"],
    events: Events | undefined,
  ) {
    this.#compartment = compartment;
    this.pool = pool;
    this.#env = env;
    this.#funcs = funcs;
    this.#events = events;
  }

  /**
   * Makes an entry ready: its mounts settled, its module compiled.
   *
   * @param start How processes of guests are started; asked for where one is.
   * @param funcs Makes the calls of other entries that its guest asks for, where it may.
   * @param events Told of its calls.
   */
  static async of(
    entry: WasmEntry,
    registry: Registry,
    start: () => Promise<Start>,
    funcs?: GuestOptions["funcs"],
    events?: Events,
  ): Promise<Callable> {
    const env = () => environmentOf(entry, registry, processSources);
    const starting = events ? async () => tellingRestarts(await start(), entry.id, events) : start;
    const compartment = await compartmentOf(entry, registry, starting);
    return new Callable(compartment, openPool(entry.pool), env, funcs, events);
  }

  /** The id of the entry. */
  get holder(): string {
    return this.#compartment.holder;
  }

  /** The method that is called. */
  get method(): Described {
    return this.#compartment.method;
  }

  /** Whether its method is a whole program. */
  get isProgram(): boolean {
    return this.#compartment.isProgram;
  }

  /**
   * Calls the method on a fresh instance, once a slot of the pool is free.
   *
   * @param args Values in the JavaScript mapping of their WIT types.
   * @throws {TypeError} If the number of arguments is not that of the parameters.
   * @throws {ClosedError} If it was closed before.
   * @throws {EnvironmentError} If a variable that the guest is to see has no value or cannot be read.
   * @throws {Trap | ComponentError | CapabilityError | ExitError | LinkError | LimitError | CompartmentError}
   */
  async call(args: readonly unknown[], options: CallOptions): Promise<unknown> {
    const { nested, parent, funcs = this.#funcs, ...rest } = options;
    const { signal } = options;
    if (this.#closed) throw new ClosedError("pool is closed");
    const given = { ...rest, funcs };
    const watch = this.#events?.begin(this.holder, parent);
    const call = (given: GuestOptions) =>
      this.pool.run(() => this.#compartment.call(args, { ...given, env: this.#env() }), { signal, nested });
    return await (watch === undefined ? call(given) : watch.over(call(watch.options(given))));
  }

  /**
   * Has a fresh instance answer a request, in a slot of the pool that the caller has taken.
   *
   * @param exchange The request, and the way back.
   * @param options The variables, and the way to other entries, are those of the entry in any case.
   * @param statusFor The status where the guest failed before it answered.
   * @throws As {@linkcode call} does.
   */
  async handle(
    exchange: IncomingExchange,
    { stdio, signal }: GuestOptions,
    statusFor: () => number,
  ): Promise<void> {
    const given = { stdio, signal, funcs: this.#funcs, env: this.#env() };
    const watch = this.#events?.begin(this.holder, undefined);
    const handle = (given: GuestOptions) => this.#compartment.handle(exchange, given, statusFor);
    await (watch === undefined ? handle(given) : watch.over(handle(watch.options(given))));
  }

  /** Waits for the calls that are under way. */
  drain(): Promise<void> {
    return this.pool.drain();
  }

  /**
   * Takes no more calls but nested ones, waits for those that came before, and ends the processes that it has started.
   * Another one may have taken its place by then.
   */
  async close(): Promise<void> {
    await this.pool.close();
    this.#closed = true;
    await this.#compartment.close();
  }
}

/**
 * Opens the compartment that an entry's guest belongs in: its mounts settled, its module compiled.
 *
 * @param start How processes of guests are started; asked for where one is.
 * @throws {ConfigError | IntegrityError | DecodeError | LinkError | MethodError | CapabilityError | CompartmentError}
 */
export function compartmentOf(
  entry: WasmEntry,
  registry: Registry,
  start: () => Promise<Start>,
): Promise<Compartment> {
  const { limits: { maxExecutionMs }, require } = entry;
  const placement = {
    isolation: isolationAsked(entry),
    maxExecutionMs,
    require,
    of: `${at(entry.at)}: ${entry.id}`,
    ...processesOf(entry),
  };
  return openCompartment(specOfEntry(entry, registry), placement, start);
}

/**
 * How many processes there are of an entry that has its own. Static pools keep theirs; lazy ones have none at rest. A class
 * of workers is a number of processes; otherwise one does for all calls, or each call has one that may be killed.
 */
function processesOf({ pool }: WasmEntry): Pick<Placement, "shared" | "idle" | "warm"> {
  const { type, workers, warmStart, workerClass } = pool;
  return {
    shared: workerClass === undefined ? 1 : workers,
    idle: type === "static" ? workers : type === "adaptive" ? 1 : 0,
    warm: warmStart && type === "static" ? workers : 1,
  };
}
