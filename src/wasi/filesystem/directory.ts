/**
 * A directory that a guest has open.
 *
 * @module
 */
import { attempt, failure } from "./error_code.ts";
import { type Identity, isSame } from "./identity.ts";
import type { MountPoint } from "./mount.ts";
import type { Opened } from "./opened.ts";

/** An open directory: paths are resolved against it. */
export class OpenDirectory {
  /** Where it is on the host. Moves when the guest renames it. */
  path: string;
  /** The mount whose rules hold there. */
  mount: MountPoint;
  /** What else the guest has open. */
  readonly opened: Opened;
  /** The directory that was opened, whatever its path leads to later. */
  readonly identity: Identity;
  readonly #handle: Deno.FsFile | undefined;

  /**
   * Opens a directory.
   *
   * @param path On the host, checked.
   * @throws {ComponentError} An `error-code`: `not-directory` if it is none.
   */
  constructor(path: string, mount: MountPoint, opened: Opened) {
    this.path = path;
    this.mount = mount;
    this.opened = opened;
    // Windows opens no directories as files; a path and an identity are all there is.
    this.#handle = Deno.build.os === "windows" ? undefined : attempt(() => Deno.openSync(path));
    try {
      const info = this.#handle?.statSync() ?? Deno.statSync(path);
      if (!info.isDirectory) throw failure("not-directory");
      this.identity = info;
    } catch (error) {
      this.#handle?.close();
      throw error;
    }
    if (this.#handle !== undefined) opened.keep(this.#handle);
    opened.add(this);
  }

  /** Whether nothing may change in it. */
  get readOnly(): boolean {
    return this.mount.readOnlyAt(this.path);
  }

  /**
   * Its path, once it is certain that the path still leads to this directory. The guest itself may have renamed a
   * directory above it and put a link in that one's place, which must not become a way out.
   *
   * @throws {ComponentError} `no-entry`: it was removed, or moved by someone else.
   */
  verified(): string {
    // Not `lstat`: a mount's own path may be a link. Wherever the path leads, it has to be this very directory.
    if (!isSame(attempt(() => Deno.statSync(this.path)), this.identity)) throw failure("no-entry");
    return this.path;
  }

  /** What it is now. */
  info(): Deno.FileInfo {
    return attempt(() => this.#handle?.statSync() ?? Deno.statSync(this.verified()));
  }

  /** Sets its times. */
  setTimes(access: Date, modification: Date): void {
    attempt(() => {
      if (this.#handle !== undefined) this.#handle.utimeSync(access, modification);
      else {
        this.mount.checkWrite(this.path);
        Deno.utimeSync(this.verified(), access, modification);
      }
    });
  }

  /** Brings its entries to the disk. */
  sync(): void {
    attempt(() => this.#handle?.syncSync());
  }

  /** Closes it. */
  release(): void {
    this.opened.delete(this);
    if (this.#handle !== undefined) this.opened.close(this.#handle);
  }
}
