/**
 * The mounts of one guest, as a whole: on the host one can lie inside another.
 *
 * @module
 */
import type { Mount } from "../../grant/grant.ts";
import { mayRead, mayWrite, mayWriteBelow, refused } from "./permitted.ts";

/** A mount that lies inside another one on the host. */
interface Inner {
  /** From the outer mount down: `/config`. */
  readonly relative: string;
  readonly readOnly: boolean;
}

/**
 * A mounted directory. Its host path is used as the declaration has it, links in it included: it is trusted, and it is
 * what the process's permissions are made from.
 */
export class MountPoint {
  /** Where it is in the guest. */
  readonly guest: string;
  /** Where it is on the host, without a slash at the end. */
  readonly host: string;
  readonly #readOnly: boolean;
  readonly #inner: readonly Inner[];
  /** Whether the process may write all of it; `undefined` until that is needed. */
  #mayWrite: boolean | undefined;

  /**
   * @param mount The declaration.
   * @param all Every mount of the guest, this one included.
   */
  constructor(mount: Mount, all: readonly Mount[]) {
    this.guest = mount.guest;
    this.host = trimmed(mount.host);
    this.#readOnly = mount.readOnly;
    this.#inner = innerOf(mount, all);
  }

  /** What the guest calls a path. @param path On the host, at or below `host`. */
  guestPath(path: string): string {
    return `${trimmed(this.guest)}${path.slice(this.host.length)}` || "/";
  }

  /**
   * Whether nothing may change at `path`. A read-only mount inside of a writable one stays read-only when it is reached
   * from outside: whoever declares `/data`, and `/data/config` read-only, means both.
   *
   * @param path On the host, at or below `host`.
   */
  readOnlyAt(path: string): boolean {
    if (this.#readOnly) return true;
    let deepest: Inner | undefined;
    for (const inner of this.#inner) {
      if (!isAtOrBelow(path.slice(this.host.length), inner.relative)) continue;
      if (deepest === undefined || inner.relative.length > deepest.relative.length) deepest = inner;
    }
    return deepest?.readOnly ?? false;
  }

  /**
   * Makes sure that writing asks nobody. What the process may do with the mount holds below it as well, and is asked
   * once. Only where it may not write all of the mount, each path is asked for: it may lie in a part that it may write.
   * (In a part that a --deny flag names, Deno itself would make symbolic links: it asks about everything for these, and
   * about the path not at all.)
   *
   * @param path On the host, at or below `host`.
   * @throws {ComponentError} `not-permitted`, as Deno's own refusal is.
   */
  checkWrite(path: string): void {
    this.#mayWrite ??= mayWriteBelow(this.host || "/");
    if (!this.#mayWrite && !mayWrite(path)) throw refused();
  }

  /**
   * Whether another mount is at or below `path`. Such a directory stays where it is: moved away, a link in its place
   * would lead that mount elsewhere.
   */
  holdsMount(path: string): boolean {
    return this.#inner.some((inner) => isAtOrBelow(inner.relative, path.slice(this.host.length)));
  }
}

/** Whether `path` is `directory` or below it. */
export function isAtOrBelow(path: string, directory: string): boolean {
  return path.startsWith(directory) && (path.length === directory.length || path[directory.length] === "/");
}

function innerOf(mount: Mount, all: readonly Mount[]): Inner[] {
  const others = all.filter((other) => other !== mount);
  if (others.length === 0) return [];
  const outer = realPath(mount.host);
  return others.flatMap((other) => {
    const path = realPath(other.host);
    if (path === outer || !isAtOrBelow(path, outer)) return [];
    return [{ relative: path.slice(outer.length), readOnly: other.readOnly }];
  });
}

/** Two spellings of one directory are one. What is not there, or not this process's to see, keeps its own. */
function realPath(path: string): string {
  if (!mayRead(path)) return trimmed(path);
  try {
    return trimmed(Deno.realPathSync(path));
  } catch {
    return trimmed(path);
  }
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, "");
}
