import assert from "node:assert/strict";
import type { DescriptorFlags, OpenFlags, PathFlags } from "../../src/wasi/filesystem/types.ts";
import { BOTH, FOLLOW, outcome, preopens, READ, readAll, sandbox, WRITE } from "./filesystem_support.ts";
import { host } from "./support.ts";

function fill(root: string): void {
  Deno.writeTextFileSync(`${root}/file`, "content");
  Deno.mkdirSync(`${root}/dir/nested`, { recursive: true });
  Deno.writeTextFileSync(`${root}/dir/nested/file`, "nested");
  Deno.symlinkSync("file", `${root}/link`);
  Deno.symlinkSync("dir", `${root}/dirlink`);
  Deno.symlinkSync("new", `${root}/dangling`);
  Deno.symlinkSync("dir/", `${root}/slashlink`);
  Deno.symlinkSync("file/", `${root}/badlink`);
  Deno.symlinkSync("self", `${root}/self`);
}

const NEW = { create: true, exclusive: true };

const cases: [
  path: string,
  how: PathFlags,
  open: OpenFlags,
  flags: DescriptorFlags,
  ends: string,
][] = [
  ["file", {}, {}, READ, "ok"],
  ["./file", {}, {}, READ, "ok"],
  ["dir/.//nested/../../dir/nested/../nested///./file", {}, {}, READ, "ok"],
  ["file", {}, {}, {}, "ok"],
  ["file/", {}, {}, READ, "not-directory"],
  ["file/.", {}, {}, READ, "not-directory"],
  ["file/..", {}, {}, READ, "not-directory"],
  ["file/x", {}, {}, READ, "not-directory"],
  ["file", {}, { directory: true }, READ, "not-directory"],
  ["dir", {}, { directory: true }, READ, "ok"],
  ["dir", {}, {}, READ, "ok"],
  ["dir/", {}, {}, READ, "ok"],
  ["dir///", {}, {}, READ, "ok"],
  ["dir/.", {}, {}, READ, "ok"],
  [".", {}, {}, READ, "ok"],
  ["dir/..", {}, {}, READ, "ok"],
  ["dir", {}, {}, WRITE, "is-directory"],
  [".", {}, {}, WRITE, "is-directory"],
  ["dir", {}, { create: true }, READ, "is-directory"],
  ["dir", {}, { truncate: true }, READ, "is-directory"],
  ["dir", {}, {}, { mutateDirectory: true, read: true }, "ok"],
  ["dir", {}, { directory: true, create: true }, READ, "invalid"],
  ["dir", {}, { directory: true, truncate: true }, READ, "invalid"],
  ["missing", {}, {}, READ, "no-entry"],
  ["missing/", {}, {}, READ, "no-entry"],
  ["missing/file", {}, {}, READ, "no-entry"],
  ["missing/..", {}, {}, READ, "no-entry"],
  ["missing/file", {}, { create: true }, WRITE, "no-entry"],
  ["made", {}, { create: true }, BOTH, "ok"],
  ["made", {}, NEW, READ, "ok"],
  ["made/", {}, { create: true }, WRITE, "is-directory"],
  ["file", {}, { create: true }, WRITE, "ok"],
  ["file", {}, NEW, WRITE, "exist"],
  ["dir", {}, NEW, WRITE, "exist"],
  ["link", {}, {}, READ, "loop"],
  ["link", {}, { directory: true }, READ, "not-directory"],
  ["link", FOLLOW, {}, READ, "ok"],
  ["link", FOLLOW, { directory: true }, READ, "not-directory"],
  ["link", FOLLOW, NEW, WRITE, "exist"],
  ["link", {}, { create: true }, WRITE, "loop"],
  ["dirlink", {}, {}, READ, "loop"],
  ["dirlink", FOLLOW, {}, READ, "ok"],
  ["dirlink/", {}, {}, READ, "ok"],
  ["dirlink/.", {}, {}, READ, "ok"],
  ["dirlink/nested/file", {}, {}, READ, "ok"],
  ["dirlink/../file", {}, {}, READ, "ok"],
  ["slashlink", FOLLOW, {}, READ, "ok"],
  ["badlink", FOLLOW, {}, READ, "not-directory"],
  ["dangling", {}, {}, READ, "loop"],
  ["dangling", FOLLOW, {}, READ, "no-entry"],
  ["dangling", FOLLOW, { create: true }, WRITE, "ok"],
  ["dangling", FOLLOW, NEW, WRITE, "exist"],
  ["self", {}, {}, READ, "loop"],
  ["self", FOLLOW, {}, READ, "loop"],
  ["self/x", {}, {}, READ, "loop"],
  ["", {}, {}, READ, "no-entry"],
  ["/", {}, {}, READ, "not-permitted"],
  ["/file", {}, {}, READ, "not-permitted"],
  ["..", {}, {}, READ, "not-permitted"],
  ["dir/../..", {}, {}, READ, "not-permitted"],
  ["../root/file", {}, {}, READ, "not-permitted"],
  ["file\0", {}, {}, READ, "invalid"],
  ["\0", {}, { create: true }, WRITE, "invalid"],
  ["a".repeat(255), {}, {}, READ, "no-entry"],
  ["a".repeat(256), {}, {}, READ, "name-too-long"],
  ["é".repeat(128), {}, { create: true }, WRITE, "name-too-long"],
  ["a/".repeat(50_000), {}, {}, READ, "name-too-long"],
  ["./".repeat(2047) + "f", {}, {}, READ, "no-entry"],
  ["./".repeat(2048), {}, {}, READ, "name-too-long"],
  ["é".repeat(2100), {}, {}, READ, "name-too-long"],
  ["\ud800", {}, { create: true }, WRITE, "illegal-byte-sequence"],
];

