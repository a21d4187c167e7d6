/**
 * Where the fields of records lie in the guest's memory, in bytes:
 * {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#types}
 *
 * @module
 */

/** `iovec` and `ciovec`. */
export const Iovec = Object.freeze({ size: 8, align: 4, buf: 0, len: 4 });

/** `prestat`; the length is that of `prestat_dir`, the only case. */
export const Prestat = Object.freeze({ size: 8, align: 4, tag: 0, nameLen: 4 });

/** `fdstat`. */
export const Fdstat = Object.freeze({ size: 24, align: 8, filetype: 0, flags: 2, base: 8, inheriting: 16 });

/** `filestat`. */
export const Filestat = Object.freeze({
  size: 64,
  align: 8,
  dev: 0,
  ino: 8,
  filetype: 16,
  nlink: 24,
  length: 32,
  atim: 40,
  mtim: 48,
  ctim: 56,
});

/** `dirent`; the name follows it. */
export const Dirent = Object.freeze({ size: 24, next: 0, ino: 8, namlen: 16, type: 20 });

/** `subscription`; `id` and what follows is a clock's, `fd` a descriptor's. */
export const Subscription = Object.freeze({
  size: 48,
  align: 8,
  userdata: 0,
  tag: 8,
  id: 16,
  timeout: 24,
  flags: 40,
  fd: 16,
});

/** `event`. */
export const Event = Object.freeze({
  size: 32,
  align: 8,
  userdata: 0,
  error: 8,
  type: 10,
  nbytes: 16,
  flags: 24,
});
