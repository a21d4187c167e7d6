/**
 * One component instance: its index spaces, and the steps that fill them.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#instance-definitions
 * @module
 */
import type { Context, LiftContext } from "../abi/context.ts";
import type { Boundary, CodeBudget } from "../abi/emit.ts";
import { type HandleCount, HandleTable } from "../abi/handles.ts";
import { type LiftFactory, makeLift } from "../abi/lift.ts";
import { type LowerFactory, makeLower } from "../abi/lower.ts";
import { type Allocate, allocator, type Flags, Memory } from "../abi/memory.ts";
import type { CanonOptions } from "../binary/definition.ts";
import { LinkError, Trap } from "../error.ts";
import type { Account } from "../limits/account.ts";
import { compileBounded } from "../limits/module.ts";
import { MAX_INSTANCES, tooManyInstances } from "../limits/survey.ts";
import type { Binding, Plan, RuntimeIndex, RuntimeSort, Step } from "../validate/plan.ts";
import { defineResource, resourceBuiltin } from "./builtin.ts";
import { type CoreImports, instantiateCore } from "./core.ts";
import type { FuncType } from "../wit/types.ts";
import type { InstanceFate } from "./fate.ts";
import {
  type ComponentItem,
  type FuncItem,
  type GuestFunc,
  type InstanceItem,
  type Item,
  itemSuspends,
  type ModuleItem,
} from "./item.ts";
import { compileModule } from "./module.ts";
import type { RuntimeResource } from "./resource.ts";
import { asPromising, asSuspendingImport } from "./suspend.ts";

type Func = (...args: never[]) => unknown;
type CoreInstance = Readonly<Record<string, unknown>>;

/** What all frames of one root instance share. */
export interface Shared extends HandleCount {
  /** Component instances made so far. */
  instances: number;
  readonly fate: InstanceFate;
  readonly memories: Map<WebAssembly.Memory, Memory>;
  /** Of what the memories may hold, where that is bounded. */
  readonly account: Account | undefined;
  /** For the code of its functions; that of all instances of a component. */
  readonly code: CodeBudget;
}

/** A component instance. */
export class Frame {
  readonly plan: Plan;
  readonly flags: Flags = { mayEnter: true, mayLeave: true };
  readonly handles: HandleTable;
  readonly resources: (RuntimeResource | undefined)[];
  readonly shared: Shared;
  /** The instance that instantiated this one. */
  readonly parent: Frame | undefined;
  /** The instance that its component was defined in. */
  readonly outer: Frame | undefined;
  /** Some function lowered here may suspend, so whatever is lifted here may. */
  suspends = false;
  readonly exports: Map<string, Item> = new Map();

  readonly #args: ReadonlyMap<string, Item>;
  /** Some import may suspend, whether it is lowered or not: what a destructor must reckon with. */
  readonly #argsSuspend: boolean;
  readonly #modules: ModuleItem[] = [];
  readonly #coreInstances: CoreInstance[] = [];
  readonly #coreFuncs: Func[] = [];
  readonly #suspending = new Set<Func>();
  readonly #importables = new Map<CoreInstance, Record<string, unknown>>();
  readonly #tables: unknown[] = [];
  readonly #memories: unknown[] = [];
  readonly #globals: unknown[] = [];
  readonly #tags: unknown[] = [];
  readonly #components: ComponentItem[] = [];
  readonly #instances: InstanceItem[] = [];
  readonly #funcs: FuncItem[] = [];
  #allocate: { readonly realloc: number; readonly memory: Memory; readonly allocate: Allocate } | undefined;
  /** What a call of the host's enters: the same for every function. */
  #fromHost: readonly [own: Flags, above: readonly Flags[]] | undefined;

  /**
   * @param plan What to instantiate.
   * @param args Its imports, by name.
   * @param shared What the whole root instance shares.
   * @param parent The instance that instantiates it.
   * @param outer The instance that its component was defined in.
   */
  constructor(
    plan: Plan,
    args: ReadonlyMap<string, Item>,
    shared: Shared,
    parent: Frame | undefined,
    outer: Frame | undefined,
  ) {
    // Each level of nesting can instantiate the one below twice: a few hundred bytes ask for billions.
    if (++shared.instances > MAX_INSTANCES) throw tooManyInstances();
    this.plan = plan;
    this.handles = new HandleTable(shared);
    this.#args = args;
    this.#argsSuspend = [...args.values()].some(itemSuspends);
    this.shared = shared;
    this.parent = parent;
    this.outer = outer;
    this.resources = new Array(plan.slots).fill(undefined);
  }

