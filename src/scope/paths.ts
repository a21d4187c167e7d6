/**
 * Mounts → the paths that a process may read and write.
 *
 * Deno compares paths as text, component by component, and follows links without asking: a path in a scope is all
 * that lies below it, and whatever links there lead to.
 *
 * @module
 */
import { isAtOrBelow, trimmed } from "../grant/below.ts";
import type { Mount } from "../grant/grant.ts";

/** What mounts come to. */
export interface Paths {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly wider: readonly string[];
  readonly narrower: readonly string[];
}

/** Where Deno opens nothing for a process that has not all permissions, but for /dev/null and a few like it. */
const SPECIAL = ["/proc", "/sys", "/dev"];

/**
 * The paths of some mounts.
 *
 * @param mounts All mounts of a guest: one may lie inside another.
 */
export function pathsOf(mounts: readonly Mount[]): Paths {
  const read: string[] = [];
  const write: string[] = [];
  const wider: string[] = [];
  const narrower: string[] = [];
  for (const mount of mounts) {
    const own = names(mount);
    read.push(...own);
    if (!mount.readOnly) write.push(...own);
  }
  for (const mount of mounts) {
    const [path] = names(mount) as [string];
    wider.push(`${path}: Deno follows a symbolic link that lies in it wherever the link leads`);
    if (mount.readOnly && names(mount).some((own) => write.some((other) => isAtOrBelow(own, other)))) {
      wider.push(
        `${path}: the guest may only read it, but it lies in a directory that the process may write to`,
      );
    }
    const special = SPECIAL.filter((other) => isAtOrBelow(other, path) || isAtOrBelow(path, other));
    if (special.length > 0) {
      narrower.push(
        `${path}: Deno opens what is in ${special.join(", ")} only for a process that may do everything`,
      );
    }
  }
  if (write.length > 0) {
    narrower.push("Deno makes symbolic links only for a process that may read and write everything");
  }
  return { read, write, wider, narrower };
}

/** A directory as it is declared, which is how it is opened; and where it really is, which is how it is known. */
function names({ host, real }: Mount): string[] {
  const path = trimmed(host);
  return real === undefined || trimmed(real) === path ? [path] : [path, trimmed(real)];
}

/** Paths without those that lie in another one, sorted. */
export function outermost(paths: readonly string[]): string[] {
  const all = [...new Set(paths)].sort();
  return all.filter((path) => !all.some((other) => other !== path && isAtOrBelow(path, other)));
}
