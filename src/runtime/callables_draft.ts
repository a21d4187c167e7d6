/**
 * Another version of an application, before it is in force.
 *
 * @module
 */
import type { WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import type { Callable } from "./callable.ts";
import type { Callables } from "./callables.ts";
import type { NestedFuncs } from "./events_call.ts";

/** Entries as they will be. Those that do not change are those in force. */
export class Draft {
  /** The application. */
  readonly registry: Registry;
  readonly #current: Callables;
  readonly #kept: ReadonlySet<string>;
  readonly #own = new Map<string, Promise<Callable>>();

  /**
   * @param current The entries in force.
   * @param registry The application, as it will be.
   * @param kept Ids of entries that do not change.
   */
  constructor(current: Callables, registry: Registry, kept: ReadonlySet<string>) {
    this.#current = current;
    this.registry = registry;
    this.#kept = kept;
  }

  /** Whether an entry does not change. */
  keeps(id: string): boolean {
    return this.#kept.has(id);
  }

  /** Entries that have been made ready here. */
  get opened(): ReadonlyMap<string, Promise<Callable>> {
    return this.#own;
  }

  /** An entry, compiled once and ready to be called. */
  get(entry: WasmEntry): Promise<Callable> {
    if (this.keeps(entry.id)) return this.#current.get(entry);
    let callable = this.#own.get(entry.id);
    if (callable === undefined) {
      this.#own.set(entry.id, callable = this.#current.open(entry, this.registry));
      callable.catch(() => this.#own.delete(entry.id));
    }
    return callable;
  }

  /** What makes the calls that an entry's guest asks for. */
  funcs(entry: WasmEntry): Promise<NestedFuncs | undefined> {
    return this.#current.funcs(entry);
  }

  /** It will not be in force: what was made ready for it ends. */
  async discard(): Promise<void> {
    const all = await Promise.allSettled(this.#own.values());
    await Promise.all(all.map((one) => one.status === "fulfilled" ? one.value.close() : undefined));
  }
}
