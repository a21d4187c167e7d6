/**
 * `fd_seek` and `fd_tell`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#fd_seek}
 *
 * Each descriptor has its offset here: the host's own stands wherever the last read or write left it.
 *
 * @module
 */
import { offsetOf } from "../../wasi/filesystem/file.ts";
import type { Work } from "./enter.ts";
import type { FileEntry } from "./entry.ts";
import { Errno } from "./errno.ts";
import { Failure } from "./failure.ts";
import type { Guest } from "./guest.ts";
import { Right } from "./rights.ts";

/** {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#whence} */
const Whence = Object.freeze({ set: 0, cur: 1, end: 2 });

/** Offsets. */
export function fdSeek(guest: Guest): Record<string, Work> {
  const { memory } = guest;
  return {
    fd_seek(fd: number, delta: bigint, whence: number, out: number) {
      // To ask where one is takes no right to move.
      const asking = whence === Whence.cur && delta === 0n;
      const entry = guest.seekable(fd, asking ? Right.fdTell : Right.fdSeek);
      const offset = origin(entry, whence) + BigInt.asIntN(64, delta);
      if (offset < 0n) throw new Failure("inval");
      entry.offset = offsetOf(offset);
      memory.storeU64(out, offset, "fd_seek");
      return Errno.success;
    },
    fd_tell(fd: number, out: number) {
      const entry = guest.seekable(fd, Right.fdTell);
      memory.storeU64(out, BigInt(entry.offset), "fd_tell");
      return Errno.success;
    },
  };
}

function origin(entry: FileEntry, whence: number): bigint {
  if (whence === Whence.set) return 0n;
  if (whence === Whence.cur) return BigInt(entry.offset);
  if (whence === Whence.end) return BigInt(entry.file.size());
  throw new Failure("inval");
}
