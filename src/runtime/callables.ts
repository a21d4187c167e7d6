/**
 * The entries of an application, each made ready when it is first called; and the calls that they make of one another.
 *
 * @module
 */
import type { AskFuncs } from "../compartment/funcs.ts";
import type { Start } from "../compartment/process.ts";
import type { WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import type { Stdio } from "../wasi/mod.ts";
import type { Callable } from "./callable.ts";
import type { Draft } from "./callables_draft.ts";
import { ClosedError } from "./error.ts";
import type { Events } from "./events.ts";
import type { NestedFuncs } from "./events_call.ts";
import type { Funcs } from "./funcs.ts";

/** What entries are made ready of. */
export interface CallablesOptions {
  /** How processes of guests are started; asked for where one is. */
  readonly start: () => Promise<Start>;
  /** Where the standard streams of entries lead that other entries call. */
  readonly stdio: Partial<Stdio>;
  /** Told of all calls. */
  readonly events?: Events | undefined;
}

/** Whether an entry's guest may call other entries. */
export function callsOthers({ imports }: WasmEntry): boolean {
  return imports.some((item) => item.package === "funcs");
}

/** All that can be called of an application. */
export class Callables {
  #registry: Registry;
  readonly #options: CallablesOptions;
  readonly #ready = new Map<string, Promise<Callable>>();
  /** Entries of an earlier version of the application, whose last calls end. */
  readonly #retiring = new Set<Promise<unknown>>();
  #funcs: Promise<Funcs> | undefined;
  #closed = false;

  /**
   * Nothing is loaded yet.
   *
   * @param registry The application.
   * @param options What its entries are made ready of.
   */
  constructor(registry: Registry, options: CallablesOptions) {
    this.#registry = registry;
    this.#options = options;
  }

  /** The application, as it is now. */
  get registry(): Registry {
    return this.#registry;
  }

  /** The ids of entries that are ready, or are being made so. */
  get opened(): readonly string[] {
    return [...this.#ready.keys()];
  }

  /**
   * An entry, compiled once and ready to be called.
   *
   * @throws {ClosedError} After {@linkcode close}.
   */
  get(entry: WasmEntry): Promise<Callable> {
    if (this.#closed) return Promise.reject(new ClosedError("the runtime was disposed of"));
    let callable = this.#ready.get(entry.id);
    if (!callable) {
      const opening = callable = this.open(entry);
      this.#ready.set(entry.id, opening);
      opening.catch(() => {
        // A file that was wrong may be put right: the next call reads it again.
        if (this.#ready.get(entry.id) === opening) this.#ready.delete(entry.id);
      });
    }
    return callable;
  }

  /** What makes the calls that an entry's guest asks for; `undefined` where it may make none. */
  async funcs(entry: WasmEntry): Promise<(AskFuncs & NestedFuncs) | undefined> {
    if (!callsOthers(entry)) return undefined;
    const { stdio, events } = this.#options;
    // Whoever calls it is of any version of the application: whom it calls is of the one in force.
    const current = { registry: () => this.#registry, callable: (entry: WasmEntry) => this.get(entry) };
    this.#funcs ??= import("./funcs.ts").then(({ Funcs }) => new Funcs({ ...current, stdio, events }));
    return (await this.#funcs).of(entry);
  }

  /**
   * An entry made ready for one who has it for himself, and closes it.
   *
   * @param registry The version of the application that it is of.
   */
  async open(entry: WasmEntry, registry: Registry = this.#registry): Promise<Callable> {
    const [{ Callable }, funcs] = await Promise.all([import("./callable.ts"), this.funcs(entry)]);
    const { start, events } = this.#options;
    return await Callable.of(entry, registry, start, funcs, events);
  }

  /**
   * Puts another version of the application in force, at once.
   *
   * @param draft The version, made ready as far as it is to be.
   * @returns Begins to end what is not needed any more, after a promise: until then, some may still begin to call it.
   */
  adopt(draft: Draft): (after: Promise<unknown>) => void {
    const old = [...this.#ready].filter(([id]) => !draft.keeps(id)).map(([id, callable]) => {
      this.#ready.delete(id);
      return callable;
    });
    this.#registry = draft.registry;
    for (const [id, callable] of draft.opened) this.#ready.set(id, callable);
    return (after) => {
      const retiring = Promise.allSettled(old.map(async (one) => {
        await after;
        const callable = await one;
        // Who has just got it calls it in this turn of the event loop.
        await new Promise((resolve) => setTimeout(resolve));
        await callable.close();
      }));
      this.#retiring.add(retiring);
      void retiring.then(() => this.#retiring.delete(retiring));
    };
  }

  /** Waits for the calls that are under way, and for those that they make, and ends the processes of guests. */
  async close(): Promise<void> {
    // All of them end their calls before any is closed: one of the calls may still need another entry.
    await Promise.allSettled([...this.#ready.values()].map(async (one) => (await one).drain()));
    this.#closed = true;
    const all = await Promise.allSettled(this.#ready.values());
    this.#ready.clear();
    await Promise.all(all.map((one) => one.status === "fulfilled" ? one.value.close() : undefined));
    await Promise.all(this.#retiring);
  }
}
