/**
 * `wasi:filesystem/types`: {@link https://github.com/WebAssembly/wasi-filesystem/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
import { Trap } from "../../component/error.ts";
import { InputStream } from "../io/input_stream.ts";
import { OutputStream } from "../io/output_stream.ts";
import { MAX_READ } from "../io/source.ts";
import { createDirectoryAt, removeDirectoryAt, renameAt, unlinkFileAt } from "./change.ts";
import { OpenDirectory } from "./directory.ts";
import { DirectoryEntryStream, Entries } from "./entries.ts";
import { attempt, failure } from "./error_code.ts";
import { FileSink } from "./file_sink.ts";
import { FileSource } from "./file_source.ts";
import { offsetOf, OpenFile } from "./file.ts";
import { isSame } from "./identity.ts";
import { linkAt, readlinkAt, symlinkAt } from "./link.ts";
import { metadataHash } from "./metadata_hash.ts";
import { openAt } from "./open.ts";
import { locate } from "./resolve.ts";
import { setTimes, setTimesAt } from "./set_times.ts";
import { statOf, typeOf } from "./stat.ts";
import type {
  Advice,
  DescriptorFlags,
  DescriptorStat,
  DescriptorType,
  MetadataHashValue,
  NewTimestamp,
  OpenFlags,
  PathFlags,
} from "./types.ts";

/** Where something is, in the guest's terms. */
export interface GuestPlace {
  /** The mount, by its path. */
  readonly mount: string;
  /** The whole path, the mount's included. */
  readonly path: string;
}

/**
 * `resource descriptor`: an open file or directory. Every method throws a `ComponentError` with an `error-code`.
 *
 * A function of directories called on a file ends with `not-directory`; a function of files called on a directory with
 * `bad-descriptor`, except that reading one is `is-directory`, as in POSIX.
 */
export class Descriptor {
  #node: OpenDirectory | OpenFile | undefined;

  /** @param node What was opened; this descriptor's own from now on. */
  constructor(node: OpenDirectory | OpenFile) {
    this.#node = node;
  }

  /** For the host: where it is, in the guest's terms; `undefined` once it was dropped. */
  static placeOf(descriptor: Descriptor): GuestPlace | undefined {
    const node = descriptor.#node;
    return node && { mount: node.mount.guest, path: node.mount.guestPath(node.path) };
  }

  /** For the host: the file that it is open on; `undefined` for a directory, and once it was dropped. */
  static fileOf(descriptor: Descriptor): OpenFile | undefined {
    return descriptor.#node instanceof OpenFile ? descriptor.#node : undefined;
  }

  /** `read-via-stream: func(offset: filesize) -> result<input-stream, error-code>` */
  readViaStream(offset: bigint): InputStream {
    const file = this.#file("is-directory");
    file.checkRead();
    return new InputStream(new FileSource(file, offsetOf(offset)));
  }

  /** `write-via-stream: func(offset: filesize) -> result<output-stream, error-code>` */
  writeViaStream(offset: bigint): OutputStream {
    const file = this.#file();
    file.checkWrite();
    return new OutputStream(new FileSink(file, offsetOf(offset)));
  }

  /** `append-via-stream: func() -> result<output-stream, error-code>` */
  appendViaStream(): OutputStream {
    const file = this.#file();
    file.checkWrite();
    return new OutputStream(new FileSink(file));
  }

  /** `advise`: Deno cannot pass advice on, and advice need not be taken. */
  advise(offset: bigint, length: bigint, _advice: Advice): void {
    this.#file();
    offsetOf(offset);
    offsetOf(length);
  }

  /** `sync-data: func() -> result<_, error-code>` */
  syncData(): void {
    const node = this.#live();
    if (node instanceof OpenFile) node.syncData();
    else node.sync();
  }

  /** `get-flags: func() -> result<descriptor-flags, error-code>` */
  getFlags(): DescriptorFlags {
    const node = this.#live();
    if (node instanceof OpenDirectory) return { read: true, mutateDirectory: !node.readOnly };
    const { mutateDirectory: _, ...flags } = node.flags;
    return flags;
  }

