/**
 * Watches what an application was loaded from, and has it loaded anew.
 *
 * @module
 */
import type { Interest } from "./watch_interest.ts";

/** How long nothing must happen before it is looked at what has: whoever writes files seldom writes only one. */
const QUIET = 100;
/** How long that is waited for. */
const PATIENCE = 2000;
/** How often a watcher is begun anew because what it should look at has just gone. */
const ATTEMPTS = 5;

/** What watching needs. */
export interface WatchOptions {
  /**
   * Loads anew. What is wrong with what it loads it tells somebody else.
   *
   * @param touched Paths to which something has happened.
   * @returns What to look at from now on.
   */
  readonly reload: (touched: ReadonlySet<string>) => Promise<Interest>;
  /** Told why something is not watched any more. */
  readonly warn: (message: string) => void;
}

/** A watch that is kept until it is closed. */
export class Watch implements Disposable {
  readonly #options: WatchOptions;
  #interest: Interest;
  #watcher: Deno.FsWatcher;
  /** Resolves when the watcher has told all. */
  #read: Promise<void>;
  #touched = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the first of those happened that wait for quiet. */
  #since: number | undefined;
  #busy = false;
  #closed = false;

  /**
   * Begins.
   *
   * @param interest What to look at.
   * @param loaded When it was loaded, in milliseconds since 1970: what has changed since counts.
   * @throws {Deno.errors.NotCapable} If this process may look at none of it.
   */
  constructor(interest: Interest, loaded: number, options: WatchOptions) {
    this.#options = options;
    this.#interest = interest;
    this.#watcher = watcherOf(interest);
    this.#read = this.#readAll(this.#watcher);
    this.#touch(interest.changedSince(new Map(), loaded));
  }

  /** Ends. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#watcher.close();
  }

  /** The same. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #readAll(watcher: Deno.FsWatcher): Promise<void> {
    try {
      for await (const { kind, paths, flag } of watcher) {
        // Where some of what has happened is not told, anything may have.
        this.#touch(paths.filter((path) => flag === "rescan" || this.#interest.has(path, kind)));
      }
    } catch (error) {
      this.#lost(error);
    }
  }

  #touch(paths: readonly string[]): void {
    if (paths.length === 0) return;
    for (const path of paths) this.#touched.add(path);
    this.#wait();
  }

  #wait(): void {
    if (this.#busy || this.#closed) return;
    const now = performance.now();
    this.#since ??= now;
    clearTimeout(this.#timer);
    const rest = this.#since + PATIENCE - now;
    this.#timer = setTimeout(() => void this.#reload(), Math.max(0, Math.min(QUIET, rest)));
  }

  async #reload(): Promise<void> {
    this.#busy = true;
    this.#since = undefined;
    const touched = this.#touched;
    this.#touched = new Set();
    const began = Date.now();
    const before = this.#interest.look();
    try {
      const interest = await this.#options.reload(touched);
      if (this.#closed) return;
      await this.#begin(interest);
      this.#busy = false;
      if (this.#closed) return this.#watcher.close();
      // What the one watcher had not told yet, and the other has not seen.
      for (const path of interest.changedSince(before, began)) this.#touched.add(path);
      if (this.#touched.size > 0) this.#wait();
    } catch (error) {
      this.#lost(error);
    }
  }

  /**
   * Another watcher, though it may look at the same: what is at a path may be another file by now. Deno watches a path anew only
   * when nobody does any more, and that is not before the last event of a watcher that was closed.
   */
  async #begin(interest: Interest): Promise<void> {
    this.#watcher.close();
    await this.#read;
    this.#interest = interest;
    this.#watcher = watcherOf(interest);
    this.#read = this.#readAll(this.#watcher);
  }

  #lost(error: unknown): void {
    if (this.#closed) return;
    this.#options.warn(`changes of files are not seen any more: ${(error as Error).message}`);
  }
}

/** A watcher of what is there. It may go in the moment between. */
function watcherOf(interest: Interest): Deno.FsWatcher {
  for (let attempt = 1;; attempt++) {
    const { places } = interest;
    if (places.length === 0) {
      throw new Deno.errors.NotCapable(
        "this process may read nothing of what the application was loaded from",
      );
    }
    try {
      return Deno.watchFs(places, { recursive: false });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || attempt === ATTEMPTS) throw error;
    }
  }
}
