/** What the tests of the hosts share: grants, and sources and sinks that a test drives by hand. */
import assert from "node:assert/strict";
import { ComponentError, Trap } from "../../src/component/error.ts";
import { denied, type Grant, type Package } from "../../src/grant/grant.ts";
import type { Sink } from "../../src/wasi/io/sink.ts";
import type { Source } from "../../src/wasi/io/source.ts";
import { Signal } from "../../src/wasi/io/waitable.ts";
import { wasi, WASI_VERSION, type WasiOptions } from "../../src/wasi/mod.ts";

export const ALL: readonly Package[] = [
  "wasi:io",
  "wasi:cli",
  "wasi:clocks",
  "wasi:random",
  "wasi:filesystem",
  "wasi:sockets",
  "wasi:http",
];

export function grantOf(packages: readonly Package[], more: Partial<Grant> = {}): Grant {
  return { ...denied, packages: new Set(packages), ...more };
}

/** The functions of one interface of a guest that may use everything. */
// deno-lint-ignore no-explicit-any -- a guest is not type-checked either
export function host(name: string, more: Partial<Grant> = {}, options: WasiOptions = {}): any {
  return wasi(grantOf(ALL, more), options)[`${name}@${WASI_VERSION}`];
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** A source that gives what the test pushes. */
export class PushSource implements Source {
  readonly arrived = new Signal();
  readonly asked: number[] = [];
  chunks: Uint8Array[] = [];
  ended = false;
  failure: Error | undefined;
  closed = false;

  push(data: string): void {
    this.chunks.push(bytes(data));
    this.arrived.fire();
  }
  end(): void {
    this.ended = true;
    this.arrived.fire();
  }
  fail(error: Error): void {
    this.failure = error;
    this.arrived.fire();
  }
  ready(): boolean {
    return this.chunks.length > 0 || this.ended || this.failure !== undefined;
  }
  watch(wake: () => void): () => void {
    return this.arrived.watch(wake);
  }
  read(max: number): Uint8Array | null {
    this.asked.push(max);
    if (this.failure !== undefined) throw this.failure;
    const chunk = this.chunks.shift();
    if (chunk === undefined) return this.ended ? null : new Uint8Array(0);
    if (chunk.length > max) this.chunks.unshift(chunk.subarray(max));
    return chunk.subarray(0, max);
  }
  close(): void {
    this.closed = true;
  }
}

/** A sink with a buffer of `capacity` bytes that the test empties, and a flush that lasts until then. */
export class PullSink implements Sink {
  readonly drained = new Signal();
  readonly written: Uint8Array[] = [];
  buffered = 0;
  flushing = false;
  gone = false;
  failure: Error | undefined;
  closed = false;
  constructor(readonly capacity: number) {}

  drain(): void {
    this.buffered = 0;
    this.flushing = false;
    this.drained.fire();
  }
  fail(error: Error): void {
    this.failure = error;
    this.drained.fire();
  }
  hangUp(): void {
    this.gone = true;
    this.drained.fire();
  }
  ready(): boolean {
    return this.gone || this.failure !== undefined || (!this.flushing && this.buffered < this.capacity);
  }
  watch(wake: () => void): () => void {
    return this.drained.watch(wake);
  }
  room(): number | null {
    if (this.failure !== undefined) throw this.failure;
    if (this.gone) return null;
    return this.flushing ? 0 : this.capacity - this.buffered;
  }
  write(data: Uint8Array): void {
    if (this.failure !== undefined) throw this.failure;
    assert.ok(data.length <= this.capacity - this.buffered, "more than there was room for");
    this.written.push(data.slice());
    this.buffered += data.length;
  }
  flush(): void {
    if (this.failure !== undefined) throw this.failure;
    if (this.buffered > 0) this.flushing = true;
  }
  close(): void {
    this.closed = true;
  }
  get text(): string {
    return this.written.map(text).join("");
  }
}

// deno-lint-ignore no-explicit-any -- any payload
export const isErr = (tag: string) => (error: any): boolean =>
  error instanceof ComponentError && (error.payload as { tag: string }).tag === tag;

export const isTrap = (message: RegExp) => (error: unknown): boolean =>
  error instanceof Trap && message.test(error.message);

/** A suspending function's value, and that it did not need to wait for it. */
export function atOnce<T>(value: T | Promise<T>): T {
  assert.ok(!(value instanceof Promise), "a promise, where there was no need to wait");
  return value;
}

/** A suspending function's promise. */
export function later<T>(value: T | Promise<T>): Promise<T> {
  assert.ok(value instanceof Promise, "a plain value, where it had to wait");
  return value;
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Whether a promise is settled by now. */
export async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(() => done = true, () => done = true);
  await turn();
  return done;
}
