/**
 * Mounts: their intersection, and whether some lie within others.
 *
 * What a mount allows is a directory of the host, not the path under which a guest sees it. As everywhere, a read-only
 * mount that lies inside a writable one stays read-only when it is reached from outside.
 *
 * @module
 */
import { isAtOrBelow, trimmed } from "./below.ts";
import type { Mount } from "./grant.ts";

/**
 * The directories of both, for as much as both allow. The guest sees them where the first has them.
 *
 * @returns Frozen, sorted by guest path.
 */
export function narrowMounts(mounts: readonly Mount[], by: readonly Mount[]): readonly Mount[] {
  const found: Mount[] = [];
  const pairs = mounts.flatMap((mount) => by.flatMap((other) => both(mount, mounts, other, by)));
  // A path that is declared comes before one that follows from another.
  for (const { mount } of pairs.filter(({ declared }) => declared)) add(found, mount);
  for (const { mount } of pairs.filter(({ declared }) => !declared)) add(found, mount);
  return Object.freeze(
    found.map((mount) => Object.freeze(mount)).sort((a, b) =>
      a.guest < b.guest ? -1 : a.guest > b.guest ? 1 : 0
    ),
  );
}

/** The directory that two mounts have in common: one of them, or none. */
function both(mount: Mount, mounts: readonly Mount[], other: Mount, by: readonly Mount[]): Common[] {
  const [here, there] = [where(mount), where(other)];
  const inner = isAtOrBelow(here, there) ? mount : isAtOrBelow(there, here) ? other : undefined;
  if (inner === undefined) return [];
  const path = where(inner);
  const readOnly = isReadOnly(mount, mounts, path) || isReadOnly(other, by, path);
  if (inner === mount) return [{ mount: { ...mount, readOnly }, declared: true }];
  const guest = trimmed(mount.guest).replace(/^\/$/, "") + path.slice(here === "/" ? 0 : here.length);
  return [{ mount: { ...other, guest, readOnly }, declared: false }];
}

interface Common {
  readonly mount: Mount;
  /** The guest path is that of a mount, and does not follow from one. */
  readonly declared: boolean;
}

/** One that can be written to through another pair of mounts can be written to. */
function add(found: Mount[], mount: Mount): void {
  let { guest } = mount;
  for (;;) {
    const same = found.findIndex((other) => other.guest === guest);
    if (same < 0) break;
    const other = found[same]!;
    if (where(other) === where(mount)) {
      if (!mount.readOnly) found[same] = { ...other, readOnly: false };
      return;
    }
    // Left out, it could not keep what lies inside of another mount read-only.
    guest += "~";
  }
  found.push({ ...mount, guest });
}

/** Whether no more can be read, and no more changed, by way of the inner mounts than by way of the outer ones. */
export function mountsWithin(inner: readonly Mount[], outer: readonly Mount[]): boolean {
  // What mounts allow changes only where one of them begins.
  return [...inner, ...outer].map(where).every((path) =>
    (!mayRead(inner, path) || mayRead(outer, path)) && (!mayWrite(inner, path) || mayWrite(outer, path))
  );
}

/** Whether a path of the host can be reached through some mount. */
export function mayRead(mounts: readonly Mount[], path: string): boolean {
  return mounts.some((mount) => isAtOrBelow(path, where(mount)));
}

/** Whether a path of the host can be changed through some mount. */
export function mayWrite(mounts: readonly Mount[], path: string): boolean {
  return mounts.some((mount) => isAtOrBelow(path, where(mount)) && !isReadOnly(mount, mounts, path));
}

/** Whether a path is read-only when it is reached through a mount: the deepest mount inside of that one decides. */
export function isReadOnly(mount: Mount, all: readonly Mount[], path: string): boolean {
  if (mount.readOnly) return true;
  const own = where(mount);
  const inside = all.filter((other) => {
    const at = where(other);
    return at !== own && isAtOrBelow(at, own) && isAtOrBelow(path, at);
  });
  const depth = Math.max(0, ...inside.map((other) => where(other).length));
  return inside.some((other) => where(other).length === depth && other.readOnly);
}

/** A mount with those that lie inside of it, which say what is read-only there. */
export function withInner(mount: Mount, all: readonly Mount[]): readonly Mount[] {
  return all.filter((other) => isAtOrBelow(where(other), where(mount)));
}

/** The directory that a mount is. */
function where({ host, real }: Mount): string {
  return trimmed(real ?? host);
}
