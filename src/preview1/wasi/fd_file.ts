/**
 * What can be done with an open file beside reading and writing: `fd_advise`, `fd_allocate`, `fd_datasync`, `fd_sync`:
 * {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#fd_advise}
 *
 * @module
 */
import type { Advice } from "../../wasi/filesystem/types.ts";
import type { Work } from "./enter.ts";
import { Errno } from "./errno.ts";
import { Failure } from "./failure.ts";
import type { Guest } from "./guest.ts";
import { Right } from "./rights.ts";

/** {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#advice}, in its order. */
const ADVICE: readonly Advice[] = ["normal", "sequential", "random", "will-need", "dont-need", "no-reuse"];

/** Files alone: other hosts have it that a directory is `badf` here. */
export function fdFile(guest: Guest): Record<string, Work> {
  return {
    fd_advise(fd: number, offset: bigint, length: bigint, advice: number) {
      const { descriptor } = guest.file(fd, Right.fdAdvise);
      const known = ADVICE[advice];
      if (known === undefined) throw new Failure("inval");
      guest.call(descriptor, "advise", BigInt.asUintN(64, offset), BigInt.asUintN(64, length), known);
      return Errno.success;
    },
    /**
     * Deno cannot reserve space, and a file that was merely lengthened has none reserved: `notsup`, as POSIX has it for a
     * file system that cannot, so that callers go on without.
     */
    fd_allocate(fd: number) {
      guest.file(fd, Right.fdAllocate);
      return Errno.notsup;
    },
    fd_datasync(fd: number) {
      guest.call(guest.file(fd, Right.fdDatasync).descriptor, "syncData");
      return Errno.success;
    },
    fd_sync(fd: number) {
      guest.call(guest.file(fd, Right.fdSync).descriptor, "sync");
      return Errno.success;
    },
  };
}
