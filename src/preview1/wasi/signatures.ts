/**
 * The core types of all 46 functions, from the witx of preview 1:
 * {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#functions}
 *
 * Strings and lists are a pointer and a length; results that are no errno are written through pointers at the end.
 *
 * @module
 */

/** A core type that preview 1 uses. */
export type CoreType = "i32" | "i64";

/** What a function takes and gives. */
export interface CoreSignature {
  /** Its parameters. */
  readonly params: readonly CoreType[];
  /** Its results. */
  readonly results: readonly CoreType[];
}

/** The module name of preview 1. */
export const MODULE = "wasi_snapshot_preview1";

const i = "i32", l = "i64";

const takes = (...params: CoreType[]): CoreSignature =>
  Object.freeze({ params: Object.freeze(params), results: Object.freeze(["i32"] as const) });

/** By name. */
export const SIGNATURES: Readonly<Record<string, CoreSignature>> = Object.freeze({
  args_get: takes(i, i),
  args_sizes_get: takes(i, i),
  environ_get: takes(i, i),
  environ_sizes_get: takes(i, i),
  clock_res_get: takes(i, i),
  clock_time_get: takes(i, l, i),
  fd_advise: takes(i, l, l, i),
  fd_allocate: takes(i, l, l),
  fd_close: takes(i),
  fd_datasync: takes(i),
  fd_fdstat_get: takes(i, i),
  fd_fdstat_set_flags: takes(i, i),
  fd_fdstat_set_rights: takes(i, l, l),
  fd_filestat_get: takes(i, i),
  fd_filestat_set_size: takes(i, l),
  fd_filestat_set_times: takes(i, l, l, i),
  fd_pread: takes(i, i, i, l, i),
  fd_prestat_get: takes(i, i),
  fd_prestat_dir_name: takes(i, i, i),
  fd_pwrite: takes(i, i, i, l, i),
  fd_read: takes(i, i, i, i),
  fd_readdir: takes(i, i, i, l, i),
  fd_renumber: takes(i, i),
  fd_seek: takes(i, l, i, i),
  fd_sync: takes(i),
  fd_tell: takes(i, i),
  fd_write: takes(i, i, i, i),
  path_create_directory: takes(i, i, i),
  path_filestat_get: takes(i, i, i, i, i),
  path_filestat_set_times: takes(i, i, i, i, l, l, i),
  path_link: takes(i, i, i, i, i, i, i),
  path_open: takes(i, i, i, i, i, l, l, i, i),
  path_readlink: takes(i, i, i, i, i, i),
  path_remove_directory: takes(i, i, i),
  path_rename: takes(i, i, i, i, i, i),
  path_symlink: takes(i, i, i, i, i),
  path_unlink_file: takes(i, i, i),
  poll_oneoff: takes(i, i, i, i),
  proc_exit: Object.freeze({ params: Object.freeze([i] as const), results: Object.freeze([]) }),
  proc_raise: takes(i),
  sched_yield: Object.freeze({ params: Object.freeze([]), results: Object.freeze([i] as const) }),
  random_get: takes(i, i),
  sock_accept: takes(i, i, i),
  sock_recv: takes(i, i, i, i, i, i),
  sock_send: takes(i, i, i, i, i),
  sock_shutdown: takes(i, i),
});
