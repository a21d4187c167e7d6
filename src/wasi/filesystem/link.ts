/**
 * Hard and symbolic links.
 *
 * @module
 */
import { slotToChange } from "./change.ts";
import type { OpenDirectory } from "./directory.ts";
import { attempt, codeOf, failure } from "./error_code.ts";
import { checkText, isAbsolute, targetText } from "./path.ts";
import { mayAll, refused } from "./permitted.ts";
import { locate, type Slot } from "./resolve.ts";
import type { PathFlags } from "./types.ts";

/**
 * `link-at`: `linkat`. A name for a file is a way to change it: a file of a read-only mount gets no new ones, not even
 * elsewhere.
 */
export function linkAt(
  from: OpenDirectory,
  pathFlags: PathFlags,
  oldPath: string,
  to: OpenDirectory,
  newPath: string,
): void {
  if (from.readOnly || to.readOnly) throw failure("read-only");
  const source = locate(from, oldPath, pathFlags.symlinkFollow ?? false);
  const target = slotToChange(to, newPath);
  if (source.info?.isDirectory) throw failure("not-permitted");
  if (from.mount.readOnlyAt(source.path)) throw failure("read-only");
  checkVacant(target);
  from.mount.checkWrite(source.path);
  attempt(() => Deno.linkSync(source.path, target.path));
}

/**
 * `symlink-at`: `symlinkat`. A link may lead upwards, or nowhere: whether it stays below a directory depends on the
 * directory, and is looked at when it is followed.
 *
 * Deno creates symbolic links only in a process that may read and write everywhere. In any other this ends with
 * `not-permitted`, which is what POSIX systems say where a file system has none.
 */
export function symlinkAt(base: OpenDirectory, target: string, path: string): void {
  const slot = slotToChange(base, path);
  checkText(target);
  if (isAbsolute(target)) throw failure("not-permitted");
  checkVacant(slot);
  if (!mayAll()) throw refused();
  attempt(() => Deno.symlinkSync(target, slot.path));
}

/** `readlink-at`: `readlinkat`. A target that is absolute is the host's, and not shown. */
export function readlinkAt(base: OpenDirectory, path: string): string {
  const place = locate(base, path, false);
  if (!place.info?.isSymlink) throw failure("invalid");
  const target = targetText(attempt(() => Deno.readLinkSync(place.path)));
  if (isAbsolute(target)) throw failure("not-permitted");
  return target;
}

/** A link is never a directory: its name may not end in a slash, and what that ends with depends on what is there. */
function checkVacant(slot: Slot): void {
  if (slot.dots !== undefined) throw failure("exist");
  if (!slot.slash) return;
  try {
    if (!Deno.lstatSync(slot.path).isDirectory) throw failure("not-directory");
  } catch (error) {
    if (codeOf(error) !== undefined) throw failure("no-entry");
    throw error;
  }
  throw failure("exist");
}
