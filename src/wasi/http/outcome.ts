/**
 * What the two futures of `wasi:http/types` have in common: a result that comes once and is taken once.
 *
 * @module
 */
import { Signal, type Waitable } from "../io/waitable.ts";
import type { ErrorCode, Result } from "./types.ts";

/** A result that comes later. */
export class Outcome<T> implements Waitable {
  readonly #settled = new Signal();
  #state: { readonly result: Result<T, ErrorCode> } | "waiting" | "taken" = "waiting";

  /** Whether the result has come. */
  ready(): boolean {
    return this.#state !== "waiting";
  }

  /** See {@linkcode Waitable.watch}. */
  watch(wake: () => void): () => void {
    return this.#settled.watch(wake);
  }

  /** The result has come. Only the first counts. */
  settle(result: Result<T, ErrorCode>): void {
    if (this.#state !== "waiting") return;
    this.#state = { result };
    this.#settled.fire();
  }

  /** `undefined` before the result has come; the result, once; afterwards an error without payload. */
  take(): Result<Result<T, ErrorCode>, void> | undefined {
    const state = this.#state;
    if (state === "waiting") return undefined;
    if (state === "taken") return { tag: "err", val: undefined };
    this.#state = "taken";
    return { tag: "ok", val: state.result };
  }
}
