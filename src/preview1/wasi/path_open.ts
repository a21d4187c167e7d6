/**
 * `path_open`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#path_open}
 *
 * @module
 */
import { Descriptor } from "../../wasi/filesystem/descriptor.ts";
import type { DescriptorFlags, OpenFlags } from "../../wasi/filesystem/types.ts";
import type { Work } from "./enter.ts";
import { DirectoryEntry, FileEntry } from "./entry.ts";
import { Errno } from "./errno.ts";
import { Failure } from "./failure.ts";
import { areKnown, Fdflag, FDFLAGS, Oflag, OFLAGS, SYMLINK_FOLLOW } from "./flags.ts";
import type { Guest } from "./guest.ts";
import { Right, rightsOf } from "./rights.ts";

/** Opening. Of the rights that are asked for, reading and writing say what for; the others come with the type. */
export function pathOpen(guest: Guest): Record<string, Work> {
  const { memory, table } = guest;
  return {
    path_open(
      fd: number,
      lookup: number,
      pointer: number,
      length: number,
      oflags: number,
      base: bigint,
      inheriting: bigint,
      fdflags: number,
      out: number,
    ) {
      const path = memory.path(pointer, length, "path_open");
      const directory = guest.base(fd, needed(oflags), "path_open");
      if (!areKnown(lookup, SYMLINK_FOLLOW) || !areKnown(oflags, OFLAGS) || !areKnown(fdflags, FDFLAGS)) {
        throw new Failure("inval");
      }
      const rights = rightsOf(base);
      // Only what the guest gave up itself can be missing.
      if (((rights | rightsOf(inheriting)) & ~directory.inheriting) !== 0) throw new Failure("notcapable");
      table.checkRoom();
      const descriptor = guest.call(
        directory.descriptor,
        "openAt",
        { symlinkFollow: (lookup & SYMLINK_FOLLOW) !== 0 },
        path,
        openFlags(oflags),
        descriptorFlags(rights, fdflags),
      );
      const file = Descriptor.fileOf(descriptor);
      const entry = file === undefined
        ? new DirectoryEntry(descriptor, undefined, directory.inheriting)
        : new FileEntry(descriptor, file, fdflags, directory.inheriting);
      memory.storeU32(out, table.add(entry), "path_open");
      return Errno.success;
    },
  };
}

function needed(oflags: number): number {
  return Right.pathOpen | (oflags & Oflag.creat ? Right.pathCreateFile : 0) |
    (oflags & Oflag.trunc ? Right.pathFilestatSetSize : 0);
}

function openFlags(oflags: number): OpenFlags {
  return {
    create: (oflags & Oflag.creat) !== 0,
    directory: (oflags & Oflag.directory) !== 0,
    exclusive: (oflags & Oflag.excl) !== 0,
    truncate: (oflags & Oflag.trunc) !== 0,
  };
}

function descriptorFlags(rights: number, fdflags: number): DescriptorFlags {
  return {
    read: (rights & Right.fdRead) !== 0,
    write: (rights & Right.fdWrite) !== 0,
    fileIntegritySync: (fdflags & Fdflag.sync) !== 0,
    dataIntegritySync: (fdflags & Fdflag.dsync) !== 0,
    requestedWriteSync: (fdflags & Fdflag.rsync) !== 0,
  };
}
