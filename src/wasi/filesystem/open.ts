/**
 * `open-at`.
 *
 * @module
 */
import { OpenDirectory } from "./directory.ts";
import { attempt, codeOf, failure, translated } from "./error_code.ts";
import { OpenFile } from "./file.ts";
import { isSame } from "./identity.ts";
import { locate } from "./resolve.ts";
import type { DescriptorFlags, ErrorCode, OpenFlags, PathFlags } from "./types.ts";

/** How often an open is tried again when someone else creates, removes or swaps the file just then. */
const TRIES = 8;

/** Everything that `open-at` is asked for. */
interface Request {
  readonly follow: boolean;
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly directory: boolean;
  readonly truncate: boolean;
  readonly flags: DescriptorFlags;
}

/**
 * Opens, and perhaps creates, a file or directory.
 *
 * A directory opened below one that may be changed may be changed as well, whether or not `mutate-directory` is asked
 * for: the specification would have it read-only then, but libc (of WASI preview 1, and what adapts it) has no way to
 * ask, and expects to remove files below a directory that it has opened to list it.
 *
 * @throws {ComponentError} An `error-code`.
 */
export function openAt(
  base: OpenDirectory,
  pathFlags: PathFlags,
  path: string,
  openFlags: OpenFlags,
  flags: DescriptorFlags,
): OpenDirectory | OpenFile {
  const { create = false, exclusive = false, directory = false, truncate = false } = openFlags;
  if (base.readOnly && (create || truncate || flags.write || flags.mutateDirectory)) {
    throw failure("read-only");
  }
  if (directory && (create || exclusive || truncate)) throw failure("invalid");
  // POSIX: with O_EXCL a link is something that exists, wherever it leads.
  const follow = (pathFlags.symlinkFollow ?? false) && !(create && exclusive);
  base.opened.checkRoom();
  const request = { follow, create, exclusive, directory, truncate, flags };
  for (let tries = 0; tries < TRIES; tries++) {
    const node = tryOpen(base, path, request);
    if (node !== undefined) return node;
  }
  throw failure("busy");
}

/** Opens what is there now; nothing if that changed meanwhile. */
function tryOpen(base: OpenDirectory, path: string, request: Request): OpenDirectory | OpenFile | undefined {
  const { create, truncate, flags } = request;
  const place = locate(base, path, request.follow, create);
  const readOnly = base.mount.readOnlyAt(place.path);
  if (place.info === undefined) {
    if (place.slash) throw failure("is-directory");
    if (readOnly) throw failure("read-only");
    return createFile(base, place.path, request);
  }
  const refusal = refusalOf(place.info, request);
  if (refusal !== undefined) throw failure(refusal);
  if (readOnly && (truncate || flags.write || flags.mutateDirectory)) throw failure("read-only");
  if (place.info.isDirectory) return openDirectory(base, place.path, place.info);
  return openFile(base, place.path, place.info, request);
}

/** Why something that is there cannot be opened like that. */
function refusalOf(info: Deno.FileInfo, request: Request): ErrorCode | undefined {
  if (request.create && request.exclusive) return "exist";
  if (info.isSymlink) return request.directory ? "not-directory" : "loop";
  if (info.isDirectory) {
    return request.create || request.truncate || request.flags.write ? "is-directory" : undefined;
  }
  if (request.directory) return "not-directory";
  if (info.isFile) return undefined;
  // Opening a FIFO waits for its other end, and would stop the whole process; so may a device. POSIX lets nobody open
  // a socket.
  return info.isSocket ? "no-such-device" : "unsupported";
}

/** Exclusively: a link that someone has put there by now is not followed. */
function createFile(base: OpenDirectory, path: string, request: Request): OpenFile | undefined {
  const { read = false } = request.flags;
  base.mount.checkWrite(path);
  let handle: Deno.FsFile;
  try {
    handle = Deno.openSync(path, { read, write: true, createNew: true });
  } catch (error) {
    if (codeOf(error) === "exist") return undefined;
    throw translated(error);
  }
  return new OpenFile(handle, attempt(() => handle.statSync()), path, request.flags, base.mount, base.opened);
}

function openDirectory(base: OpenDirectory, path: string, seen: Deno.FileInfo): OpenDirectory | undefined {
  const directory = new OpenDirectory(path, base.mount, base.opened);
  if (isSame(directory.identity, seen)) return directory;
  directory.release();
  return undefined;
}

/** Truncates, if at all, what was opened, once it is known to be what was looked at. */
function openFile(
  base: OpenDirectory,
  path: string,
  seen: Deno.FileInfo,
  { truncate, flags }: Request,
): OpenFile | undefined {
  const write = truncate || (flags.write ?? false);
  if (write) base.mount.checkWrite(path);
  const handle = attempt(() => Deno.openSync(path, { read: flags.read || !write, write }));
  try {
    const info = handle.statSync();
    if (isSame(info, seen) && info.isFile) {
      if (truncate) handle.truncateSync(0);
      return new OpenFile(handle, info, path, flags, base.mount, base.opened);
    }
  } catch (error) {
    handle.close();
    throw translated(error);
  }
  handle.close();
  return undefined;
}
