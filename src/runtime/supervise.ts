/**
 * The services of an application: started in the order of what they require, watched over, stopped in reverse.
 *
 * @module
 */
import type { ProcessServiceEntry, WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import type { Callable } from "./callable.ts";
import type { LiveServer } from "./reload_server.ts";
import { ServiceError } from "./supervise_error.ts";
import type { Hosts } from "./supervise_hosts.ts";
import type { PlannedUnit } from "./supervise_plan.ts";
import { Supervised, type SupervisedOptions } from "./supervise_process.ts";
import {
  type ListeningOptions,
  ListeningUnit,
  ProcessUnit,
  type ServiceStatus,
  type Unit,
} from "./supervise_units.ts";

/** Services that were started together. Disposing of them stops them. */
export interface Services extends AsyncDisposable {
  /** Where they listen: each `http.service` in the order of their start. */
  readonly addrs: readonly Deno.NetAddr[];
  /** How each of them is, in the order of their start. */
  readonly statuses: readonly ServiceStatus[];
  /** Resolves when none runs any more, and none will: all have come to an end, or {@linkcode stop} was called. */
  readonly finished: Promise<void>;
  /**
   * Stops them, each before those that it requires. Requests that are under way may end.
   *
   * @param now Breaks them off.
   */
  stop(now?: boolean): Promise<void>;
}

/** What starts services. */
export interface SupervisorOptions extends Omit<SupervisedOptions, "registry" | "open">, ListeningOptions {
  /** Makes an entry ready, for one service alone. */
  readonly open: (entry: WasmEntry, registry: Registry) => Promise<Callable>;
  /** Where services run. */
  readonly hosts: Hosts;
  /** Whether more may start when all have ended. */
  readonly stays: () => boolean;
}

/** Starts services, and keeps them. */
export class Supervisor implements Services {
  readonly #options: SupervisorOptions;
  readonly #units = new Map<string, Unit>();
  /** The first attempt of each. */
  readonly #first = new Map<string, Promise<void>>();
  readonly #finished = Promise.withResolvers<void>();
  /** What listens and is no service's. */
  #alone: LiveServer | undefined;
  /** Those that end are not the last. */
  #replacing = false;
  #stopping: Promise<void> | undefined;
  #now = false;

  /** Nothing is started yet. */
  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Where they listen. */
  get addrs(): readonly Deno.NetAddr[] {
    return this.servers.flatMap(({ addrs }) => addrs);
  }

  /** What listens. */
  get servers(): readonly LiveServer[] {
    const alone = this.#alone === undefined ? [] : [this.#alone];
    return [...alone, ...[...this.#units.values()].flatMap(({ server }) => server ?? [])];
  }

  /** How each of them is. */
  get statuses(): readonly ServiceStatus[] {
    return [...this.#units.values()].flatMap(({ statuses }) => statuses);
  }

  /** The processes that are watched over, by id. */
  get processes(): ReadonlyMap<string, Supervised> {
    const found = [...this.#units.values()].filter((unit) => unit instanceof ProcessUnit);
    return new Map(found.map(({ process }) => [process.id, process]));
  }

  /** Resolves when none runs any more. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /**
   * Starts them.
   *
   * @param plans Each after those that it requires.
   * @param registry The application.
   * @throws What keeps one of them from starting that is required; then none of them runs.
   */
  async start(plans: readonly PlannedUnit[], registry: Registry): Promise<void> {
    for (const plan of plans) this.#units.set(plan.id, this.#unitOf(plan, registry));
    for (const plan of plans) this.#begin(this.#units.get(plan.id)!);
    const results = await Promise.allSettled(plans.map(({ id }) => this.#first.get(id)!));
    const failed = results.flatMap((result, i) =>
      result.status === "rejected" && plans[i]!.required ? [result.reason as unknown] : []
    );
    // One that was waited for says more than those that waited.
    const why = failed.find((error) => !(error instanceof ServiceError)) ?? failed[0];
    if (why === undefined) return this.#watchEnd();
    await this.stop(true);
    throw why;
  }

  /** A process that is to take the place of one that runs, or to run beside them. Nothing happens to it yet. */
  supervised(entry: ProcessServiceEntry, registry: Registry): Supervised {
    const { open, ...options } = this.#options;
    return new Supervised(entry, { ...options, registry, open: (entry) => open(entry, registry) });
  }

  /** Takes what listens already, of no service. */
  take(server: LiveServer): void {
    this.#alone = server;
    this.#watchEnd();
  }

  /**
   * Ends some processes, and starts others.
   *
   * @param ended Ids.
   * @param begun What takes their places, and more; and those that a failed attempt kept from being made ready.
   * @param plans All services as they are planned now.
   */
  async replace(
    ended: readonly string[],
    begun: ReadonlyMap<string, Supervised>,
    plans: readonly PlannedUnit[],
  ): Promise<void> {
    this.#replacing = true;
    const stopped = new Map<string, Promise<void>>();
    for (const id of ended) this.#stopped(id, stopped, new Set(ended));
    await Promise.all(stopped.values());
    for (const id of ended) {
      this.#units.delete(id);
      this.#first.delete(id);
    }
    if (this.#stopping !== undefined) {
      await Promise.all([...begun.values()].map((process) => process.stop()));
      return;
    }
    const fresh = plans.filter(({ id }) => begun.has(id));
    for (const plan of fresh) this.#units.set(plan.id, new ProcessUnit(plan, begun.get(plan.id)!));
    for (const plan of fresh) this.#begin(this.#units.get(plan.id)!);
    // What fails tells of it itself: the others run.
    await Promise.allSettled(fresh.map(({ id }) => this.#first.get(id)));
    this.#replacing = false;
    this.#watchEnd();
  }

  /** Stops them, each before those that it requires. */
  stop(now = false): Promise<void> {
    if (now && !this.#now) {
      this.#now = true;
      // Those that wait for their requests to end wait no longer.
      if (this.#stopping !== undefined) { for (const server of this.servers) void server.shutdown(true); }
    }
    return this.#stopping ??= this.#stop();
  }

  /** The same. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    const stopped = new Map<string, Promise<void>>();
    for (const id of this.#units.keys()) this.#stopped(id, stopped, undefined);
    await Promise.all([...stopped.values(), this.#alone?.shutdown(this.#now)]);
    this.#finished.resolve();
  }

  /** Stops one, after those that require it. */
  #stopped(
    id: string,
    done: Map<string, Promise<void>>,
    among: ReadonlySet<string> | undefined,
  ): Promise<void> {
    let stopped = done.get(id);
    if (stopped === undefined) {
      const above = [...this.#units.values()].filter(({ plan }) =>
        plan.requires.includes(id) && (among?.has(plan.id) ?? true)
      );
      const waited = above.map(({ plan }) => this.#stopped(plan.id, done, among));
      stopped = Promise.all(waited).then(() => this.#units.get(id)?.stop(this.#now));
      done.set(id, stopped);
    }
    return stopped;
  }

  #begin(unit: Unit): void {
    const first = this.#beginAfter(unit);
    // Whoever requires it, and whoever starts it, looks at it.
    first.catch(() => {});
    this.#first.set(unit.plan.id, first);
  }

  async #beginAfter(unit: Unit): Promise<void> {
    const { requires, required } = unit.plan;
    const below = requires.filter((other) => this.#first.has(other));
    const results = await Promise.allSettled(below.map((other) => this.#first.get(other)!));
    const failed = below.find((_, i) => results[i]!.status === "rejected");
    if (failed === undefined) return await unit.begin();
    const error = new ServiceError(`${nameOf(unit)} requires ${failed}, which did not start`);
    if (!required) void this.#beginLater(unit, below);
    throw error;
  }

  /** One that the application can do without waits for those that it requires as long as it takes. */
  async #beginLater(unit: Unit, below: readonly string[]): Promise<void> {
    const ready = Promise.all(below.map((other) => this.#units.get(other)?.running));
    if (!await ready.then(() => true, () => false)) return await unit.stop(false);
    // It tells of its own failures itself.
    if (this.#stopping === undefined) await unit.begin().catch(() => {});
  }

  #watchEnd(): void {
    const all = [...this.#units.values()];
    void Promise.allSettled([...all.map(({ over }) => over), this.#alone?.finished]).then(() => {
      const same = this.#units.size === all.length &&
        all.every(({ plan }, i) => this.#units.get(plan.id) === all[i]);
      if (same && !this.#replacing && !this.#options.stays()) this.#finished.resolve();
    });
  }

  #unitOf(plan: PlannedUnit, registry: Registry): Unit {
    const [first] = plan.services;
    return first!.kind === "process.service"
      ? new ProcessUnit(plan, this.supervised(first!, registry))
      : new ListeningUnit(plan, this.#options);
  }
}

function nameOf({ plan }: Unit): string {
  return plan.services.map(({ id }) => id).join(", ");
}
