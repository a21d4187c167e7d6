/**
 * Flags of preview 1. A bit that has no meaning is `inval`, as in other hosts.
 *
 * @module
 */

/** {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#fdflags} */
export const Fdflag = Object.freeze({ append: 1, dsync: 2, nonblock: 4, rsync: 8, sync: 16 });
/** Every one of them. */
export const FDFLAGS = 31;

/** {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#oflags} */
export const Oflag = Object.freeze({ creat: 1, directory: 2, excl: 4, trunc: 8 });
/** Every one of them. */
export const OFLAGS = 15;

/** {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#lookupflags} */
export const SYMLINK_FOLLOW = 1;

/** {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#fstflags} */
export const Fstflag = Object.freeze({ atim: 1, atimNow: 2, mtim: 4, mtimNow: 8 });
/** Every one of them. */
export const FSTFLAGS = 15;

/** `abstime` of {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#subclockflags} */
export const ABSTIME = 1;

/** {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#riflags} */
export const RIFLAGS = 3;

/** {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#sdflags} */
export const SDFLAGS = 3;

/** Whether `flags` has no bit beside those of `known`. */
export function areKnown(flags: number, known: number): boolean {
  return (flags & ~known) === 0;
}
