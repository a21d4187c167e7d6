/**
 * What a number of the descriptor table stands for.
 *
 * @module
 */
import type { Descriptor } from "../../wasi/filesystem/descriptor.ts";
import type { DirectoryEntryStream } from "../../wasi/filesystem/entries.ts";
import type { OpenFile } from "../../wasi/filesystem/file.ts";
import type { Sink } from "../../wasi/io/sink.ts";
import type { Source } from "../../wasi/io/source.ts";
import { Listing } from "./listing.ts";
import { DIRECTORY, FILE, INPUT, OUTPUT, Right } from "./rights.ts";

/** Standard input. */
export class Input {
  readonly kind = "input";
  /** Where its bytes come from; undefined where the grant has no standard streams. */
  readonly source: Source | undefined;
  readonly terminal: () => boolean;
  rights: number;
  inheriting = 0;
  flags = 0;

  constructor(source: Source | undefined, terminal: () => boolean) {
    this.source = source;
    this.terminal = terminal;
    this.rights = source === undefined ? 0 : INPUT;
  }
}

/** Standard output or error. */
export class Output {
  readonly kind = "output";
  /** Where its bytes go; undefined where the grant has no standard streams. */
  readonly sink: Sink | undefined;
  /** Which of the two. */
  readonly name: "stdout" | "stderr";
  readonly terminal: () => boolean;
  rights: number;
  inheriting = 0;
  flags = 0;

  constructor(name: "stdout" | "stderr", sink: Sink | undefined, terminal: () => boolean) {
    this.name = name;
    this.sink = sink;
    this.terminal = terminal;
    this.rights = sink === undefined ? 0 : OUTPUT;
  }
}

/** A file, with an offset of its own. */
export class FileEntry {
  readonly kind = "file";
  readonly descriptor: Descriptor;
  /** The file of the descriptor. */
  readonly file: OpenFile;
  /** Where the next read or write goes: a number wherever that is exact. */
  offset: number | bigint = 0;
  rights: number;
  /** Nothing is opened below a file. */
  inheriting = 0;
  flags: number;

  /**
   * @param flags The `fdflags` it was opened with.
   * @param inherited What the directory that it was opened from allows.
   */
  constructor(descriptor: Descriptor, file: OpenFile, flags: number, inherited: number) {
    this.descriptor = descriptor;
    this.file = file;
    this.flags = flags;
    const { read, write } = file.flags;
    this.rights = FILE & inherited & ~(read ? 0 : Right.fdRead) & ~(write ? 0 : Right.fdWrite);
  }
}

/** A directory. */
export class DirectoryEntry {
  readonly kind = "directory";
  readonly descriptor: Descriptor;
  /** Its path in the guest, if it is preopened. */
  readonly preopen: string | undefined;
  /** The listing that is under way. */
  listing: Listing | undefined;
  rights: number;
  inheriting: number;
  flags = 0;

  /** @param inherited What the directory that it was opened from allows. */
  constructor(descriptor: Descriptor, preopen: string | undefined, inherited: number) {
    this.descriptor = descriptor;
    this.preopen = preopen;
    this.rights = DIRECTORY & inherited;
    this.inheriting = inherited;
  }

  /** Begins a listing, and ends the one before it. */
  list(stream: DirectoryEntryStream): Listing {
    this.listing?.close();
    return this.listing = new Listing(stream);
  }
}

/** What a number stands for. */
export type Entry = Input | Output | FileEntry | DirectoryEntry;

/** Lets go of it. Standard streams outlive their numbers: they are the process's. */
export function close(entry: Entry): void {
  if (entry.kind === "directory") entry.listing?.close();
  if (entry.kind === "file" || entry.kind === "directory") entry.descriptor[Symbol.dispose]();
}