  /**
   * Runs the steps. Yields where a start function must be awaited: a caller that cannot wait resumes with
   * an error, one that can resumes when the promise has settled.
   */
  *run(): Generator<Promise<unknown>, void, void> {
    const { steps } = this.plan;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i]!;
      if (step.op === "core instantiate") {
        const started = this.#instantiateCore(step);
        if (started) yield started;
      } else if (step.op === "instantiate") {
        yield* this.#instantiate(step);
      } else {
        this.#step(step, i);
      }
    }
  }

  #step(step: Exclude<Step, { op: "core instantiate" | "instantiate" }>, index: number): void {
    switch (step.op) {
      case "core module":
        this.#modules.push(this.#module(step.bytes));
        return;
      case "core inline": {
        const exports: Record<string, unknown> = Object.create(null);
        for (const e of step.exports) exports[e.name] = this.#coreSpace(e.sort)[e.index];
        this.#coreInstances.push(exports);
        return;
      }
      case "component":
        this.#components.push({ kind: "component", plan: step.plan, outer: this });
        return;
      case "inline":
        this.#instances.push({ kind: "instance", exports: this.#items(step.exports) });
        return;
      case "alias export":
        this.#push(step.sort, this.#instances[step.instance]!.exports.get(step.name)!);
        return;
      case "alias core export":
        this.#coreSpace(step.sort).push(this.#coreInstances[step.instance]![step.name]);
        return;
      case "alias outer": {
        // deno-lint-ignore no-this-alias
        let frame: Frame = this;
        for (let i = 0; i < step.count; i++) frame = frame.outer!;
        if (step.sort === "component") this.#components.push(frame.#components[step.index]!);
        else this.#modules.push(frame.#modules[step.index]!);
        return;
      }
      case "resource":
        this.resources[step.slot] = defineResource(
          step.name,
          this.flags,
          this.shared.fate,
          step.dtor === undefined ? undefined : {
            core: this.#coreFuncs[step.dtor]! as (rep: number) => void,
            suspends: () => this.suspends || this.#argsSuspend,
          },
        );
        return;
      case "lift": {
        const core = this.#coreFuncs[step.func]!;
        const func: GuestFunc = { kind: "guest func", type: step.type, frame: this, step: index, core };
        this.#funcs.push(func);
        return;
      }
      case "lower":
        this.#pushCoreFunc(this.#lower(step, this.#funcs[step.func]!));
        return;
      case "resource.new":
      case "resource.drop":
      case "resource.rep":
        this.#pushCoreFunc(resourceBuiltin(step.op, this.resources[step.slot]!, {
          handles: this.handles,
          flags: this.flags,
          fate: this.shared.fate,
        }));
        return;
      case "async builtin":
        this.#coreFuncs.push(this.#refused(step.name));
        return;
      case "import": {
        const item = this.#args.get(step.name)!;
        this.#bind(item, step.bind);
        this.#push(step.sort, item);
        return;
      }
      case "export": {
        if (!step.item) return;
        const item = this.#item(step.item);
        this.#bind(item, step.bind);
        this.exports.set(step.name, item);
        this.#push(step.item.sort, item);
        return;
      }
    }
  }

  #module(bytes: Uint8Array): ModuleItem {
    const { account } = this.shared;
    if (!account) return { kind: "core module", module: compileModule(bytes), bytes };
    const { module, bounds } = compileBounded(bytes, account.limit);
    return { kind: "core module", module, bytes, bounds };
  }

  #instantiateCore(step: Step & { op: "core instantiate" }): Promise<unknown> | undefined {
    const module = this.#modules[step.module]!;
    const imports: CoreImports = Object.create(null);
    for (const { name, instance } of step.args) {
      const from = this.#coreInstances[instance]!;
      imports[name] = this.#suspending.size === 0 ? from : this.#importable(from);
    }
    try {
      const { exports, started } = instantiateCore(module, imports, this.suspends, this.shared.account);
      this.#coreInstances.push(exports);
      return started;
    } catch (error) {
      if (error instanceof WebAssembly.LinkError) throw new LinkError(error.message, [], { cause: error });
      throw this.shared.fate.kill(error, this.flags);
    }
  }

  /** A core instance with its suspending functions wrapped; what it exports is known once it is made. */
  #importable(from: CoreInstance): Record<string, unknown> {
    let to = this.#importables.get(from);
    if (!to) {
      this.#importables.set(from, to = Object.create(null) as Record<string, unknown>);
      for (const key of Object.keys(from)) {
        const value = from[key];
        to[key] = this.#suspending.has(value as Func) ? asSuspendingImport(value as Func) : value;
      }
    }
    return to;
  }

  *#instantiate(step: Step & { op: "instantiate" }): Generator<Promise<unknown>, void, void> {
    const { plan, outer } = this.#components[step.component]!;
    const child = new Frame(plan, this.#items(step.args), this.shared, this, outer);
    yield* child.run();
    const instance: InstanceItem = { kind: "instance", exports: child.exports };
    this.#bind(instance, step.bind);
    this.#instances.push(instance);
  }

  #items(indices: readonly RuntimeIndex[]): ReadonlyMap<string, Item> {
    return new Map(indices.map((index) => [index.name, this.#item(index)]));
  }

  #item({ sort, index }: RuntimeIndex): Item {
    switch (sort) {
      case "func":
        return this.#funcs[index]!;
      case "instance":
        return this.#instances[index]!;
      case "component":
        return this.#components[index]!;
      case "core module":
        return this.#modules[index]!;
      case "resource":
        return { kind: "resource", resource: this.resources[index]! };
    }
  }

  #push(sort: RuntimeSort, item: Item): void {
    switch (sort) {
      case "func":
        return void this.#funcs.push(item as FuncItem);
      case "instance":
        return void this.#instances.push(item as InstanceItem);
      case "component":
        return void this.#components.push(item as ComponentItem);
      case "core module":
        return void this.#modules.push(item as ModuleItem);
    }
  }

  /** Puts the resource types that an item brings into their slots. */
  #bind(item: Item, bindings: readonly Binding[]): void {
    for (const { path, slot } of bindings) {
      let at: Item | undefined = item;
      for (const name of path) at = at?.kind === "instance" ? at.exports.get(name) : undefined;
      if (at?.kind === "resource") this.resources[slot] = at.resource;
    }
  }

  #coreSpace(sort: string): unknown[] {
    switch (sort) {
      case "func":
        return this.#coreFuncs;
      case "table":
        return this.#tables;
      case "memory":
        return this.#memories;
      case "global":
        return this.#globals;
      default:
        return this.#tags;
    }
  }

  #memory(index: number | undefined): Memory | undefined {
    if (index === undefined) return undefined;
    const core = this.#memories[index] as WebAssembly.Memory;
    let memory = this.shared.memories.get(core);
    if (!memory) this.shared.memories.set(core, memory = new Memory(core));
    return memory;
  }

  #context(name: string, options: CanonOptions): Context {
    const M = this.#memory(options.memory);
    const A = M && this.#allocator(options.realloc, M);
    return { name, M, A, T: this.handles, I: this.flags, S: this.shared.fate, R: this.resources };
  }

  /** Most functions of a component use the same one. */
  #allocator(realloc: number | undefined, memory: Memory): Allocate | undefined {
    if (realloc === undefined) return undefined;
    const last = this.#allocate;
    if (last?.realloc === realloc && last.memory === memory) return last.allocate;
    const allocate = allocator(this.#coreFuncs[realloc]! as never, memory, this.flags, this.shared.fate);
    this.#allocate = { realloc, memory, allocate };
    return allocate;
  }

  /** Adds a core function; one that may suspend makes whatever is lifted here one that may. */
  #pushCoreFunc({ f, suspends }: { readonly f: Func; readonly suspends: boolean }): void {
    this.#coreFuncs.push(f);
    if (!suspends) return;
    this.suspends = true;
    this.#suspending.add(f);
  }

  #lower(step: Step & { op: "lower" }, func: FuncItem): { readonly f: Func; readonly suspends: boolean } {
    if (isAsync(step.options)) return { f: this.#refused("an async call"), suspends: false };
    const suspends = itemSuspends(func);
    const host = func.kind === "host func";
    const factory = lowerFactory(step, func, suspends, this.shared.code);
    const f = host ? func.f : func.frame.lift(func, "guest", this);
    const context = this.#context(host ? func.name : "a function", step.options);
    return { f: factory({ ...context, f }) as Func, suspends };
  }

  /** What belongs to the async proposal links, so that the rest of a component works, and traps when called. */
  #refused(what: string): Func {
    return () => {
      const message = this.flags.mayLeave
        ? `${what} belongs to the async canonical ABI (WASI 0.3), which is not supported yet`
        : "cannot leave component instance";
      throw this.shared.fate.kill(new Trap(message), this.flags);
    };
  }

  /**
   * A lifted function for a caller: the host, or another instance.
   *
   * @param caller The instance that calls it; `undefined` for the host.
   * @param name For messages.
   * @param type The function's type as the caller sees it, for messages.
   */
  lift(
    func: GuestFunc,
    boundary: Boundary,
    caller: Frame | undefined,
    name = "a function",
    type: FuncType = func.type,
  ): Func {
    const step = this.plan.steps[func.step] as Step & { op: "lift" };
    if (isAsync(step.options)) return this.#refused(`the async function ${name}`);
    const { suspends } = this;
    const [N, W] = caller ? this.#entered(caller) : this.#fromHost ??= this.#entered(undefined);
    const { postReturn } = step.options;
    const context: LiftContext = {
      ...this.#context(name, step.options),
      type,
      f: suspends ? asPromising(func.core) : func.core,
      post: postReturn === undefined ? undefined : this.#coreFuncs[postReturn],
      N,
      W,
    };
    return liftFactory(step, boundary, suspends, this.shared.code)(context) as Func;
  }

  /**
   * The instances that a call enters: this one and its ancestors, less those that the caller is already in.
   *
   * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#component-instances
   */
  #entered(caller: Frame | undefined): readonly [own: Flags, above: readonly Flags[]] {
    const inside = new Set<Frame>();
    for (let f = caller; f; f = f.parent) inside.add(f);
    const entered: Flags[] = [];
    // deno-lint-ignore no-this-alias
    for (let f: Frame | undefined = this; f; f = f.parent) if (!inside.has(f)) entered.push(f.flags);
    const [own = { mayEnter: true, mayLeave: true }, ...above] = entered;
    return [own, above];
  }
}

