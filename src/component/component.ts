/**
 * A component: compiled once, instantiated as often as wanted.
 *
 * @module
 */
import type { ComponentDefinition } from "./binary/definition.ts";
import { decode } from "./binary/decode.ts";
import { LinkError } from "./error.ts";
import { makeExports } from "./link/exports.ts";
import type { Exports } from "./link/exports.ts";
import { InstanceFate } from "./link/fate.ts";
import { Frame } from "./link/frame.ts";
import { type AsComponent, ImportResolver, type Imports, type Missing } from "./link/imports.ts";
import type { Item } from "./link/item.ts";
import { adoptModule, compileModule } from "./link/module.ts";
import type { Plan } from "./validate/plan.ts";
import { Budget } from "./validate/budget.ts";
import { mismatch } from "./validate/subtype.ts";
import { validate } from "./validate/validate.ts";
import type { ExternType } from "./wit/types.ts";

/** What to do beside linking. */
export interface InstantiateOptions {
  /**
   * Makes the error that a call of a function fails with if the import object does not have it. Without
   * it, a missing import fails the instantiation.
   */
  readonly missing?: Missing;
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

  private constructor(bytes: Uint8Array, definition: ComponentDefinition, plan: Plan) {
    this.#bytes = bytes;
    this.#definition = definition;
    this.#plan = plan;
  }

  /**
   * Compiles a component. The bytes must not change afterwards: core modules are views of them.
   *
   * @param bytes A component binary.
   * @throws {DecodeError} With the byte offset, if the bytes are not a valid component.
   */
  static compile(bytes: Uint8Array): Promise<Component> {
    // V8 compiles functions when they are first called, so there is nothing to wait for; the signature
    // leaves room for engines where there is.
    return new Promise((resolve) => resolve(Component.compileSync(bytes)));
  }

  /** Like `compile`, at once. */
  static compileSync(bytes: Uint8Array): Component {
    const definition = decode(bytes);
    const plan = validate(definition);
    for (const module of coreModules(plan)) compileModule(module);
    return new Component(bytes, definition, plan);
  }

  /**
   * A component from what another one's `data` gave, without compiling again.
   *
   * @param data As `data` gave it, in this or another thread. The modules must be those of the bytes.
   * @throws {DecodeError} With the byte offset, if the bytes are not a valid component.
   */
  static from(data: ComponentData): Component {
    const definition = decode(data.bytes);
    const plan = validate(definition);
    coreModules(plan).forEach((module, i) => {
      const compiled = data.modules[i];
      if (compiled) adoptModule(module, compiled);
      else compileModule(module);
    });
    return new Component(data.bytes, definition, plan);
  }

  /** The component as data that `postMessage` takes: a worker makes it a component again by `Component.from`. */
  get data(): ComponentData {
    return { bytes: this.#bytes, modules: coreModules(this.#plan).map(compileModule) };
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
    const resolver = new ImportResolver(imports, options.missing, asItem);
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
    return new Frame(
      this.#plan,
      args,
      { fate: new InstanceFate(), memories: new Map(), instances: 0, handles: 0 },
      undefined,
      undefined,
    );
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

/** The core modules of a component and of those inside it, in the order of their bytes. */
function coreModules(plan: Plan): Uint8Array[] {
  return plan.steps.flatMap((step) => {
    if (step.op === "core module") return [step.bytes];
    return step.op === "component" ? coreModules(step.plan) : [];
  });
}
