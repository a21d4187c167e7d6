/**
 * `fd_readdir`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#fd_readdir}
 *
 * @module
 */
import { ComponentError } from "../../component/error.ts";
import type { DirectoryEntry as Item } from "../../wasi/filesystem/types.ts";
import type { Work } from "./enter.ts";
import type { DirectoryEntry } from "./entry.ts";
import { Errno } from "./errno.ts";
import { Filetype } from "./filetype.ts";
import type { Guest } from "./guest.ts";
import { Dirent } from "./layout.ts";
import type { Listing } from "./listing.ts";
import { Right } from "./rights.ts";

const encoder = new TextEncoder();

/**
 * Listing. A cookie is the number of an entry: 0 begins anew, any other goes on in the listing that began last.
 *
 * The buffer is filled to its last byte, with a part of an entry if need be: "if less than the size of the read buffer,
 * the end of the directory has been reached".
 */
export function fdReaddir(guest: Guest): Record<string, Work> {
  const { memory } = guest;
  return {
    fd_readdir(fd: number, pointer: number, length: number, cookie: bigint, out: number) {
      const directory = guest.directory(fd, Right.fdReaddir);
      const into = memory.bytes(pointer, length, "fd_readdir");
      const first = BigInt.asUintN(64, cookie);
      if (first === 0n) directory.listing?.close();
      const listing = first !== 0n && directory.listing ||
        directory.list(guest.call(directory.descriptor, "readDirectory"));
      // No directory has so many entries that it mattered what is lost of a larger cookie.
      const used = fill(into, directory, listing, Number(first));
      memory.storeU32(out, used, "fd_readdir");
      return Errno.success;
    },
  };
}

function fill(into: Uint8Array, directory: DirectoryEntry, listing: Listing, first: number): number {
  let used = 0;
  for (let index = first; used < into.length; index++) {
    const item = listing.at(index);
    if (item === undefined) break;
    const bytes = dirent(item, index + 1, inode(directory, item.name));
    const fitting = bytes.subarray(0, into.length - used);
    into.set(fitting, used);
    used += fitting.length;
  }
  return used;
}

function dirent({ name, type }: Item, next: number, ino: bigint): Uint8Array {
  const text = encoder.encode(name);
  const bytes = new Uint8Array(Dirent.size + text.length);
  const dv = new DataView(bytes.buffer);
  dv.setBigUint64(Dirent.next, BigInt(next), true);
  dv.setBigUint64(Dirent.ino, ino, true);
  dv.setUint32(Dirent.namlen, text.length, true);
  dv.setUint8(Dirent.type, Filetype[type]);
  bytes.set(text, Dirent.size);
  return bytes;
}

/** What `path_filestat_get` would say; 0, which stands for "not known", of an entry that is gone. `..` may not be looked at. */
function inode({ descriptor }: DirectoryEntry, name: string): bigint {
  if (name === "." || name === "..") return descriptor.metadataHash().lower;
  try {
    return descriptor.metadataHashAt({}, name).lower;
  } catch (error) {
    if (error instanceof ComponentError) return 0n;
    throw error;
  }
}
