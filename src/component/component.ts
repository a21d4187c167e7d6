/**
 * A component: compiled once, instantiated as often as wanted.
 *
 * @module
 */
import type { ComponentDefinition } from "./binary/definition.ts";
import { decode } from "./binary/decode.ts";
import { type CodeBudget, MAX_CODE } from "./abi/emit.ts";
import { MAX_HANDLES } from "./abi/handles.ts";
import { Account } from "./limits/account.ts";
import { adoptBounded, type BoundedModule, compileBounded } from "./limits/module.ts";
import { survey } from "./limits/survey.ts";
import { LinkError } from "./error.ts";
import { makeExports } from "./link/exports.ts";
import type { Exports } from "./link/exports.ts";
import { InstanceFate } from "./link/fate.ts";
import { Frame } from "./link/frame.ts";
import { type AsComponent, ImportResolver, type Imports, type Missing } from "./link/imports.ts";
import type { Item } from "./link/item.ts";
import type { Observe } from "./link/observe.ts";
import { adoptModule, compileModule } from "./link/module.ts";
import type { Plan } from "./validate/plan.ts";
import { Budget } from "./validate/budget.ts";
import { mismatch } from "./validate/subtype.ts";
import { validate } from "./validate/validate.ts";
import type { ExternType } from "./wit/types.ts";

/** What to do beside compiling. */
export interface CompileOptions {
  /**
   * What all memories and tables of one instance, and of all instances inside it, may hold together, in bytes; an
   * element of a table counts as 24. At the limit `memory.grow` returns -1, which is what an allocator expects of a
   * machine that is full; tables never grow. Unset: every memory may grow to what it declares.
   */
  readonly maxMemoryBytes?: number | undefined;
}

/** What to do beside linking. */
export interface InstantiateOptions {
  /** How many handles the instance, and all inside it, may have at once; by default a million. One more traps. */
  readonly maxHandles?: number | undefined;
  /**
   * Makes the error that a call of a function fails with if the import object does not have it. Without
   * it, a missing import fails the instantiation.
   */
  readonly missing?: Missing;
  /** Whom to tell of the calls of host functions. Asked when they are linked; where nobody is told, nothing is slower. */
  readonly observe?: Observe | undefined;
  /**
   * Gives the instance up. A guest that waits in a host function, or comes to one that would make it wait, is
   * trapped with the signal's reason; one that computes is not stopped by it.
   */
  readonly signal?: AbortSignal | undefined;
}

/** The definitions of a component as decoded, for tools that print them. */
export let definitionOf: (component: Component) => ComponentDefinition;
let planOf: (component: Component) => Plan;

/** A compiled component as data, which a worker can be sent. */
export interface ComponentData {
  /** The component binary. */
  readonly bytes: Uint8Array;
  /** Its core modules, compiled, in the order of the bytes. */
  readonly modules: readonly WebAssembly.Module[];
  /** The limit that it was compiled for, and of each module how it is bounded. */
  readonly limit?: { readonly maxMemoryBytes: number; readonly bounded: readonly unknown[] };
}

/** A running component. After a trap it is dead: every later call fails with the first trap as its cause. */
export class Instance {
  /**
   * Functions by camelCase name; interfaces by their full name, each an object of functions and resource
   * classes. A function is synchronous where nothing that it may call can block, and returns a promise
   * where something can.
   */
  readonly exports: Exports;
  /** Whether some export may suspend, and so returns a promise. */
  readonly suspends: boolean;

  /** Made by `Component.instantiate`. */
  constructor(exports: Exports, suspends: boolean) {
    this.exports = exports;
    this.suspends = suspends;
  }
}

/**
 * A WebAssembly component, decoded, validated and compiled.
 *
 * @example
 * ```ts
 * import { Component } from "@airlock/runtime/component";
 *
 * // The smallest component: no imports, no exports.
 * const bytes = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00);
 * const component = Component.compileSync(bytes);
 * const { exports } = component.instantiateSync();
 * console.assert(Object.keys(exports).length === 0);
 * ```
 */
