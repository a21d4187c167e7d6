/**
 * Contents of requests that are kept whole until they are arguments.
 *
 * @module
 */
import { MAX_READ } from "../wasi/io/source.ts";
import { whenReady } from "../wasi/io/waitable.ts";
import type { HttpSource } from "./http_source.ts";

/** There is no room for the contents of one more request. */
export class FullError extends Error {
  /** Always `FullError`. */
  override readonly name = "FullError";
}

/** Bytes that may be kept of all requests together: many clients may send slowly, and each has its own bound only. */
export class Budget {
  #left: number;

  /** @param most How many. */
  constructor(most: number) {
    this.#left = most;
  }

  /** Takes some, if they are there. */
  take(count: number): boolean {
    if (count > this.#left) return false;
    this.#left -= count;
    return true;
  }

  /** Gives some back. */
  give(count: number): void {
    this.#left += count;
  }
}

/** The contents of one request. */
export class Body {
  readonly #source: HttpSource;
  readonly #budget: Budget;
  #length = 0;

  /**
   * @param source Where they come from.
   * @param budget What they are kept in.
   */
  constructor(source: HttpSource, budget: Budget) {
    this.#source = source;
    this.#budget = budget;
  }

  /**
   * All of them.
   *
   * @throws {FullError} If there is no room.
   * @throws {HttpError} If they do not come, or are too many.
   */
  async read(signal: AbortSignal | undefined): Promise<Uint8Array> {
    const source = this.#source;
    const chunks: Uint8Array[] = [];
    const stop = () => source.close();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      for (;;) {
        signal?.throwIfAborted();
        const chunk = source.read(MAX_READ);
        if (chunk === null) break;
        if (chunk.length === 0) {
          await whenReady(source);
          continue;
        }
        if (!this.#budget.take(chunk.length)) throw new FullError("too many contents of requests are kept");
        this.#length += chunk.length;
        chunks.push(chunk);
      }
    } finally {
      signal?.removeEventListener("abort", stop);
      source.close();
    }
    // A source that was closed ends as well.
    signal?.throwIfAborted();
    return joined(chunks, this.#length);
  }

  /** They are needed no more. */
  release(): void {
    this.#budget.give(this.#length);
    this.#length = 0;
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
