/**
 * The bridge between these hosts and the published types of the JavaScript mapping: what a module of
 * `@bytecodealliance/preview2-shim/interfaces/*` looks like when its blocking functions may return a promise.
 *
 * @module
 */

/** Functions that wait. They suspend the guest, so here, and only here, a promise is as good as a value. */
type Blocking =
  | "poll"
  | "block"
  | "blockingRead"
  | "blockingSkip"
  | "blockingWriteAndFlush"
  | "blockingFlush"
  | "blockingWriteZeroesAndFlush"
  | "blockingSplice";

/**
 * What a host module must look like to serve the interface whose types are `M`. Used as
 * `satisfies Checked<typeof import("…/interfaces/wasi-io-poll")>`: the import exists for the type checker alone.
 *
 * Two differences from `M`: a blocking function may return a promise, and a resource class needs no private
 * constructor (the guest has no way to call one).
 */
export type Checked<M> = {
  [K in keyof M]: M[K] extends (...args: never[]) => unknown ? Checking<M[K], K>
    : M[K] extends { prototype: infer P } ? abstract new (...args: never[]) => Resource<P>
    : M[K];
};

type Resource<P> = { [K in keyof P]: Checking<P[K], K> };

type Checking<F, K> = F extends (...args: infer A) => infer R ? (
    ...args: { [I in keyof A]: Given<A[I]> }
  ) => K extends Blocking ? Returned<R> | Promise<Returned<R>> : Returned<R>
  : F;

/** A resource argument is `never`: the host takes its own class there, which the engine has checked. */
type Given<T> = T extends Uint8Array ? T
  : T extends readonly (infer U)[] ? Given<U>[]
  : IsResource<T> extends true ? never
  : T;

type Returned<T> = T extends Uint8Array | Uint32Array ? T
  : T extends readonly unknown[] ? { [I in keyof T]: Returned<T[I]> }
  : T extends { tag: infer G; val: infer V } ? { tag: G; val: Returned<V> }
  : IsResource<T> extends true ? Resource<T>
  : T;

type IsResource<T> = T extends object
  ? Extract<T[keyof T], (...args: never[]) => unknown> extends never ? false : true
  : false;
