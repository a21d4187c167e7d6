/**
 * The C library, through Deno's own FFI: one function of it, `syscall`, is enough. Nothing is loaded until it is asked for.
 *
 * @module
 */
import { type Arch, numberOf, type Syscall } from "./syscalls.ts";

/** What a system call takes: a number, or memory whose address is passed. */
export type Argument = number | bigint | ArrayBuffer;

/** The C library of a Linux with glibc, and of one with musl. */
const NAMES = ["libc.so.6", `libc.musl-${Deno.build.arch}.so.1`];

const SYMBOLS = {
  // Variadic in C; both ABIs pass integers to such a function as to any other.
  syscall: { parameters: ["i64", "i64", "i64", "i64", "i64", "i64", "i64"], result: "i64" },
  __errno_location: { parameters: [], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

/** The error numbers that decide something here, or that a message should name. */
const ERRNO: Readonly<Record<number, string>> = {
  1: "EPERM",
  2: "ENOENT",
  3: "ESRCH",
  7: "E2BIG",
  8: "ENOEXEC",
  9: "EBADF",
  11: "EAGAIN",
  12: "ENOMEM",
  13: "EACCES",
  14: "EFAULT",
  17: "EEXIST",
  20: "ENOTDIR",
  22: "EINVAL",
  24: "EMFILE",
  36: "ENAMETOOLONG",
  38: "ENOSYS",
  40: "ELOOP",
  42: "ENOMSG",
  95: "EOPNOTSUPP",
};

/** A system call that the kernel refused. */
export class SystemCallError extends Error {
  /** Always `SystemCallError`. */
  override readonly name = "SystemCallError";
  /** Which call. */
  readonly syscall: Syscall;
  /** The error's name, such as `EPERM`; `errno N` where it has none here. */
  readonly code: string;

  /**
   * Makes the error.
   *
   * @param syscall Which call.
   * @param errno The error number.
   */
  constructor(syscall: Syscall, errno: number) {
    const code = ERRNO[errno] ?? `errno ${errno}`;
    super(`${syscall}: ${code}`);
    this.syscall = syscall;
    this.code = code;
  }
}

/** What this room asks of the kernel. */
export interface Kernel {
  /** The architecture of this process. */
  readonly arch: Arch;
  /**
   * Makes a system call.
   *
   * @param name Which.
   * @param args Up to six; memory is passed by address, and must not be resized before the call is over.
   * @returns What the kernel answers.
   * @throws {SystemCallError} If it refuses, or if this architecture does not have the call.
   */
  call(name: Syscall, ...args: readonly Argument[]): number;
  /** The address of some memory, to be put into other memory. It is kept for good, so it is for few and small things. */
  pin(memory: ArrayBuffer): bigint;
}

/** The kernel, as the loaded library reaches it. */
class Libc implements Kernel {
  readonly arch: Arch;
  readonly #syscall: (...args: [bigint, bigint, bigint, bigint, bigint, bigint, bigint]) => bigint;
  /** This thread's `errno` itself, so that nothing runs between a call and the look at its error. */
  readonly #errno: Int32Array;
  /** What the running call was given: nothing else may refer to it while the kernel reads it. */
  #given: readonly Argument[] = [];
  readonly #pinned: ArrayBuffer[] = [];

  /**
   * Loads it.
   *
   * @param name A file name that the dynamic loader finds.
   * @param arch The architecture of this process.
   */
  constructor(name: string, arch: Arch) {
    const { symbols } = Deno.dlopen(name, SYMBOLS);
    const errno = symbols.__errno_location();
    if (errno === null) throw new TypeError(`${name} has no errno`);
    this.arch = arch;
    this.#syscall = symbols.syscall;
    this.#errno = new Int32Array(Deno.UnsafePointerView.getArrayBuffer(errno, 4));
  }

  call(name: Syscall, ...args: readonly Argument[]): number {
    const number = numberOf(this.arch, name);
    if (number === undefined) throw new SystemCallError(name, 38);
    this.#given = args;
    const word = (i: number): bigint => {
      const arg = this.#given[i] ?? 0;
      return typeof arg === "object" ? addressOf(arg) : BigInt(arg);
    };
    const answer = this.#syscall(BigInt(number), word(0), word(1), word(2), word(3), word(4), word(5));
    if (answer === -1n) throw new SystemCallError(name, this.#errno[0]!);
    return Number(answer);
  }

  pin(memory: ArrayBuffer): bigint {
    this.#pinned.push(memory);
    return addressOf(memory);
  }
}

/** The kernel, or why it can't be asked. */
export type Loaded = { readonly kernel: Kernel } | { readonly reason: string };

/** `errno` is the thread's own, and so is this module's state: a worker loads the library for itself. */
let loaded: Loaded | undefined;

/**
 * The kernel, by way of the C library, which is loaded at the first call.
 *
 * @returns It, or the reason why it can't be had; never an exception.
 */
export function loadKernel(): Loaded {
  return loaded ??= load();
}

function load(): Loaded {
  const { os, arch } = Deno.build;
  if (os !== "linux") return { reason: `the kernel's fences are used on Linux only, and this is ${os}` };
  if (arch !== "x86_64" && arch !== "aarch64") return { reason: `system calls of ${arch} are not known` };
  const refusals: string[] = [];
  for (const name of NAMES) {
    // Asked first, since loading without the permission would prompt.
    if (Deno.permissions.querySync({ name: "ffi", path: name }).state !== "granted") {
      return { reason: "this process has no --allow-ffi" };
    }
    try {
      return { kernel: new Libc(name, arch) };
    } catch (error) {
      refusals.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { reason: `the C library does not load: ${refusals.join("; ")}` };
}

function addressOf(memory: ArrayBuffer): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(memory));
}

/** A text as C has it: UTF-8 with a zero at its end. @throws {TypeError} If it has a zero within. */
export function cString(text: string): ArrayBuffer {
  if (text.includes("\0")) throw new TypeError(`${JSON.stringify(text)} has a zero character in it`);
  const bytes = new TextEncoder().encode(text);
  const memory = new ArrayBuffer(bytes.length + 1);
  new Uint8Array(memory).set(bytes);
  return memory;
}
