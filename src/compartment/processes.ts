/**
 * The processes of one guest: one for all its calls, or one for each where a call may have to be killed.
 *
 * @module
 */
import { LimitError } from "../component/error.ts";
import type { IncomingExchange } from "../wasi/http/incoming_exchange.ts";
import type { Described } from "./child.ts";
import { CompartmentError } from "./error.ts";
import type { CallOptions } from "./guest.ts";
import { GuestProcess, type Start } from "./process.ts";
import type { GuestSpec } from "./spec.ts";

/** How a guest's processes are kept. */
export interface ProcessesOptions {
  /** Starts one. */
  readonly start: Start;
  /** The longest that a call may take, in milliseconds. Only killing a process stops a guest. */
  readonly maxExecutionMs: number | undefined;
}

/** A guest that runs outside this process. */
export class Processes {
  readonly #spec: GuestSpec;
  readonly #options: ProcessesOptions;
  readonly #idle: GuestProcess[] = [];
  readonly #all = new Set<GuestProcess>();
  #shared: Promise<GuestProcess> | undefined;
  #closed = false;

  /**
   * Nothing is started yet.
   *
   * @param spec The guest.
   * @param options How its processes are kept.
   */
  constructor(spec: GuestSpec, options: ProcessesOptions) {
    this.#spec = spec;
    this.#options = options;
  }

  /**
   * Calls the method on a fresh instance in a process of the guest's.
   *
   * @throws {LimitError} If it took longer than it may. Its process is gone then.
   * @throws {CompartmentError} If its process could not be started, or ended on its own.
   * @throws Whatever the call itself throws.
   */
  call(args: readonly unknown[], options: CallOptions): Promise<unknown> {
    return this.#run((process) => process.call(args, options), options.signal);
  }

  /**
   * Has a fresh instance in a process of the guest's answer a request.
   *
   * @param exchange The request, and the way back. It is answered unless no process could be started.
   * @param statusFor The status where the guest failed before it answered.
   * @throws As {@linkcode call} does.
   */
  async handle(exchange: IncomingExchange, options: CallOptions, statusFor: () => number): Promise<void> {
    await this.#run((process) => process.handle(exchange, options, statusFor), options.signal);
  }

  async #run(
    work: (process: GuestProcess) => Promise<unknown>,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    signal?.throwIfAborted();
    const { maxExecutionMs } = this.#options;
    return maxExecutionMs === undefined
      ? await work(await this.#together())
      : await this.#alone(work, maxExecutionMs);
  }

  /** The method that is called; a process is started for the answer, and kept for the next call. */
  async method(): Promise<Described> {
    if (this.#options.maxExecutionMs === undefined) return await (await this.#together()).method;
    const process = this.#takeIdle() ?? await this.#start();
    this.#idle.push(process);
    return await process.method;
  }

  /** Ends all of its processes. Calls that are under way fail. */
  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#all];
    for (const process of all) process.kill(new CompartmentError("the runtime was disposed of"));
    await Promise.all(all.map((process) => process.ended));
  }

  /** The process that all calls share; another one if it has ended. Whoever comes first starts it. */
  async #together(): Promise<GuestProcess> {
    const before = this.#shared;
    if (before !== undefined) {
      const process = await before.catch(() => undefined);
      if (process && !process.over) return process;
      this.#forget(before);
    }
    const mine = this.#shared ??= this.#start();
    // A failure is of those who waited for it: the next call tries again.
    mine.catch(() => this.#forget(mine));
    // If it has ended already, the call says how: one that always ends at once is not started for ever.
    return await mine;
  }

  #forget(started: Promise<GuestProcess>): void {
    if (this.#shared === started) this.#shared = undefined;
  }

  /** In a process that does nothing else meanwhile, so that it can be killed. */
  async #alone(work: (process: GuestProcess) => Promise<unknown>, limit: number): Promise<unknown> {
    const process = this.#takeIdle() ?? await this.#start();
    const timer = setTimeout(() => {
      const message = `${this.#spec.grant.holder} ran longer than limits.max_execution_ms: ${limit} allows`;
      process.kill(new LimitError(message, "max_execution_ms", limit));
    }, limit);
    try {
      return await work(process);
    } finally {
      clearTimeout(timer);
      // A call that was given up may still be running there.
      if (!process.over && process.calls === 0) this.#idle.push(process);
      else process.kill(new CompartmentError("the call was given up"));
    }
  }

  #takeIdle(): GuestProcess | undefined {
    for (;;) {
      const process = this.#idle.pop();
      if (process === undefined || !process.over) return process;
    }
  }

  async #start(): Promise<GuestProcess> {
    if (this.#closed) throw new CompartmentError("the runtime was disposed of");
    const process = await GuestProcess.start(this.#spec, this.#options.start);
    this.#all.add(process);
    void process.ended.then(() => this.#all.delete(process));
    if (this.#closed) process.kill(new CompartmentError("the runtime was disposed of"));
    return process;
  }
}
