/**
 * The descriptor table of one guest.
 *
 * @module
 */
import { MAX_OPEN } from "../../wasi/filesystem/opened.ts";
import { close, type DirectoryEntry, type Entry, type FileEntry } from "./entry.ts";
import { Failure } from "./failure.ts";

/** Numbers and what they stand for. Dense, and a new descriptor gets the lowest number that is free, as in POSIX. */
export class Table {
  readonly #entries: (Entry | undefined)[];
  /** Gives the preopened directories; undefined once they are here. */
  #preopens: (() => readonly DirectoryEntry[]) | undefined;
  /** How many files and directories. */
  #open = 0;

  /**
   * @param standard 0, 1 and 2.
   * @param preopens 3 and on. Called when the guest first looks there: one that only prints touches no mount.
   */
  constructor(standard: readonly Entry[], preopens: () => readonly DirectoryEntry[]) {
    this.#entries = [...standard];
    this.#preopens = preopens;
  }

  /**
   * What a number stands for.
   *
   * @throws {Failure} `badf`
   */
  get(fd: number): Entry {
    const entry = this.#entries[fd] ?? this.#late(fd);
    if (entry === undefined) throw new Failure("badf");
    return entry;
  }

  /** @throws {Failure} `nfile`: as many as `wasi:filesystem` lets a guest open. Before anything is opened. */
  checkRoom(): void {
    this.#load();
    if (this.#open >= MAX_OPEN) throw new Failure("nfile");
  }

  /** The number of something that was opened. */
  add(entry: FileEntry | DirectoryEntry): number {
    this.#load();
    this.#open++;
    // At most about a thousand to look at, where opening one has cost far more.
    const hole = this.#entries.indexOf(undefined);
    if (hole < 0) return this.#entries.push(entry) - 1;
    this.#entries[hole] = entry;
    return hole;
  }

  /**
   * `fd_close`.
   *
   * @throws {Failure} `badf`
   */
  remove(fd: number): void {
    const entry = this.get(fd);
    this.#entries[fd] = undefined;
    if (entry.kind === "file" || entry.kind === "directory") this.#open--;
    close(entry);
  }

  /**
   * `fd_renumber`: `to` is closed and becomes what `from` was, whose number is free then.
   *
   * @throws {Failure} `badf`: both have to be open, so that no number is out of the ordinary.
   */
  move(from: number, to: number): void {
    const entry = this.get(from);
    this.get(to);
    if (from === to) return;
    this.remove(to);
    this.#entries[from] = undefined;
    this.#entries[to] = entry;
  }

  #late(fd: number): Entry | undefined {
    // A standard stream that was closed stays so.
    if (fd >= 3) this.#load();
    return this.#entries[fd];
  }

  #load(): void {
    const preopens = this.#preopens;
    if (preopens === undefined) return;
    this.#preopens = undefined;
    for (const entry of preopens()) {
      this.#entries.push(entry);
      this.#open++;
    }
  }
}
