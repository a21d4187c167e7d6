import assert from "node:assert/strict";
import type { Descriptor } from "../../src/wasi/filesystem/descriptor.ts";
import {
  CREATE,
  FOLLOW,
  listing,
  outcome,
  picture,
  READ,
  readAll,
  sandbox,
  WRITE,
} from "./filesystem_support.ts";
import { bytes } from "./support.ts";

function fill(root: string): void {
  Deno.writeTextFileSync(`${root}/file`, "content");
  Deno.writeTextFileSync(`${root}/other`, "other");
  Deno.mkdirSync(`${root}/dir/nested`, { recursive: true });
  Deno.writeTextFileSync(`${root}/dir/file`, "below");
  Deno.mkdirSync(`${root}/empty`);
  Deno.symlinkSync("file", `${root}/link`);
  Deno.symlinkSync("empty", `${root}/dirlink`);
  Deno.symlinkSync("nothing", `${root}/dangling`);
  Deno.symlinkSync("../file", `${root}/dir/up`);
}

type Call = (dir: Descriptor) => unknown;
type Case = [what: string, call: Call, ends: string];

const create: Case[] = [
  ["new", (d) => d.createDirectoryAt("new"), "ok"],
  ["new/", (d) => d.createDirectoryAt("new/"), "ok"],
  ["dir/../new", (d) => d.createDirectoryAt("dir/../new"), "ok"],
  ["dirlink/new", (d) => d.createDirectoryAt("dirlink/new"), "ok"],
  ["file", (d) => d.createDirectoryAt("file"), "exist"],
  ["dir", (d) => d.createDirectoryAt("dir"), "exist"],
  ["dangling", (d) => d.createDirectoryAt("dangling"), "exist"],
  ["dangling/", (d) => d.createDirectoryAt("dangling/"), "exist"],
  [".", (d) => d.createDirectoryAt("."), "exist"],
  ["dir/..", (d) => d.createDirectoryAt("dir/.."), "exist"],
  ["new/.", (d) => d.createDirectoryAt("new/."), "no-entry"],
  ["missing/new", (d) => d.createDirectoryAt("missing/new"), "no-entry"],
  ["file/new", (d) => d.createDirectoryAt("file/new"), "not-directory"],
  ["a name of 300 characters", (d) => d.createDirectoryAt("n".repeat(300)), "name-too-long"],
  ["nothing", (d) => d.createDirectoryAt(""), "no-entry"],
];

const remove: Case[] = [
  ["empty", (d) => d.removeDirectoryAt("empty"), "ok"],
  ["empty/", (d) => d.removeDirectoryAt("empty/"), "ok"],
  ["dir/nested", (d) => d.removeDirectoryAt("dir/nested"), "ok"],
  ["dir, which is not empty", (d) => d.removeDirectoryAt("dir"), "not-empty"],
  ["file", (d) => d.removeDirectoryAt("file"), "not-directory"],
  ["file/", (d) => d.removeDirectoryAt("file/"), "not-directory"],
  ["dirlink", (d) => d.removeDirectoryAt("dirlink"), "not-directory"],
  ["dirlink/", (d) => d.removeDirectoryAt("dirlink/"), "not-directory"],
  ["missing", (d) => d.removeDirectoryAt("missing"), "no-entry"],
  [".", (d) => d.removeDirectoryAt("."), "invalid"],
  ["empty/.", (d) => d.removeDirectoryAt("empty/."), "invalid"],
  ["dir/nested/..", (d) => d.removeDirectoryAt("dir/nested/.."), "not-empty"],
];

const unlink: Case[] = [
  ["file", (d) => d.unlinkFileAt("file"), "ok"],
  ["link", (d) => d.unlinkFileAt("link"), "ok"],
  ["dangling", (d) => d.unlinkFileAt("dangling"), "ok"],
  ["dirlink", (d) => d.unlinkFileAt("dirlink"), "ok"],
  ["dirlink/", (d) => d.unlinkFileAt("dirlink/"), "not-directory"],
  ["file/", (d) => d.unlinkFileAt("file/"), "not-directory"],
  ["dir", (d) => d.unlinkFileAt("dir"), "is-directory"],
  ["empty", (d) => d.unlinkFileAt("empty"), "is-directory"],
  ["empty/", (d) => d.unlinkFileAt("empty/"), "is-directory"],
  [".", (d) => d.unlinkFileAt("."), "is-directory"],
  ["missing", (d) => d.unlinkFileAt("missing"), "no-entry"],
];

const rename = (from: string, to: string, ends: string): Case => [
  `${from} to ${to}`,
  (d) => d.renameAt(from, d, to),
  ends,
];

