/**
 * Watching what a component does with its host: every call of a host function is told of, with what came of it.
 *
 * Whether anybody watches is decided where a function is linked: without an observer nothing stands between the guest
 * and its host.
 *
 * @module
 */
import type { HostFunc } from "./item.ts";

/** What came of a call of a host function. */
export type Outcome =
  | { readonly tag: "returned"; readonly value: unknown }
  | { readonly tag: "threw"; readonly error: unknown };

/**
 * Told of one call, once it is over: of a function that suspends its caller, when its promise is settled.
 *
 * What it throws, the call fails with.
 *
 * @param args The arguments; of a method the object comes first.
 * @param outcome What came of it.
 */
export type Observer = (args: readonly unknown[], outcome: Outcome) => void;

/**
 * Asked once for each host function that is linked.
 *
 * @param interfaceName The interface as the component spells it; of a function of its own, that function's name.
 * @param func The function as WIT writes it: `now`, `[method]descriptor.open-at`.
 * @returns Who is to be told of its calls; `undefined`: nobody.
 */
export type Observe = (interfaceName: string, func: string) => Observer | undefined;

type Linked = Pick<HostFunc, "callee" | "f" | "suspends">;
type Func = (...args: unknown[]) => unknown;

/** A host function whose calls are told of. */
export function observed(linked: Linked, observer: Observer): Linked {
  const call = callOf(linked);
  const { suspends } = linked;
  const f: Func = (...args) => {
    let value: unknown;
    try {
      value = call(...args);
    } catch (error) {
      observer(args, { tag: "threw", error });
      throw error;
    }
    if (suspends && isPromise(value)) {
      return value.then((value) => {
        observer(args, { tag: "returned", value });
        return value;
      }, (error) => {
        observer(args, { tag: "threw", error });
        throw error;
      });
    }
    observer(args, { tag: "returned", value });
    return value;
  };
  return { callee: { form: "call" }, f, suspends };
}

/** The function as one that is called with all of its arguments, whatever it was. */
function callOf({ callee, f }: Linked): Func {
  switch (callee.form) {
    case "new":
      return (...args) => new (f as new (...args: unknown[]) => unknown)(...args);
    case "method":
      // Looked up at every call, as without an observer: a class may have subclasses.
      return (self, ...args) => (self as Record<string, Func>)[callee.method]!(...args);
    default:
      return f as Func;
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null &&
    typeof (value as { then?: unknown }).then === "function";
}
