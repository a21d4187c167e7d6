/**
 * `path_filestat_*`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#path_filestat_get}
 *
 * @module
 */
import type { PathFlags } from "../../wasi/filesystem/types.ts";
import type { Work } from "./enter.ts";
import { Errno } from "./errno.ts";
import { Failure } from "./failure.ts";
import { newTimes, storeFilestat } from "./filestat.ts";
import { areKnown, SYMLINK_FOLLOW } from "./flags.ts";
import type { Guest } from "./guest.ts";
import { Right } from "./rights.ts";

/** What is known of what a path leads to. */
export function pathFilestat(guest: Guest): Record<string, Work> {
  const { memory } = guest;
  return {
    path_filestat_get(fd: number, lookup: number, pointer: number, length: number, out: number) {
      const path = memory.path(pointer, length, "path_filestat_get");
      const { descriptor } = guest.base(fd, Right.pathFilestatGet, "path_filestat_get");
      const flags = pathFlags(lookup);
      const stat = guest.call(descriptor, "statAt", flags, path);
      storeFilestat(memory, out, stat, descriptor.metadataHashAt(flags, path).lower, "path_filestat_get");
      return Errno.success;
    },
    path_filestat_set_times(
      fd: number,
      lookup: number,
      pointer: number,
      length: number,
      atim: bigint,
      mtim: bigint,
      flags: number,
    ) {
      const path = memory.path(pointer, length, "path_filestat_set_times");
      const { descriptor } = guest.base(fd, Right.pathFilestatSetTimes, "path_filestat_set_times");
      const times = newTimes(atim, mtim, flags);
      guest.call(descriptor, "setTimesAt", pathFlags(lookup), path, ...times);
      return Errno.success;
    },
  };
}

/** `lookupflags` as the hosts have them. */
export function pathFlags(lookup: number): PathFlags {
  if (!areKnown(lookup, SYMLINK_FOLLOW)) throw new Failure("inval");
  return { symlinkFollow: (lookup & SYMLINK_FOLLOW) !== 0 };
}