for (const [path, how, open, flags, ends] of cases) {
  const shown = path.length > 60 ? `${path.slice(0, 20)}… of ${path.length} characters` : path;
  const asked = Object.keys({ ...how, ...open, ...flags }).join(", ") || "no flags";
  Deno.test(`opening ${JSON.stringify(shown)} with ${asked} ends with ${ends}`, () => {
    using box = sandbox(false, fill);
    assert.equal(outcome(() => box.dir.openAt(how, path, open, flags)), ends);
  });
}

Deno.test("creating through a dangling link creates its target", () => {
  using box = sandbox(false, fill);
  using file = box.dir.openAt(FOLLOW, "dangling", { create: true }, WRITE);
  file.write(new TextEncoder().encode("hi"), 0n);
  assert.equal(Deno.readTextFileSync(`${box.root}/new`), "hi");
});

Deno.test("truncate empties a file, even one opened for reading only", () => {
  using box = sandbox(false, fill);
  using file = box.dir.openAt({}, "file", { truncate: true }, READ);
  assert.equal(readAll(file), "");
  assert.equal(Deno.statSync(`${box.root}/file`).size, 0);
});

Deno.test("a path of 40 links is resolved, one of 41 is a loop", () => {
  using box = sandbox(false, fill);
  Deno.symlinkSync("file", `${box.root}/l1`);
  for (let i = 2; i <= 41; i++) Deno.symlinkSync(`l${i - 1}`, `${box.root}/l${i}`);
  assert.equal(outcome(() => box.dir.openAt(FOLLOW, "l40", {}, READ)), "ok");
  assert.equal(outcome(() => box.dir.openAt(FOLLOW, "l41", {}, READ)), "loop");
});

const fileFlags: [asked: DescriptorFlags, read: string, write: string, stream: string][] = [
  [READ, "ok", "bad-descriptor", "bad-descriptor"],
  [WRITE, "bad-descriptor", "ok", "ok"],
  [BOTH, "ok", "ok", "ok"],
  [{}, "bad-descriptor", "bad-descriptor", "bad-descriptor"],
];

