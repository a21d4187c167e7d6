/**
 * The life of an instance: who may enter it now, and what killed it.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#component-instances
 * @module
 */
import type { Fate } from "../abi/context.ts";
import type { Flags } from "../abi/memory.ts";
import { Trap } from "../error.ts";

/** Shared by a component instance and all instances inside it: a trap in one is the end of all. */
export class InstanceFate implements Fate {
  dead: Error | undefined = undefined;
  readonly #signal: AbortSignal | undefined;

  /** @param signal Gives a guest up that waits. */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  enter(flags: Flags, ancestors: readonly Flags[]): void {
    if (this.dead !== undefined) {
      throw new Trap("the instance is dead: it trapped before", { cause: this.dead });
    }
    if (!flags.mayEnter || ancestors.some((a) => !a.mayEnter)) {
      throw new Trap("cannot enter component instance: a call into it is under way");
    }
    for (const ancestor of ancestors) ancestor.mayEnter = false;
  }

  leave(ancestors: readonly Flags[]): void {
    for (const ancestor of ancestors) ancestor.mayEnter = true;
  }

  kill(error: unknown, flags?: Flags): Error {
    const trap = asTrap(error);
    this.dead ??= trap;
    // A guest can catch JavaScript exceptions; one that does must still not reach the host again.
    if (flags) flags.mayLeave = false;
    return trap;
  }

  /** Listens only while the guest waits: one signal may be that of any number of instances. */
  waiting(promise: PromiseLike<unknown>): PromiseLike<unknown> {
    const signal = this.#signal;
    if (signal === undefined) return promise;
    return new Promise((resolve, reject) => {
      const abandon = () => reject(signal.reason);
      if (signal.aborted) abandon();
      else signal.addEventListener("abort", abandon, { once: true });
      const settle = (done: () => void) => {
        signal.removeEventListener("abort", abandon);
        done();
      };
      promise.then((value) => settle(() => resolve(value)), (error) => settle(() => reject(error)));
    });
  }

  failed(
    error: unknown,
    running: boolean,
    flags: Flags,
    ancestors: readonly Flags[],
    explain: () => unknown,
  ): unknown {
    // Before the guest runs, what goes wrong outside of its `realloc` is the fault of an argument.
    if (!running && flags.mayLeave && !(error instanceof Trap)) {
      flags.mayEnter = true;
      this.leave(ancestors);
      return explain();
    }
    return this.kill(error);
  }
}

/** V8's own errors as traps; errors of host functions stay what they are. */
function asTrap(error: unknown): Error {
  if (error instanceof WebAssembly.RuntimeError) {
    return new Trap(`wasm trap: ${error.message}`, { cause: error }, framesOf(error));
  }
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    return new Trap("wasm trap: call stack exhausted", { cause: error }, framesOf(error));
  }
  if (error instanceof Error) {
    if (error.name === "SuspendError") {
      return new Trap(`cannot suspend here: ${error.message}`, { cause: error }, framesOf(error));
    }
    return error;
  }
  const thrown = typeof error === "object" ? "an exception" : String(error);
  return new Trap(`the guest threw ${thrown}`, { cause: error });
}

/** Guest frames of a stack, innermost first: `name` or `function[index]`, and the offset in the module. */
function framesOf(error: Error): string[] {
  const frames: string[] = [];
  for (const line of (error.stack ?? "").split("\n")) {
    const match = /^\s+at (?:(.*) \()?wasm:\/\/wasm\/.*:wasm-function\[(\d+)\]:(0x[0-9a-f]+)\)?$/.exec(line);
    if (!match) continue;
    const [, name = "<anonymous>", index, offset] = match;
    frames.push(`${name === "<anonymous>" ? `function[${index}]` : name} at ${offset}`);
  }
  return frames;
}