const renames: Case[] = [
  rename("file", "new", "ok"),
  rename("file", "other", "ok"),
  rename("file", "file", "ok"),
  rename("file", "dir/new", "ok"),
  rename("file", "dangling", "ok"),
  rename("link", "new", "ok"),
  rename("file", "empty", "is-directory"),
  rename("dir", "file", "not-directory"),
  rename("dir", "empty", "ok"),
  rename("dir", "new", "ok"),
  rename("dir/", "new", "ok"),
  rename("dir", "new/", "ok"),
  rename("dir/", "empty/", "ok"),
  rename("empty", "dir", "not-empty"),
  rename("dir", "dir/nested/new", "invalid"),
  rename("dir", "link", "not-directory"),
  rename("dir", "dirlink/", "not-directory"),
  rename("file/", "new", "not-directory"),
  rename("file", "new/", "not-directory"),
  rename("link/", "new", "not-directory"),
  rename("dirlink/", "new", "not-directory"),
  rename("missing", "new", "no-entry"),
  rename("file", "missing/new", "no-entry"),
  rename(".", "new", "busy"),
  rename("dir/.", "new", "busy"),
  rename("dir/nested/..", "new", "busy"),
  rename("file", ".", "busy"),
  rename("file", "", "no-entry"),
];

const links: Case[] = [
  ["file as new", (d) => d.linkAt({}, "file", d, "new"), "ok"],
  ["file as dir/new", (d) => d.linkAt({}, "file", d, "dir/new"), "ok"],
  ["link, followed, as new", (d) => d.linkAt(FOLLOW, "link", d, "new"), "ok"],
  ["link as new", (d) => d.linkAt({}, "link", d, "new"), "ok"],
  ["dangling as new", (d) => d.linkAt({}, "dangling", d, "new"), "ok"],
  ["dangling, followed, as new", (d) => d.linkAt(FOLLOW, "dangling", d, "new"), "no-entry"],
  ["dir as new", (d) => d.linkAt({}, "dir", d, "new"), "not-permitted"],
  ["missing as new", (d) => d.linkAt({}, "missing", d, "new"), "no-entry"],
  ["file as other", (d) => d.linkAt({}, "file", d, "other"), "exist"],
  ["file as dangling", (d) => d.linkAt({}, "file", d, "dangling"), "exist"],
  ["file as new/", (d) => d.linkAt({}, "file", d, "new/"), "no-entry"],
  ["file/ as new", (d) => d.linkAt({}, "file/", d, "new"), "not-directory"],
  ["file as .", (d) => d.linkAt({}, "file", d, "."), "exist"],
];

const symlinks: Case[] = [
  ["new to file", (d) => d.symlinkAt("file", "new"), "ok"],
  ["new to nothing that exists", (d) => d.symlinkAt("a/b/c", "new"), "ok"],
  ["new to ../../up", (d) => d.symlinkAt("../../up", "new"), "ok"],
  ["new to /", (d) => d.symlinkAt("/", "new"), "not-permitted"],
  ["new to /etc/passwd", (d) => d.symlinkAt("/etc/passwd", "new"), "not-permitted"],
  ["new to an empty path", (d) => d.symlinkAt("", "new"), "no-entry"],
  ["new to a path with NUL", (d) => d.symlinkAt("a\0b", "new"), "invalid"],
  ["new to a path of 5000 characters", (d) => d.symlinkAt("a".repeat(5000), "new"), "name-too-long"],
  ["new/ to file", (d) => d.symlinkAt("file", "new/"), "no-entry"],
  ["file to other", (d) => d.symlinkAt("other", "file"), "exist"],
  ["file/ to other", (d) => d.symlinkAt("other", "file/"), "not-directory"],
  ["dir to other", (d) => d.symlinkAt("other", "dir"), "exist"],
  ["dir/ to other", (d) => d.symlinkAt("other", "dir/"), "exist"],
  ["dangling to other", (d) => d.symlinkAt("other", "dangling"), "exist"],
];

for (
  const [verb, cases] of Object.entries({
    create,
    remove,
    unlink,
    rename: renames,
    link: links,
    symlink: symlinks,
  })
) {
  for (const [what, call, ends] of cases) {
    Deno.test(`${verb} ${what} ends with ${ends}`, () => {
      using box = sandbox(false, fill);
      const before = picture(box.root, false);
      assert.equal(outcome(() => call(box.dir)), ends);
      if (ends !== "ok") assert.deepEqual(picture(box.root, false), before, "something changed all the same");
      else if (what !== "file to file") assert.notDeepEqual(picture(box.root, false), before);
    });
  }
}

const readlinks: [path: string, gives: string][] = [
  ["link", "file"],
  ["dangling", "nothing"],
  ["dir/up", "../file"],
  ["file", "invalid"],
  ["dir", "invalid"],
  ["dirlink/", "invalid"],
  ["missing", "no-entry"],
  ["absolute", "not-permitted"],
  ["bytes", "illegal-byte-sequence"],
];

for (const [path, gives] of readlinks) {
  Deno.test(`reading the link ${path} gives ${gives}`, { ignore: path === "bytes" && !hasPython() }, () => {
    using box = sandbox(false, fill);
    Deno.symlinkSync("/etc/passwd", `${box.root}/absolute`);
    if (path === "bytes") python(`import os; os.symlink(b"\\xff", ${JSON.stringify(`${box.root}/bytes`)})`);
    let got = "";
    const code = outcome(() => got = box.dir.readlinkAt(path));
    assert.equal(code === "ok" ? got : code, gives);
  });
}

