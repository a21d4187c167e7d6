/**
 * Instances of core modules, their exports lifted.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#canon-lift
 * @module
 */
import type { LiftContext } from "../component/abi/context.ts";
import { HandleTable } from "../component/abi/handles.ts";
import type { LiftFactory } from "../component/abi/lift.ts";
import { type Allocate, allocator, Memory } from "../component/abi/memory.ts";
import { Account } from "../component/limits/account.ts";
import { instantiateCore } from "../component/link/core.ts";
import { InstanceFate } from "../component/link/fate.ts";
import type { ModuleItem } from "../component/link/item.ts";
import { asPromising } from "../component/link/suspend.ts";
import { type CoreModuleType, Instance, type InstantiateOptions, LinkError } from "../component/mod.ts";
import { INITIALIZE, START } from "./beginning.ts";
import { checkForeign } from "./foreign.ts";
import type { Host } from "./host.ts";
import { type Allocator, type Lift, MEMORY } from "./lift.ts";
import { linkImports } from "./link.ts";

type Func = (...args: unknown[]) => unknown;

/** What of a module an instance is made of. */
export interface Mold {
  readonly item: ModuleItem;
  readonly type: CoreModuleType;
  /** What its memories and tables may have together, and begin with. */
  readonly limit: { readonly maxMemoryBytes: number; readonly initial: number } | undefined;
  /** The exports that can be called. */
  readonly lifts: ReadonlyMap<string, Lift>;
  /** The code that lifts one. */
  lift(lift: Lift, suspends: boolean): LiftFactory;
}

/**
 * Makes an instance.
 *
 * @param host The functions of preview 1.
 * @throws {LinkError} If something that it imports is not there.
 * @throws {LimitError} If it begins with more than it may hold.
 * @throws {Trap} If its start function traps.
 */
export async function instantiateModule(
  mold: Mold,
  host: Host | undefined,
  options: InstantiateOptions,
): Promise<Instance> {
  const { item, type, limit } = mold;
  checkForeign(type);
  const fate = new InstanceFate(options.signal);
  const flags = { mayEnter: true, mayLeave: true };
  const { imports, suspends } = linkImports(type, host, { fate, flags }, options);
  const account = limit && new Account(limit.maxMemoryBytes, limit.initial);
  const ready = (exports: WebAssembly.Exports) => {
    const memory = exports[MEMORY];
    if (memory instanceof WebAssembly.Memory) host?.bind(memory);
  };
  let exports: WebAssembly.Exports;
  try {
    const core = instantiateCore(item, imports, suspends, account, host && ready);
    ({ exports } = core);
    await core.started;
  } catch (error) {
    if (error instanceof WebAssembly.LinkError) throw new LinkError(error.message, [], { cause: error });
    throw fate.kill(error, flags);
  }
  const lifter = new Lifter(mold, exports, fate, flags, suspends);
  return new Instance(lifter.exports(), suspends);
}

/** Lifts the exports of one instance, each when it is first asked for: a module may have thousands. */
class Lifter {
  readonly #mold: Mold;
  readonly #exports: WebAssembly.Exports;
  readonly #fate: InstanceFate;
  readonly #flags: LiftContext["I"];
  readonly #suspends: boolean;
  readonly #handles = new HandleTable();
  #memory: Memory | undefined;

  constructor(
    mold: Mold,
    exports: WebAssembly.Exports,
    fate: InstanceFate,
    flags: LiftContext["I"],
    suspends: boolean,
  ) {
    this.#mold = mold;
    this.#exports = exports;
    this.#fate = fate;
    this.#flags = flags;
    this.#suspends = suspends;
  }

  exports(): Readonly<Record<string, Func>> {
    const { lifts } = this.#mold;
    const initialize = once(() => this.#lift(lifts.get(INITIALIZE)!)());
    const exports: Record<string, Func> = Object.create(null);
    for (const [name, lift] of lifts) {
      let f: Func | undefined;
      const get = () => f ??= this.#begun(lift, initialize);
      Object.defineProperty(exports, name, { enumerable: true, get });
    }
    return exports;
  }

  /** The function, after what has to be called before it. */
  #begun(lift: Lift, initialize: () => unknown): Func {
    if (lift.name === START || !this.#mold.lifts.has(INITIALIZE)) return this.#lift(lift);
    if (lift.name === INITIALIZE) return initialize;
    const f = this.#lift(lift);
    if (this.#suspends) return async (...args) => (await initialize(), await f(...args));
    return (...args) => (initialize(), f(...args));
  }

  #lift(lift: Lift): Func {
    const core = this.#exports[lift.name] as Func;
    const memory = lift.memory
      ? this.#memory ??= new Memory(this.#exports[MEMORY] as WebAssembly.Memory)
      : undefined;
    const context: LiftContext = {
      name: lift.name,
      type: lift.type,
      M: memory,
      A: memory && lift.allocator && this.#allocate(lift.allocator, memory),
      T: this.#handles,
      I: this.#flags,
      S: this.#fate,
      R: [],
      f: this.#suspends ? asPromising(core) : core,
      post: lift.post === undefined ? undefined : this.#exports[lift.post] as Func,
      N: this.#flags,
      W: [],
    };
    return this.#mold.lift(lift, this.#suspends)(context) as Func;
  }

  #allocate({ name, form }: Allocator, memory: Memory): Allocate {
    const core = this.#exports[name] as (...args: number[]) => number;
    const realloc = form === "realloc"
      ? core
      : (_pointer: number, _before: number, _align: number, size: number) => core(size);
    return allocator(realloc, memory, this.#flags, this.#fate);
  }
}

function once<T>(f: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => (done ??= { value: f() }).value;
}
