/**
 * Calls of one entry by another: `wippy:runtime/funcs`, at the end that knows all entries.
 *
 * @module
 */
import type { FuncsAnswer, FuncsRequest } from "../compartment/funcs.ts";
import { ComponentError } from "../component/mod.ts";
import type { Entry, WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import type { Stdio } from "../wasi/mod.ts";
import type { Callable } from "./callable.ts";
import type { Events } from "./events.ts";
import type { NestedFuncs } from "./events_call.ts";
import { FuncsError, type Told, toldOf, toldOfLoading } from "./funcs_error.ts";
import { reportFailure } from "./funcs_report.ts";
import { argumentsOf, callableType, errOf, payloadOf, wordsOf } from "./funcs_values.ts";

/**
 * How deep calls may nest: the function that a function calls is at 1.
 *
 * Each level keeps an instance with its memory, and perhaps a process of some 35 MB, while it waits: entries that call one
 * another for ever must come to an end before the machine does. A chain by design has three or four links.
 */
export const MAX_DEPTH = 16;

/** What calls are made with. */
export interface FuncsOptions {
  /** All entries, as they are now. */
  readonly registry: () => Registry;
  /** An entry, ready to be called. */
  readonly callable: (entry: WasmEntry) => Promise<Callable>;
  /** Where the standard streams of entries lead that are called. Their callers' they are never. */
  readonly stdio: Partial<Stdio>;
  /** Told of calls of what cannot be made ready. Of the others their entries tell. */
  readonly events?: Events | undefined;
}

/** Who asks. */
interface Asking {
  readonly caller: WasmEntry;
  /** How many calls its own call is nested in. */
  readonly depth: number;
  /** The number of its call, where somebody listens. */
  readonly parent: number | undefined;
}

/** Makes the calls of an application's entries of one another. */
export class Funcs {
  readonly #options: FuncsOptions;

  /** @param options What calls are made with. */
  constructor(options: FuncsOptions) {
    this.#options = options;
  }

  /**
   * What makes the calls that one entry's guest asks for.
   *
   * A call runs under the callee's own grant and limits, in the process that it belongs in, whatever its caller may: to
   * declare `funcs` is to be allowed every function of the application, and nothing that these may. It ends with its
   * caller. Its standard streams are not its caller's.
   *
   * The target is `namespace:name`; without a `:`, it is a name of the caller's namespace. Only functions can be called.
   * The input becomes arguments as {@linkcode argumentsOf} says, and the result a text or bytes as {@linkcode payloadOf}
   * does. Where the method returns `err`, so does the call, with what came with it; where the call itself fails, its `err`
   * begins with what kind of failure it is: `Invalid: `, `NotFound: `, `PermissionDenied: `, `Unavailable: `, `Internal: `
   * (as of a trap), `Timeout: `.
   *
   * @param caller The entry; it declares `funcs`.
   * @param depth How many calls its own call is nested in.
   */
  of(caller: WasmEntry, depth = 0): NestedFuncs {
    return (request, signal, parent) => this.#answer({ caller, depth, parent }, request, signal);
  }

  async #answer(
    { caller, depth, parent }: Asking,
    request: FuncsRequest,
    signal: AbortSignal,
  ): Promise<FuncsAnswer> {
    const { stdio: { stderr = Deno.stderr }, events } = this.#options;
    const err = (error: unknown, { text, reduced }: Told, id: string): FuncsAnswer => {
      if (reduced && !signal.aborted) reportFailure(stderr, caller.id, id, error);
      return { err: text };
    };
    let entry: WasmEntry, callable: Callable;
    try {
      entry = this.#find(request.target, caller);
      if (depth >= MAX_DEPTH) {
        throw new FuncsError(
          "Invalid",
          `${entry.id} would be called ${MAX_DEPTH + 1} calls deep; ${MAX_DEPTH} is the limit`,
        );
      }
    } catch (error) {
      return err(error, toldOf(error, request.target), request.target);
    }
    try {
      callable = await this.#options.callable(entry);
    } catch (error) {
      events?.failed(entry.id, parent, error);
      return err(error, toldOfLoading(error, entry.id), entry.id);
    }
    try {
      return await this.#call(entry, callable, { depth, parent }, request, signal);
    } catch (error) {
      return signal.aborted
        ? { err: `Canceled: the call of ${entry.id} was given up` }
        : err(error, toldOf(error, entry.id), entry.id);
    }
  }

  async #call(
    entry: WasmEntry,
    callable: Callable,
    { depth, parent }: Pick<Asking, "depth" | "parent">,
    { input }: FuncsRequest,
    signal: AbortSignal,
  ): Promise<FuncsAnswer> {
    const type = callableType(callable.method);
    const words = callable.isProgram ? wordsOf(input) : undefined;
    const args = callable.isProgram ? [] : argumentsOf(type, input);
    const { stdio } = this.#options;
    // Without `funcs` among its imports, its guest has no way to ask.
    const options = { stdio, args: words, signal, nested: true, parent, funcs: this.of(entry, depth + 1) };
    try {
      return { ok: payloadOf(type.result, await callable.call(args, options), input) };
    } catch (error) {
      if (!(error instanceof ComponentError) || type.result?.kind !== "result") throw error;
      return { err: errOf(type, entry.id, error.payload) };
    }
  }

  /** The function that a target names. An id of anything else, and another name for it, is none. */
  #find(target: string, { namespace }: WasmEntry): WasmEntry {
    const colon = target.indexOf(":");
    const name = target.slice(colon + 1);
    if (colon === 0 || name === "") {
      throw new FuncsError(
        "Invalid",
        `the target ${JSON.stringify(target)} is no id: namespace:name is expected`,
      );
    }
    const id = colon < 0 ? `${namespace}:${name}` : target;
    const entry = this.#options.registry().get(id);
    if (entry !== undefined && entry.id === id && isFunction(entry)) return entry;
    const what = entry?.id === id ? `: that is ${entry.kind}` : "";
    throw new FuncsError("NotFound", `there is no function ${id}${what}`);
  }
}

/** Whether an entry is one that others may call. */
export function isFunction(entry: Entry): entry is WasmEntry {
  return entry.kind === "function.wasm" || entry.kind === "function.wat";
}
