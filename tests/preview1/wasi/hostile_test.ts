/** Callers that mean harm: pointers, lengths and counts of any kind, and memory that moves. */
import assert from "node:assert/strict";
import { Trap } from "../../../src/component/error.ts";
import { ALL_FUNCTIONS, box, CREAT, Driver, mounted } from "./support.ts";
import { SIGNATURES } from "./functions.ts";

/** Which parameters are pointers, and what each points to wants by way of alignment. */
// deno-fmt-ignore
const POINTERS: Readonly<Record<string, readonly (readonly [parameter: number, align: number])[]>> = {
  args_get: [[0, 4], [1, 1]], args_sizes_get: [[0, 4], [1, 4]], environ_get: [[0, 4], [1, 1]], environ_sizes_get: [[0, 4], [1, 4]],
  clock_res_get: [[1, 8]], clock_time_get: [[2, 8]], fd_fdstat_get: [[1, 8]], fd_filestat_get: [[1, 8]],
  fd_pread: [[1, 4], [4, 4]], fd_prestat_get: [[1, 4]], fd_prestat_dir_name: [[1, 1]], fd_pwrite: [[1, 4], [4, 4]],
  fd_read: [[1, 4], [3, 4]], fd_readdir: [[1, 1], [4, 4]], fd_seek: [[3, 8]], fd_tell: [[1, 8]], fd_write: [[1, 4], [3, 4]],
  path_create_directory: [[1, 1]], path_filestat_get: [[2, 1], [4, 8]], path_filestat_set_times: [[2, 1]],
  path_link: [[2, 1], [5, 1]], path_open: [[2, 1], [8, 4]], path_readlink: [[1, 1], [3, 1], [5, 4]],
  path_remove_directory: [[1, 1]], path_rename: [[1, 1], [4, 1]], path_symlink: [[0, 1], [3, 1]], path_unlink_file: [[1, 1]],
  poll_oneoff: [[0, 8], [1, 8], [3, 4]], random_get: [[0, 1]], sock_recv: [[1, 4]], sock_send: [[1, 4]],
};

/** A call that would work: `f` is a file, `l` a link, `p` what is not there; each at its place in memory. */
// deno-fmt-ignore
const WORKING: Readonly<Record<string, readonly (number | bigint)[]>> = {
  args_get: [64, 128], args_sizes_get: [64, 128], environ_get: [64, 128], environ_sizes_get: [64, 128],
  clock_res_get: [1, 64], clock_time_get: [1, 0n, 64], fd_fdstat_get: [4, 64], fd_filestat_get: [4, 64],
  fd_pread: [4, 32, 1, 0n, 64], fd_prestat_get: [3, 64], fd_prestat_dir_name: [3, 64, 5], fd_pwrite: [4, 32, 1, 0n, 64],
  fd_read: [4, 32, 1, 64], fd_readdir: [3, 128, 64, 0n, 64], fd_seek: [4, 0n, 0, 64], fd_tell: [4, 64], fd_write: [1, 32, 1, 64],
  path_create_directory: [3, 18, 1], path_filestat_get: [3, 0, 16, 1, 64], path_filestat_set_times: [3, 0, 16, 1, 0n, 0n, 0],
  path_link: [3, 0, 16, 1, 3, 18, 1], path_open: [3, 0, 16, 1, 0, 0n, 0n, 0, 64], path_readlink: [3, 17, 1, 128, 64, 64],
  path_remove_directory: [3, 19, 1], path_rename: [3, 16, 1, 3, 18, 1], path_symlink: [16, 1, 3, 18, 1], path_unlink_file: [3, 16, 1],
  poll_oneoff: [256, 512, 1, 64], random_get: [64, 8], sock_recv: [4, 32, 1, 0, 64, 72], sock_send: [4, 32, 1, 0, 64],
};

const PACKAGES = ["wasi1", "wasi:sockets"] as const;
const SIZE = 2 * 65_536;

function prepared(root: string): Driver {
  Deno.writeTextFileSync(`${root}/f`, "content");
  Deno.symlinkSync("f", `${root}/l`);
  Deno.mkdirSync(`${root}/d`);
  const mounts = [{ guest: "/data", host: root, readOnly: false }];
  const guest = mounted(root, { packages: PACKAGES, grant: { args: ["a"], env: [["a", "b"]], mounts } });
  guest.open("f");
  guest.bytes.fill(0, 0, 1024);
  guest.bytes.set(new TextEncoder().encode("flpd"), 16);
  // One buffer of four bytes at 48; a subscription to a clock of 0 at 256.
  guest.view.setUint32(32, 48, true);
  guest.view.setUint32(36, 4, true);
  return guest;
}

