/**
 * `path_link`, `path_readlink`, `path_symlink`:
 * {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#path_link}
 *
 * @module
 */
import type { Work } from "./enter.ts";
import { Errno } from "./errno.ts";
import type { Guest } from "./guest.ts";
import { pathFlags } from "./path_filestat.ts";
import { Right } from "./rights.ts";

const encoder = new TextEncoder();

/** Hard and symbolic links. */
export function pathLink(guest: Guest): Record<string, Work> {
  const { memory } = guest;
  return {
    path_link(
      fd: number,
      lookup: number,
      oldPointer: number,
      oldLength: number,
      newFd: number,
      newPointer: number,
      newLength: number,
    ) {
      const oldPath = memory.path(oldPointer, oldLength, "path_link");
      const newPath = memory.path(newPointer, newLength, "path_link");
      const from = guest.base(fd, Right.pathLinkSource, "path_link");
      const to = guest.base(newFd, Right.pathLinkTarget, "path_link");
      guest.call(from.descriptor, "linkAt", pathFlags(lookup), oldPath, to.descriptor, newPath);
      return Errno.success;
    },
    /** A target that is longer than the buffer is cut, as POSIX has it: a full buffer tells the caller to try a larger one. */
    path_readlink(fd: number, pointer: number, length: number, buffer: number, size: number, out: number) {
      const path = memory.path(pointer, length, "path_readlink");
      const { descriptor } = guest.base(fd, Right.pathReadlink, "path_readlink");
      const target = encoder.encode(guest.call(descriptor, "readlinkAt", path)).subarray(0, size);
      memory.bytes(buffer, target.length, "path_readlink").set(target);
      memory.storeU32(out, target.length, "path_readlink");
      return Errno.success;
    },
    path_symlink(
      oldPointer: number,
      oldLength: number,
      fd: number,
      newPointer: number,
      newLength: number,
    ) {
      const target = memory.path(oldPointer, oldLength, "path_symlink");
      const path = memory.path(newPointer, newLength, "path_symlink");
      const { descriptor } = guest.base(fd, Right.pathSymlink, "path_symlink");
      guest.call(descriptor, "symlinkAt", target, path);
      return Errno.success;
    },
  };
}
