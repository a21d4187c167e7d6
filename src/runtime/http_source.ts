/**
 * The body of a request that `Deno.serve` received, as a source.
 *
 * @module
 */
import { HttpError } from "../wasi/http/error_code.ts";
import type { Source } from "../wasi/io/source.ts";
import { Signal } from "../wasi/io/waitable.ts";

const NOTHING = new Uint8Array(0);

/** What a source is told beside the bytes. */
export interface HttpSourceOptions {
  /** The most that a body may have, in bytes, until somebody says otherwise. */
  readonly maxBytes: number;
  /** The client went away while it was sending. */
  readonly onGone: () => void;
}

/**
 * Reads one chunk when the guest asks for bytes, and the next one when those are taken: a client that sends faster
 * than the guest reads has to wait.
 */
export class HttpSource implements Source {
  readonly #stream: () => ReadableStream<Uint8Array> | null;
  readonly #options: HttpSourceOptions;
  /** The most that the body may have, in bytes. Set before it is read. */
  maxBytes: number;
  readonly #arrived = new Signal();
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #chunk: Uint8Array | undefined;
  #state: "open" | "reading" | "ended" | "closed" = "open";
  #failure: HttpError | undefined;
  #total = 0;
  #late = false;
  #since: number | undefined;

  /**
   * @param stream Gives the body; called at the first read.
   * @param options What it may have.
   */
  constructor(stream: () => ReadableStream<Uint8Array> | null, options: HttpSourceOptions) {
    this.#stream = stream;
    this.#options = options;
    this.maxBytes = options.maxBytes;
  }

  /** Since when the guest waits for the client, by `performance.now()`. */
  get waitingSince(): number | undefined {
    return this.#since;
  }

  /** Whether the client sent, or was about to send, more than it may. */
  get tooLarge(): boolean {
    return this.#failure?.code.tag === "HTTP-request-body-size";
  }

  /** Asking whether there is something is a reason to fetch it. */
  ready(): boolean {
    if (this.#chunk !== undefined || this.#failure !== undefined) return true;
    if (this.#state === "open") this.#fetch();
    return this.#state === "ended" || this.#state === "closed";
  }

  /** See {@linkcode Source.watch}. */
  watch(wake: () => void): () => void {
    this.ready();
    return this.#arrived.watch(wake);
  }

  /** See {@linkcode Source.read}. */
  read(max: number): Uint8Array | null {
    const chunk = this.#chunk;
    if (chunk !== undefined) {
      this.#chunk = max < chunk.length ? chunk.subarray(max) : undefined;
      return max < chunk.length ? chunk.slice(0, max) : chunk;
    }
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#state === "ended" || this.#state === "closed") return null;
    if (max > 0 && this.#state === "open") this.#fetch();
    return NOTHING;
  }

  /** Whether the client took longer than it may. */
  get tooLate(): boolean {
    return this.#late;
  }

  /** The client has taken longer than it may: the rest does not come. */
  late(): void {
    this.#late = true;
    this.fail(new HttpError({ tag: "connection-read-timeout" }));
  }

  /** Nobody wants the rest. */
  close(): void {
    this.#stop("closed");
  }

  /** The rest does not come. */
  fail(error: HttpError): void {
    this.#failure ??= error;
    this.#stop("ended");
    this.#arrived.fire();
  }

  #stop(state: "ended" | "closed"): void {
    if (this.#state === "closed") return;
    this.#state = state;
    this.#since = undefined;
    this.#reader?.cancel().catch(() => {});
    this.#reader = undefined;
  }

  #fetch(): void {
    this.#state = "reading";
    this.#since = performance.now();
    void this.#next();
  }

  async #next(): Promise<void> {
    try {
      this.#reader ??= this.#stream()?.getReader();
      const { value, done } = await this.#reader?.read() ?? { value: undefined, done: true };
      if (this.#state !== "reading") return;
      this.#since = undefined;
      this.#state = done ? "ended" : "open";
      if (value !== undefined) this.#take(value);
    } catch (cause) {
      if (this.#state !== "reading") return;
      this.fail(new HttpError({ tag: "connection-terminated" }, { cause }));
      this.#options.onGone();
    }
    this.#arrived.fire();
  }

  #take(chunk: Uint8Array): void {
    this.#total += chunk.length;
    if (this.#total > this.maxBytes) {
      return this.fail(new HttpError({ tag: "HTTP-request-body-size", val: BigInt(this.maxBytes) }));
    }
    if (chunk.length > 0) this.#chunk = chunk;
  }
}
