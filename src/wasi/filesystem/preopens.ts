/**
 * `wasi:filesystem/preopens`:
 * {@link https://github.com/WebAssembly/wasi-filesystem/blob/v0.2.3/wit/preopens.wit}
 *
 * @module
 */
import { ComponentError, Trap } from "../../component/error.ts";
import type { Grant, Mount } from "../../grant/grant.ts";
import { denial } from "../denial.ts";
import { Descriptor } from "./descriptor.ts";
import { OpenDirectory } from "./directory.ts";
import { MountPoint } from "./mount.ts";
import { Opened } from "./opened.ts";
import { mayRead, refused } from "./permitted.ts";

/**
 * `get-directories: func() -> list<tuple<descriptor, string>>` for one guest, sorted by guest path.
 *
 * @param grant Whose mounts. They are touched when the guest first asks for them.
 * @param atEnd Receives what to do once the guest is gone.
 */
export function getDirectories(grant: Grant, atEnd: (() => void)[] = []): () => [Descriptor, string][] {
  const opened = new Opened();
  atEnd.push(() => opened.closeAll());
  let points: readonly MountPoint[] | undefined;
  return () => {
    points ??= grant.mounts.map((mount) => new MountPoint(mount, grant.mounts)).sort(byGuestPath);
    for (const mount of grant.mounts) checkReal(mount);
    return points.map((point) => [new Descriptor(open(point, opened)), point.guest]);
  };
}

/** A guest that ran before, or runs beside, may have put a link where the directory was. */
function checkReal({ guest, host, real }: Mount): void {
  // What may not be read cannot be opened either, which says so.
  if (real === undefined || !mayRead(host)) return;
  let now: string | undefined;
  try {
    now = Deno.realPathSync(host);
  } catch {
    return; // gone: opening it says so
  }
  if (now === real) return;
  throw new Trap(
    `wasi:filesystem/preopens.get-directories: the mount ${guest} is not the directory that was declared`,
  );
}

/** There is no error to return here, and a guest without a directory that it was promised would only fail later. */
function open(point: MountPoint, opened: Opened): OpenDirectory {
  try {
    opened.checkRoom();
    // Once, for all that is below it: Deno's permissions for paths are for directories as a whole.
    if (!mayRead(point.host || "/")) throw refused();
    return new OpenDirectory(point.host || "/", point, opened);
  } catch (error) {
    const why = error instanceof ComponentError ? error.payload : error;
    const message =
      `wasi:filesystem/preopens.get-directories: the mount ${point.guest} cannot be opened: ${why}`;
    throw denial(new Trap(message), error);
  }
}

function byGuestPath(one: MountPoint, other: MountPoint): number {
  return one.guest < other.guest ? -1 : one.guest > other.guest ? 1 : 0;
}
