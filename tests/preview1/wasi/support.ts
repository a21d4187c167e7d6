/** What the tests of preview 1 share: whole programs, and a guest that a test drives call by call, through real wasm. */
import assert from "node:assert/strict";
import { canSuspend } from "../../../src/component/link/suspending.ts";
import type { Observe } from "../../../src/component/link/observe.ts";
import { denied, type Grant, type Package } from "../../../src/grant/grant.ts";
import { Errno } from "../../../src/preview1/wasi/errno.ts";
import { type Preview1, preview1, type Refuse } from "../../../src/preview1/wasi/mod.ts";
import { ExitError, type Stdin, type Stdout } from "../../../src/wasi/mod.ts";
import { SIGNATURES, trampoline } from "./functions.ts";

/** What V8 adds for suspending guests, and TypeScript does not know. */
const jspi = WebAssembly as unknown as {
  // deno-lint-ignore ban-types -- what WebAssembly takes
  Suspending: new (f: Function) => object;
  // deno-lint-ignore ban-types -- what WebAssembly gives
  promising: (f: Function) => (...args: unknown[]) => Promise<unknown>;
};

export interface Settings {
  readonly packages?: readonly Package[];
  readonly grant?: Partial<Grant>;
  readonly stdin?: Stdin | string;
  readonly stdout?: Stdout;
  readonly stderr?: Stdout;
  readonly refuse?: Refuse;
  readonly observe?: Observe;
}

export function grantOf({ packages = ["wasi1"], grant = {} }: Settings): Grant {
  return { ...denied, holder: "test:guest", packages: new Set(packages), ...grant };
}