  /** `get-type: func() -> result<descriptor-type, error-code>` */
  getType(): DescriptorType {
    return typeOf(this.#live().info());
  }

  /** `set-size: func(size: filesize) -> result<_, error-code>` */
  setSize(size: bigint): void {
    const file = this.#file();
    if (file.readOnly) throw failure("read-only");
    // `ftruncate` is the one call that says EINVAL, and not EBADF, here.
    if (!file.flags.write) throw failure("invalid");
    file.setSize(size);
  }

  /** `set-times`, with each time either as it is, now, or given. */
  setTimes(dataAccessTimestamp: NewTimestamp, dataModificationTimestamp: NewTimestamp): void {
    setTimes(this.#live(), dataAccessTimestamp, dataModificationTimestamp);
  }

  /**
   * `read: func(length: filesize, offset: filesize) -> result<tuple<list<u8>, bool>, error-code>`
   *
   * @param length At most so many bytes, and never more than 1 MiB a call.
   * @returns The bytes, and whether the file ends behind them.
   */
  read(length: bigint, offset: bigint): [Uint8Array, boolean] {
    const file = this.#file("is-directory");
    file.checkRead();
    const start = offsetOf(offset);
    const buffer = file.opened.scratch(length < MAX_READ ? Number(length) : MAX_READ);
    const count = buffer.length === 0 ? 0 : attempt(() => file.readAt(buffer, start));
    const ended = count === buffer.length && count > 0 ? false : Number(start) + count >= file.info().size;
    return [buffer.slice(0, count), ended];
  }

  /** `write: func(buffer: list<u8>, offset: filesize) -> result<filesize, error-code>` */
  write(buffer: Uint8Array, offset: bigint): bigint {
    const file = this.#file();
    file.checkWrite();
    const start = offsetOf(offset);
    return BigInt(attempt(() => file.writeAt(buffer, start)));
  }

  /** `read-directory: func() -> result<directory-entry-stream, error-code>` */
  readDirectory(): DirectoryEntryStream {
    return new DirectoryEntryStream(new Entries(this.#directory()));
  }

  /** `sync: func() -> result<_, error-code>` */
  sync(): void {
    this.#live().sync();
  }

  /** `create-directory-at: func(path: string) -> result<_, error-code>` */
  createDirectoryAt(path: string): void {
    createDirectoryAt(this.#directory(), path);
  }

  /** `stat: func() -> result<descriptor-stat, error-code>` */
  stat(): DescriptorStat {
    return statOf(this.#live().info());
  }

  /** `stat-at: func(path-flags: path-flags, path: string) -> result<descriptor-stat, error-code>` */
  statAt(pathFlags: PathFlags, path: string): DescriptorStat {
    return statOf(this.#look(pathFlags, path));
  }

  /** `set-times-at`, with each time either as it is, now, or given. */
  setTimesAt(
    pathFlags: PathFlags,
    path: string,
    dataAccessTimestamp: NewTimestamp,
    dataModificationTimestamp: NewTimestamp,
  ): void {
    setTimesAt(this.#directory(), pathFlags, path, dataAccessTimestamp, dataModificationTimestamp);
  }

  /** `link-at`: a hard link. */
  linkAt(oldPathFlags: PathFlags, oldPath: string, newDescriptor: Descriptor, newPath: string): void {
    linkAt(this.#directory(), oldPathFlags, oldPath, newDescriptor.#directory(), newPath);
  }

  /** `open-at`: a file or directory below this one. */
  openAt(pathFlags: PathFlags, path: string, openFlags: OpenFlags, flags: DescriptorFlags): Descriptor {
    return new Descriptor(openAt(this.#directory(), pathFlags, path, openFlags, flags));
  }

  /** `readlink-at: func(path: string) -> result<string, error-code>` */
  readlinkAt(path: string): string {
    return readlinkAt(this.#directory(), path);
  }

  /** `remove-directory-at: func(path: string) -> result<_, error-code>` */
  removeDirectoryAt(path: string): void {
    removeDirectoryAt(this.#directory(), path);
  }

  /** `rename-at: func(old-path: string, new-descriptor: borrow<descriptor>, new-path: string) -> result<_, error-code>` */
  renameAt(oldPath: string, newDescriptor: Descriptor, newPath: string): void {
    renameAt(this.#directory(), oldPath, newDescriptor.#directory(), newPath);
  }

  /** `symlink-at: func(old-path: string, new-path: string) -> result<_, error-code>` */
  symlinkAt(oldPath: string, newPath: string): void {
    symlinkAt(this.#directory(), oldPath, newPath);
  }

  /** `unlink-file-at: func(path: string) -> result<_, error-code>` */
  unlinkFileAt(path: string): void {
    unlinkFileAt(this.#directory(), path);
  }

  /** `is-same-object: func(other: borrow<descriptor>) -> bool` */
  isSameObject(other: Descriptor): boolean {
    return isSame(this.#live().identity, other.#live().identity);
  }

  /** `metadata-hash: func() -> result<metadata-hash-value, error-code>` */
  metadataHash(): MetadataHashValue {
    return metadataHash(this.#live().info());
  }

  /** `metadata-hash-at: func(path-flags: path-flags, path: string) -> result<metadata-hash-value, error-code>` */
  metadataHashAt(pathFlags: PathFlags, path: string): MetadataHashValue {
    return metadataHash(this.#look(pathFlags, path));
  }

  /** Closes it. Streams of a file keep the file open. */
  [Symbol.dispose](): void {
    const node = this.#node;
    this.#node = undefined;
    node?.release();
  }

  #live(): OpenDirectory | OpenFile {
    if (this.#node === undefined) throw new Trap("wasi:filesystem/types: the descriptor was dropped");
    return this.#node;
  }

  #directory(): OpenDirectory {
    const node = this.#live();
    if (node instanceof OpenDirectory) return node;
    throw failure("not-directory");
  }

  #file(otherwise: "bad-descriptor" | "is-directory" = "bad-descriptor"): OpenFile {
    const node = this.#live();
    if (node instanceof OpenFile) return node;
    throw failure(otherwise);
  }

  #look({ symlinkFollow = false }: PathFlags, path: string): Deno.FileInfo {
    return locate(this.#directory(), path, symlinkFollow).info!;
  }
}
