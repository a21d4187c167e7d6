/**
 * `variant stream-error` of `wasi:io/streams`.
 *
 * @module
 */
import { ComponentError, Trap } from "../../component/error.ts";
import { IoError } from "./error.ts";

/** Why a stream operation gave no result. */
export type StreamError =
  | { tag: "last-operation-failed"; val: IoError }
  | { tag: "closed" };

/** The error of every operation on a stream that has ended. */
export function closed(): ComponentError<StreamError> {
  return new ComponentError<StreamError>({ tag: "closed" });
}

/**
 * The error of the operation that failed; the stream is closed after it.
 *
 * @param cause What a source or sink threw. A trap, and an error that is one for the guest already, stay as they are.
 */
export function failed(cause: unknown): ComponentError | Trap {
  if (cause instanceof ComponentError || cause instanceof Trap) return cause;
  return new ComponentError<StreamError>({ tag: "last-operation-failed", val: new IoError(cause) });
}

/** Whether `error` says that the stream is closed. */
export function isClosed(error: unknown): boolean {
  return error instanceof ComponentError && (error.payload as StreamError | undefined)?.tag === "closed";
}
