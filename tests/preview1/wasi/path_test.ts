/** Paths: what each function does with what is there, compared with what the host sees. */
import assert from "node:assert/strict";
import { box, CREAT, DIRECTORY, type Driver, EXCL, mounted, READ, TRUNC, WRITE } from "./support.ts";

/** A tree: a file, a directory with a file, an empty one, links to each, one to nothing, and a loop. */
function fill(root: string): void {
  Deno.writeTextFileSync(`${root}/file`, "content");
  Deno.mkdirSync(`${root}/dir`);
  Deno.writeTextFileSync(`${root}/dir/inner`, "inner");
  Deno.mkdirSync(`${root}/empty`);
  Deno.symlinkSync("file", `${root}/to-file`);
  Deno.symlinkSync("dir", `${root}/to-dir`);
  Deno.symlinkSync("nowhere", `${root}/to-none`);
  Deno.symlinkSync("loop", `${root}/loop`);
}

const PATHS = [
  "file",
  "dir",
  "empty",
  "to-file",
  "to-dir",
  "to-none",
  "loop",
  "none",
  "file/",
  "dir/",
  "none/",
  ".",
  "",
];

/** One path function, with a path for its subject. */
const ACTS: Readonly<Record<string, (guest: Driver, path: string) => string>> = {
  read: (guest, path) => kind(guest.tryOpen(path, { rights: READ })),
  nofollow: (guest, path) => kind(guest.tryOpen(path, { lookup: 0, rights: READ })),
  write: (guest, path) => kind(guest.tryOpen(path, { rights: WRITE })),
  create: (guest, path) => kind(guest.tryOpen(path, { oflags: CREAT, rights: WRITE })),
  excl: (guest, path) => kind(guest.tryOpen(path, { oflags: CREAT | EXCL, rights: WRITE })),
  directory: (guest, path) => kind(guest.tryOpen(path, { oflags: DIRECTORY, rights: READ })),
  truncate: (guest, path) => kind(guest.tryOpen(path, { oflags: TRUNC, rights: WRITE })),
  mkdir: (guest, path) => guest.call("path_create_directory", 3, ...guest.put(path)),
  rmdir: (guest, path) => guest.call("path_remove_directory", 3, ...guest.put(path)),
  unlink: (guest, path) => guest.call("path_unlink_file", 3, ...guest.put(path)),
  readlink: (guest, path) =>
    guest.call("path_readlink", 3, ...guest.put(path), guest.room(64), 64, guest.room(4)),
  stat: (guest, path) => guest.call("path_filestat_get", 3, 1, ...guest.put(path), guest.room(64)),
  lstat: (guest, path) => guest.call("path_filestat_get", 3, 0, ...guest.put(path), guest.room(64)),
  touch: (guest, path) => guest.call("path_filestat_set_times", 3, 1, ...guest.put(path), 0n, 0n, 10),
  link: (guest, path) => guest.call("path_link", 3, 0, ...guest.put(path), 3, ...guest.put("new")),
  "link to": (guest, path) => guest.call("path_link", 3, 0, ...guest.put("file"), 3, ...guest.put(path)),
  symlink: (guest, path) => guest.call("path_symlink", ...guest.put("file"), 3, ...guest.put(path)),
  rename: (guest, path) => guest.call("path_rename", 3, ...guest.put(path), 3, ...guest.put("new")),
  "rename to": (guest, path) => guest.call("path_rename", 3, ...guest.put("file"), 3, ...guest.put(path)),
  "rename dir": (guest, path) => guest.call("path_rename", 3, ...guest.put("dir"), 3, ...guest.put(path)),
};

function kind(opened: number | string): string {
  return typeof opened === "number" ? "success" : opened;
}

/**
 * What each ends with: `ok` or an errno, in the order of `PATHS`. As on Linux, with the differences of `wasi:filesystem`:
 * a link that is not followed is `loop` (POSIX: O_NOFOLLOW).
 */
