/**
 * What a guest does, told in the words of the hosts that do it: whoever watches components watches modules of preview 1
 * as well, and sees the same.
 *
 * @module
 */
import type { Observe } from "../../component/link/observe.ts";
import { Descriptor } from "../../wasi/filesystem/descriptor.ts";

/** The methods of a descriptor. */
export type Method = Exclude<keyof Descriptor, symbol>;

/** Tells an observer of the functions of hosts that preview 1 comes down to. */
export class Told {
  readonly #observe: Observe;
  readonly #once: Set<string> = new Set();

  /** @param observe Asked for each function when it is first used. */
  constructor(observe: Observe) {
    this.#observe = observe;
  }

  /** A function was used. Told once: what it is used on says nothing more. */
  used(interfaceName: string, func: string): void {
    const key = `${interfaceName}#${func}`;
    if (this.#once.has(key)) return;
    this.#once.add(key);
    this.#observe(interfaceName, func)?.([], { tag: "returned", value: undefined });
  }

  /** Calls a method of a descriptor, and tells of it. */
  call<M extends Method>(
    self: Descriptor,
    method: M,
    args: Parameters<Descriptor[M]>,
  ): ReturnType<Descriptor[M]> {
    const observer = this.#observe("wasi:filesystem/types", `[method]descriptor.${kebab(method)}`);
    let value: ReturnType<Descriptor[M]>;
    try {
      value = invoke(self, method, args);
    } catch (error) {
      observer?.([self, ...args], { tag: "threw", error });
      throw error;
    }
    observer?.([self, ...args], { tag: "returned", value });
    return value;
  }
}

/** Calls a method of a descriptor. */
export function invoke<M extends Method>(
  self: Descriptor,
  method: M,
  args: Parameters<Descriptor[M]>,
): ReturnType<Descriptor[M]> {
  return (self as unknown as Record<M, (...args: Parameters<Descriptor[M]>) => ReturnType<Descriptor[M]>>)
    [method](
      ...args,
    );
}

function kebab(method: string): string {
  return method.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
