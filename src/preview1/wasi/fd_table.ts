/**
 * Numbers of descriptors: `fd_close`, `fd_renumber`, and `fd_prestat_*` for those that were there from the start:
 * {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#fd_close}
 *
 * @module
 */
import type { Work } from "./enter.ts";
import { Errno } from "./errno.ts";
import { Failure } from "./failure.ts";
import type { Guest } from "./guest.ts";
import { Prestat } from "./layout.ts";

const encoder = new TextEncoder();

/** `dir`, the only `preopentype`. */
const DIR = 0;

/** The table. Without `wasi:filesystem` nothing is preopened, and libc, which asks at every start, finds that out by `badf`. */
export function fdTable({ memory, table }: Guest): Record<string, Work> {
  const preopen = (fd: number): Uint8Array | undefined => {
    const entry = table.get(fd);
    return entry.kind === "directory" && entry.preopen !== undefined
      ? encoder.encode(entry.preopen)
      : undefined;
  };
  return {
    fd_close(fd: number) {
      table.remove(fd);
      return Errno.success;
    },
    fd_renumber(from: number, to: number) {
      table.move(from, to);
      return Errno.success;
    },
    fd_prestat_get(fd: number, out: number) {
      const name = preopen(fd);
      if (name === undefined) throw new Failure("badf");
      memory.check(out, Prestat.size, Prestat.align, "fd_prestat_get");
      const { dv } = memory.views;
      dv.setUint8(out + Prestat.tag, DIR);
      dv.setUint32(out + Prestat.nameLen, name.length, true);
      return Errno.success;
    },
    fd_prestat_dir_name(fd: number, pointer: number, length: number) {
      const name = preopen(fd);
      if (name === undefined) throw new Failure("notdir");
      if (name.length > length) throw new Failure("nametoolong");
      memory.bytes(pointer, name.length, "fd_prestat_dir_name").set(name);
      return Errno.success;
    },
  };
}
