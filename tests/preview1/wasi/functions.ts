/** The 46 functions of preview 1 with their core types, from the witx; and a module that does nothing but call them. */

/** `name(params)results`; `i` is i32, `l` is i64. */
const FUNCTIONS = `
  args_get(ii)i args_sizes_get(ii)i environ_get(ii)i environ_sizes_get(ii)i clock_res_get(ii)i clock_time_get(ili)i
  fd_advise(illi)i fd_allocate(ill)i fd_close(i)i fd_datasync(i)i fd_fdstat_get(ii)i fd_fdstat_set_flags(ii)i
  fd_fdstat_set_rights(ill)i fd_filestat_get(ii)i fd_filestat_set_size(il)i fd_filestat_set_times(illi)i
  fd_pread(iiili)i fd_prestat_get(ii)i fd_prestat_dir_name(iii)i fd_pwrite(iiili)i fd_read(iiii)i fd_readdir(iiili)i
  fd_renumber(ii)i fd_seek(ilii)i fd_sync(i)i fd_tell(ii)i fd_write(iiii)i path_create_directory(iii)i
  path_filestat_get(iiiii)i path_filestat_set_times(iiiilli)i path_link(iiiiiii)i path_open(iiiiillii)i
  path_readlink(iiiiii)i path_remove_directory(iii)i path_rename(iiiiii)i path_symlink(iiiii)i path_unlink_file(iii)i
  poll_oneoff(iiii)i proc_exit(i) proc_raise(i)i sched_yield()i random_get(ii)i sock_accept(iii)i sock_recv(iiiiii)i
  sock_send(iiiii)i sock_shutdown(ii)i
`;

export interface Signature {
  readonly params: readonly ("i32" | "i64")[];
  readonly results: readonly ("i32" | "i64")[];
}

export const SIGNATURES: ReadonlyMap<string, Signature> = new Map(
  [...FUNCTIONS.matchAll(/(\w+)\((\w*)\)(\w*)/g)].map(([, name, params, results]) => [
    name!,
    { params: types(params!), results: types(results!) },
  ]),
);

function types(letters: string): ("i32" | "i64")[] {
  return [...letters].map((letter) => letter === "l" ? "i64" : "i32");
}

/** Exports a memory of two pages that can grow to any size, and every function under its own name. */
export function trampoline(): Uint8Array<ArrayBuffer> {
  const all = [...SIGNATURES];
  const type = (
    { params, results }: Signature,
  ) => [0x60, ...vec(params.map(code)), ...vec(results.map(code))];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, all.map(([, signature]) => type(signature))),
    ...section(
      2,
      all.map(([name], i) => [...text("wasi_snapshot_preview1"), ...text(name), 0x00, ...leb(i)]),
    ),
    ...section(3, all.map((_, i) => leb(i))),
    ...section(5, [[0x00, 0x02]]),
    ...section(7, [
      [...text("memory"), 0x02, 0x00],
      ...all.map(([name], i) => [...text(name), 0x00, ...leb(all.length + i)]),
    ]),
    ...section(
      10,
      all.map(([, { params }], i) => {
        const body = [0x00, ...params.flatMap((_, p) => [0x20, p]), 0x10, ...leb(i), 0x0b];
        return [...leb(body.length), ...body];
      }),
    ),
  ]);
}

function code(type: "i32" | "i64"): number[] {
  return [type === "i32" ? 0x7f : 0x7e];
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  const content = vec(items);
  return [id, ...leb(content.length), ...content];
}

function vec(items: readonly (readonly number[])[]): number[] {
  return [...leb(items.length), ...items.flat()];
}

function text(name: string): number[] {
  const bytes = new TextEncoder().encode(name);
  return [...leb(bytes.length), ...bytes];
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}
