/** Open files: reading, writing, offsets, flags, sizes, times; compared with what the host sees. */
import assert from "node:assert/strict";
import {
  APPEND,
  box,
  CREAT,
  DIRECTORY,
  type Driver,
  DSYNC,
  EXCL,
  mounted,
  NONBLOCK,
  READ,
  RSYNC,
  SYNC,
  TRUNC,
  WRITE,
} from "./support.ts";

/** `fd_seek`: the new offset, or an errno. */
function seek(guest: Driver, fd: number, delta: bigint, whence: number): bigint | string {
  const out = guest.room(8);
  const errno = guest.call("fd_seek", fd, delta, whence, out);
  return errno === "success" ? guest.u64(out) : errno;
}

function tell(guest: Driver, fd: number): bigint | string {
  const out = guest.room(8);
  const errno = guest.call("fd_tell", fd, out);
  return errno === "success" ? guest.u64(out) : errno;
}

function pread(guest: Driver, fd: number, offset: bigint, length = 100): string {
  const buffer = guest.room(length), out = guest.room(4);
  const errno = guest.call("fd_pread", fd, ...guest.vectors([buffer, length]), offset, out);
  return errno === "success" ? guest.text(buffer, guest.u32(out)) : errno;
}

function pwrite(guest: Driver, fd: number, data: string, offset: bigint): number | string {
  const out = guest.room(4);
  const errno = guest.call("fd_pwrite", fd, ...guest.vectors(guest.put(data)), offset, out);
  return errno === "success" ? guest.u32(out) : errno;
}

interface Fdstat {
  readonly filetype: number;
  readonly flags: number;
  readonly base: number;
  readonly inheriting: number;
}

function fdstat(guest: Driver, fd: number): Fdstat {
  const out = guest.room(24);
  guest.ok("fd_fdstat_get", fd, out);
  return {
    filetype: guest.view.getUint8(out),
    flags: guest.view.getUint16(out + 2, true),
    base: Number(guest.u64(out + 8)),
    inheriting: Number(guest.u64(out + 16)),
  };
}

interface Filestat {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly filetype: number;
  readonly nlink: bigint;
  readonly size: bigint;
  readonly atim: bigint;
  readonly mtim: bigint;
}

function filestat(guest: Driver, name: string, ...args: number[]): Filestat {
  const out = guest.room(64);
  guest.ok(name, ...args, out);
  return {
    dev: guest.u64(out),
    ino: guest.u64(out + 8),
    filetype: guest.view.getUint8(out + 16),
    nlink: guest.u64(out + 24),
    size: guest.u64(out + 32),
    atim: guest.u64(out + 40),
    mtim: guest.u64(out + 48),
  };
}

Deno.test("a file is written, and read back by guest and host", async () => {
  using place = box();
  using guest = mounted(place.root);
  const fd = guest.open("f", { oflags: CREAT | EXCL });
  assert.equal(await guest.write(fd, "hello, "), 7);
  assert.equal(await guest.write(fd, "world"), 5);
  assert.equal(tell(guest, fd), 12n);
  assert.equal(Deno.readTextFileSync(`${place.root}/f`), "hello, world");
  assert.equal(await guest.read(fd), "", "at the end");
  assert.equal(seek(guest, fd, 7n, 0), 7n);
  assert.equal(await guest.read(fd, 3), "wor");
  assert.equal(await guest.read(fd), "ld");
  guest.ok("fd_close", fd);
  assert.equal(await guest.read(fd), "badf");
});

Deno.test("several buffers are filled and written in their order, empty ones skipped", async () => {
  using place = box();
  using guest = mounted(place.root);
  const fd = guest.open("f", { oflags: CREAT });
  const out = guest.room(4), empty = [guest.room(0), 0] as const;
  await guest.okay("fd_write", fd, ...guest.vectors(empty, guest.put("abc"), empty, guest.put("defg")), out);
  assert.equal(guest.u32(out), 7);
  assert.equal(Deno.readTextFileSync(`${place.root}/f`), "abcdefg");
  const one = guest.room(2), two = guest.room(8);
  guest.ok("fd_pread", fd, ...guest.vectors([one, 2], empty, [two, 8]), 0n, out);
  assert.equal(guest.u32(out), 7);
  assert.equal(guest.text(one, 2) + guest.text(two, 5), "abcdefg");
  // The same bytes twice: buffers may overlap.
  guest.ok("fd_pwrite", fd, ...guest.vectors([one, 2], [one, 2]), 0n, out);
  assert.equal(Deno.readTextFileSync(`${place.root}/f`), "ababefg");
});