/** Standard output that is kept. */
export class Kept implements Stdout {
  readonly #parts: Uint8Array[] = [];
  writeSync(bytes: Uint8Array): number {
    this.#parts.push(bytes.slice());
    return bytes.length;
  }
  get text(): string {
    return new TextDecoder().decode(Uint8Array.from(this.#parts.flatMap((part) => [...part])));
  }
}

/** Standard input that says a text. */
export function saying(text: string): Stdin {
  let left = new TextEncoder().encode(text);
  return {
    read(into) {
      const count = Math.min(into.length, left.length);
      into.set(left.subarray(0, count));
      left = left.subarray(count);
      return Promise.resolve(count === 0 ? null : count);
    },
  };
}

// deno-lint-ignore ban-types -- what WebAssembly takes
function importsOf(functions: Readonly<Record<string, Function>>): WebAssembly.ModuleImports {
  return Object.fromEntries(
    Object.entries(functions).map(([name, f]) => [name, canSuspend(f) ? new jspi.Suspending(f) : f]),
  ) as WebAssembly.ModuleImports;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What it ended with, if not by itself. */
  readonly error?: unknown;
}

/** Runs a program to its end: `_start` of a module. */
export async function run(module: WebAssembly.Module, settings: Settings = {}): Promise<Ran> {
  const stdout = new Kept(), stderr = new Kept();
  const { stdin = "" } = settings;
  const stdio = {
    stdin: typeof stdin === "string" ? saying(stdin) : stdin,
    stdout: settings.stdout ?? stdout,
    stderr: settings.stderr ?? stderr,
  };
  const watcher = settings.observe && { observe: settings.observe, began() {}, dialled() {}, resolved() {} };
  const host = preview1(grantOf(settings), { stdio }, watcher, settings.refuse);
  const said = () => ({ stdout: stdout.text, stderr: stderr.text });
  try {
    const { exports } = new WebAssembly.Instance(module, {
      wasi_snapshot_preview1: importsOf(host.imports),
    });
    host.bind(exports["memory"] as WebAssembly.Memory);
    // deno-lint-ignore ban-types -- what WebAssembly gives
    await jspi.promising(exports["_start"] as Function)();
    return { code: 0, ...said() };
  } catch (error) {
    if (error instanceof ExitError) return { code: error.exitCode, ...said() };
    return { code: -1, ...said(), error };
  } finally {
    await host.release();
  }
}

const compiled = new Map<string, WebAssembly.Module>();

/** A program of `tests/preview1/wasi/programs`. */
export function program(name: string): WebAssembly.Module {
  let module = compiled.get(name);
  if (!module) {
    module = new WebAssembly.Module(Deno.readFileSync(new URL(`programs/${name}.wasm`, import.meta.url)));
    compiled.set(name, module);
  }
  return module;
}

const CALLS = new WebAssembly.Module(trampoline());
const NAMES = Object.keys(Errno);

/** Names of all functions that any test of this process has called. */
export const called = new Set<string>();

/** A guest without a will of its own: a test calls the functions, and the calls go through wasm. */
export class Driver implements Disposable {
  readonly host: Preview1;
  readonly memory: WebAssembly.Memory;
  readonly stdout = new Kept();
  readonly stderr = new Kept();
  readonly #exports: Record<string, (...args: unknown[]) => unknown>;
  /** Where the next thing is put in the guest's memory. */
  #top = 1024;

  constructor(settings: Settings = {}) {
    const { stdin = "" } = settings;
    const stdio = {
      stdin: typeof stdin === "string" ? saying(stdin) : stdin,
      stdout: settings.stdout ?? this.stdout,
      stderr: settings.stderr ?? this.stderr,
    };
    const watcher = settings.observe &&
      { observe: settings.observe, began() {}, dialled() {}, resolved() {} };
    this.host = preview1(grantOf(settings), { stdio }, watcher, settings.refuse);
    const { exports } = new WebAssembly.Instance(CALLS, {
      wasi_snapshot_preview1: importsOf(this.host.imports),
    });
    this.memory = exports["memory"] as WebAssembly.Memory;
    this.host.bind(this.memory);
    this.#exports = exports as never;
  }

  /** Calls a function that does not wait; returns the name of the errno. */
  call(name: string, ...args: (number | bigint)[]): string {
    called.add(name);
    const errno = this.#exports[name]!(...args);
    assert.equal(typeof errno, "number", `${name} returns an errno`);
    return NAMES[errno as number] ?? `errno ${errno}`;
  }

  /** Calls a function that may wait. */
  async wait(name: string, ...args: (number | bigint)[]): Promise<string> {
    called.add(name);
    const errno = await jspi.promising(this.#exports[name]!)(...args);
    return NAMES[errno as number] ?? `errno ${errno}`;
  }

  /** Calls a function that has to succeed. */
  ok(name: string, ...args: (number | bigint)[]): void {
    assert.equal(this.call(name, ...args), "success", name);
  }

  /** The same for one that may wait. */
  async okay(name: string, ...args: (number | bigint)[]): Promise<void> {
    assert.equal(await this.wait(name, ...args), "success", name);
  }

  get view(): DataView {
    return new DataView(this.memory.buffer);
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  /** Room in the guest's memory, zeroed and aligned to 8. */
  room(size: number): number {
    const at = this.#top;
    this.#top = (this.#top + size + 7) & ~7;
    while (this.#top > this.memory.buffer.byteLength) this.memory.grow(1);
    this.bytes.fill(0, at, at + size);
    return at;
  }

  /** Puts bytes there: pointer and length. */
  put(data: string | Uint8Array): [number, number] {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
    return [at, bytes.length];
  }

  /** A list of buffers: pointer and count. */
  vectors(...buffers: readonly (readonly [number, number])[]): [number, number] {
    const at = this.room(buffers.length * 8);
    buffers.forEach(([pointer, length], i) => {
      this.view.setUint32(at + i * 8, pointer, true);
      this.view.setUint32(at + i * 8 + 4, length, true);
    });
    return [at, buffers.length];
  }

  text(pointer: number, length: number): string {
    return new TextDecoder().decode(this.bytes.slice(pointer, pointer + length));
  }

  u32(pointer: number): number {
    return this.view.getUint32(pointer, true);
  }

  u64(pointer: number): bigint {
    return this.view.getBigUint64(pointer, true);
  }

  /** What opening ends with: a number, or the name of an errno. */
  tryOpen(path: string, { dir = 3, lookup = 1, oflags = 0, rights = READ | WRITE, fdflags = 0 }: Open = {}):
    | number
    | string {
    const out = this.room(4);
    const errno = this.call(
      "path_open",
      dir,
      lookup,
      ...this.put(path),
      oflags,
      BigInt(rights),
      0n,
      fdflags,
      out,
    );
    return errno === "success" ? this.u32(out) : errno;
  }

  /** Opens what can be opened. */
  open(path: string, open: Open = {}): number {
    const fd = this.tryOpen(path, open);
    assert.equal(typeof fd, "number", `path_open ${path}: ${fd}`);
    return fd as number;
  }

  /** Reads up to so many bytes; what it ended with otherwise. */
  async read(fd: number, length = 100): Promise<string> {
    const buffer = this.room(length), out = this.room(4);
    const errno = await this.wait("fd_read", fd, ...this.vectors([buffer, length]), out);
    return errno === "success" ? this.text(buffer, this.u32(out)) : errno;
  }

  /** Writes; returns how many bytes, or what it ended with. */
  async write(fd: number, data: string | Uint8Array): Promise<number | string> {
    const out = this.room(4);
    const errno = await this.wait("fd_write", fd, ...this.vectors(this.put(data)), out);
    return errno === "success" ? this.u32(out) : errno;
  }

  [Symbol.dispose](): void {
    this.host.release();
  }
}

export interface Open {
  readonly dir?: number;
  readonly lookup?: number;
  readonly oflags?: number;
  readonly rights?: number;
  readonly fdflags?: number;
}

export const READ = 1 << 1, WRITE = 1 << 6;
export const CREAT = 1, DIRECTORY = 2, EXCL = 4, TRUNC = 8;
export const APPEND = 1, DSYNC = 2, NONBLOCK = 4, RSYNC = 8, SYNC = 16;

/** A temporary directory with `root` in it. */
export interface Box extends Disposable {
  readonly outside: string;
  readonly root: string;
}

export function box(): Box {
  const outside = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "airlock_p1_" }));
  const root = `${outside}/root`;
  Deno.mkdirSync(root);
  return { outside, root, [Symbol.dispose]: () => Deno.removeSync(outside, { recursive: true }) };
}

/** A guest with one mount, `/data`. */
export function mounted(root: string, settings: Settings & { readOnly?: boolean } = {}): Driver {
  const mounts = [{ guest: "/data", host: root, readOnly: settings.readOnly ?? false }];
  return new Driver({ ...settings, grant: { mounts, ...settings.grant } });
}

/** Every function that the specification has. */
export const ALL_FUNCTIONS: readonly string[] = [...SIGNATURES.keys()];
