/**
 * What starts and stops as one: a process that is watched over, or services that listen together.
 *
 * @module
 */
import type { HttpServiceEntry } from "../registry/entry.ts";
import type { LiveServer } from "./reload_server.ts";
import type { PlannedUnit } from "./supervise_plan.ts";
import type { ServiceFailure, ServiceState, Supervised } from "./supervise_process.ts";

/** A service that was started. */
export interface ServiceStatus {
  /** Its id. */
  readonly id: string;
  /** What it does just now. */
  readonly state: ServiceState;
  /** Whether the application was not to start without it. */
  readonly required: boolean;
  /** How often it was started again. */
  readonly restarts: number;
  /** What it failed with last. */
  readonly error: unknown;
}

/** What starts and stops as one. */
export interface Unit {
  /** What was planned. */
  readonly plan: PlannedUnit;
  /** Starts. */
  begin(): Promise<void>;
  /** Resolves when it runs for the first time; rejects where it never will. */
  readonly running: Promise<void>;
  /** Resolves when it does not run any more, and will not. */
  readonly over: Promise<void>;
  /** Stops. */
  stop(now: boolean): Promise<void>;
  /** How its services are. */
  readonly statuses: readonly ServiceStatus[];
  /** What listens. */
  readonly server?: LiveServer | undefined;
}

/** What services need to listen. */
export interface ListeningOptions {
  /** Listens. */
  readonly serve: (services: readonly HttpServiceEntry[]) => Promise<LiveServer>;
  /** Told of the failure of one that the application can do without. */
  readonly onFailure: (failure: ServiceFailure) => void;
}

/** A process. */
export class ProcessUnit implements Unit {
  readonly plan: PlannedUnit;
  readonly process: Supervised;

  constructor(plan: PlannedUnit, process: Supervised) {
    this.plan = plan;
    this.process = process;
  }

  begin(): Promise<void> {
    return this.process.begin();
  }

  get running(): Promise<void> {
    return this.process.running;
  }

  get over(): Promise<void> {
    return this.process.over;
  }

  stop(): Promise<void> {
    return this.process.stop();
  }

  get statuses(): readonly ServiceStatus[] {
    const { id, state, restarts, error } = this.process;
    return [{ id, state, required: this.plan.required, restarts, error }];
  }
}

/** What listens. */
export class ListeningUnit implements Unit {
  readonly plan: PlannedUnit;
  readonly #options: ListeningOptions;
  readonly #running = Promise.withResolvers<void>();
  readonly #over = Promise.withResolvers<void>();
  #beginning: Promise<void> | undefined;
  #state: ServiceState = "waiting";
  #error: unknown;
  server: LiveServer | undefined;

  constructor(plan: PlannedUnit, options: ListeningOptions) {
    this.plan = plan;
    this.#options = options;
    this.#running.promise.catch(() => {});
  }

  begin(): Promise<void> {
    return this.#beginning ??= this.#begin();
  }

  get running(): Promise<void> {
    return this.#running.promise;
  }

  get over(): Promise<void> {
    return this.#over.promise;
  }

  async stop(now: boolean): Promise<void> {
    await this.#beginning?.catch(() => {});
    await this.server?.shutdown(now);
    if (this.#state !== "given-up") this.#state = "stopped";
    this.#over.resolve();
  }

  get statuses(): readonly ServiceStatus[] {
    const { plan: { services, required } } = this;
    return services.map(({ id }) => ({ id, state: this.#state, required, restarts: 0, error: this.#error }));
  }

  async #begin(): Promise<void> {
    this.#state = "starting";
    try {
      this.server = await this.#options.serve(this.plan.services as readonly HttpServiceEntry[]);
    } catch (error) {
      this.#state = "given-up";
      this.#error = error;
      this.#running.reject(error);
      this.#over.resolve();
      if (!this.plan.required) this.#options.onFailure(this.#failure(error));
      throw error;
    }
    this.#state = "running";
    this.#running.resolve();
    void this.server.finished.then(() => this.#over.resolve(), () => this.#over.resolve());
  }

  #failure(error: unknown): ServiceFailure {
    return { service: this.plan.id, error, delayMs: undefined, attempt: 0 };
  }
}