Deno.test("what is too much for one write is written in part, and the caller goes on from there", async () => {
  using place = box();
  using guest = mounted(place.root);
  const fd = guest.open("f", { oflags: CREAT });
  const half = guest.put(new Uint8Array(50_000).fill(97)), rest = guest.put(new Uint8Array(50_000).fill(98));
  const out = guest.room(4);
  await guest.okay("fd_write", fd, ...guest.vectors(half, rest), out);
  assert.equal(guest.u32(out), 50_000);
  await guest.okay("fd_write", fd, ...guest.vectors(rest), out);
  assert.equal(Deno.readTextFileSync(`${place.root}/f`), "a".repeat(50_000) + "b".repeat(50_000));
  assert.equal(tell(guest, fd), 100_000n);
});

Deno.test("fd_pread and fd_pwrite leave the offset alone", async () => {
  using place = box();
  using guest = mounted(place.root);
  const fd = guest.open("f", { oflags: CREAT });
  await guest.write(fd, "0123456789");
  seek(guest, fd, 2n, 0);
  assert.equal(pread(guest, fd, 5n, 3), "567");
  assert.equal(pwrite(guest, fd, "XY", 8n), 2);
  assert.equal(tell(guest, fd), 2n);
  assert.equal(await guest.read(fd), "234567XY");
  assert.equal(pread(guest, fd, 10n), "");
  assert.equal(pread(guest, fd, 1n << 62n), "");
  assert.equal(pread(guest, fd, -1n), "inval");
  assert.equal(pwrite(guest, fd, "x", -1n), "inval");
  assert.equal(pwrite(guest, fd, "x", (1n << 63n) - 1n), "fbig");
  assert.equal(Deno.statSync(`${place.root}/f`).size, 10);
});

Deno.test("fd_seek goes from the start, the offset and the end, and never before the start", async () => {
  using place = box();
  using guest = mounted(place.root);
  const fd = guest.open("f", { oflags: CREAT });
  await guest.write(fd, "0123456789");
  for (
    const [delta, whence, expected] of [
      [4n, 0, 4n],
      [3n, 1, 7n],
      [-7n, 1, 0n],
      [-1n, 1, "inval"],
      [-3n, 2, 7n],
      [-11n, 2, "inval"],
      [-1n, 0, "inval"],
      [5n, 2, 15n],
      [0n, 1, 15n],
      [0n, 3, "inval"],
      [0n, 255, "inval"],
      [(1n << 63n) - 1n, 0, (1n << 63n) - 1n],
      [1n, 1, "inval"],
      [0n, 1, (1n << 63n) - 1n],
      [1n << 53n, 0, 1n << 53n],
      [1n, 1, (1n << 53n) + 1n],
    ] as const
  ) {
    assert.equal(seek(guest, fd, delta, whence), expected, `${delta} ${whence}`);
  }
  seek(guest, fd, 12n, 0);
  assert.equal(await guest.read(fd), "", "behind the end");
  await guest.write(fd, "!");
  assert.equal(Deno.readTextFileSync(`${place.root}/f`), "0123456789\0\0!");
});

Deno.test("two descriptors of one file have an offset each; one that was renumbered keeps its own", async () => {
  using place = box();
  Deno.writeTextFileSync(`${place.root}/f`, "0123456789");
  using guest = mounted(place.root);
  const one = guest.open("f"), two = guest.open("f");
  assert.equal(await guest.read(one, 4), "0123");
  assert.equal(await guest.read(two, 2), "01");
  guest.ok("fd_renumber", one, two);
  assert.equal(await guest.read(two, 3), "456");
  assert.equal(await guest.read(one), "badf");
  assert.equal(guest.open("f"), one, "the number is free again");
});

Deno.test("append writes at the end, wherever the offset is, and whoever else has written", async () => {
  using place = box();
  using guest = mounted(place.root);
  const log = guest.open("log", { oflags: CREAT, fdflags: APPEND }), other = guest.open("log");
  await guest.write(log, "one ");
  seek(guest, other, 0n, 2);
  await guest.write(other, "two ");
  seek(guest, log, 0n, 0);
  await guest.write(log, "three ");
  assert.equal(tell(guest, log), 14n);
  assert.equal(pwrite(guest, log, "four", 0n), 4);
  assert.equal(Deno.readTextFileSync(`${place.root}/log`), "one two three four");
  guest.ok("fd_fdstat_set_flags", log, 0);
  seek(guest, log, 0n, 0);
  await guest.write(log, "ONE");
  assert.equal(Deno.readTextFileSync(`${place.root}/log`), "ONE two three four");
});

