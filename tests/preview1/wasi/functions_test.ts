/** All 46 functions of preview 1 are here, with the core types of the witx, and each answers. */
import assert from "node:assert/strict";
import { canSuspend } from "../../../src/component/link/suspending.ts";
import { denied } from "../../../src/grant/grant.ts";
import { NAMES } from "../../../src/preview1/wasi/errno.ts";
import { preview1, SIGNATURES as ours } from "../../../src/preview1/wasi/mod.ts";
import { SIGNATURES } from "./functions.ts";
import { ALL_FUNCTIONS, box, called, Driver, mounted } from "./support.ts";
import { ExitError } from "../../../src/wasi/mod.ts";

Deno.test("the functions are those of the specification, no more and no fewer", () => {
  assert.equal(ALL_FUNCTIONS.length, 46);
  assert.deepEqual(Object.keys(preview1(denied).imports).sort(), [...ALL_FUNCTIONS].sort());
});

Deno.test("their core types are those of the specification", () => {
  for (const [name, signature] of SIGNATURES) assert.deepEqual(ours[name], signature, name);
  assert.equal(Object.keys(ours).length, SIGNATURES.size);
});

Deno.test("those that may wait are marked, and no other", () => {
  const { imports } = preview1(denied);
  const marked = ALL_FUNCTIONS.filter((name) => canSuspend(imports[name]));
  assert.deepEqual(marked, ["fd_read", "fd_write", "poll_oneoff", "sched_yield"]);
});

Deno.test("errnos have the numbers of the specification", () => {
  assert.equal(NAMES.length, 77);
  // deno-fmt-ignore
  const some: Record<string, number> = {
    success: 0, "2big": 1, acces: 2, again: 6, badf: 8, busy: 10, deadlk: 16, exist: 20, fault: 21, fbig: 22, ilseq: 25,
    inval: 28, io: 29, isdir: 31, loop: 32, mfile: 33, mlink: 34, nametoolong: 37, nfile: 41, noent: 44, nomem: 48, nospc: 51,
    nosys: 52, notdir: 54, notempty: 55, notsock: 57, notsup: 58, nxio: 60, overflow: 61, perm: 63, pipe: 64, range: 68,
    rofs: 69, spipe: 70, txtbsy: 74, xdev: 75, notcapable: 76,
  };
  for (const [name, number] of Object.entries(some)) assert.equal(NAMES[number], name);
});

/** One call of each, with arguments that it can answer: 8 and on is free memory, 3 a directory, 4 a file in it. */
const CALLS: readonly (readonly [name: string, args: readonly (number | bigint)[], errno: string])[] = [
  ["args_get", [8, 64], "success"],
  ["args_sizes_get", [8, 16], "success"],
  ["environ_get", [8, 64], "success"],
  ["environ_sizes_get", [8, 16], "success"],
  ["clock_res_get", [1, 8], "success"],
  ["clock_time_get", [1, 0n, 8], "success"],
  ["fd_advise", [4, 0n, 0n, 0], "success"],
  ["fd_allocate", [4, 0n, 0n], "notsup"],
  ["fd_datasync", [4], "success"],
  ["fd_fdstat_get", [4, 8], "success"],
  ["fd_fdstat_set_flags", [4, 0], "success"],
  ["fd_fdstat_set_rights", [4, 0x1fff_ffffn, 0n], "notcapable"],
  ["fd_filestat_get", [4, 8], "success"],
  ["fd_filestat_set_size", [4, 3n], "success"],
  ["fd_filestat_set_times", [4, 0n, 0n, 0], "success"],
  ["fd_pread", [4, 8, 0, 0n, 8], "success"],
  ["fd_prestat_get", [3, 8], "success"],
  ["fd_prestat_dir_name", [3, 8, 5], "success"],
  ["fd_pwrite", [4, 8, 0, 0n, 8], "success"],
  ["fd_read", [4, 8, 0, 8], "success"],
  ["fd_readdir", [3, 64, 64, 0n, 8], "success"],
  ["fd_seek", [4, 0n, 2, 8], "success"],
  ["fd_sync", [4], "success"],
  ["fd_tell", [4, 8], "success"],
  ["fd_write", [4, 8, 0, 8], "success"],
  ["path_create_directory", [3, 512, 1], "exist"],
  ["path_filestat_get", [3, 0, 512, 1, 64], "success"],
  ["path_filestat_set_times", [3, 0, 512, 1, 0n, 0n, 0], "success"],
  ["path_link", [3, 0, 512, 1, 3, 512, 1], "exist"],
  ["path_open", [3, 0, 513, 1, 0, 0n, 0n, 0, 8], "noent"],
  ["path_readlink", [3, 512, 1, 64, 64, 8], "inval"],
  ["path_remove_directory", [3, 512, 1], "notdir"],
  ["path_rename", [3, 513, 1, 3, 512, 1], "noent"],
  ["path_symlink", [512, 1, 3, 512, 1], "exist"],
  ["path_unlink_file", [3, 513, 1], "noent"],
  ["poll_oneoff", [64, 128, 0, 8], "inval"],
  ["proc_raise", [2], "notsup"],
  ["sched_yield", [], "success"],
  ["random_get", [64, 8], "success"],
  ["sock_accept", [4, 0, 8], "notsock"],
  ["sock_recv", [4, 64, 0, 0, 8, 16], "notsock"],
  ["sock_send", [4, 64, 0, 0, 8], "notsock"],
  ["sock_shutdown", [4, 3], "notsock"],
  ["fd_renumber", [4, 4], "success"],
  ["fd_close", [4], "success"],
];

Deno.test("each function is there to be called, through wasm", async () => {
  using place = box();
  Deno.writeTextFileSync(`${place.root}/f`, "abc");
  using guest = mounted(place.root, { packages: ["wasi1", "wasi:sockets"] });
  guest.room(1024);
  guest.bytes.set(new TextEncoder().encode("fg"), 512);
  assert.equal(guest.open("f"), 4);
  for (const [name, args, errno] of CALLS) assert.equal(await guest.wait(name, ...args), errno, name);
  using other = new Driver();
  assert.throws(
    () => other.call("proc_exit", 7),
    (error) => error instanceof ExitError && error.exitCode === 7,
  );
  assert.deepEqual(ALL_FUNCTIONS.filter((name) => !called.has(name)), []);
});
