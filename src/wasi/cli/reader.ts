/**
 * Standard input as a source.
 *
 * @module
 */
import type { Source } from "../io/source.ts";
import { Signal } from "../io/waitable.ts";
import type { Stdin } from "./stdio.ts";

/** The most that is asked of the reader at once. */
const MAX_CHUNK = 64 * 1024;

/** What is asked for on behalf of a guest that waits before it has said how much it wants. */
const UNKNOWN = 4096;

/**
 * Reads ahead of the guest by no more than it has asked for: the next program on the same input finds the rest. One
 * read at a time runs in the background, and none before the guest first asks.
 */
export class ReaderSource implements Source {
  readonly #reader: () => Stdin;
  readonly #arrived = new Signal();
  #wanted = UNKNOWN;
  #chunk: Uint8Array | undefined;
  #state: "open" | "reading" | "ended" = "open";
  #failure: { readonly cause: unknown } | undefined;

  /** @param reader Gives the reader; called at the first read. */
  constructor(reader: () => Stdin) {
    this.#reader = reader;
  }

  /** Asking whether there is input is a reason to fetch some: there is no other way to know. */
  ready(): boolean {
    if (this.#chunk !== undefined || this.#failure !== undefined || this.#state === "ended") return true;
    this.#fetch();
    return false;
  }

  /** See {@linkcode Source.watch}. */
  watch(wake: () => void): () => void {
    this.ready();
    return this.#arrived.watch(wake);
  }

  /** See {@linkcode Source.read}. */
  read(max: number): Uint8Array | null {
    if (this.#chunk !== undefined) return this.#take(this.#chunk, max);
    if (this.#failure !== undefined) {
      const { cause } = this.#failure;
      this.#failure = undefined;
      this.#state = "ended";
      throw cause;
    }
    if (this.#state === "ended") return null;
    if (max > 0) {
      this.#wanted = Math.min(max, MAX_CHUNK);
      this.#fetch();
    }
    return new Uint8Array(0);
  }

  #take(chunk: Uint8Array, max: number): Uint8Array {
    if (max >= chunk.length) {
      this.#chunk = undefined;
      return chunk;
    }
    this.#chunk = chunk.subarray(max);
    // A copy, so that the caller cannot reach what is still to be read.
    return chunk.slice(0, max);
  }

  #fetch(): void {
    if (this.#state !== "open") return;
    this.#state = "reading";
    this.#read().then(() => this.#arrived.fire());
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(this.#wanted);
    try {
      const count = await this.#reader().read(buffer);
      this.#state = count ? "open" : "ended";
      if (count) this.#chunk = buffer.subarray(0, count);
    } catch (cause) {
      this.#failure = { cause };
    }
  }
}