Deno.test("flags are reported as they were given; append and nonblock can change, the others not", () => {
  using place = box();
  using guest = mounted(place.root);
  for (const fdflags of [0, APPEND, NONBLOCK, DSYNC, SYNC, RSYNC, APPEND | NONBLOCK | SYNC]) {
    const fd = guest.open("f", { oflags: CREAT, fdflags });
    assert.equal(fdstat(guest, fd).flags, fdflags);
    const kept = fdflags & ~(APPEND | NONBLOCK);
    for (const wanted of [APPEND, NONBLOCK, APPEND | NONBLOCK, 0]) {
      guest.ok("fd_fdstat_set_flags", fd, wanted | kept);
      assert.equal(fdstat(guest, fd).flags, wanted | kept);
    }
    assert.equal(guest.call("fd_fdstat_set_flags", fd, kept ^ DSYNC), "inval");
    assert.equal(guest.call("fd_fdstat_set_flags", fd, kept | 32), "inval");
    assert.equal(fdstat(guest, fd).flags, kept);
    guest.ok("fd_close", fd);
  }
});

Deno.test("a file that is not open for it is not read or written", async () => {
  using place = box();
  Deno.writeTextFileSync(`${place.root}/f`, "abc");
  using guest = mounted(place.root);
  const reader = guest.open("f", { rights: READ }), writer = guest.open("f", { rights: WRITE });
  assert.equal(await guest.write(reader, "x"), "badf");
  assert.equal(pwrite(guest, reader, "x", 0n), "badf");
  assert.equal(await guest.read(writer), "badf");
  assert.equal(pread(guest, writer, 0n), "badf");
  assert.equal(guest.call("fd_filestat_set_size", reader, 0n), "inval");
  assert.equal(fdstat(guest, reader).base & (READ | WRITE), READ);
  assert.equal(fdstat(guest, writer).base & (READ | WRITE), WRITE);
  assert.equal(Deno.readTextFileSync(`${place.root}/f`), "abc");
});

Deno.test("sizes: lengthened with zeroes, cut, and truncated when opened", async () => {
  using place = box();
  using guest = mounted(place.root);
  const fd = guest.open("f", { oflags: CREAT });
  await guest.write(fd, "abcdef");
  guest.ok("fd_filestat_set_size", fd, 3n);
  guest.ok("fd_filestat_set_size", fd, 5n);
  assert.equal(Deno.readTextFileSync(`${place.root}/f`), "abc\0\0");
  assert.equal(filestat(guest, "fd_filestat_get", fd).size, 5n);
  assert.equal(guest.call("fd_filestat_set_size", fd, -1n), "inval");
  assert.equal(tell(guest, fd), 6n, "the offset stays");
  guest.open("f", { oflags: TRUNC, rights: READ });
  assert.equal(Deno.statSync(`${place.root}/f`).size, 0);
});

Deno.test("times are set and read in nanoseconds, as whole milliseconds", () => {
  using place = box();
  Deno.writeTextFileSync(`${place.root}/f`, "");
  using guest = mounted(place.root);
  const fd = guest.open("f");
  const ATIM = 1, ATIM_NOW = 2, MTIM = 4, MTIM_NOW = 8;
  guest.ok("fd_filestat_set_times", fd, 1_000_000_007_123_000_000n, 999_000_000n, ATIM | MTIM);
  const stat = filestat(guest, "fd_filestat_get", fd);
  assert.deepEqual([stat.atim, stat.mtim], [1_000_000_007_123_000_000n, 999_000_000n]);
  assert.equal(Deno.statSync(`${place.root}/f`).mtime!.getTime(), 999);
  guest.ok("fd_filestat_set_times", fd, 0n, 5_000_000_000n, MTIM);
  assert.deepEqual(filestat(guest, "fd_filestat_get", fd).atim, 1_000_000_007_123_000_000n, "as it was");
  const before = BigInt(Date.now() - 1) * 1_000_000n;
  guest.ok("path_filestat_set_times", 3, 0, ...guest.put("f"), 0n, 0n, ATIM_NOW | MTIM_NOW);
  assert.ok(filestat(guest, "path_filestat_get", 3, 0, ...guest.put("f")).mtim >= before);
  for (const flags of [ATIM | ATIM_NOW, MTIM | MTIM_NOW, 16]) {
    assert.equal(guest.call("fd_filestat_set_times", fd, 0n, 0n, flags), "inval");
  }
});