Deno.test("the tables of this test have every function with a pointer", () => {
  assert.deepEqual(Object.keys(POINTERS), Object.keys(WORKING));
  // `f` is taken as far as the types go: a function without pointers has no parameter that is one.
  const without = ALL_FUNCTIONS.filter((name) => !(name in POINTERS));
  // deno-fmt-ignore
  assert.deepEqual(without, [
    "fd_advise", "fd_allocate", "fd_close", "fd_datasync", "fd_fdstat_set_flags", "fd_fdstat_set_rights", "fd_filestat_set_size",
    "fd_filestat_set_times", "fd_renumber", "fd_sync", "proc_exit", "proc_raise", "sched_yield", "sock_accept", "sock_shutdown",
  ]);
  for (const [name, args] of Object.entries(WORKING)) {
    assert.equal(args.length, SIGNATURES.get(name)!.params.length);
  }
});

for (const [name, pointers] of Object.entries(POINTERS)) {
  Deno.test(`${name}: a pointer out of bounds or misaligned traps, and kills the guest`, async () => {
    {
      using place = box();
      using guest = prepared(place.root);
      assert.equal(
        await guest.wait(name, ...WORKING[name]!),
        name.startsWith("sock_") ? "notsock" : "success",
      );
    }
    for (const [parameter, align] of pointers) {
      const wrong = [SIZE, SIZE - align + (align === 1 ? 1 : 0), 0x7fff_fff8, -8, -(2 ** 31)];
      if (align > 1) wrong.push(65, 66 % align ? 66 : 65);
      for (const pointer of wrong) {
        // A buffer that begins in the last bytes may fit: what fits is no mistake.
        if (pointer === SIZE - align && align > 1) continue;
        using place = box();
        using guest = prepared(place.root);
        const args = [...WORKING[name]!];
        args[parameter] = pointer;
        await assert.rejects(guest.wait(name, ...args), Trap, `${parameter}: ${pointer}`);
        assert.ok(guest.host.ended instanceof Trap);
        assert.throws(() => guest.call("fd_tell", 4, 64), Trap, "dead");
      }
    }
  });
}

Deno.test("what ends exactly at the end of memory fits", async () => {
  using place = box();
  using guest = prepared(place.root);
  const end = SIZE;
  guest.ok("clock_time_get", 1, 0n, end - 8);
  guest.ok("fd_filestat_get", 4, end - 64);
  guest.ok("random_get", end, 0);
  guest.ok("random_get", end - 5, 5);
  guest.view.setUint32(end - 8, end - 4, true);
  guest.view.setUint32(end - 4, 4, true);
  await guest.okay("fd_read", 4, end - 8, 1, 64);
  assert.equal(guest.text(end - 4, 4), "cont", "also over the list itself");
});

Deno.test("lists of buffers: too many are inval, too long ones trap, before anything is read or written", async () => {
  for (const name of ["fd_read", "fd_pread", "fd_write", "fd_pwrite"]) {
    const offset = name.startsWith("fd_p") ? [0n] : [];
    for (
      const [count, pointer, length, expected] of [
        [1025, 0, 0, "inval"],
        [1024, 0, 0, "success"],
        [16_000, 0, 0, "inval"],
        [2 ** 30, 0, 0, "trap"],
        [-1, 0, 0, "trap"],
        [1, 0, SIZE + 1, "trap"],
        [1, SIZE - 4, 5, "trap"],
        [1, SIZE, 0, "success"],
        [1, SIZE + 1, 0, "trap"],
        [1, 0xffff_ffff, 0xffff_ffff, "trap"],
        [1, 8, 0xffff_ffff, "trap"],
      ] as const
    ) {
      using place = box();
      using guest = prepared(place.root);
      // The list begins at 1024 and repeats its first buffer; the last one is the one in question.
      guest.bytes.fill(0, 1024);
      const last = 1024 + (Math.min(count < 0 ? 1 : count, 15_000) - 1) * 8;
      guest.view.setUint32(last, pointer, true);
      guest.view.setUint32(last + 4, length, true);
      const call = guest.wait(name, 4, 1024, count, ...offset, 64);
      const said = `${name} ${count} × ${pointer}+${length}`;
      if (expected === "trap") await assert.rejects(call, Trap, said);
      else assert.equal(await call, expected, said);
      assert.equal(Deno.readTextFileSync(`${place.root}/f`), "content", said);
    }
  }
});

