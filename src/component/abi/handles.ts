/**
 * Handles: the one table of a component instance that maps `i32` to resources.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#table-state
 * @module
 */
import { LimitError, Trap } from "../error.ts";

/** What a resource type must offer to the table and to generated code. */
export interface ResourceKind {
  /** For messages. */
  readonly name: string;
}

/** A count of borrows that a call handed to a guest and that must be back when it returns. */
export interface BorrowScope {
  borrows: number;
}

/** One entry. */
export interface Handle {
  readonly kind: ResourceKind;
  /** The representation: an `i32` for a guest's resource, the object itself for a host's. */
  readonly rep: unknown;
  readonly own: boolean;
  /** Calls under way that borrowed from this handle. */
  lends: number;
  /** For a borrow: the call that it ends with. */
  readonly scope: BorrowScope | undefined;
}

/** More handles than this at once is a guest gone wrong; the specification's own bound is 2^28 - 1. */
export const MAX_HANDLES = 1_000_000;

/** The handles of all tables of one root instance together. */
export interface HandleCount {
  /** How many there are. */
  handles: number;
  /** How many there may be. */
  readonly maxHandles: number;
}

/** Dense array with a free list; index 0 is never a handle. */
export class HandleTable {
  readonly entries: (Handle | undefined)[] = [undefined];
  readonly #free: number[] = [];
  readonly #count: HandleCount;

  /** @param count Of all tables of one root instance together. */
  constructor(count: HandleCount = { handles: 0, maxHandles: MAX_HANDLES }) {
    this.#count = count;
  }

  /** Adds an owning handle. */
  addOwn(kind: ResourceKind, rep: unknown): number {
    return this.#add({ kind, rep, own: true, lends: 0, scope: undefined });
  }

  /** Adds a borrowing handle that must be dropped before its call returns. */
  addBorrow(kind: ResourceKind, rep: unknown, scope: BorrowScope): number {
    scope.borrows++;
    return this.#add({ kind, rep, own: false, lends: 0, scope });
  }

  #add(handle: Handle): number {
    if (++this.#count.handles > this.#count.maxHandles) throw tooMany(this.#count);
    const index = this.#free.pop();
    if (index !== undefined) {
      this.entries[index] = handle;
      return index;
    }
    return this.entries.push(handle) - 1;
  }

  /** The handle at an index, which must be of a type. */
  get(index: number, kind: ResourceKind): Handle {
    const handle = this.entries[index];
    if (handle === undefined || handle.kind !== kind) return this.#wrong(index, handle, kind);
    return handle;
  }

  /** Takes an owning handle out: its owner gives it away. */
  takeOwn(index: number, kind: ResourceKind): unknown {
    const handle = this.get(index, kind);
    if (!handle.own) throw new Trap(`handle ${index} is a borrow of ${kind.name}, not its owner`);
    this.#remove(index, handle);
    return handle.rep;
  }

  /** Takes any handle out, to drop it. */
  drop(index: number, kind: ResourceKind): Handle {
    const handle = this.get(index, kind);
    this.#remove(index, handle);
    if (handle.scope) handle.scope.borrows--;
    return handle;
  }

  /** Takes back the borrows of a call that did not come about. */
  forget(scope: BorrowScope): void {
    if (scope.borrows === 0) return;
    this.entries.forEach((handle, index) => {
      if (handle?.scope === scope) this.#remove(index, handle);
    });
  }

  #remove(index: number, handle: Handle): void {
    if (handle.lends !== 0) throw new Trap(`handle ${index} cannot be removed while it is lent`);
    this.entries[index] = undefined;
    this.#free.push(index);
    this.#count.handles--;
  }

  #wrong(index: number, handle: Handle | undefined, kind: ResourceKind): never {
    throw new Trap(
      handle
        ? `handle index ${index} used with the wrong type: expected ${kind.name}, found ${handle.kind.name}`
        : `unknown handle index ${index} (${kind.name})`,
    );
  }
}

function tooMany({ handles, maxHandles }: HandleCount): Trap {
  const message = `more than ${maxHandles} handles at once`;
  return new Trap(message, { cause: new LimitError(message, "maxHandles", maxHandles, { asked: handles }) });
}
