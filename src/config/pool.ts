/**
 * `pool`: how many calls of an entry run at once, and who waits.
 *
 * @module
 */

import type { CallFields } from "./schema/wasm.ts";

/** The kinds of pools. */
export type PoolType = "inline" | "lazy" | "static" | "adaptive";

/** A pool with every default filled in. */
export interface Pool {
  /** The kind of pool, chosen by the other fields where the file does not say. */
  readonly type: PoolType;
  /** How many calls may run at once. */
  readonly workers: number;
  /** How many more may wait in a queue before callers themselves wait. Lazy and inline pools have no queue. */
  readonly buffer: number;
  /** Whether instances are made before the first call. */
  readonly warmStart: boolean;
  /** A class of dedicated workers, which are processes of the entry's own; when set, the pool is a `static` one. */
  readonly workerClass: string | undefined;
}

/** How many calls an explicit lazy or adaptive pool runs at once. */
const DEFAULT_MAX_SIZE = 16;
/** The same where the entry says nothing of a type. */
const IMPLICIT_MAX_SIZE = 100;
/** How many calls a static pool without `workers` and `size` runs at once. */
const DEFAULT_WORKERS = 8;
/** How many workers of a class there are at most where the entry does not say. */
const DEFAULT_DEDICATED = 4;
/** How many calls may wait for each worker. */
const QUEUE_PER_WORKER = 64;

/** The pool that an entry's fields ask for; an absent `pool` is the implicit lazy one. */
export function poolOf(fields: CallFields["pool"]): Pool {
  const { size = 0, workers = 0, buffer = 0, max_size = 0 } = fields ?? {};
  const workerClass = fields?.worker_class || undefined;
  const explicit = fields?.type || undefined;
  const type = explicit ?? (workers > 0 ? "static" : size > 0 && max_size === 0 ? "inline" : "lazy");
  const rest = { warmStart: fields?.warm_start ?? false, workerClass };
  if (workerClass !== undefined) {
    const most = workers || Math.min(navigator.hardwareConcurrency, DEFAULT_DEDICATED);
    return Object.freeze({
      type: "static",
      workers: most,
      buffer: buffer || most * QUEUE_PER_WORKER,
      ...rest,
    });
  }
  switch (type) {
    case "inline":
      return Object.freeze({ type, workers: 1, buffer: 0, ...rest });
    case "lazy": {
      const most = max_size || (explicit === undefined ? IMPLICIT_MAX_SIZE : DEFAULT_MAX_SIZE);
      return Object.freeze({ type, workers: most, buffer: 0, ...rest });
    }
    case "static": {
      const most = workers || size || DEFAULT_WORKERS;
      return Object.freeze({ type, workers: most, buffer: buffer || most * QUEUE_PER_WORKER, ...rest });
    }
    case "adaptive": {
      const most = max_size || DEFAULT_MAX_SIZE;
      return Object.freeze({ type, workers: most, buffer: most * QUEUE_PER_WORKER, ...rest });
    }
  }
}