Deno.test("a link is a link after it was renamed and hard-linked, and a hard link the same file", () => {
  using box = sandbox(false, fill);
  const { dir } = box;
  dir.renameAt("link", dir, "dir/moved");
  assert.equal(dir.readlinkAt("dir/moved"), "file");
  assert.equal(readAll(dir.openAt(FOLLOW, "dir/moved", {}, READ)), "below");
  dir.linkAt({}, "file", dir, "hard");
  using one = dir.openAt({}, "file", {}, WRITE), other = dir.openAt({}, "hard", {}, READ);
  one.write(bytes("C"), 0n);
  assert.equal(readAll(other), "Content");
  assert.equal(one.isSameObject(other), true);
  assert.equal(other.stat().linkCount, 2n);
});

Deno.test("a listing has every entry with its type, and not the two dots", () => {
  using box = sandbox(false, fill);
  assert.deepEqual(listing(box.dir), [
    "dangling symbolic-link",
    "dir directory",
    "dirlink symbolic-link",
    "empty directory",
    "file regular-file",
    "link symbolic-link",
    "other regular-file",
  ]);
  assert.deepEqual(listing(box.dir.openAt({}, "empty", {}, READ)), []);
});

Deno.test("two listings do not interfere, and each ends for good", () => {
  using box = sandbox(false, fill);
  using one = box.dir.readDirectory(), other = box.dir.readDirectory();
  const first = one.readDirectoryEntry();
  assert.deepEqual(other.readDirectoryEntry(), first);
  while (one.readDirectoryEntry() !== undefined);
  assert.equal(one.readDirectoryEntry(), undefined);
  assert.notEqual(other.readDirectoryEntry(), undefined);
});

Deno.test("a name that is not UTF-8 is illegal-byte-sequence, and the listing goes on", {
  ignore: !hasPython(),
}, () => {
  using box = sandbox(false, (root) => {
    Deno.mkdirSync(`${root}/\ufffd`);
    const path = JSON.stringify(root);
    python(`import os\nfor n in [b"a", b"x\\xff", b"z"]: open(os.path.join(${path}.encode(), n), "w")`);
  });
  using stream = box.dir.readDirectory();
  const seen: string[] = [];
  for (let i = 0; i < 5; i++) {
    const code = outcome(() => seen.push(stream.readDirectoryEntry()?.name ?? "the end"));
    if (code !== "ok") seen.push(code);
  }
  assert.deepEqual(seen.sort(), ["a", "illegal-byte-sequence", "the end", "z", "\ufffd"]);
});

Deno.test("an open directory is itself after it was renamed", () => {
  using box = sandbox(false, fill);
  const { dir } = box;
  using below = dir.openAt({}, "dir", {}, READ), nested = dir.openAt({}, "dir/nested", {}, READ);
  dir.renameAt("dir", dir, "empty/moved");
  nested.openAt({}, "made", CREATE, WRITE)[Symbol.dispose]();
  assert.equal(readAll(below.openAt({}, "file", {}, READ)), "below");
  assert.deepEqual(listing(nested), ["made regular-file"]);
  assert.equal(Deno.statSync(`${box.root}/empty/moved/nested/made`).isFile, true);
});

Deno.test("in an open directory that was removed there is nothing", () => {
  using box = sandbox(false, fill);
  const { dir } = box;
  using empty = dir.openAt({}, "empty", {}, READ);
  dir.removeDirectoryAt("empty");
  assert.equal(outcome(() => empty.openAt({}, "x", CREATE, WRITE)), "no-entry");
  assert.equal(outcome(() => empty.readDirectory()), "no-entry");
  dir.createDirectoryAt("empty");
  assert.equal(outcome(() => empty.openAt({}, "x", CREATE, WRITE)), "no-entry");
  assert.equal(empty.stat().type, "directory");
});

Deno.test("a directory of 100,000 entries is listed", () => {
  using box = sandbox(false, (root) => {
    for (let i = 0; i < 100_000; i++) Deno.openSync(`${root}/${i}`, { write: true, createNew: true }).close();
  });
  using stream = box.dir.readDirectory();
  const names = new Set<string>();
  for (let entry = stream.readDirectoryEntry(); entry; entry = stream.readDirectoryEntry()) {
    names.add(entry.name);
  }
  assert.equal(names.size, 100_000);
});

function hasPython(): boolean {
  try {
    return new Deno.Command("python3", { args: ["--version"], stdout: "null", stderr: "null" }).outputSync()
      .success;
  } catch {
    return false;
  }
}

function python(script: string): void {
  const { success, stderr } = new Deno.Command("python3", { args: ["-c", script] }).outputSync();
  assert.ok(success, new TextDecoder().decode(stderr));
}