Deno.test("buffers that lie over each other a thousand times make no large copy", async () => {
  using place = box();
  using guest = mounted(place.root);
  const fd = guest.open("f", { oflags: CREAT });
  // 1024 buffers of 1 MiB: 1 GiB in all, of which memory has one.
  const [pointer, length] = guest.put(new Uint8Array(1 << 20).fill(97));
  const list = guest.vectors(...Array.from({ length: 1024 }, () => [pointer, length] as const)),
    out = guest.room(4);
  await guest.okay("fd_write", fd, ...list, out);
  assert.equal(guest.u32(out), length, "the first one: a write may be short");
  await guest.okay("fd_write", 1, ...list, out);
  assert.ok(guest.u32(out) <= length);
  // 4 GiB and more in all is more than a size can say.
  const five = guest.room(5 * 2 ** 20);
  const much = guest.vectors(...Array.from({ length: 1024 }, () => [five, 5 * 2 ** 20] as const));
  assert.equal(await guest.wait("fd_write", fd, ...much, out), "inval");
  assert.equal(await guest.wait("fd_read", fd, ...much, out), "inval");
});

Deno.test("memory that grew is used where it is now, also its new part", async () => {
  using place = box();
  using guest = mounted(place.root);
  const fd = guest.open("f", { oflags: CREAT }), out = guest.room(4);
  await guest.write(fd, "before");
  guest.memory.grow(5);
  const far = guest.memory.buffer.byteLength - 8;
  guest.ok("fd_pread", fd, ...guest.vectors([far, 8]), 0n, out);
  assert.equal(guest.text(far, 6), "before");
});

Deno.test("a function that is called before the memory is known traps", async () => {
  const { preview1 } = await import("../../../src/preview1/wasi/mod.ts");
  const { grantOf } = await import("./support.ts");
  const host = preview1(grantOf({}));
  assert.throws(() => host.imports["random_get"]!(0, 8), Trap);
});

/** The same numbers in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let x = seed;;) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    yield x;
  }
}

Deno.test("whatever it is called with, a function returns an errno or traps, and nothing leaves the mount", async () => {
  using place = box();
  Deno.writeTextFileSync(`${place.outside}/secret`, "secret");
  Deno.mkdirSync(`${place.root}/sub`);
  const next = numbers(20_240_229);
  const interesting = [
    0,
    1,
    2,
    3,
    4,
    5,
    8,
    16,
    48,
    64,
    1024,
    65_536,
    SIZE - 8,
    SIZE,
    -1,
    -8,
    2 ** 31 - 1,
    -(2 ** 31),
  ];
  const names = ALL_FUNCTIONS.filter((name) => name !== "proc_exit");
  let guest: Driver | undefined, errnos = 0, traps = 0;
  for (let i = 0; i < 20_000; i++) {
    if (guest === undefined || guest.host.ended !== undefined) {
      guest?.[Symbol.dispose]();
      guest = mounted(place.root, { packages: PACKAGES, stdin: "input" });
      guest.tryOpen("sub/f", { oflags: CREAT });
      // Paths of all kinds at small addresses.
      guest.bytes.set(new TextEncoder().encode("f/../../secret\0sub/f\0.\0"), 0);
    }
    const name = names[Math.abs(next.next().value) % names.length]!;
    const args = SIGNATURES.get(name)!.params.map((type) => {
      const value = Math.abs(next.next().value) % 4 === 0
        ? next.next().value
        : interesting[Math.abs(next.next().value) % interesting.length]!;
      return type === "i64" ? BigInt(value) * BigInt(next.next().value) : value;
    });
    // A sleep of any length would be one.
    if (name === "poll_oneoff") args[2] = 0;
    try {
      const errno = await guest.wait(name, ...args);
      assert.ok(!errno.startsWith("errno"), `${name}(${args}): ${errno}`);
      errnos++;
    } catch (error) {
      assert.ok(error instanceof Trap && error.cause === undefined, `${name}(${args}): ${error}`);
      traps++;
    }
  }
  guest?.[Symbol.dispose]();
  assert.ok(errnos > 2000 && traps > 2000, `${errnos} ${traps}`);
  assert.equal(Deno.readTextFileSync(`${place.outside}/secret`), "secret");
  assert.deepEqual([...Deno.readDirSync(place.outside)].map(({ name }) => name).sort(), ["root", "secret"]);
});
