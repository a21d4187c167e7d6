/**
 * The processes of one guest: a few that share all its calls, or one for each call where that may have to be killed.
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

/** How many processes there are of a guest. */
export interface Keep {
  /** How many share the calls, where a call need not be alone in one; by default 1. */
  readonly shared?: number | undefined;
  /** How many stay that have nothing to do; more end after 30 seconds without a call. By default all stay. */
  readonly idle?: number | undefined;
}

/** How a guest's processes are kept. */
export interface ProcessesOptions extends Keep {
  /** Starts one. */
  readonly start: Start;
  /** The longest that a call may take, in milliseconds. Only killing a process stops a guest. */
  readonly maxExecutionMs: number | undefined;
  /** How long a process stays that is one too many and has nothing to do, in milliseconds; by default 30 seconds. */
  readonly idleMs?: number;
}

/** One process, from when it is asked for. */
interface Member {
  readonly started: Promise<GuestProcess>;
  /** It, once it is there. */
  process: GuestProcess | undefined;
  /** How many calls it has, those included that wait for its start. */
  calls: number;
  /** Since when it has none. */
  idleSince: number;
}

const IDLE = 30_000;

/** A guest that runs outside this process. */
export class Processes {
  readonly #spec: GuestSpec;
  readonly #options: ProcessesOptions;
  /** Those that take calls. */
  readonly #members = new Set<Member>();
  readonly #starting = new Set<Promise<GuestProcess>>();
  /** Those that have not ended, though some may take no more calls. */
  readonly #alive = new Set<GuestProcess>();
  readonly #closing = new AbortController();
  #reaper: ReturnType<typeof setTimeout> | undefined;

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

  /** How many processes there are that take calls, those included that are being started. */
  get count(): number {
    return this.#members.size;
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

  /** The method that is called; a process is started for the answer, and kept for the next call. */
  async method(): Promise<Described> {
    const member = this.#take();
    try {
      return await (await member.started).method;
    } finally {
      this.#giveBack(member);
    }
  }

  /** Starts processes until there are so many. */
  async warm(count: number): Promise<void> {
    while (this.#members.size < count) this.#start();
    await Promise.all([...this.#members].map(({ started }) => started));
  }

  /** Ends all of its processes, those too that are just being started. Calls that are under way fail. */
  async close(): Promise<void> {
    const why = new CompartmentError("the runtime was disposed of");
    this.#closing.abort(why);
    clearTimeout(this.#reaper);
    await Promise.allSettled(this.#starting);
    const alive = [...this.#alive];
    for (const process of alive) {
      process.hold(true);
      process.kill(why);
    }
    await Promise.all(alive.map((process) => process.ended));
  }

  async #run(
    work: (process: GuestProcess) => Promise<unknown>,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    signal?.throwIfAborted();
    const { maxExecutionMs } = this.#options;
    const member = this.#take();
    try {
      const process = member.process ?? await unlessAborted(member.started, signal);
      // If it has ended already, the call says how: one that always ends at once is not started for ever.
      return await (maxExecutionMs === undefined
        ? work(process)
        : this.#limited(process, work, maxExecutionMs));
    } finally {
      this.#giveBack(member);
    }
  }

  async #limited(
    process: GuestProcess,
    work: (process: GuestProcess) => Promise<unknown>,
    limit: number,
  ): Promise<unknown> {
    const timer = setTimeout(() => {
      const message = `${this.#spec.grant.holder} ran longer than limits.max_execution_ms: ${limit} allows`;
      process.kill(new LimitError(message, "max_execution_ms", limit));
    }, limit);
    try {
      return await work(process);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether a call has a process to itself, so that it can be killed. */
  get #alone(): boolean {
    return this.#options.maxExecutionMs !== undefined;
  }

  /** The process for the next call: the one with the least to do, or one more. */
  #take(): Member {
    const least = this.#leastLoaded();
    const takes = least !== undefined &&
      (least.calls === 0 || !this.#alone && this.#members.size >= (this.#options.shared ?? 1));
    const member = takes ? least : this.#start();
    if (member.calls++ === 0) member.process?.hold(true);
    return member;
  }

  /** Among those with as little to do the one that was used last: the others may be too many. */
  #leastLoaded(): Member | undefined {
    let least: Member | undefined;
    for (const member of this.#members) {
      if (member.process?.over) this.#members.delete(member);
      else if (
        least === undefined || member.calls < least.calls ||
        member.calls === least.calls && member.idleSince > least.idleSince
      ) least = member;
    }
    return least;
  }

  #giveBack(member: Member): void {
    if (--member.calls > 0) return;
    member.idleSince = performance.now();
    const { process } = member;
    // One that waits for calls keeps no program from its end.
    process?.hold(false);
    // A call that was given up may still be running there.
    if (this.#alone && process !== undefined && process.calls > 0) {
      this.#members.delete(member);
      process.kill(new CompartmentError("the call was given up"));
    }
    this.#watchIdle();
  }

  #start(): Member {
    const { signal } = this.#closing;
    signal.throwIfAborted();
    const started = GuestProcess.start(this.#spec, this.#options.start, signal);
    const member: Member = { started, process: undefined, calls: 0, idleSince: performance.now() };
    this.#members.add(member);
    this.#starting.add(started);
    started.then((process) => {
      member.process = process;
      if (member.calls === 0) process.hold(false);
      this.#alive.add(process);
      void process.ended.then(() => {
        this.#alive.delete(process);
        this.#members.delete(member);
      });
      this.#watchIdle();
    }, () => {
      // The failure is of those who waited for it: the next call tries again.
      this.#members.delete(member);
    }).finally(() => this.#starting.delete(started));
    return member;
  }

  /** Sees to it that those that are too many end in time. */
  #watchIdle(): void {
    if (this.#reaper !== undefined || this.#closing.signal.aborted || this.#tooMany <= 0) return;
    const [first] = this.#idle();
    if (first === undefined) return;
    const age = performance.now() - first.idleSince;
    this.#reaper = setTimeout(() => this.#reap(), Math.max(0, this.#idleMs - age));
    Deno.unrefTimer(this.#reaper);
  }

  #reap(): void {
    this.#reaper = undefined;
    const now = performance.now();
    for (const member of this.#idle().slice(0, this.#tooMany)) {
      // A timer may come a little early.
      if (now - member.idleSince < this.#idleMs - 1) break;
      this.#members.delete(member);
      member.process?.kill(new CompartmentError("it had nothing to do"));
    }
    this.#watchIdle();
  }

  get #idleMs(): number {
    return this.#options.idleMs ?? IDLE;
  }

  /** How many there are more than stay. */
  get #tooMany(): number {
    return this.#members.size - (this.#options.idle ?? Infinity);
  }

  /** Those that have nothing to do, for the longest time first. */
  #idle(): Member[] {
    return [...this.#members].filter(({ calls, process }) => calls === 0 && process !== undefined)
      .sort((a, b) => a.idleSince - b.idleSince);
  }
}

/** What a promise brings; or a signal's reason, where that comes first. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
