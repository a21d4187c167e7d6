/**
 * The state of one guest of preview 1.
 *
 * @module
 */
import { Trap } from "../../component/error.ts";
import type { Observe } from "../../component/link/observe.ts";
import { CapabilityError } from "../../grant/error.ts";
import type { Grant, Package } from "../../grant/grant.ts";
import { ExitError } from "../../wasi/cli/exit.ts";
import { ReaderSource } from "../../wasi/cli/reader.ts";
import { processStdio } from "../../wasi/cli/stdio.ts";
import { WriterSink } from "../../wasi/cli/writer.ts";
import type { Descriptor } from "../../wasi/filesystem/descriptor.ts";
import { getDirectories } from "../../wasi/filesystem/preopens.ts";
import type { WasiOptions } from "../../wasi/assemble.ts";
import { DirectoryEntry, type Entry, FileEntry, Input, Output } from "./entry.ts";
import { errnoOf } from "./errno.ts";
import { Failure } from "./failure.ts";
import { Vectors } from "./iovec.ts";
import { GuestMemory } from "./memory.ts";
import { type Allowed, allowed, type Refuse } from "./packages.ts";
import { ALL } from "./rights.ts";
import { Table } from "./table.ts";
import { invoke, type Method, Told } from "./told.ts";

/** One guest: its memory, its descriptors, what it may do, and what ended it. */
export class Guest {
  /** What it was granted. */
  readonly grant: Grant;
  /** What of preview 1 works. */
  readonly allowed: Allowed;
  readonly memory: GuestMemory = new GuestMemory();
  readonly vectors: Vectors = new Vectors(this.memory);
  readonly table: Table;
  /** Stop the timers that it waits for. */
  readonly timers: Set<() => void> = new Set();
  /** What it ended with: a trap, a refusal, its own exit. A guest that catches that does not reach its host again. */
  ended: Error | undefined;
  /** Whoever watches it. */
  readonly told: Told | undefined;
  readonly #refuse: Refuse;
  readonly #atEnd: (() => void)[] = [];

  constructor(grant: Grant, options: WasiOptions, refuse: Refuse, observe: Observe | undefined) {
    this.grant = grant;
    this.allowed = allowed(grant);
    this.#refuse = refuse;
    this.told = observe && new Told(observe);
    this.table = new Table(standard(options, this.allowed.cli), () => this.#preopens());
    this.#atEnd.push(() => this.timers.forEach((stop) => stop()));
  }

  /**
   * Makes sure that a function may be used.
   *
   * @param part The part of preview 1 that it belongs to.
   * @param provider The package that would allow it.
   * @throws {CapabilityError}
   */
  need(part: keyof Allowed, provider: Package, func: string): void {
    if (!this.allowed[part]) throw this.#refuse(provider, func);
  }

  /**
   * The directory that a path starts from.
   *
   * @throws {CapabilityError} Where there can be none.
   * @throws {Failure} As {@linkcode directory}.
   */
  base(fd: number, right: number, func: string): DirectoryEntry {
    this.need("files", "wasi:filesystem", func);
    return this.directory(fd, right);
  }

  /**
   * A directory that a right is there for.
   *
   * @throws {Failure} `badf`, `notdir`, `notcapable`.
   */
  directory(fd: number, right: number): DirectoryEntry {
    const entry = this.table.get(fd);
    if (entry.kind !== "directory") throw new Failure(entry.kind === "file" ? "notdir" : "badf");
    return holding(entry, right);
  }

  /**
   * A file that a right is there for.
   *
   * @throws {Failure} `badf`, `notcapable`.
   */
  file(fd: number, right: number): FileEntry {
    const entry = this.table.get(fd);
    if (entry.kind !== "file") throw new Failure("badf");
    return holding(entry, right);
  }

  /**
   * A file with an offset.
   *
   * @throws {Failure} `spipe` for a standard stream; as {@linkcode file}.
   */
  seekable(fd: number, right: number): FileEntry {
    const entry = this.table.get(fd);
    if (entry.kind === "directory") throw new Failure("badf");
    if (entry.kind !== "file") throw new Failure("spipe");
    return holding(entry, right);
  }

  /** A file or directory that a right is there for. */
  node(fd: number, right: number): FileEntry | DirectoryEntry {
    const entry = this.table.get(fd);
    if (entry.kind !== "file" && entry.kind !== "directory") throw new Failure("badf");
    return holding(entry, right);
  }

  /** Calls a method of a descriptor. */
  call<M extends Method>(
    descriptor: Descriptor,
    method: M,
    ...args: Parameters<Descriptor[M]>
  ): ReturnType<Descriptor[M]> {
    return this.told === undefined
      ? invoke(descriptor, method, args)
      : this.told.call(descriptor, method, args);
  }

  /**
   * What a function returns whose work threw.
   *
   * @throws What is no errno: it ends the guest.
   */
  caught(error: unknown): number {
    if (error instanceof Failure) return error.errno;
    const errno = errnoOf(error);
    if (errno !== undefined) return errno;
    throw this.end(error);
  }

  /** The guest is over. @returns The error that whoever called it is to get. */
  end(error: unknown): Error {
    return this.ended ??=
      error instanceof Trap || error instanceof CapabilityError || error instanceof ExitError
        ? error
        : new Trap("wasi_snapshot_preview1: a function of the host failed", { cause: error });
  }

  /** Closes what it left open. */
  release(): void {
    for (const end of this.#atEnd) end();
  }

  #preopens(): DirectoryEntry[] {
    if (!this.allowed.files) return [];
    this.told?.used("wasi:filesystem/preopens", "get-directories");
    const directories = getDirectories(this.grant, this.#atEnd)();
    return directories.map(([descriptor, path]) => new DirectoryEntry(descriptor, path, ALL));
  }
}

/**
 * Makes sure that a right was not given up.
 *
 * @throws {Failure} `notcapable`
 */
export function holding<E extends Entry>(entry: E, right: number): E {
  if ((entry.rights & right) !== right) throw new Failure("notcapable");
  return entry;
}

/**
 * The standard streams. Where they are not granted their numbers are taken all the same: the first file that is opened
 * must not become what a guest prints to.
 */
function standard({ stdio }: WasiOptions, granted: boolean): Entry[] {
  const stdin = () => stdio?.stdin ?? processStdio.stdin;
  const stdout = () => stdio?.stdout ?? processStdio.stdout;
  const stderr = () => stdio?.stderr ?? processStdio.stderr;
  const terminal = (stream: () => { isTerminal?(): boolean }) => () =>
    granted && (stream().isTerminal?.() ?? false);
  return [
    new Input(granted ? new ReaderSource(stdin) : undefined, terminal(stdin)),
    new Output("stdout", granted ? new WriterSink(stdout) : undefined, terminal(stdout)),
    new Output("stderr", granted ? new WriterSink(stderr) : undefined, terminal(stderr)),
  ];
}
