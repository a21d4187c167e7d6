/**
 * `resource input-stream` of `wasi:io/streams`:
 * {@link https://github.com/WebAssembly/wasi-io/blob/v0.2.3/wit/streams.wit}
 *
 * @module
 */
import { direct, type Fill } from "../../component/abi/fill.ts";
import { suspending } from "../../component/link/suspending.ts";
import { Pollable } from "./pollable.ts";
import { MAX_READ, type Source } from "./source.ts";
import { closed, failed } from "./stream_error.ts";
import { type Waitable, whenReady } from "./waitable.ts";

const LIMIT = BigInt(MAX_READ);

/** `resource input-stream`: bytes that arrive from a {@linkcode Source}. */
export class InputStream {
  /** Undefined once it has ended, failed, or was dropped. */
  #source: Source | undefined;
  readonly #event: Waitable = {
    ready: () => this.#source?.ready() ?? true,
    watch: (wake) => this.#source?.watch(wake) ?? (() => {}),
  };

  static {
    suspending(this.prototype.blockingRead);
    suspending(this.prototype.blockingSkip);
    direct(this.prototype.read, (self: InputStream, len: bigint) => self.#direct(len) ?? self.read(len));
    direct(
      this.prototype.blockingRead,
      (self: InputStream, len: bigint) => self.#direct(len) ?? self.blockingRead(len),
    );
  }

  /** @param source Where the bytes come from. It is closed with the stream. */
  constructor(source: Source) {
    this.#source = source;
  }

  /**
   * `read: func(len: u64) -> result<list<u8>, stream-error>`: what is there now, perhaps nothing.
   *
   * @param len At most so many bytes. Never an amount to allocate: one call gives at most 1 MiB.
   * @throws {ComponentError} With a `stream-error`.
   */
  read(len: bigint): Uint8Array {
    return this.#take((source) => source.read(clamp(len)));
  }

  /** `blocking-read`: like {@linkcode read}, once at least one byte can be read. */
  blockingRead(len: bigint): Uint8Array | Promise<Uint8Array> {
    if (len > 0n || this.#event.ready()) {
      const bytes = this.read(len);
      if (bytes.length > 0 || len === 0n) return bytes;
    }
    return this.#readLater(len);
  }

  /** `skip: func(len: u64) -> result<u64, stream-error>`: how many bytes were dropped, at most 1 MiB a call. */
  skip(len: bigint): bigint {
    const max = clamp(len);
    const count = this.#take((source) => source.skip ? source.skip(max) : source.read(max)?.length ?? null);
    return BigInt(count);
  }

  /** `blocking-skip`: like {@linkcode skip}, once at least one byte can be skipped. */
  blockingSkip(len: bigint): bigint | Promise<bigint> {
    if (len > 0n || this.#event.ready()) {
      const count = this.skip(len);
      if (count > 0n || len === 0n) return count;
    }
    return this.#skipLater(len);
  }

  /** `subscribe: func() -> pollable`: ready when bytes can be read, and when the stream has ended. */
  subscribe(): Pollable {
    return new Pollable(this.#event);
  }

  /** For the host: whether a read would give bytes, the end or an error, and how to wait for that. */
  static eventOf(stream: InputStream): Waitable {
    return stream.#event;
  }

  /** Closes the source. Pollables of this stream are ready from now on. */
  [Symbol.dispose](): void {
    const source = this.#source;
    this.#source = undefined;
    source?.close?.();
  }

  /** Bytes that the source can write straight into the guest's memory. */
  #direct(len: bigint): Fill | undefined {
    return this.#source?.direct?.(clamp(len));
  }

  /** Runs one operation on the source; its end or failure is the end of this stream. */
  #take<T>(operation: (source: Source) => T | null): T {
    if (this.#source === undefined) throw closed();
    let taken: T | null;
    try {
      taken = operation(this.#source);
    } catch (error) {
      this[Symbol.dispose]();
      throw failed(error);
    }
    if (taken !== null) return taken;
    this[Symbol.dispose]();
    throw closed();
  }

  async #readLater(len: bigint): Promise<Uint8Array> {
    for (;;) {
      await whenReady(this.#event);
      const bytes = this.read(len);
      if (bytes.length > 0 || len === 0n) return bytes;
    }
  }

  async #skipLater(len: bigint): Promise<bigint> {
    for (;;) {
      await whenReady(this.#event);
      const count = this.skip(len);
      if (count > 0n || len === 0n) return count;
    }
  }
}

/** A guest may ask for 2^64-1 bytes; the specification lets the host give fewer. */
function clamp(len: bigint): number {
  return len < LIMIT ? Number(len) : MAX_READ;
}
