/**
 * What a process may still do once it is confined, and what became of the attempt.
 *
 * @module
 */

/** A range of TCP ports, both ends included. */
export interface Ports {
  /** The lowest. */
  readonly from: number;
  /** The highest. */
  readonly to: number;
}

/** What a confined process may touch. All paths are absolute and real: none leads through a symbolic link. */
export interface Confinement {
  /** Files that may be read, and directories below which everything may. */
  readonly read: readonly string[];
  /** Directories below which everything may be read, made, changed and removed; or files that may be read and written. */
  readonly readWrite: readonly string[];
  /** Files that may be executed and read. */
  readonly execute: readonly string[];
  /** TCP ports of others that it may connect to; `[]`: none. */
  readonly tcpConnect: "any" | readonly Ports[];
  /** TCP ports of this host that it may listen on; `[]`: none. */
  readonly tcpBind: "any" | readonly Ports[];
  /** Whether it may send datagrams, to whomever: the kernel's fence knows no ports of UDP. Looking names up needs it. */
  readonly udp: boolean;
  /** Whether it may start processes of its own; they are confined as it is. */
  readonly processes: boolean;
}

/** One thing that confines a process; together they are the third wall. */
export type Measure =
  /** The process and what it executes can gain no privilege: no set-user-ID program works. */
  | "no-new-privileges"
  /** It leaves no image of its memory behind. */
  | "no-core-dumps"
  /** Of the superuser's privileges it keeps those that files need. */
  | "capabilities"
  /** It opens files only below the listed paths, with the listed rights. */
  | "files"
  /** It cuts files short only where it may write. */
  | "truncate"
  /** It controls no device that it opens. */
  | "devices"
  /** It connects to, and listens on, the listed TCP ports only. */
  | "tcp-ports"
  /** It sends signals only to what is confined with it. */
  | "signals"
  /** It connects to no abstract Unix socket of others. */
  | "abstract-sockets"
  /** It makes no system call but those that a runtime needs. */
  | "system-calls";

/** A measure that could not be taken. */
export interface Unavailable {
  /** Which. */
  readonly measure: Measure;
  /** Why, in words that may be shown to whoever runs Airlock. */
  readonly reason: string;
}

/** What became of confining a process. Nothing else was weakened: what is not in `unavailable` holds. */
export interface ConfineReport {
  /** What holds from now on. */
  readonly raised: readonly Measure[];
  /** What does not, and why. Empty: the whole wall stands. */
  readonly unavailable: readonly Unavailable[];
  /** Listed paths that are not there. They allow nothing. */
  readonly missing: readonly string[];
  /** The kernel's Landlock ABI; 0: none. */
  readonly landlock: number;
}

/** Confining failed for a reason that is no lack of the platform's. The process may be half confined: it should end. */
export class SandboxError extends Error {
  /** Always `SandboxError`. */
  override readonly name = "SandboxError";
  /** Always `sandbox`. */
  readonly code = "sandbox";
}
