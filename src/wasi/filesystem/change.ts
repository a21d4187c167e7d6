/**
 * The functions that change a directory. Each looks at the last component of a path itself and never follows it.
 *
 * @module
 */
import type { OpenDirectory } from "./directory.ts";
import { attempt, failure } from "./error_code.ts";
import { locateSlot, type Slot } from "./resolve.ts";

/** `create-directory-at`: `mkdirat`. */
export function createDirectoryAt(base: OpenDirectory, path: string): void {
  const slot = slotToChange(base, path);
  if (slot.dots !== undefined) throw failure("exist");
  attempt(() => Deno.mkdirSync(slot.path));
}

/** `unlink-file-at`: `unlinkat`. */
export function unlinkFileAt(base: OpenDirectory, path: string): void {
  const slot = slotToChange(base, path);
  // Deno's `remove` takes empty directories as well: the difference is made here.
  if (slot.dots !== undefined || lookAt(slot).isDirectory) throw failure("is-directory");
  if (slot.slash) throw failure("not-directory");
  attempt(() => Deno.removeSync(slot.path));
}

/** `remove-directory-at`: `unlinkat` with `AT_REMOVEDIR`. */
export function removeDirectoryAt(base: OpenDirectory, path: string): void {
  const slot = slotToChange(base, path);
  // As Linux has it: the directory itself is no name to remove, and its parent is certainly not empty.
  if (slot.dots !== undefined) throw failure(slot.dots === "." ? "invalid" : "not-empty");
  if (!lookAt(slot).isDirectory) throw failure("not-directory");
  if (base.mount.holdsMount(slot.path)) throw failure("busy");
  attempt(() => Deno.removeSync(slot.path));
}

/** `rename-at`: `renameat`. */
export function renameAt(from: OpenDirectory, oldPath: string, to: OpenDirectory, newPath: string): void {
  if (to.readOnly) throw failure("read-only");
  const source = slotToChange(from, oldPath);
  const target = slotToChange(to, newPath);
  if (source.dots !== undefined || target.dots !== undefined) throw failure("busy");
  if (!lookAt(source).isDirectory && (source.slash || target.slash)) throw failure("not-directory");
  if (from.mount.holdsMount(source.path) || to.mount.holdsMount(target.path)) throw failure("busy");
  attempt(() => Deno.renameSync(source.path, target.path));
  from.opened.moved(source.path, target.path, to.mount);
}

/**
 * Where something is to be changed.
 *
 * @throws {ComponentError} `read-only`, `not-permitted`, or what resolving the path ends with.
 */
export function slotToChange(base: OpenDirectory, path: string): Slot {
  if (base.readOnly) throw failure("read-only");
  const slot = locateSlot(base, path);
  if (base.mount.readOnlyAt(slot.path)) throw failure("read-only");
  base.mount.checkWrite(slot.path);
  return slot;
}

function lookAt(slot: Slot): Deno.FileInfo {
  return attempt(() => Deno.lstatSync(slot.path));
}
