/**
 * One `process.service`: a process that is started, watched over, and started again when it fails.
 *
 * @module
 */
import { type ProcessServiceEntry, type WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { afterFailure, delay } from "./backoff.ts";
import type { Callable } from "./callable.ts";
import { eventError } from "./events_error.ts";
import type { RuntimeEvent } from "./events_types.ts";
import { ServiceError } from "./supervise_error.ts";
import type { Hosts, Place } from "./supervise_hosts.ts";
import { type Input, inputOf } from "./supervise_input.ts";

/** What a service does just now. */
export type ServiceState =
  | "waiting"
  | "starting"
  | "running"
  | "restarting"
  | "finished"
  | "given-up"
  | "stopped";

/** A service has failed. */
export interface ServiceFailure {
  /** Its id. */
  readonly service: string;
  /** What it failed with. */
  readonly error: unknown;
  /** How long until it is started again, in milliseconds; `undefined`: it is not. */
  readonly delayMs: number | undefined;
  /** Which restart that is since it was last stable. */
  readonly attempt: number;
}

/** What a service needs to run. */
export interface SupervisedOptions {
  /** The application. */
  readonly registry: Registry;
  /** Makes an entry ready, for this service alone. */
  readonly open: (entry: WasmEntry) => Promise<Callable>;
  /** Where it runs. */
  readonly hosts: Hosts;
  /** Told what happens. */
  readonly emit: (event: RuntimeEvent) => void;
  /** Told of each failure. */
  readonly onFailure: (failure: ServiceFailure) => void;
  /** Told what the operator may not expect. */
  readonly warn: (message: string) => void;
  /** A number from 0 to 1, below 1. */
  readonly random: () => number;
}

/** A service, from before its start to after its end. */
export class Supervised {
  /** Its declaration. */
  readonly entry: ProcessServiceEntry;
  readonly #options: SupervisedOptions;
  readonly #stop = new AbortController();
  readonly #running = Promise.withResolvers<void>();
  readonly #over = Promise.withResolvers<void>();
  #ready: { readonly callable: Callable; readonly place: Place; readonly input: Input } | undefined;
  #opening: Promise<void> | undefined;
  #live: Promise<void> | undefined;
  #state: ServiceState = "waiting";
  #error: unknown;
  #restarts = 0;
  #ended = false;

  /** Nothing happens yet. */
  constructor(entry: ProcessServiceEntry, options: SupervisedOptions) {
    this.entry = entry;
    this.#options = options;
    // Nobody may be waiting for it.
    this.#running.promise.catch(() => {});
  }

  /** Its id. */
  get id(): string {
    return this.entry.id;
  }

  /** What it does just now. */
  get state(): ServiceState {
    return this.#state;
  }

  /** What it failed with last. */
  get error(): unknown {
    return this.#error;
  }

  /** How often it was started again, in all. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Resolves when it runs for the first time; rejects where it never will. */
  get running(): Promise<void> {
    return this.#running.promise;
  }

  /** Resolves when it does not run any more, and will not. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /**
   * Makes it ready: its module compiled, its input read.
   *
   * @throws {ServiceError} If that takes longer than `start_timeout`.
   * @throws {ConfigError | IntegrityError | DecodeError | LinkError | MethodError | CapabilityError | CompartmentError}
   */
  open(): Promise<void> {
    return this.#opening ??= this.#open().finally(() => this.#opening = undefined);
  }

  /**
   * Starts it, and watches over it from then on.
   *
   * @throws What {@linkcode open} throws, at this first attempt. A service that is optional is tried again nevertheless.
   */
  async begin(): Promise<void> {
    this.#state = "starting";
    try {
      await this.open();
    } catch (error) {
      const goesOn = this.entry.lifecycle.startup === "optional" && !this.#stop.signal.aborted;
      if (goesOn) this.#live = this.#watch(error).finally(() => this.#release());
      else {
        this.#end("given-up", error);
        this.#over.resolve();
      }
      throw error;
    }
    const full = this.#ready?.place.full;
    if (full !== undefined) {
      const { id, host } = this.entry;
      this.#options.warn(
        `${id} waits: ${host} runs ${full} at once (host.workers), and all of them are taken`,
      );
    }
    this.#live = this.#watch(undefined).finally(() => this.#release());
  }

  /** Ends it, however far it has come; resolves when nothing of it is left, or after `stop_timeout`. */
  async stop(): Promise<void> {
    this.#stop.abort(new ServiceError(`${this.id} was stopped`));
    const { stopTimeoutMs } = this.entry.lifecycle;
    const timer = new AbortController();
    const late = delay(stopTimeoutMs, timer.signal).then(
      () => this.#options.warn(`${this.id} did not end in ${stopTimeoutMs} ms (lifecycle.stop_timeout)`),
      () => {},
    );
    await Promise.race([this.#close(), late]);
    timer.abort();
  }

  async #close(): Promise<void> {
    await this.#opening?.catch(() => {});
    if (this.#live !== undefined) return await this.#live;
    this.#end("stopped");
    await this.#release();
  }

  /** What computes hears of no signal: this ends its process. */
  async #release(): Promise<void> {
    const ready = this.#ready;
    this.#ready = undefined;
    await ready?.callable.close();
    this.#over.resolve();
  }

  async #open(): Promise<void> {
    if (this.#ready !== undefined) return;
    const { entry: { id, process, lifecycle: { startTimeoutMs } } } = this;
    const { registry, open, hosts } = this.#options;
    const opening = open(registry.get(process) as WasmEntry);
    const timer = new AbortController();
    const late = delay(startTimeoutMs, timer.signal).then(() => {
      throw new ServiceError(`${id} did not start in ${startTimeoutMs} ms (lifecycle.start_timeout)`);
    });
    late.catch(() => {});
    let callable: Callable;
    try {
      callable = await Promise.race([opening, late]);
    } catch (error) {
      // It may still come.
      void opening.then((late) => late.close(), () => {});
      throw error;
    } finally {
      timer.abort();
    }
    try {
      const input = inputOf(this.entry, callable);
      this.#ready = { callable, input, place: hosts.place(this.entry, registry) };
    } catch (error) {
      await callable.close();
      throw error;
    }
  }

  /** @param error What its first attempt failed with, if it has. */
  async #watch(error: unknown): Promise<void> {
    const { signal } = this.#stop;
    const { lifecycle: { restart, stableThresholdMs } } = this.entry;
    const { random, onFailure, emit } = this.#options;
    let failed: Failed | undefined = error === undefined ? await this.#run() : { error, ranMs: 0 };
    for (let restarts = 0; failed !== undefined;) {
      if (signal.aborted) return this.#end("stopped");
      const ended = performance.now();
      const next = afterFailure(restart, {
        restarts,
        ranMs: failed.ranMs,
        stableThresholdMs,
        random: random(),
      });
      restarts = next.attempt;
      this.#error = failed.error;
      onFailure({ service: this.id, error: failed.error, ...next });
      if (next.delayMs === undefined) return this.#end("given-up", failed.error);
      this.#state = "restarting";
      try {
        await delay(next.delayMs, signal);
      } catch {
        return this.#end("stopped");
      }
      this.#restarts++;
      const after = Math.round(performance.now() - ended);
      const reason = describe(failed.error);
      emit({ type: "restarted", time: Date.now(), entry: this.id, reason, after, attempt: next.attempt });
      failed = await this.#run();
    }
    this.#end(signal.aborted ? "stopped" : "finished");
  }

  /** @returns What it failed with; `undefined`: it has come to its end. */
  async #run(): Promise<Failed | undefined> {
    const { signal } = this.#stop;
    let began: number | undefined;
    try {
      await this.open();
      const { callable, place, input: { args, words } } = this.#ready!;
      await place.run(() => {
        began = performance.now();
        this.#state = "running";
        this.#running.resolve();
        return callable.call(args, { stdio: place.stdio, args: words, signal });
      }, signal);
      return undefined;
    } catch (error) {
      return { error, ranMs: began === undefined ? 0 : performance.now() - began };
    }
  }

  #end(outcome: "finished" | "given-up" | "stopped", error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const began = this.#state !== "waiting";
    this.#state = outcome;
    if (error !== undefined) this.#error = error;
    this.#running.reject(error ?? new ServiceError(`${this.id} was stopped`));
    // Of one that has never begun there is nothing to tell.
    if (!began) return;
    const told = error === undefined ? {} : { error: eventError(error) };
    this.#options.emit({ type: "service-ended", time: Date.now(), entry: this.id, outcome, ...told });
  }
}

interface Failed {
  readonly error: unknown;
  readonly ranMs: number;
}

/** An error in a few words. */
export function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
