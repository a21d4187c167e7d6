/**
 * `fd_filestat_*`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#fd_filestat_get}
 *
 * @module
 */
import type { Work } from "./enter.ts";
import { Errno } from "./errno.ts";
import { filetypeOf } from "./fd_fdstat.ts";
import { newTimes, storeFilestat, storeType } from "./filestat.ts";
import { type Guest, holding } from "./guest.ts";
import { Right } from "./rights.ts";

/** What is known of what is open. */
export function fdFilestat(guest: Guest): Record<string, Work> {
  const { memory, table } = guest;
  return {
    fd_filestat_get(fd: number, out: number) {
      const entry = table.get(fd);
      if (entry.kind === "input" || entry.kind === "output") {
        // libc looks at these at its start, granted or not.
        if (guest.allowed.cli) holding(entry, Right.fdFilestatGet);
        storeType(memory, out, filetypeOf(entry), "fd_filestat_get");
        return Errno.success;
      }
      const { descriptor } = holding(entry, Right.fdFilestatGet);
      const stat = guest.call(descriptor, "stat");
      storeFilestat(memory, out, stat, descriptor.metadataHash().lower, "fd_filestat_get");
      return Errno.success;
    },
    fd_filestat_set_size(fd: number, size: bigint) {
      const { descriptor } = guest.file(fd, Right.fdFilestatSetSize);
      guest.call(descriptor, "setSize", BigInt.asUintN(64, size));
      return Errno.success;
    },
    fd_filestat_set_times(fd: number, atim: bigint, mtim: bigint, flags: number) {
      const { descriptor } = guest.node(fd, Right.fdFilestatSetTimes);
      guest.call(descriptor, "setTimes", ...newTimes(atim, mtim, flags));
      return Errno.success;
    },
  };
}
