/**
 * `resource.new`, `resource.drop`, `resource.rep`, and the destructors that drops run.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#canon-resourcenew
 * @module
 */
import type { HandleTable } from "../abi/handles.ts";
import type { Flags } from "../abi/memory.ts";
import { Trap } from "../error.ts";
import type { InstanceFate } from "./fate.ts";
import { GuestResource, type RuntimeResource } from "./resource.ts";
import { asPromising } from "./suspend.ts";

type Func = (...args: never[]) => unknown;

/** What a built-in needs of the instance that it belongs to. */
export interface BuiltinContext {
  readonly handles: HandleTable;
  readonly flags: Flags;
  readonly fate: InstanceFate;
}

/** A guest's destructor and whether it may suspend. */
export interface Destructor {
  readonly core: (rep: number) => void;
  /** Asked when it runs: what its instance lowers is known by then. */
  readonly suspends: () => boolean;
}

/**
 * Makes a resource type that a guest defines.
 *
 * @param flags Flags of the instance that defines it.
 */
export function defineResource(
  name: string,
  flags: Flags,
  fate: InstanceFate,
  destructor: Destructor | undefined,
): GuestResource {
  if (!destructor) return new GuestResource(name, flags);
  const { core, suspends } = destructor;
  return new GuestResource(name, flags, {
    suspends,
    inside: (rep) =>
      suspends() ? asPromising(core as Func)(rep as never) as Promise<void> : core(rep as number),
    outside: (rep) => {
      if (fate.dead !== undefined) return undefined;
      fate.enter(flags, []);
      flags.mayEnter = false;
      const left = (): void => {
        flags.mayEnter = true;
      };
      const failed = (error: unknown): never => {
        throw fate.kill(error, flags);
      };
      try {
        if (suspends()) return (asPromising(core as Func)(rep as never) as Promise<void>).then(left, failed);
        core(rep as number);
      } catch (error) {
        failed(error);
      }
      return left();
    },
  });
}

/** A built-in as a core function, and whether it may suspend its caller. */
export function resourceBuiltin(
  op: "resource.new" | "resource.drop" | "resource.rep",
  resource: RuntimeResource,
  { handles, flags, fate }: BuiltinContext,
): { readonly f: Func; readonly suspends: boolean } {
  const guarded = (f: (value: number) => unknown): Func => (value: number) => {
    try {
      // Nothing may leave while the guest allocates or cleans up for a call.
      if (!flags.mayLeave) throw new Trap("cannot leave component instance");
      return f(value);
    } catch (error) {
      throw fate.kill(error, flags);
    }
  };
  switch (op) {
    case "resource.new":
      return { f: guarded((rep) => handles.addOwn(resource, rep)), suspends: false };
    case "resource.rep": {
      // The one built-in that may be called even then.
      const f = (index: number) => {
        try {
          return handles.get(index >>> 0, resource).rep;
        } catch (error) {
          throw fate.kill(error, flags);
        }
      };
      return { f, suspends: false };
    }
    case "resource.drop": {
      const f = guarded((index) => {
        const handle = handles.drop(index >>> 0, resource);
        if (!handle.own) return undefined;
        // Within its own instance the destructor is a plain call: nothing is entered.
        const destroyed = resource.impl === flags
          ? (resource as GuestResource).destroy?.inside(handle.rep)
          : resource.drop(handle.rep);
        return destroyed?.then(undefined, (error: unknown) => {
          throw fate.kill(error, flags);
        });
      });
      return { f, suspends: resource instanceof GuestResource && resource.destroy?.suspends() === true };
    }
  }
}