Deno.test("filestat says what the host says, by path and by descriptor, and knows two names for one file", () => {
  using place = box();
  Deno.writeTextFileSync(`${place.root}/f`, "abc");
  Deno.linkSync(`${place.root}/f`, `${place.root}/g`);
  Deno.symlinkSync("f", `${place.root}/link`);
  using guest = mounted(place.root);
  const by = (name: string, lookup = 0) =>
    filestat(guest, "path_filestat_get", 3, lookup, ...guest.put(name));
  const f = by("f");
  assert.deepEqual([f.filetype, f.nlink, f.size], [4, 2n, 3n]);
  assert.equal(f.mtim, BigInt(Deno.statSync(`${place.root}/f`).mtime!.getTime()) * 1_000_000n);
  assert.equal(by("g").ino, f.ino);
  assert.equal(filestat(guest, "fd_filestat_get", guest.open("f")).ino, f.ino);
  assert.equal(by("link").filetype, 7);
  assert.notEqual(by("link").ino, f.ino);
  assert.equal(by("link", 1).ino, f.ino);
  assert.equal(by(".").filetype, 3);
  assert.equal(by(".").ino, filestat(guest, "fd_filestat_get", 3).ino);
  assert.deepEqual(filestat(guest, "fd_filestat_get", 1), {
    ...{ dev: 0n, ino: 0n, filetype: 0, nlink: 0n, size: 0n, atim: 0n, mtim: 0n },
  });
});

Deno.test("advice is taken or not, and a wrong one is inval", () => {
  using place = box();
  using guest = mounted(place.root);
  const fd = guest.open("f", { oflags: CREAT });
  for (let advice = 0; advice < 6; advice++) guest.ok("fd_advise", fd, 0n, 10n, advice);
  assert.equal(guest.call("fd_advise", fd, 0n, 10n, 6), "inval");
  assert.equal(guest.call("fd_advise", fd, -1n, 0n, 0), "inval");
});

/** What a directory is not for: other hosts say `badf` of each, and so do we. */
Deno.test("functions of files on a directory end with badf", async () => {
  using place = box();
  using guest = mounted(place.root);
  const fd = guest.open(".", { oflags: DIRECTORY, rights: 0 });
  assert.equal(await guest.read(fd), "badf");
  assert.equal(await guest.write(fd, "x"), "badf");
  assert.equal(pread(guest, fd, 0n), "badf");
  assert.equal(pwrite(guest, fd, "x", 0n), "badf");
  assert.equal(seek(guest, fd, 0n, 0), "badf");
  assert.equal(tell(guest, fd), "badf");
  for (
    const [name, ...args] of [
      ["fd_advise", 0n, 0n, 0],
      ["fd_allocate", 0n, 0n],
      ["fd_datasync"],
      ["fd_sync"],
      ["fd_fdstat_set_flags", 0],
      ["fd_filestat_set_size", 0n],
    ] as const
  ) assert.equal(guest.call(name, fd, ...args), "badf", name);
});

Deno.test("rights can be given up and never had back, and what is opened below has no more", async () => {
  using place = box();
  Deno.writeTextFileSync(`${place.root}/f`, "abc");
  using guest = mounted(place.root);
  const fd = guest.open("f"), SEEK = 1 << 2, TELL = 1 << 5;
  const { base } = fdstat(guest, fd);
  assert.equal(base & (READ | WRITE | SEEK | TELL), READ | WRITE | SEEK | TELL);
  guest.ok("fd_fdstat_set_rights", fd, BigInt(base & ~WRITE & ~SEEK), 0n);
  assert.equal(await guest.write(fd, "x"), "notcapable");
  assert.equal(seek(guest, fd, 1n, 0), "notcapable");
  assert.equal(seek(guest, fd, 0n, 1), 0n, "to ask where it is takes the right to tell");
  assert.equal(await guest.read(fd), "abc");
  assert.equal(guest.call("fd_fdstat_set_rights", fd, BigInt(base), 0n), "notcapable");

  const dir = guest.open(".", { oflags: DIRECTORY, rights: 0 });
  const all = fdstat(guest, dir);
  guest.ok("fd_fdstat_set_rights", dir, BigInt(all.base), BigInt(all.inheriting & ~WRITE));
  assert.equal(guest.tryOpen("f", { dir }), "notcapable");
  assert.equal(await guest.write(guest.open("f", { dir, rights: READ }), "x"), "badf");
  const below = guest.open(".", { dir, oflags: DIRECTORY, rights: 0 });
  assert.equal(guest.tryOpen("f", { dir: below }), "notcapable", "below it too");
  const OPEN = 1 << 13;
  guest.ok("fd_fdstat_set_rights", dir, BigInt(all.base & ~OPEN), 0n);
  assert.equal(guest.tryOpen("f", { dir, rights: 0 }), "notcapable");
  // All ones mean whatever there is, and not more than there is.
  assert.equal(guest.call("fd_fdstat_set_rights", dir, -1n, 0n), "notcapable");
  assert.equal(Deno.readTextFileSync(`${place.root}/f`), "abc");
});

