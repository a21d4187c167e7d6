/**
 * Where services run: how many at once, and with which streams.
 *
 * @module
 */
import { openPool, type Pool } from "../pool/pool.ts";
import type { ProcessHostEntry, ProcessServiceEntry, TerminalHostEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import type { Stdio } from "../wasi/mod.ts";
import { ServiceError } from "./supervise_error.ts";

/** The hosts of an application. */
export class Hosts {
  readonly #stdio: Partial<Stdio>;
  readonly #terminal: () => Partial<Stdio>;
  readonly #pools = new Map<string, Pool>();

  /**
   * @param stdio Where the streams of services lead.
   * @param terminal Where those of the one service lead that a `terminal.host` has.
   */
  constructor(stdio: Partial<Stdio>, terminal: () => Partial<Stdio>) {
    this.#stdio = stdio;
    this.#terminal = terminal;
  }

  /** A place for a service. */
  place({ host }: ProcessServiceEntry, registry: Registry): Place {
    const entry = registry.get(host) as ProcessHostEntry | TerminalHostEntry;
    return entry.kind === "process.host"
      ? new Place(this.#poolOf(entry), this.#stdio, entry.queueSize)
      : new Place(undefined, this.#terminal(), 0);
  }

  /**
   * A host that says how many run at once holds to it. One that does not has no bound: in the original a service that waits
   * takes up no worker, so that any number of them share a few.
   */
  #poolOf({ id, workers }: ProcessHostEntry): Pool | undefined {
    if (workers === 0) return undefined;
    let pool = this.#pools.get(id);
    // Another number of workers is another pool: what runs in the one before goes on.
    if (pool?.size !== workers) this.#pools.set(id, pool = openPool({ type: "lazy", workers, buffer: 0 }));
    return pool;
  }
}

/** Where one service runs. */
export class Place {
  readonly #pool: Pool | undefined;
  readonly #queue: number;
  /** Where its streams lead. */
  readonly stdio: Partial<Stdio>;

  /** @param queue How many may wait. */
  constructor(pool: Pool | undefined, stdio: Partial<Stdio>, queue: number) {
    this.#pool = pool;
    this.stdio = stdio;
    this.#queue = queue;
  }

  /** How many run at once, where one who comes now must wait; otherwise `undefined`. */
  get full(): number | undefined {
    return this.#pool?.full ? this.#pool.size : undefined;
  }

  /**
   * Runs something as soon as there is room.
   *
   * @throws {ServiceError} If too many wait already.
   */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const pool = this.#pool;
    if (pool === undefined) return await work();
    if (pool.full && pool.waiting >= this.#queue) {
      throw new ServiceError(`its host runs ${pool.size} at once, and ${this.#queue} wait already`);
    }
    return await pool.run(work, { signal });
  }
}