// deno-fmt-ignore
const TABLE = `
              file     dir       empty     to-file  to-dir    to-none  loop   none    file/    dir/      none/    .         ''
  read        ok       ok        ok        ok       ok        noent    loop   noent   notdir   ok        noent    ok        noent
  nofollow    ok       ok        ok        loop     loop      loop     loop   noent   notdir   ok        noent    ok        noent
  write       ok       isdir     isdir     ok       isdir     noent    loop   noent   notdir   isdir     noent    isdir     noent
  create      ok       isdir     isdir     ok       isdir     ok       loop   ok      notdir   isdir     isdir    isdir     noent
  excl        exist    exist     exist     exist    exist     exist    exist  ok      notdir   exist     isdir    exist     noent
  directory   notdir   ok        ok        notdir   ok        noent    loop   noent   notdir   ok        noent    ok        noent
  truncate    ok       isdir     isdir     ok       isdir     noent    loop   noent   notdir   isdir     noent    isdir     noent
  mkdir       exist    exist     exist     exist    exist     exist    exist  ok      exist    exist     ok       exist     noent
  rmdir       notdir   notempty  ok        notdir   notdir    notdir   notdir noent   notdir   notempty  noent    inval     noent
  unlink      ok       isdir     isdir     ok       ok        ok       ok     noent   notdir   isdir     noent    isdir     noent
  readlink    inval    inval     inval     ok       ok        ok       ok     noent   notdir   inval     noent    inval     noent
  stat        ok       ok        ok        ok       ok        noent    loop   noent   notdir   ok        noent    ok        noent
  lstat       ok       ok        ok        ok       ok        ok       ok     noent   notdir   ok        noent    ok        noent
  touch       ok       ok        ok        ok       ok        noent    loop   noent   notdir   ok        noent    ok        noent
  link        ok       perm      perm      ok       ok        ok       ok     noent   notdir   perm      noent    perm      noent
  link_to     exist    exist     exist     exist    exist     exist    exist  ok      notdir   exist     noent    exist     noent
  symlink     exist    exist     exist     exist    exist     exist    exist  ok      notdir   exist     noent    exist     noent
  rename      ok       ok        ok        ok       ok        ok       ok     noent   notdir   ok        noent    busy      noent
  rename_to   ok       isdir     isdir     ok       ok        ok       ok     ok      notdir   notdir    notdir   busy      noent
  rename_dir  notdir   ok        ok        notdir   notdir    notdir   notdir ok      notdir   ok        ok       busy      noent
`;

const ROWS = TABLE.trim().split("\n").slice(1).map((line) => line.trim().split(/ +/));

Deno.test("the table of paths has every act", () => {
  assert.deepEqual(ROWS.map(([act]) => act!.replace("_", " ")), Object.keys(ACTS));
});

for (const [name, ...expected] of ROWS) {
  const act = name!.replace("_", " ");
  Deno.test(`${act}: each kind of path ends as POSIX has it`, () => {
    const found: Record<string, string> = {}, wanted: Record<string, string> = {};
    PATHS.forEach((path, i) => {
      using place = box();
      fill(place.root);
      using guest = mounted(place.root);
      const errno = ACTS[act]!(guest, path);
      found[path] = errno === "success" ? "ok" : errno;
      wanted[path] = expected[i]!;
    });
    assert.deepEqual(found, wanted);
  });
}

Deno.test("what the functions do is there on the host", async () => {
  using place = box();
  fill(place.root);
  using guest = mounted(place.root);
  const at = (path: string) => `${place.root}/${path}`;
  guest.ok("path_create_directory", 3, ...guest.put("made"));
  assert.ok(Deno.statSync(at("made")).isDirectory);
  guest.ok("path_rename", 3, ...guest.put("file"), 3, ...guest.put("made/moved"));
  assert.equal(Deno.readTextFileSync(at("made/moved")), "content");
  assert.throws(() => Deno.statSync(at("file")), Deno.errors.NotFound);
  guest.ok("path_link", 3, 0, ...guest.put("made/moved"), 3, ...guest.put("second"));
  assert.equal(Deno.statSync(at("second")).nlink, 2);
  guest.ok("path_symlink", ...guest.put("made/moved"), 3, ...guest.put("soft"));
  assert.equal(Deno.readLinkSync(at("soft")), "made/moved");
  guest.ok("path_unlink_file", 3, ...guest.put("second"));
  assert.equal(Deno.statSync(at("made/moved")).nlink, 1);
  guest.ok("path_remove_directory", 3, ...guest.put("empty"));
  assert.throws(() => Deno.statSync(at("empty")), Deno.errors.NotFound);
  const dir = guest.open("made", { oflags: DIRECTORY, rights: 0 });
  assert.equal(await guest.read(guest.open("moved", { dir })), "content");
  guest.ok("path_rename", 3, ...guest.put("made"), 3, ...guest.put("elsewhere"));
  assert.equal(
    await guest.read(guest.open("moved", { dir })),
    "content",
    "a directory is itself wherever it goes",
  );
});

