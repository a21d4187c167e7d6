/**
 * The functions that change a directory: `path_create_directory`, `path_remove_directory`, `path_rename`,
 * `path_unlink_file`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#path_create_directory}
 *
 * @module
 */
import type { Work } from "./enter.ts";
import { Errno } from "./errno.ts";
import type { Guest } from "./guest.ts";
import { Right } from "./rights.ts";

/** Changes. */
export function pathChange(guest: Guest): Record<string, Work> {
  const { memory } = guest;
  const at = (
    method: "createDirectoryAt" | "removeDirectoryAt" | "unlinkFileAt",
    right: number,
    func: string,
  ): Work =>
  (fd: number, pointer: number, length: number) => {
    const path = memory.path(pointer, length, func);
    guest.call(guest.base(fd, right, func).descriptor, method, path);
    return Errno.success;
  };
  return {
    path_create_directory: at("createDirectoryAt", Right.pathCreateDirectory, "path_create_directory"),
    path_remove_directory: at("removeDirectoryAt", Right.pathRemoveDirectory, "path_remove_directory"),
    path_unlink_file: at("unlinkFileAt", Right.pathUnlinkFile, "path_unlink_file"),
    path_rename(
      fd: number,
      oldPointer: number,
      oldLength: number,
      newFd: number,
      newPointer: number,
      newLength: number,
    ) {
      const oldPath = memory.path(oldPointer, oldLength, "path_rename");
      const newPath = memory.path(newPointer, newLength, "path_rename");
      const from = guest.base(fd, Right.pathRenameSource, "path_rename");
      const to = guest.base(newFd, Right.pathRenameTarget, "path_rename");
      guest.call(from.descriptor, "renameAt", oldPath, to.descriptor, newPath);
      return Errno.success;
    },
  };
}