Deno.test("toolchains that ask for all rights there are get what the type has", () => {
  using place = box();
  using guest = mounted(place.root);
  const out = guest.room(4);
  guest.ok("path_open", 3, 0, ...guest.put("f"), CREAT, -1n, -1n, 0, out);
  assert.equal(fdstat(guest, guest.u32(out)).base & (READ | WRITE), READ | WRITE);
});

Deno.test("numbers: the lowest free one, preopens can be closed, and closing twice is badf", () => {
  using place = box();
  Deno.writeTextFileSync(`${place.root}/f`, "");
  using guest = mounted(place.root);
  assert.deepEqual([guest.open("f"), guest.open("f"), guest.open("f")], [4, 5, 6]);
  guest.ok("fd_close", 5);
  guest.ok("fd_close", 4);
  assert.equal(guest.call("fd_close", 4), "badf");
  assert.deepEqual([guest.open("f"), guest.open("f"), guest.open("f")], [4, 5, 7]);
  guest.ok("fd_close", 0);
  assert.equal(guest.open("f"), 0, "also where a standard stream was");
  guest.ok("fd_close", 3);
  assert.equal(guest.call("fd_prestat_get", 3, 8), "badf");
  assert.equal(guest.tryOpen("f"), "badf");
  assert.equal(guest.call("fd_close", 3), "badf");
});

Deno.test("fd_renumber wants both open, and a preopen stays one wherever it goes", () => {
  using place = box();
  Deno.writeTextFileSync(`${place.root}/f`, "");
  using guest = mounted(place.root);
  const fd = guest.open("f"), out = guest.room(8);
  assert.equal(guest.call("fd_renumber", fd, 100), "badf");
  assert.equal(guest.call("fd_renumber", 100, fd), "badf");
  assert.equal(guest.call("fd_renumber", fd, -1), "badf");
  guest.ok("fd_renumber", fd, fd);
  guest.ok("fd_renumber", 3, fd);
  guest.ok("fd_prestat_get", fd, out);
  assert.equal(guest.u32(out + 4), "/data".length);
  const name = guest.room(16);
  guest.ok("fd_prestat_dir_name", fd, name, 5);
  assert.equal(guest.text(name, 5), "/data");
  assert.equal(guest.call("fd_prestat_dir_name", fd, name, 4), "nametoolong");
  guest.ok("fd_renumber", fd, 1);
  guest.ok("fd_prestat_get", 1, out);
});

Deno.test("a guest opens a thousand files and not one more; what it closes makes room", () => {
  using place = box();
  Deno.writeTextFileSync(`${place.root}/f`, "");
  using guest = mounted(place.root);
  let last = 0;
  for (let i = 0; i < 1023; i++) last = guest.open("f", { rights: READ });
  assert.equal(last, 1026);
  assert.equal(guest.tryOpen("f"), "nfile");
  assert.equal(guest.tryOpen("new", { oflags: CREAT }), "nfile");
  assert.throws(() => Deno.statSync(`${place.root}/new`), Deno.errors.NotFound);
  guest.ok("fd_close", 0);
  assert.equal(guest.tryOpen("f"), "nfile", "a standard stream is no file");
  guest.ok("fd_close", 500);
  assert.equal(guest.open("f"), 0);
});

Deno.test("release closes what the guest left open", async () => {
  using place = box();
  const guest = mounted(place.root);
  const fd = guest.open("f", { oflags: CREAT });
  guest.host.release();
  assert.equal(await guest.write(fd, "x"), "badf");
  assert.equal(Deno.readTextFileSync(`${place.root}/f`), "");
});
