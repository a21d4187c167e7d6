/**
 * A core module that runs like a component: its imports are those of preview 1, its exports get their types from `wit:`
 * signatures.
 *
 * @module
 */
import { type CodeBudget, MAX_CODE } from "../component/abi/emit.ts";
import { type LiftFactory, makeLift } from "../component/abi/lift.ts";
import { readCoreModule } from "../component/binary/core_module.ts";
import { layerOf } from "../component/binary/decode.ts";
import { compileBounded } from "../component/limits/module.ts";
import type { ModuleItem } from "../component/link/item.ts";
import { compileModule } from "../component/link/module.ts";
import {
  type CompileOptions,
  type CoreFuncType,
  type CoreModuleType,
  DecodeError,
  type ExternType,
  type FuncType,
  type Imports,
  type Instance,
  type InstantiateOptions,
} from "../component/mod.ts";
import { witFunc } from "../component/abi/check.ts";
import { INITIALIZE, START } from "./beginning.ts";
import { externText, funcText } from "./core_type.ts";
import { WitError } from "./error.ts";
import { checkForeign } from "./foreign.ts";
import { PREVIEW1 } from "./functions.ts";
import type { Host } from "./host.ts";
import { instantiateModule } from "./instance.ts";
import { type Lift, liftOf, MEMORY, numericType } from "./lift.ts";
import { parseWit } from "./wit.ts";

/** What to do beside compiling. */
export interface CoreOptions extends CompileOptions {
  /** Signatures of exports. */
  readonly wit?: string | undefined;
  /** Whether exports that take and return numbers need none: an integer is signed then. */
  readonly numbers?: boolean | undefined;
}

const BEGINNING: FuncType = { kind: "func", async: false, params: [], result: undefined };

/** A compiled core module. Its shape is that of a `Component`, so that whoever runs one can run the other. */
export class CoreModule {
  readonly #item: ModuleItem;
  readonly #type: CoreModuleType;
  readonly #limit: { readonly maxMemoryBytes: number; readonly initial: number } | undefined;
  /** Exports that have a type, and what they are made of. */
  readonly #lifts: ReadonlyMap<string, Lift>;
  /** Exports whose signature does not fit, and how. */
  readonly #misfits: ReadonlyMap<string, WitError>;
  readonly #code: CodeBudget = { left: MAX_CODE };
  readonly #factories = new Map<string, LiftFactory>();
  readonly #imports: ReadonlyMap<string, ExternType>;
  readonly #exports: ReadonlyMap<string, FuncType>;

  private constructor(
    item: ModuleItem,
    type: CoreModuleType,
    limit: { readonly maxMemoryBytes: number; readonly initial: number } | undefined,
    { wit, numbers = false }: CoreOptions,
  ) {
    this.#item = item;
    this.#type = type;
    this.#limit = limit;
    const misfits = new Map<string, WitError>();
    const lifts = new Map<string, Lift>();
    const signatures = wit === undefined ? undefined : signaturesOf(wit, type);
    for (const [name, extern] of type.exports) {
      if (extern.kind !== "core-func") continue;
      const beginning = (name === START || name === INITIALIZE) && !signatures?.has(name);
      const wanted = beginning
        ? BEGINNING
        : signatures?.get(name) ?? (numbers ? numericType(extern) : undefined);
      if (!wanted) continue;
      try {
        lifts.set(name, liftOf(name, wanted, type.exports));
      } catch (error) {
        if (!(error instanceof WitError)) throw error;
        misfits.set(name, error);
      }
    }
    this.#lifts = lifts;
    this.#misfits = misfits;
    this.#imports = importsOf(type);
    this.#exports = new Map([...lifts].map(([name, lift]) => [name, lift.type]));
  }

  /**
   * Compiles a core module. The bytes must not change afterwards.
   *
   * @param bytes A core module binary.
   * @throws {DecodeError} With the byte offset, if the bytes are not a valid core module.
   * @throws {LimitError} If no limit can hold for it.
   * @throws {WitError} If the signatures cannot be read.
   */
  static compile(bytes: Uint8Array, options: CoreOptions = {}): CoreModule {
    if (layerOf(bytes) !== "module") throw new DecodeError("expected a core module", 0, "core module");
    const { maxMemoryBytes } = options;
    if (maxMemoryBytes === undefined) {
      const module = compileModule(bytes);
      return new CoreModule(
        { kind: "core module", module, bytes },
        readCoreModule(bytes, 0),
        undefined,
        options,
      );
    }
    const { module, bounds, weight } = compileBounded(bytes, maxMemoryBytes);
    const item = { kind: "core module", module, bytes, bounds } as const;
    const limit = { maxMemoryBytes, initial: weight.initial };
    return new CoreModule(item, readCoreModule(bytes, 0), limit, options);
  }

