/**
 * `fd_read` and `fd_pread`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#fd_read}
 *
 * @module
 */
import { advanced, offsetOf } from "../../wasi/filesystem/file.ts";
import { turn } from "../../wasi/io/turn.ts";
import { whenReady } from "../../wasi/io/waitable.ts";
import type { Work } from "./enter.ts";
import type { FileEntry, Input } from "./entry.ts";
import { Errno } from "./errno.ts";
import { Failure } from "./failure.ts";
import { Fdflag } from "./flags.ts";
import { type Guest, holding } from "./guest.ts";
import { Right } from "./rights.ts";

/** Reading. A file's bytes are read straight into the guest's memory. */
export function fdRead(guest: Guest): Record<string, Work> {
  const { memory, vectors, table } = guest;

  /** Reads what is there; `undefined` where nothing is yet. */
  const take = ({ source }: Input, iovs: number, count: number, out: number): number | undefined => {
    // Again after each wait: nothing of a guest's memory is kept over one.
    vectors.read(iovs, count, "fd_read");
    const bytes = vectors.total === 0 ? undefined : source!.read(vectors.total);
    if (bytes?.length === 0) return undefined;
    const read = bytes ? vectors.scatter((into, before) => copy(bytes.subarray(before), into)) : 0;
    memory.storeU32(out, read, "fd_read");
    return Errno.success;
  };

  const takeLater = async (input: Input, iovs: number, count: number, out: number): Promise<number> => {
    for (;;) {
      await whenReady(input.source!);
      const errno = take(input, iovs, count, out);
      if (errno !== undefined) return errno;
    }
  };

  const readInput = (input: Input, iovs: number, count: number, out: number): number | Promise<number> => {
    guest.need("cli", "wasi:cli", "fd_read");
    holding(input, Right.fdRead);
    guest.told?.used("wasi:cli/stdin", "get-stdin");
    const errno = take(input, iovs, count, out);
    if (errno !== undefined) return errno;
    // A guest that asks again and again must not keep the bytes from coming.
    if (input.flags & Fdflag.nonblock) return turn()?.then(() => Errno.again) ?? Errno.again;
    return takeLater(input, iovs, count, out);
  };

  const readFile = (entry: FileEntry, offset: number | bigint): number => {
    entry.file.checkRead();
    holding(entry, Right.fdRead);
    return vectors.scatter((into, before) =>
      entry.file.readAt(into, before === 0 ? offset : advanced(offset, before))
    );
  };

  return {
    fd_read(fd: number, iovs: number, count: number, out: number) {
      const entry = table.get(fd);
      if (entry.kind === "input") return readInput(entry, iovs, count, out);
      vectors.read(iovs, count, "fd_read");
      if (entry.kind !== "file") throw new Failure("badf");
      const read = readFile(entry, entry.offset);
      entry.offset = advanced(entry.offset, read);
      memory.storeU32(out, read, "fd_read");
      return Errno.success;
    },
    fd_pread(fd: number, iovs: number, count: number, offset: bigint, out: number) {
      vectors.read(iovs, count, "fd_pread");
      const entry = guest.seekable(fd, 0);
      const read = readFile(entry, offsetOf(BigInt.asUintN(64, offset)));
      memory.storeU32(out, read, "fd_pread");
      return Errno.success;
    },
  };
}

function copy(bytes: Uint8Array, into: Uint8Array): number {
  const fitting = bytes.length > into.length ? bytes.subarray(0, into.length) : bytes;
  into.set(fitting);
  return fitting.length;
}