function isAsync(options: CanonOptions): boolean {
  return options.async || options.callback !== undefined;
}

/** Generated code by the step it belongs to and what else shaped it; shared by all instances of a component. */
const lowers = new WeakMap<Step, Map<string, LowerFactory>>();
const lifts = new WeakMap<Step, Partial<Record<Boundary, LiftFactory>>[]>();

function once<F>(cache: WeakMap<Step, Map<string, F>>, step: Step, key: string, make: () => F): F {
  let factories = cache.get(step);
  if (!factories) cache.set(step, factories = new Map());
  let factory = factories.get(key);
  if (!factory) factories.set(key, factory = make());
  return factory;
}

function lowerFactory(
  step: Step & { op: "lower" },
  func: FuncItem,
  suspends: boolean,
  code: CodeBudget,
): LowerFactory {
  const callee = func.kind === "host func" ? func.callee : { form: "guest" } as const;
  const { type, options } = step;
  const key = `${callee.form} ${callee.form === "method" ? callee.method : ""} ${suspends}`;
  return once(
    lowers,
    step,
    key,
    () =>
      makeLower({
        type,
        encoding: options.encoding,
        callee,
        suspends,
        memory: options.memory !== undefined,
        code,
      }),
  );
}

function liftFactory(
  step: Step & { op: "lift" },
  boundary: Boundary,
  suspends: boolean,
  code: CodeBudget,
): LiftFactory {
  let factories = lifts.get(step);
  if (!factories) lifts.set(step, factories = [{}, {}]);
  return factories[suspends ? 1 : 0]![boundary] ??= makeLift({
    type: step.type,
    encoding: step.options.encoding,
    boundary,
    suspends,
    memory: step.options.memory !== undefined,
    post: step.options.postReturn !== undefined,
    code,
  });
}
