/**
 * `resource output-stream` of `wasi:io/streams`:
 * {@link https://github.com/WebAssembly/wasi-io/blob/v0.2.3/wit/streams.wit}
 *
 * @module
 */
import { Trap } from "../../component/error.ts";
import { suspending } from "../../component/link/suspending.ts";
import { InputStream } from "./input_stream.ts";
import { Pollable } from "./pollable.ts";
import type { Sink } from "./sink.ts";
import { closed, failed, isClosed } from "./stream_error.ts";
import { type Waitable, whenReady } from "./waitable.ts";

/** "Perform a write of up to 4096 bytes": more is the caller's mistake. */
const MAX_BLOCKING_WRITE = 4096;

/** The most that one permit allows, so that `write-zeroes` and `splice` have a bound of their own. */
const MAX_PERMIT = 1 << 20;

const ZEROES = new Uint8Array(64 * 1024);

/** `resource output-stream`: bytes on their way to a {@linkcode Sink}. */
export class OutputStream {
  /** Undefined once it is closed, has failed, or was dropped. */
  #sink: Sink | undefined;
  /** How many bytes `check-write` has allowed and `write` has not used. */
  #permit = 0;
  readonly #event: Waitable = {
    ready: () => this.#sink?.ready() ?? true,
    watch: (wake) => this.#sink?.watch(wake) ?? (() => {}),
  };

  static {
    suspending(this.prototype.blockingWriteAndFlush);
    suspending(this.prototype.blockingFlush);
    suspending(this.prototype.blockingWriteZeroesAndFlush);
    suspending(this.prototype.blockingSplice);
  }

  /** @param sink Where the bytes go. It is closed with the stream. */
  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /**
   * `check-write: func() -> result<u64, stream-error>`: how many bytes may be written now. That is a permit: a
   * write beyond it traps.
   *
   * @throws {ComponentError} With a `stream-error`.
   */
  checkWrite(): bigint {
    this.#permit = this.#room();
    return BigInt(this.#permit);
  }

  /**
   * `write: func(contents: list<u8>) -> result<_, stream-error>`
   *
   * @throws {Trap} More than `check-write` has allowed.
   * @throws {ComponentError} With a `stream-error`.
   */
  write(contents: Uint8Array): void {
    this.#spend("write", contents.length);
    this.#put(contents);
  }

  /**
   * `blocking-write-and-flush`: all of it, and out of every buffer.
   *
   * @param contents At most 4096 bytes.
   * @throws {Trap} More than 4096 bytes.
   * @throws {ComponentError} With a `stream-error`.
   */
  blockingWriteAndFlush(contents: Uint8Array): void | Promise<void> {
    if (contents.length > MAX_BLOCKING_WRITE) {
      throw new Trap(
        `wasi:io/streams.blocking-write-and-flush: ${contents.length} bytes, at most 4096 are allowed`,
      );
    }
    const written = this.#writeSome(contents);
    if (written < contents.length) {
      // The guest waits from here on: its memory may move, so what is left is copied.
      return this.#writeRest(contents.slice(written));
    }
    return this.#finish();
  }

  /** `flush: func() -> result<_, stream-error>`: starts it; `check-write` gives 0 until it is done. */
  flush(): void {
    this.#use((sink) => sink.flush());
    if (!this.#event.ready()) this.#permit = 0;
  }

  /** `blocking-flush`: starts it and waits for its end. */
  blockingFlush(): void | Promise<void> {
    this.flush();
    if (!this.#event.ready()) return whenReady(this.#event).then(() => this.#shrink());
    this.#shrink();
  }

  /** `subscribe: func() -> pollable`: ready when `check-write` gives more than 0 or an error. */
  subscribe(): Pollable {
    return new Pollable(this.#event);
  }

  /**
   * `write-zeroes: func(len: u64) -> result<_, stream-error>`
   *
   * @throws {Trap} More than `check-write` has allowed.
   * @throws {ComponentError} With a `stream-error`.
   */
  writeZeroes(len: bigint): void {
    this.#spend("write-zeroes", len);
    for (let left = Number(len); left > 0; left -= ZEROES.length) {
      this.#put(ZEROES.subarray(0, left));
    }
  }

  /** `blocking-write-zeroes-and-flush`: as {@linkcode blockingWriteAndFlush}, with zeroes. */
  blockingWriteZeroesAndFlush(len: bigint): void | Promise<void> {
    if (len > MAX_BLOCKING_WRITE) {
      throw new Trap(
        `wasi:io/streams.blocking-write-zeroes-and-flush: ${len} bytes, at most 4096 are allowed`,
      );
    }
    return this.blockingWriteAndFlush(ZEROES.subarray(0, Number(len)));
  }

  /**
   * `splice: func(src: borrow<input-stream>, len: u64) -> result<u64, stream-error>`: moves what can be moved now.
   *
   * @returns How many bytes, at most 1 MiB a call.
   * @throws {ComponentError} With a `stream-error`, of either stream.
   */
  splice(src: InputStream, len: bigint): bigint {
    const permit = this.checkWrite();
    const max = len < permit ? len : permit;
    if (max === 0n) return 0n;
    const bytes = src.read(max);
    if (bytes.length > 0) this.write(bytes);
    return BigInt(bytes.length);
  }

  /** `blocking-splice`: like {@linkcode splice}, once there is room here and bytes there. */
  blockingSplice(src: InputStream, len: bigint): bigint | Promise<bigint> {
    if (this.#event.ready()) {
      const moved = this.splice(src, len);
      if (moved > 0n || len === 0n) return moved;
    }
    return this.#spliceLater(src, len);
  }

  /** Closes the sink. Pollables of this stream are ready from now on. */
  [Symbol.dispose](): void {
    const sink = this.#sink;
    this.#sink = undefined;
    this.#permit = 0;
    sink?.close?.();
  }

  /** How much the sink takes now. */
  #room(): number {
    const room = this.#use((sink) => sink.room());
    if (room === null) {
      this[Symbol.dispose]();
      throw closed();
    }
    return Math.min(room, MAX_PERMIT);
  }

  /** A flush grants nothing: what was permitted before it still is, as far as there is room. */
  #shrink(): void {
    this.#permit = Math.min(this.#permit, this.#room());
  }

  #put(contents: Uint8Array): void {
    this.#use((sink) => sink.write(contents));
  }

  #spend(verb: string, len: number | bigint): void {
    if (len > this.#permit && this.#sink !== undefined) {
      throw new Trap(`wasi:io/streams.${verb}: ${len} bytes, but check-write has permitted ${this.#permit}`);
    }
    this.#permit -= Number(len);
  }

  /** Runs one operation on the sink; its failure closes this stream. */
  #use<T>(operation: (sink: Sink) => T): T {
    if (this.#sink === undefined) throw closed();
    try {
      return operation(this.#sink);
    } catch (error) {
      this[Symbol.dispose]();
      throw failed(error);
    }
  }

  /** Writes what there is room for and says how much that was. */
  #writeSome(contents: Uint8Array): number {
    let written = 0;
    while (written < contents.length) {
      const room = this.#room();
      if (room === 0) break;
      const chunk = contents.subarray(written, written + room);
      this.#put(chunk);
      written += chunk.length;
    }
    return written;
  }

  async #writeRest(rest: Uint8Array): Promise<void> {
    for (let written = 0; written < rest.length;) {
      await whenReady(this.#event);
      written += this.#writeSome(rest.subarray(written));
    }
    await this.#finish();
  }

  /** Flushes. A stream that closes once everything is out has done its work: no error yet. */
  #finish(): void | Promise<void> {
    try {
      const flushed = this.blockingFlush();
      return flushed?.catch(unlessClosed);
    } catch (error) {
      unlessClosed(error);
    }
  }

  async #spliceLater(src: InputStream, len: bigint): Promise<bigint> {
    for (;;) {
      await whenReady(this.#event);
      // Both at once: after waiting for the source, the sink may be full again.
      if (len > 0n) await whenReady(InputStream.eventOf(src));
      if (!this.#event.ready()) continue;
      const moved = this.splice(src, len);
      if (moved > 0n || len === 0n) return moved;
    }
  }
}

function unlessClosed(error: unknown): void {
  if (!isClosed(error)) throw error;
}