export class Component {
  readonly #plan: Plan;
  readonly #definition: ComponentDefinition;

  readonly #bytes: Uint8Array;
  readonly #maxMemoryBytes: number | undefined;
  readonly #code: CodeBudget = { left: MAX_CODE };

  private constructor(
    bytes: Uint8Array,
    definition: ComponentDefinition,
    plan: Plan,
    maxMemoryBytes: number | undefined,
  ) {
    this.#bytes = bytes;
    this.#definition = definition;
    this.#plan = plan;
    this.#maxMemoryBytes = maxMemoryBytes;
  }

  /**
   * Compiles a component. The bytes must not change afterwards: core modules are views of them.
   *
   * @param bytes A component binary.
   * @throws {DecodeError} With the byte offset, if the bytes are not a valid component.
   * @throws {LimitError} If no limit can hold for it, because of what its core modules are made of.
   */
  static compile(bytes: Uint8Array, options: CompileOptions = {}): Promise<Component> {
    // V8 compiles functions when they are first called, so there is nothing to wait for; the signature
    // leaves room for engines where there is.
    return new Promise((resolve) => resolve(Component.compileSync(bytes, options)));
  }

  /** Like `compile`, at once. */
  static compileSync(bytes: Uint8Array, { maxMemoryBytes }: CompileOptions = {}): Component {
    checkLimit("maxMemoryBytes", maxMemoryBytes);
    const definition = decode(bytes);
    const plan = validate(definition);
    for (const module of coreModules(plan)) {
      if (maxMemoryBytes === undefined) compileModule(module);
      else compileBounded(module, maxMemoryBytes);
    }
    return new Component(bytes, definition, plan, maxMemoryBytes);
  }

  /**
   * A component from what another one's `data` gave, without compiling again.
   *
   * @param data As `data` gave it, in this or another thread. The modules must be those of the bytes.
   * @throws {DecodeError} With the byte offset, if the bytes are not a valid component.
   */
  static from({ bytes, modules, limit }: ComponentData): Component {
    const definition = decode(bytes);
    const plan = validate(definition);
    coreModules(plan).forEach((core, i) => {
      const module = modules[i], bounded = limit?.bounded[i] as Omit<BoundedModule, "module"> | undefined;
      if (module && bounded) adoptBounded(core, { module, ...bounded });
      else if (module && !limit) adoptModule(core, module);
      else if (limit) compileBounded(core, limit.maxMemoryBytes);
      else compileModule(core);
    });
    return new Component(bytes, definition, plan, limit?.maxMemoryBytes);
  }

  /** The component as data that `postMessage` takes: a worker makes it a component again by `Component.from`. */
  get data(): ComponentData {
    const bytes = this.#bytes, maxMemoryBytes = this.#maxMemoryBytes, cores = coreModules(this.#plan);
    if (maxMemoryBytes === undefined) return { bytes, modules: cores.map(compileModule) };
    const bounded = cores.map((core) => compileBounded(core, maxMemoryBytes));
    return {
      bytes,
      modules: bounded.map(({ module }) => module),
      limit: { maxMemoryBytes, bounded: bounded.map(({ bounds, weight }) => ({ bounds, weight })) },
    };
  }

  /** What it imports: names as in the binary, and their types. */
  get imports(): ReadonlyMap<string, ExternType> {
    return this.#plan.type.imports;
  }

  /** What it exports: names as in the binary, and their types. */
  get exports(): ReadonlyMap<string, ExternType> {
    return this.#plan.type.exports;
  }

  /**
   * Makes a fresh instance.
   *
   * @param imports Interfaces by name, with or without a version; any compatible version will do.
   * @throws {LinkError} If an import is missing or does not fit.
   * @throws {LimitError} If its memories and tables begin with more than it may hold. None of them was made then.
   * @throws {Trap} If a start function traps.
   */
  async instantiate(imports: Imports = {}, options: InstantiateOptions = {}): Promise<Instance> {
    const frame = this.#frame(imports, options);
    for (const started of frame.run()) await this.#started(frame, started);
    return this.#instance(frame);
  }

