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
/** How long a watcher stays that another one has taken the place of. */
const LAST_WORDS = 1000;
/** How often a watcher is begun anew because what it should look at has just gone. */
const ATTEMPTS = 5;

/** What watching needs. */
export interface WatchOptions {
  /**
   * Loads anew. Never rejects: what is wrong it tells somebody else.
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
  #interest: Interest | undefined;
  /** The newest, and those before it that may still have something to tell. */
  readonly #watchers = new Set<Deno.FsWatcher>();
  #touched = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leaving: ReturnType<typeof setTimeout> | undefined;
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
    this.#look(interest, loaded);
  }

  /** Ends. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#leaving);
    this.#leave(undefined);
  }

  /** The same. */
  [Symbol.dispose](): void {
    this.close();
  }

  #look(interest: Interest, loaded: number): void {
    const watcher = watcherOf(interest);
    this.#watchers.add(watcher);
    void this.#read(watcher);
    // What the one before has seen and not told yet, this one has not seen.
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => this.#leave(watcher), LAST_WORDS);
    const missed = interest.changedSince(this.#interest, loaded);
    this.#interest = interest;
    for (const path of missed) this.#touched.add(path);
    if (this.#touched.size > 0) this.#wait();
  }

  #leave(newest: Deno.FsWatcher | undefined): void {
    for (const watcher of this.#watchers) {
      if (watcher === newest) continue;
      this.#watchers.delete(watcher);
      watcher.close();
    }
  }

  async #read(watcher: Deno.FsWatcher): Promise<void> {
    try {
      for await (const { kind, paths, flag } of watcher) this.#take(kind, paths, flag === "rescan");
    } catch (error) {
      const { message } = error as Error;
      if (!this.#closed) this.#options.warn(`changes of files are not seen any more: ${message}`);
    }
  }

  /** @param all Whether some of what has happened is not told: then anything may have. */
  #take(kind: Deno.FsEvent["kind"], paths: readonly string[], all: boolean): void {
    const before = this.#touched.size;
    for (const path of paths) if (all || this.#interest?.has(path, kind)) this.#touched.add(path);
    if (this.#touched.size > before || paths.some((path) => this.#touched.has(path))) this.#wait();
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
    const interest = await this.#options.reload(touched);
    this.#busy = false;
    if (this.#closed) return;
    try {
      // Another watcher, though it may look at the same: what is at a path may be another directory by now.
      this.#look(interest, began);
    } catch (error) {
      const { message } = error as Error;
      this.#options.warn(`only what was watched before is, until something there changes: ${message}`);
    }
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
