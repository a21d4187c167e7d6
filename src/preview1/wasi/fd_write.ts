/**
 * `fd_write` and `fd_pwrite`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#fd_write}
 *
 * @module
 */
import { advanced, offsetOf } from "../../wasi/filesystem/file.ts";
import { turn } from "../../wasi/io/turn.ts";
import { whenReady } from "../../wasi/io/waitable.ts";
import type { Work } from "./enter.ts";
import type { FileEntry, Output } from "./entry.ts";
import { Errno } from "./errno.ts";
import { Failure } from "./failure.ts";
import { Fdflag } from "./flags.ts";
import { type Guest, holding } from "./guest.ts";
import { Right } from "./rights.ts";

/** Writing. The host is given the bytes where they lie in the guest's memory, wherever they lie in one piece. */
export function fdWrite(guest: Guest): Record<string, Work> {
  const { memory, vectors, table } = guest;

  /** Writes what there is room for; `undefined` where there is none yet. */
  const put = ({ sink }: Output, iovs: number, count: number, out: number): number | undefined => {
    vectors.read(iovs, count, "fd_write");
    const room = sink!.room();
    if (room === null) throw new Failure("pipe");
    const bytes = vectors.gather();
    if (bytes.length > 0 && room === 0) return undefined;
    const written = Math.min(bytes.length, room);
    if (written > 0) sink!.write(written < bytes.length ? bytes.subarray(0, written) : bytes);
    memory.storeU32(out, written, "fd_write");
    return Errno.success;
  };

  const putLater = async (output: Output, iovs: number, count: number, out: number): Promise<number> => {
    for (;;) {
      await whenReady(output.sink!);
      const errno = put(output, iovs, count, out);
      if (errno !== undefined) return errno;
    }
  };

  const writeOutput = (
    output: Output,
    iovs: number,
    count: number,
    out: number,
  ): number | Promise<number> => {
    guest.need("cli", "wasi:cli", "fd_write");
    holding(output, Right.fdWrite);
    guest.told?.used(`wasi:cli/${output.name}`, `get-${output.name}`);
    const errno = put(output, iovs, count, out);
    if (errno !== undefined) return errno;
    if (output.flags & Fdflag.nonblock) return turn()?.then(() => Errno.again) ?? Errno.again;
    return putLater(output, iovs, count, out);
  };

  /** With `append`, wherever the guest wants it: Linux has it so for `pwrite` too. */
  const writeFile = (entry: FileEntry, offset: number | bigint): number => {
    const { file, flags } = entry;
    file.checkWrite();
    holding(entry, Right.fdWrite);
    const bytes = vectors.gather();
    if (bytes.length === 0) return 0;
    return flags & Fdflag.append ? file.append(bytes) : file.writeAt(bytes, offset);
  };

  return {
    fd_write(fd: number, iovs: number, count: number, out: number) {
      const entry = table.get(fd);
      if (entry.kind === "output") return writeOutput(entry, iovs, count, out);
      vectors.read(iovs, count, "fd_write");
      if (entry.kind !== "file") throw new Failure("badf");
      const written = writeFile(entry, entry.offset);
      entry.offset = entry.flags & Fdflag.append ? entry.file.size() : advanced(entry.offset, written);
      memory.storeU32(out, written, "fd_write");
      return Errno.success;
    },
    fd_pwrite(fd: number, iovs: number, count: number, offset: bigint, out: number) {
      vectors.read(iovs, count, "fd_pwrite");
      const entry = guest.seekable(fd, 0);
      const written = writeFile(entry, offsetOf(BigInt.asUintN(64, offset)));
      memory.storeU32(out, written, "fd_pwrite");
      return Errno.success;
    },
  };
}
