/**
 * What a generated function is bound to in one instance.
 *
 * @module
 */
import type { HandleTable, ResourceKind } from "./handles.ts";
import type { FuncType } from "../wit/types.ts";
import type { Allocate, Flags, Memory } from "./memory.ts";
import type { Lends } from "./support.ts";

/** A resource type of an instance, as generated code uses it. */
export interface BoundResource extends ResourceKind {
  /** Implemented by the host: its representation is the object itself. */
  readonly host: boolean;
  /** The component instance that implements it, by its flags. */
  readonly impl: Flags | undefined;
  /** A representation that the host now owns. */
  ownToHost(rep: unknown): unknown;
  /** A representation that the host may use until the call ends. */
  borrowToHost(rep: unknown, lends: Lends): unknown;
  /** The representation of an object that the host gives away. */
  ownFromHost(value: unknown): unknown;
  /** Undoes `ownFromHost`: the object was not given away after all. */
  ownBackToHost(value: unknown): void;
  /** The representation of an object that the host lends for the call. */
  borrowFromHost(value: unknown, lends: Lends): unknown;
}

/** The fate of an instance and of all in it: alive, or dead by its first trap. */
export interface Fate {
  /** The first trap. */
  dead: Error | undefined;
  /** Throws why a call may not enter, or marks the ancestors as entered. */
  enter(flags: Flags, ancestors: readonly Flags[]): void;
  /** Ends what `enter` began. */
  leave(ancestors: readonly Flags[]): void;
  /** Makes the instance dead; returns the error to throw. */
  kill(error: unknown, flags?: Flags): Error;
  /** What a suspended guest waits for: a host's promise, or the end of the instance by its caller. */
  waiting(promise: PromiseLike<unknown>): PromiseLike<unknown>;
  /** The error for a call that failed: arguments that do not fit leave the instance as it was. */
  failed(
    error: unknown,
    running: boolean,
    flags: Flags,
    ancestors: readonly Flags[],
    explain: () => unknown,
  ): unknown;
}

/** Everything that a lift or lower needs of its instance. */
export interface Context {
  /** Name for messages. */
  readonly name: string;
  /** The memory option. */
  readonly M: Memory | undefined;
  /** The realloc option. */
  readonly A: Allocate | undefined;
  /** Handles of the instance. */
  readonly T: HandleTable;
  /** Flags of the instance. */
  readonly I: Flags;
  /** Its fate. */
  readonly S: Fate;
  /** Its resource types, by slot. */
  readonly R: readonly (BoundResource | undefined)[];
}

/** A `lift` bound to its core function and its callers. */
export interface LiftContext extends Context {
  /** Its type as the caller sees it, for messages. */
  readonly type: FuncType;
  /** The core function; the `promising` one where it can suspend. */
  readonly f: (...args: never[]) => unknown;
  /** The post-return option. */
  readonly post: ((...args: never[]) => unknown) | undefined;
  /** Flags that a call marks as entered: those of the instance, unless its caller is inside it. */
  readonly N: Flags;
  /** Flags of the ancestors that a call enters as well. */
  readonly W: readonly Flags[];
}

/** A `lower` bound to what it calls. */
export interface LowerContext extends Context {
  /** The callee: a host function or class, or the guest-boundary lift of another component. */
  readonly f: unknown;
}
