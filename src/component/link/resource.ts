/**
 * Resource types of an instance: a host's, whose representation is the object itself, or a guest's, which
 * JavaScript sees as an object of a class.
 *
 * @module
 */
import type { BoundResource } from "../abi/context.ts";
import type { Flags } from "../abi/memory.ts";
import { BadValue, type Lends } from "../abi/support.ts";

/** A class, as far as this room cares. */
// deno-lint-ignore no-explicit-any
export type Class = (abstract new (...args: any[]) => object) & { readonly prototype: object };

/** A resource that the host implements. */
export class HostResource implements BoundResource {
  readonly host = true;
  readonly impl = undefined;
  readonly name: string;
  readonly #class: Class | undefined;

  /**
   * @param name The resource's WIT name.
   * @param hostClass What its objects are instances of; unknown where the import was not given.
   */
  constructor(name: string, hostClass: Class | undefined) {
    this.name = name;
    this.#class = hostClass;
  }

  ownToHost(rep: unknown): unknown {
    return rep;
  }

  borrowToHost(rep: unknown): unknown {
    return rep;
  }

  ownFromHost(value: unknown): unknown {
    return this.borrowFromHost(value);
  }

  ownBackToHost(): void {}

  borrowFromHost(value: unknown): unknown {
    if (typeof value !== "object" || value === null) throw new BadValue(`expected an object of ${this.name}`);
    if (this.#class && !(value instanceof this.#class)) {
      throw new BadValue(`expected an object of class ${this.#class.name}`);
    }
    return value;
  }

  /** The guest dropped its owning handle. */
  drop(rep: unknown): undefined {
    const dispose = (rep as Partial<Disposable>)[Symbol.dispose];
    if (typeof dispose === "function") dispose.call(rep as Disposable);
  }
}

interface GuestState {
  readonly resource: GuestResource;
  readonly rep: unknown;
  /** `gone`: dropped, given away, or borrowed for a call that has ended. */
  state: "own" | "borrow" | "gone";
  /** Calls under way that it is lent to. */
  lends: number;
}

const KEY = Symbol("guest resource");

/** What every class of a guest's resource derives from. */
export abstract class GuestObject implements Disposable, AsyncDisposable {
  #state: GuestState;

  constructor(key: symbol, state: GuestState) {
    if (key !== KEY) throw new TypeError("only a guest makes objects of this class");
    this.#state = state;
  }

  /**
   * Drops the resource: runs the guest's destructor. Again, or after it was given away: does nothing. A
   * destructor that may block goes on after this returns, and calls into the instance are refused until it
   * has ended; `Symbol.asyncDispose` waits for it.
   */
  [Symbol.dispose](): void {
    // A destructor that fails has killed the instance, which every later call says.
    this.#drop()?.catch(() => {});
  }

  /** Drops the resource, and waits for a destructor that may block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#drop();
  }

  #drop(): Promise<void> | undefined {
    const state = this.#state;
    if (state.state !== "own") return undefined;
    if (state.lends > 0) throw new TypeError(`${state.resource.name} is in use by a call under way`);
    // Refused while a call is under way: then the object stays its owner's.
    const dropped = state.resource.drop(state.rep);
    state.state = "gone";
    return dropped;
  }

  /** The state of an object, if it is one of ours. */
  static stateOf(value: unknown): GuestState | undefined {
    return typeof value === "object" && value !== null && #state in value ? value.#state : undefined;
  }
}

/** A guest's destructor, bound to its instance. */
export interface Destroy {
  /** It may suspend, and so return a promise. */
  suspends(): boolean;
  /** Runs it for the instance itself, which is already entered. */
  inside(rep: unknown): void | Promise<void>;
  /** Runs it for anyone else: the instance is entered first. */
  outside(rep: unknown): void | Promise<void>;
}

/** A resource that a component implements. */
export class GuestResource implements BoundResource {
  readonly host = false;
  readonly impl: Flags;
  /** The class that JavaScript sees; the exports add its methods. */
  readonly hostClass: Class;
  /** Its destructor, if the guest has one. */
  readonly destroy: Destroy | undefined;
  #name: string;

  /**
   * @param name The resource's WIT name, as far as known.
   * @param impl Flags of the instance that implements it.
   * @param destroy Its destructor, if it has one.
   */
  constructor(name: string, impl: Flags, destroy?: Destroy) {
    this.destroy = destroy;
    this.#name = name;
    this.impl = impl;
    this.hostClass = class extends GuestObject {};
  }

  /** The resource's WIT name. */
  get name(): string {
    return this.#name;
  }

  /** Its owner, outside the instance that implements it, drops it. */
  drop(rep: unknown): Promise<void> | undefined {
    return this.destroy?.outside(rep) as Promise<void> | undefined;
  }

  /** Names the resource and its class, once an export tells. */
  rename(name: string, className: string): void {
    this.#name = name;
    Object.defineProperty(this.hostClass, "name", { value: className, configurable: true });
  }

  ownToHost(rep: unknown): unknown {
    return this.#object({ resource: this, rep, state: "own", lends: 0 });
  }

  borrowToHost(rep: unknown, lends: Lends): unknown {
    const state: GuestState = { resource: this, rep, state: "borrow", lends: 0 };
    lends.expire.push(() => state.state = "gone");
    return this.#object(state);
  }

  ownFromHost(value: unknown): unknown {
    const state = this.#stateOf(value);
    if (state.state !== "own") throw new BadValue(`this object only borrows its ${this.name}`);
    if (state.lends > 0) throw new BadValue(`this ${this.name} is in use by a call under way`);
    state.state = "gone";
    return state.rep;
  }

  ownBackToHost(value: unknown): void {
    GuestObject.stateOf(value)!.state = "own";
  }

  borrowFromHost(value: unknown, lends: Lends): unknown {
    const state = this.#stateOf(value);
    state.lends++;
    lends.expire.push(() => state.lends--);
    return state.rep;
  }

  #stateOf(value: unknown): GuestState {
    const state = GuestObject.stateOf(value);
    if (!state || state.resource !== this) throw new BadValue(`expected an object of ${this.name}`);
    if (state.state === "gone") {
      throw new BadValue(`this ${this.name} was dropped, given away or has expired`);
    }
    return state;
  }

  #object(state: GuestState): object {
    return Reflect.construct(GuestObject, [KEY, state], this.hostClass);
  }
}

/** Either kind. */
export type RuntimeResource = HostResource | GuestResource;
