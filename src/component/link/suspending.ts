/**
 * Which host functions may suspend the guest that calls them.
 *
 * @module
 */

const marked = new WeakSet<object>();
const AsyncFunction = (async () => {}).constructor;

/**
 * Marks a host function as one that may return a promise. The guest that calls it is suspended until the
 * promise settles, and the event loop runs everything else meanwhile (JavaScript Promise Integration).
 * An `async function` needs no mark. A function without a mark that returns a promise is an error.
 *
 * A marked function may as well return a plain value, which costs a guest call about 100 ns more than an
 * unmarked one; so mark only what can block.
 *
 * @example
 * ```ts
 * import { suspending } from "@airlock/runtime/component";
 *
 * const sleep = suspending((ms: number) => ms > 0 ? new Promise<void>((r) => setTimeout(r, ms)) : undefined);
 * await sleep(1);
 * ```
 *
 * @param fn The host function, or a method on a resource class's prototype.
 * @returns The same function.
 */
export function suspending<F extends (...args: never[]) => unknown>(fn: F): F {
  marked.add(fn);
  return fn;
}

/** Whether a host function was marked, or is an `async function`. */
export function canSuspend(fn: unknown): boolean {
  return typeof fn === "function" && (marked.has(fn) || fn instanceof AsyncFunction);
}