  /** Its type in core WebAssembly. */
  get type(): CoreModuleType {
    return this.#type;
  }

  /** What it imports functions from, and these. Of their types only the kinds say anything. */
  get imports(): ReadonlyMap<string, ExternType> {
    return this.#imports;
  }

  /** The exported functions that have types in WIT. */
  get exports(): ReadonlyMap<string, FuncType> {
    return this.#exports;
  }

  /** All exported functions. */
  get functions(): ReadonlyMap<string, CoreFuncType> {
    return new Map(
      [...this.#type.exports].flatMap(([name, type]): [string, CoreFuncType][] =>
        type.kind === "core-func" ? [[name, type]] : []
      ),
    );
  }

  /**
   * Why an export cannot be called with values.
   *
   * @param name The export.
   * @returns `undefined` if there is no such function, or it can.
   */
  whyNot(name: string): WitError | undefined {
    const misfit = this.#misfits.get(name);
    if (misfit) return new WitError(misfit.message);
    if (this.#lifts.has(name)) return undefined;
    const type = this.#type.exports.get(name);
    if (type?.kind !== "core-func") {
      return type && new WitError(`${name} is ${externText(type)}, and no function`);
    }
    return new WitError(
      `${name} is ${funcText(type)} in core WebAssembly, and no signature says what its values are; ${
        advice(name, type, this.#type.exports.get(MEMORY)?.kind === "memory")
      }`,
    );
  }

  /**
   * Refuses a module that imports what is none of preview 1's.
   *
   * @throws {LinkError} With these imports, and what they were made for.
   */
  checkImports(): void {
    checkForeign(this.#type);
  }

  /**
   * Makes a fresh instance. The first call of any export but `_start` calls `_initialize` before it, if there is one.
   *
   * @param imports The functions of preview 1, under its name.
   * @throws {LinkError} If a function is missing and `missing` is not set.
   * @throws {LimitError} If its memory and tables begin with more than it may hold.
   * @throws {Trap} If its start function traps.
   */
  instantiate(imports: Imports = {}, options: InstantiateOptions = {}): Promise<Instance> {
    return instantiateModule(
      {
        item: this.#item,
        type: this.#type,
        limit: this.#limit,
        lifts: this.#lifts,
        lift: (lift, suspends) => this.#factory(lift, suspends),
      },
      imports[PREVIEW1] as Host | undefined,
      options,
    );
  }

  /** Written once for all instances. */
  #factory(lift: Lift, suspends: boolean): LiftFactory {
    const key = `${suspends} ${lift.name}`;
    let factory = this.#factories.get(key);
    if (!factory) {
      const { type, memory, post } = lift;
      const shape = { type, memory, suspends, post: post !== undefined, code: this.#code };
      this.#factories.set(key, factory = makeLift({ ...shape, encoding: "utf8", boundary: "host" }));
    }
    return factory;
  }
}

/** Signatures by the exports that they are of: written like these, or in WIT's own spelling (`list-files` of `list_files`). */
function signaturesOf(wit: string, { exports }: CoreModuleType): ReadonlyMap<string, FuncType> {
  const signatures = new Map(parseWit(wit));
  for (const name of exports.keys()) {
    const kebab = name.replaceAll("_", "-");
    const type = signatures.get(kebab);
    if (type && !exports.has(kebab) && !signatures.has(name)) signatures.set(name, type);
  }
  return signatures;
}

/**
 * A line to paste.
 *
 * @param memory Whether there is one to have strings in.
 */
function advice(name: string, type: CoreFuncType, memory: boolean): string {
  const numeric = numericType(type);
  if (!numeric) return "WIT has no such signature";
  const text = /^[A-Za-z_]\w*(-\w+)*$/.test(name);
  if (!text) return "its name is none in WIT: export it under another one";
  const strings = memory && type.params.join().includes("i32,i32")
    ? " (a string is two i32: its address and its length)"
    : "";
  return `declare wit: "${name}: ${witFunc(numeric)};"${strings}`;
}

function importsOf({ imports }: CoreModuleType): ReadonlyMap<string, ExternType> {
  const modules = new Map<string, Map<string, ExternType>>();
  for (const { module, name, type } of imports) {
    let exports = modules.get(module);
    if (!exports) modules.set(module, exports = new Map());
    if (type.kind === "core-func") exports.set(name, BEGINNING);
  }
  return new Map([...modules].map(([name, exports]) => [name, { kind: "instance", bound: [], exports }]));
}