Deno.test("path_readlink cuts a target to the buffer, and writes nothing behind it", () => {
  using place = box();
  Deno.symlinkSync("tärget", `${place.root}/l`);
  using guest = mounted(place.root);
  const out = guest.room(4);
  for (const [size, expected] of [[0, 0], [1, 1], [3, 3], [7, 7], [8, 7]] as const) {
    const buffer = guest.room(16);
    guest.bytes.fill(0xee, buffer, buffer + 16);
    guest.ok("path_readlink", 3, ...guest.put("l"), buffer, size, out);
    assert.equal(guest.u32(out), expected);
    assert.deepEqual(
      guest.bytes.slice(buffer, buffer + expected),
      new TextEncoder().encode("tärget").slice(0, expected),
    );
    assert.ok(guest.bytes.slice(buffer + expected, buffer + 16).every((byte) => byte === 0xee));
  }
});

Deno.test("a path that is none: NUL, no UTF-8, too long", () => {
  using place = box();
  using guest = mounted(place.root);
  const make = (path: string | Uint8Array) => guest.call("path_create_directory", 3, ...guest.put(path));
  assert.equal(make("a\0b"), "inval");
  assert.equal(make(Uint8Array.of(0x61, 0xff)), "ilseq");
  assert.equal(make(Uint8Array.of(0xed, 0xa0, 0x80)), "ilseq", "half of a pair");
  assert.equal(make("n".repeat(256)), "nametoolong");
  assert.equal(make("n/".repeat(2048)), "nametoolong");
  assert.equal(make("n".repeat(100_000)), "nametoolong");
  assert.equal(make("\ufeffbom"), "success");
  assert.deepEqual([...Deno.readDirSync(place.root)].map(({ name }) => name), ["\ufeffbom"]);
});

Deno.test("unknown flags are inval, and do nothing", () => {
  using place = box();
  Deno.writeTextFileSync(`${place.root}/f`, "abc");
  using guest = mounted(place.root);
  assert.equal(guest.tryOpen("f", { lookup: 2 }), "inval");
  assert.equal(guest.tryOpen("f", { oflags: 16 | TRUNC }), "inval");
  assert.equal(guest.tryOpen("f", { fdflags: 32 }), "inval");
  assert.equal(guest.tryOpen("new", { oflags: CREAT | DIRECTORY }), "inval");
  assert.equal(guest.call("path_filestat_get", 3, 2, ...guest.put("f"), guest.room(64)), "inval");
  assert.equal(guest.call("path_link", 3, 2, ...guest.put("f"), 3, ...guest.put("g")), "inval");
  assert.deepEqual([...Deno.readDirSync(place.root)].map(({ name }) => name), ["f"]);
  assert.equal(Deno.readTextFileSync(`${place.root}/f`), "abc");
});

Deno.test("a path starts from a directory: a file is notdir, a stream or nothing badf", () => {
  using place = box();
  Deno.writeTextFileSync(`${place.root}/f`, "abc");
  using guest = mounted(place.root);
  const fd = guest.open("f");
  for (
    const [dir, errno] of [[fd, "notdir"], [0, "badf"], [1, "badf"], [99, "badf"], [-1, "badf"]] as const
  ) {
    assert.equal(guest.tryOpen("f", { dir }), errno);
    assert.equal(guest.call("path_create_directory", dir, ...guest.put("d")), errno);
    assert.equal(guest.call("path_rename", 3, ...guest.put("f"), dir, ...guest.put("g")), errno);
    assert.equal(guest.call("fd_readdir", dir, 64, 64, 0n, 8), errno);
  }
});

Deno.test("what would make a guest wait for another program is not opened", () => {
  using place = box();
  assert.ok(new Deno.Command("mkfifo", { args: [`${place.root}/pipe`] }).outputSync().success);
  using guest = mounted(place.root);
  assert.equal(guest.tryOpen("pipe", { rights: READ }), "notsup");
  const out = guest.room(64);
  guest.ok("path_filestat_get", 3, 0, ...guest.put("pipe"), out);
  assert.equal(guest.view.getUint8(out + 16), 0, "unknown");
});