for (const [asked, read, write, stream] of fileFlags) {
  Deno.test(`a file opened for ${Object.keys(asked).join(" and ") || "nothing"} does just that`, () => {
    using box = sandbox(false, fill);
    using file = box.dir.openAt({}, "file", {}, asked);
    assert.equal(outcome(() => file.read(1n, 0n)), read);
    assert.equal(outcome(() => file.readViaStream(0n)), read);
    assert.equal(outcome(() => file.write(new Uint8Array(1), 0n)), write);
    assert.equal(outcome(() => file.writeViaStream(0n)), stream);
    assert.equal(outcome(() => file.appendViaStream()), stream);
    assert.equal(outcome(() => file.setSize(3n)), write === "ok" ? "ok" : "invalid");
    assert.deepEqual(file.getFlags(), asked);
  });
}

Deno.test("functions of files refuse a directory, and those of directories a file", () => {
  using box = sandbox(false, fill);
  const { dir } = box;
  using file = dir.openAt({}, "file", {}, BOTH);
  const onDirectory: [() => unknown, string][] = [
    [() => dir.read(1n, 0n), "is-directory"],
    [() => dir.readViaStream(0n), "is-directory"],
    [() => dir.write(new Uint8Array(1), 0n), "bad-descriptor"],
    [() => dir.writeViaStream(0n), "bad-descriptor"],
    [() => dir.appendViaStream(), "bad-descriptor"],
    [() => dir.setSize(0n), "bad-descriptor"],
    [() => dir.advise(0n, 0n, "normal"), "bad-descriptor"],
  ];
  for (const [call, code] of onDirectory) assert.equal(outcome(call), code, String(call));
  const onFile = [
    () => file.readDirectory(),
    () => file.openAt({}, "x", {}, READ),
    () => file.createDirectoryAt("x"),
    () => file.statAt({}, "x"),
    () => file.setTimesAt({}, "x", { tag: "now" }, { tag: "now" }),
    () => file.linkAt({}, "x", dir, "y"),
    () => dir.linkAt({}, "file", file, "y"),
    () => file.readlinkAt("x"),
    () => file.removeDirectoryAt("x"),
    () => file.renameAt("x", dir, "y"),
    () => dir.renameAt("file", file, "y"),
    () => file.symlinkAt("x", "y"),
    () => file.unlinkFileAt("x"),
    () => file.metadataHashAt({}, "x"),
  ];
  for (const call of onFile) assert.equal(outcome(call), "not-directory", String(call));
});

Deno.test("a directory says that it may be read and changed", () => {
  using box = sandbox(false, fill);
  using nested = box.dir.openAt({}, "dir", { directory: true }, READ);
  assert.deepEqual(box.dir.getFlags(), { read: true, mutateDirectory: true });
  assert.deepEqual(nested.getFlags(), { read: true, mutateDirectory: true });
  assert.equal(nested.getType(), "directory");
});

Deno.test("without mounts there are no preopened directories", () => {
  assert.deepEqual(host("wasi:filesystem/preopens").getDirectories(), []);
});

Deno.test("preopened directories are sorted by guest path, and new on every call", () => {
  using box = sandbox(false, fill);
  const mounts = ["/b", "/", "/a/b", "/a"].map((guest) => ({ guest, host: box.root, readOnly: false }));
  const { getDirectories } = host("wasi:filesystem/preopens", { mounts });
  const [one, other] = [getDirectories(), getDirectories()];
  assert.deepEqual(one.map(([, name]: [unknown, string]) => name), ["/", "/a", "/a/b", "/b"]);
  assert.notEqual(one[0][0], other[0][0]);
  for (const [descriptor] of [...one, ...other]) descriptor[Symbol.dispose]();
});

Deno.test("a mount whose host path is a link is the directory behind it", () => {
  using box = sandbox(false, fill);
  Deno.symlinkSync("root", `${box.outside}/alias`);
  const [dir] = preopens([{ guest: "/", host: `${box.outside}/alias`, readOnly: false }]);
  assert.equal(outcome(() => dir!.openAt({}, "dir/nested/file", {}, READ)), "ok");
  assert.equal(dir!.statAt({}, ".").type, "directory");
  assert.equal(dir!.isSameObject(box.dir), true);
  dir![Symbol.dispose]();
});
