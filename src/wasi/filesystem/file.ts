/**
 * A regular file that a guest has open: opened once, read and written at positions.
 *
 * @module
 */
import { attempt, codeOf, failure } from "./error_code.ts";
import { type Identity, isSame } from "./identity.ts";
import type { MountPoint } from "./mount.ts";
import type { Opened } from "./opened.ts";
import type { DescriptorFlags } from "./types.ts";

/** The first offset that POSIX, whose offsets are signed, has no number for. */
const OFFSET_END = 1n << 63n;

/** The position of the host's file is not known. */
const UNKNOWN = -1;

/** An open file. A descriptor and its streams share it; it is closed with the last of them. */
export class OpenFile {
  /** Where it was opened, or renamed to by the guest. */
  path: string;
  /** The mount whose rules hold there. */
  mount: MountPoint;
  /** What else the guest has open. */
  readonly opened: Opened;
  /** The file that was opened. */
  readonly identity: Identity;
  /** What it was opened for. */
  readonly flags: DescriptorFlags;
  readonly #handle: Deno.FsFile;
  #appender: Deno.FsFile | undefined;
  #users = 1;
  /**
   * Where the host's file stands. Deno has no `pread`, and nobody else uses this file: a seek is needed only where a
   * read or write does not go on where the last one ended.
   */
  #position = 0;

  /** @param handle Open for what `flags` say, at least; this object's own from now on. */
  constructor(
    handle: Deno.FsFile,
    info: Identity,
    path: string,
    flags: DescriptorFlags,
    mount: MountPoint,
    opened: Opened,
  ) {
    this.#handle = opened.keep(handle);
    this.identity = info;
    this.path = path;
    this.flags = flags;
    this.mount = mount;
    this.opened = opened;
    opened.add(this);
  }

  /** @throws {ComponentError} `bad-descriptor`, as POSIX has it: not open for reading. */
  checkRead(): void {
    if (!this.flags.read) throw failure("bad-descriptor");
  }

  /** @throws {ComponentError} `read-only`, or `bad-descriptor`: not open for writing. */
  checkWrite(): void {
    if (this.readOnly) throw failure("read-only");
    if (!this.flags.write) throw failure("bad-descriptor");
  }

  /** Whether it may not change. */
  get readOnly(): boolean {
    return this.mount.readOnlyAt(this.path);
  }

  /** `pread`: how many bytes were read; 0 at the end, and anywhere behind it. The error is the host's own. */
  readAt(buffer: Uint8Array, offset: number | bigint): number {
    if (!this.#seek(offset)) return 0;
    const count = this.#handle.readSync(buffer) ?? 0;
    this.#position += count;
    return count;
  }

  /** `pwrite`: how many bytes were written. The error is the host's own. */
  writeAt(bytes: Uint8Array, offset: number | bigint): number {
    if (bytes.length === 0) return 0;
    // No `error-code` yet: for a stream this is a cause, like every other error of the host.
    if (!this.#seek(offset)) throw Object.assign(new Error("File too large"), { code: "EFBIG" });
    const count = this.#handle.writeSync(bytes);
    this.#position += count;
    this.#settle();
    return count;
  }

  /** Writes at the end, wherever that is by then. The error is the host's own. */
  append(bytes: Uint8Array): number {
    const appender = this.#append();
    if (appender === undefined) return this.writeAt(bytes, this.size());
    const count = appender.writeSync(bytes);
    this.#settle();
    return count;
  }

  /** How long it is now. The error is the host's own. */
  size(): number {
    return this.#handle.statSync().size;
  }

  /** What it is now. */
  info(): Deno.FileInfo {
    return attempt(() => this.#handle.statSync());
  }

  /** Cuts it, or lengthens it with zeroes. */
  setSize(size: bigint): void {
    if (size >= OFFSET_END) throw failure("invalid");
    if (size > Number.MAX_SAFE_INTEGER) throw failure("file-too-large");
    attempt(() => this.#handle.truncateSync(Number(size)));
  }

  /** Sets its times. */
  setTimes(access: Date, modification: Date): void {
    attempt(() => this.#handle.utimeSync(access, modification));
  }

  /** Brings it to the disk; "no effect if the file descriptor is not opened for writing". */
  sync(): void {
    if (this.flags.write) attempt(() => this.#handle.syncSync());
  }

  /** The same, without metadata that is not needed to read it back. */
  syncData(): void {
    if (this.flags.write) attempt(() => this.#handle.syncDataSync());
  }

  /** One more stream uses it. */
  retain(): this {
    this.#users++;
    return this;
  }

  /** One user less. */
  release(): void {
    if (--this.#users > 0) return;
    this.opened.delete(this);
    this.opened.close(this.#handle);
    if (this.#appender !== undefined) this.opened.close(this.#appender);
  }

  /** Whether the file can be read or written at that offset at all. */
  #seek(offset: number | bigint): boolean {
    if (offset === this.#position) return true;
    // Unknown until it has worked.
    this.#position = UNKNOWN;
    try {
      this.#handle.seekSync(offset, Deno.SeekMode.Start);
    } catch (error) {
      // Beyond what this file system can hold; offsets that are no offsets were refused before.
      if (codeOf(error) === "invalid") return false;
      throw error;
    }
    this.#position = Number(offset);
    return true;
  }

  /** Deno opens nothing with `O_SYNC`, so what that promises is done by hand. */
  #settle(): void {
    const { fileIntegritySync, requestedWriteSync, dataIntegritySync } = this.flags;
    if (fileIntegritySync || requestedWriteSync) this.#handle.syncSync();
    else if (dataIntegritySync) this.#handle.syncDataSync();
  }

  /**
   * The file once more, in the mode where the system finds the end and writes in one step, which two writers of a log
   * rely on. Not to be had once the file has left its path: then the end is looked up first.
   */
  #append(): Deno.FsFile | undefined {
    if (this.#appender !== undefined) return this.#appender;
    let appender: Deno.FsFile | undefined;
    try {
      if (!isSame(Deno.lstatSync(this.path), this.identity)) return undefined;
      this.mount.checkWrite(this.path);
      appender = Deno.openSync(this.path, { append: true });
      if (isSame(appender.statSync(), this.identity)) return this.#appender = this.opened.keep(appender);
    } catch {
      // Any reason will do: there is the other way.
    }
    appender?.close();
    return undefined;
  }
}

/**
 * An offset as POSIX can have it.
 *
 * @returns A number where one is exact.
 * @throws {ComponentError} `invalid`: 2^63 and above.
 */
export function offsetOf(offset: bigint): number | bigint {
  if (offset >= OFFSET_END) throw failure("invalid");
  return offset <= Number.MAX_SAFE_INTEGER ? Number(offset) : offset;
}

/** An offset further on. */
export function advanced(offset: number | bigint, count: number): number | bigint {
  if (typeof offset === "bigint") return offset + BigInt(count);
  const sum = offset + count;
  return sum <= Number.MAX_SAFE_INTEGER ? sum : BigInt(offset) + BigInt(count);
}