  /**
   * Like `instantiate`, at once.
   *
   * @throws {LinkError} Also if a start function has to be awaited.
   */
  instantiateSync(imports: Imports = {}, options: InstantiateOptions = {}): Instance {
    const frame = this.#frame(imports, options);
    for (const started of frame.run()) {
      started.catch(() => {});
      throw new LinkError(
        "a start function calls what may block, or fails: use instantiate(), which can wait for it",
        [],
      );
    }
    return this.#instance(frame);
  }

  #frame(imports: Imports, options: InstantiateOptions): Frame {
    const resolver = new ImportResolver(imports, options.missing, asItem, options.observe);
    const args = new Map<string, Item>();
    for (const [name, type] of this.#plan.type.imports) {
      const item = resolver.resolve(name, type);
      if (item) args.set(name, item);
    }
    if (resolver.unresolved.length > 0) {
      const { unresolved } = resolver;
      throw new LinkError(
        `missing imports: ${unresolved.map(({ name, note }) => name + note).join(", ")}`,
        unresolved.map(({ name }) => name),
      );
    }
    const { maxHandles = MAX_HANDLES } = options;
    checkLimit("maxHandles", maxHandles);
    const account = this.#account(args);
    const shared = {
      fate: new InstanceFate(options.signal),
      memories: new Map(),
      instances: 0,
      handles: 0,
      maxHandles,
      account,
      code: this.#code,
    };
    return new Frame(this.#plan, args, shared, undefined, undefined);
  }

  #account(args: ReadonlyMap<string, Item>): Account | undefined {
    const limit = this.#maxMemoryBytes;
    return limit === undefined ? undefined : new Account(limit, survey(this.#plan, args, limit).initial);
  }

  async #started(frame: Frame, started: Promise<unknown>): Promise<void> {
    try {
      await started;
    } catch (error) {
      throw frame.shared.fate.kill(error, frame.flags);
    }
  }

  #instance(frame: Frame): Instance {
    return new Instance(makeExports(frame.exports, this.#plan.type.exports), frame.suspends);
  }

  static {
    definitionOf = (component) => component.#definition;
    planOf = (component) => component.#plan;
  }
}

const asItem: AsComponent = (name, type, value) => {
  if (type.kind === "component") {
    if (!(value instanceof Component)) return undefined;
    const plan = planOf(value);
    const wrong = mismatch(plan.type, type, new Budget());
    if (wrong !== undefined) throw new LinkError(`import ${name} is a component: ${wrong}`, [name]);
    return { kind: "component", plan, outer: undefined };
  }
  if (!(value instanceof WebAssembly.Module)) return undefined;
  // The platform tells names and kinds of a module's exports; their types it checks where they are used.
  const given = new Map(WebAssembly.Module.exports(value).map((e) => [e.name, e.kind as string]));
  for (const [key, wanted] of type.exports) {
    const kind = wanted.kind === "core-func" ? "function" : wanted.kind;
    if (given.get(key) === kind) continue;
    throw new LinkError(`import ${name} is a core module: it has no ${kind} \`${key}\``, [name]);
  }
  for (const { module, name: key } of WebAssembly.Module.imports(value)) {
    if (type.imports.some((i) => i.module === module && i.name === key)) continue;
    throw new LinkError(`import ${name} is a core module: it wants \`${module}\` \`${key}\``, [name]);
  }
  return { kind: "core module", module: value, bytes: undefined };
};

function checkLimit(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return;
  throw new TypeError(`${name} must be a whole number, got ${value}`);
}

/** The core modules of a component and of those inside it, in the order of their bytes. */
function coreModules(plan: Plan): Uint8Array[] {
  return plan.steps.flatMap((step) => {
    if (step.op === "core module") return [step.bytes];
    return step.op === "component" ? coreModules(step.plan) : [];
  });
}
