/**
 * `fd_fdstat_*`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#fd_fdstat_get}
 *
 * @module
 */
import type { Work } from "./enter.ts";
import type { Entry } from "./entry.ts";
import { Errno } from "./errno.ts";
import { Failure } from "./failure.ts";
import { Filetype } from "./filetype.ts";
import { areKnown, Fdflag, FDFLAGS } from "./flags.ts";
import { type Guest, holding } from "./guest.ts";
import { Fdstat } from "./layout.ts";
import { Right, rightsOf } from "./rights.ts";

/** What can be set while a file is open. How writes are brought to the disk is decided when it is opened. */
const SETTABLE = Fdflag.append | Fdflag.nonblock;

/** The state of descriptors. */
export function fdFdstat(guest: Guest): Record<string, Work> {
  const { memory, table } = guest;
  return {
    fd_fdstat_get(fd: number, out: number) {
      const entry = table.get(fd);
      memory.check(out, Fdstat.size, Fdstat.align, "fd_fdstat_get");
      const filetype = filetypeOf(entry);
      const { dv } = memory.views;
      dv.setUint8(out + Fdstat.filetype, filetype);
      dv.setUint16(out + Fdstat.flags, entry.flags, true);
      dv.setBigUint64(out + Fdstat.base, BigInt(entry.rights), true);
      dv.setBigUint64(out + Fdstat.inheriting, BigInt(entry.inheriting), true);
      return Errno.success;
    },
    fd_fdstat_set_flags(fd: number, flags: number) {
      const entry = table.get(fd);
      if (entry.kind === "directory") throw new Failure("badf");
      if (!areKnown(flags, FDFLAGS)) throw new Failure("inval");
      // A standard stream that is not granted is none: there is nothing to set, and nothing that refusing would protect.
      if (entry.kind !== "file" && !guest.allowed.cli) throw new Failure("badf");
      holding(entry, Right.fdFdstatSetFlags);
      if ((flags & ~SETTABLE) !== (entry.flags & ~SETTABLE)) throw new Failure("inval");
      entry.flags = flags;
      return Errno.success;
    },
    fd_fdstat_set_rights(fd: number, base: bigint, inheriting: bigint) {
      const entry = table.get(fd);
      const rights = rightsOf(base), inherited = rightsOf(inheriting);
      if ((rights & ~entry.rights) !== 0 || (inherited & ~entry.inheriting) !== 0) {
        throw new Failure("notcapable");
      }
      entry.rights = rights;
      entry.inheriting = inherited;
      return Errno.success;
    },
  };
}

/** What a descriptor is open on: a terminal, a file, or what has no name in preview 1 (a pipe). */
export function filetypeOf(entry: Entry): number {
  if (entry.kind === "directory") return Filetype.directory;
  // Nothing else is opened: `open-at` refuses devices, and FIFOs.
  if (entry.kind === "file") return Filetype["regular-file"];
  return entry.terminal() ? Filetype["character-device"] : Filetype.unknown;
}
