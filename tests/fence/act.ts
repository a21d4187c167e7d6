/** Forbidden acts: what they are given, and what is expected of the walls. */
import { loadKernel, SystemCallError } from "../../src/sandbox/libc.ts";
import type { Syscall } from "../../src/sandbox/syscalls.ts";

/** What there is around a child that it must not touch, and what it may. */
export interface World {
  /** A directory that no rule names; all of the paths below that begin with `outside` are in it. */
  readonly outside: string;
  /** A file there, whose text is `canary`. */
  readonly secret: string;
  readonly canary: string;
  /** A module there that exports `canary`. */
  readonly outsideModule: string;
  /** A shared library there. */
  readonly outsideLibrary: string;
  /** A directory that may be read and written. It holds `file`, `library`, `link` and `links`, which
   * lead to `secret` and `outside`. */
  readonly mount: string;
  /** A directory that may be read. It holds `file`. */
  readonly readOnly: string;
  /** Files that the runtime itself may read: a source, and a directory for its cache. */
  readonly source: string;
  readonly cache: string;
  /** TCP ports of this host where somebody listens; only the first is granted, and only in the world with a network. */
  readonly granted: number;
  readonly notGranted: number;
  /** Where a web server answers. It is not granted. */
  readonly web: number;
  /** A UDP port of this host. */
  readonly datagrams: number;
  /** A Unix socket with a path, in the mount; one without. */
  readonly socket: string;
  readonly abstractSocket: string;
  /** Another process of the same user, and the process that started this one. */
  readonly victim: number;
  readonly parent: number;
}

/**
 * `held`; or why this wall cannot hold it, and then the act must succeed, so that the table stays true; or `granted`, since
 * a wall that holds everything would be no wall.
 */
export type Verdict = "held" | "granted" | { readonly not: string };

/** One act and its row of the table. */
export interface Act {
  /** "A confined process cannot …", or can. */
  readonly act: string;
  /** Tries it. Throws if it was refused. What it returns is shown. */
  readonly attempt: (world: World) => unknown;
  /** Which world it lives in: one without a network, or one that may connect to one TCP port and send datagrams. */
  readonly world?: "files" | "network";
  /** Whether only the superuser succeeds without a wall; then it is no proof for others. */
  readonly root?: true;
  /** The kernel's fence. */
  readonly os: Verdict;
  /** Deno's permissions, exactly those of the world. */
  readonly deno: Verdict;
  /** The kernel's fence as a grant makes it, where that is not the same: a rule for an address is one for listening. */
  readonly rules?: Verdict;
}

/** What a guest is told to do: a program of tests/guests and its words, of which each must succeed. */
export interface GuestAttempt {
  readonly guest: "race" | "tcp" | "udp" | "lookup" | "http_client" | "process";
  /** Paths are written so that it is the host that is asked: libc has no way to a path that begins with no mount. */
  readonly words: (world: World) => readonly string[];
  /** What its output is, for it to have succeeded; by default each word's line ends with `: ok`. */
  readonly done?: RegExp;
  /** Options of `exec` that grant it; by default the root directory is its mount. */
  readonly grantedBy?: (world: World) => readonly string[];
}

/**
 * The link's column: what a guest tried, or the functions that there would have to be for any guest to try it. That none
 * of WASI's has such a name is checked.
 */
export type Link =
  | {
    readonly link: Verdict;
    readonly attempt: GuestAttempt;
    /** Why even a guest that is granted everything is refused; the row has another that fails if nothing holds. */
    readonly always?: string;
  }
  | { readonly absent: RegExp };

/** A row that only native code can attempt, which Deno's permissions do not let in. */
export type NativeAct = Omit<Act, "deno">;

/** What `reach` ends with when the kernel does not have the call at all. */
export class Absent extends Error {}

/**
 * Makes a system call with arguments that the kernel will not like. It was reached if it complains about them, or does not
 * complain, and it was not if there is no permission for it.
 */
export function reach(name: Syscall, ...args: readonly (number | bigint | ArrayBuffer)[]): string {
  const loaded = loadKernel();
  if (!("kernel" in loaded)) throw new Error(loaded.reason);
  try {
    return `returned ${loaded.kernel.call(name, ...args)}`;
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    if (error.code === "EPERM") throw error;
    if (error.code === "ENOSYS") throw new Absent(error.message);
    return error.code;
  }
}

/** Makes a system call that must succeed. */
export function call(name: Syscall, ...args: readonly (number | bigint | ArrayBuffer)[]): number {
  const loaded = loadKernel();
  if (!("kernel" in loaded)) throw new Error(loaded.reason);
  return loaded.kernel.call(name, ...args);
}

/** A text as C has it. */
export function c(text: string): ArrayBuffer {
  return new TextEncoder().encode(`${text}\0`).buffer;
}

/** The address of a socket: IPv4, loopback. */
export function loopback(port: number): ArrayBuffer {
  const address = new DataView(new ArrayBuffer(16));
  address.setUint16(0, 2, true);
  address.setUint16(2, port);
  address.setUint32(4, 0x7f00_0001);
  return address.buffer;
}

/** Only native code can try it. */
export function native(act: NativeAct): Act {
  return { ...act, deno: "held" };
}
