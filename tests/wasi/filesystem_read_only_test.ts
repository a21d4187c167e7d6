import assert from "node:assert/strict";
import type { Descriptor } from "../../src/wasi/filesystem/descriptor.ts";
import {
  BOTH,
  CREATE,
  FOLLOW,
  listing,
  outcome,
  picture,
  preopens,
  READ,
  readAll,
  sandbox,
  WRITE,
} from "./filesystem_support.ts";
import { bytes } from "./support.ts";

function fill(root: string): void {
  Deno.writeTextFileSync(`${root}/file`, "content");
  Deno.mkdirSync(`${root}/dir/empty`, { recursive: true });
  Deno.writeTextFileSync(`${root}/dir/file`, "below");
  Deno.symlinkSync("file", `${root}/link`);
  Deno.symlinkSync("dir", `${root}/dirlink`);
  Deno.symlinkSync("new", `${root}/dangling`);
}

const NOW = { tag: "now" } as const;
const THEN = { tag: "timestamp", val: { seconds: 1n, nanoseconds: 0 } } as const;

/** Every call that changes something, on a directory with the content of `fill`, and on files in it. */
function mutations(dir: Descriptor, elsewhere: Descriptor): (() => unknown)[] {
  const file = dir.openAt({}, "file", {}, READ);
  return [
    () => dir.openAt({}, "file", {}, WRITE),
    () => dir.openAt({}, "file", {}, BOTH),
    () => dir.openAt({}, "file", { truncate: true }, READ),
    () => dir.openAt({}, "file", { truncate: true }, {}),
    () => dir.openAt({}, "file", CREATE, READ),
    () => dir.openAt({}, "new", CREATE, READ),
    () => dir.openAt({}, "new", { create: true, exclusive: true }, WRITE),
    () => dir.openAt(FOLLOW, "link", {}, WRITE),
    () => dir.openAt(FOLLOW, "link", { truncate: true }, READ),
    () => dir.openAt(FOLLOW, "dangling", CREATE, WRITE),
    () => dir.openAt({}, "dirlink/new", CREATE, WRITE),
    () => dir.openAt({}, ".", {}, { mutateDirectory: true }),
    () => dir.createDirectoryAt("new"),
    () => dir.createDirectoryAt("dir/new"),
    () => dir.removeDirectoryAt("dir/empty"),
    () => dir.unlinkFileAt("file"),
    () => dir.unlinkFileAt("dirlink/file"),
    () => dir.unlinkFileAt("link"),
    () => dir.renameAt("file", dir, "new"),
    () => dir.renameAt("file", elsewhere, "stolen"),
    () => elsewhere.renameAt("mine", dir, "new"),
    () => elsewhere.renameAt("mine", dir, "file"),
    () => dir.linkAt({}, "file", dir, "new"),
    () => dir.linkAt({}, "file", elsewhere, "stolen"),
    () => dir.linkAt(FOLLOW, "link", elsewhere, "stolen"),
    () => elsewhere.linkAt({}, "mine", dir, "new"),
    () => dir.symlinkAt("file", "new"),
    () => dir.setTimes(NOW, NOW),
    () => dir.setTimesAt({}, "file", THEN, THEN),
    () => dir.setTimesAt({}, "link", THEN, THEN),
    () => dir.setTimesAt(FOLLOW, "link", THEN, THEN),
    () => file.setTimes(THEN, THEN),
    () => file.setSize(0n),
    () => file.write(bytes("x"), 0n),
    () => file.writeViaStream(0n),
    () => file.appendViaStream(),
  ];
}

/** Runs all of them: every one ends with `read-only`, and nothing of `root` changes. */
function assertReadOnly(dir: Descriptor, elsewhere: Descriptor, root: string): void {
  const before = picture(root);
  const calls = mutations(dir, elsewhere);
  for (const call of calls) assert.equal(outcome(call), "read-only", String(call));
  assert.deepEqual(picture(root), before);
}

/** A read-only directory and a writable one with a file `mine`, of one guest. */
function guest(run: (readOnly: Descriptor, writable: Descriptor, root: string) => void): void {
  using box = sandbox(false, fill);
  Deno.mkdirSync(`${box.outside}/writable`);
  Deno.writeTextFileSync(`${box.outside}/writable/mine`, "mine");
  const [readOnly, writable] = preopens([
    { guest: "/a", host: box.root, readOnly: true },
    { guest: "/b", host: `${box.outside}/writable`, readOnly: false },
  ]) as [Descriptor, Descriptor];
  run(readOnly, writable, box.root);
  assert.deepEqual(listing(writable), ["mine regular-file"]);
  for (const descriptor of [readOnly, writable]) descriptor[Symbol.dispose]();
}

Deno.test("nothing changes on a read-only mount, by any call", () => {
  guest((dir, elsewhere, root) => assertReadOnly(dir, elsewhere, root));
});

Deno.test("nothing changes through a directory opened below a read-only mount", () => {
  using box = sandbox(false, (root) => {
    Deno.mkdirSync(`${root}/sub/sub`, { recursive: true });
    fill(`${root}/sub/sub`);
    Deno.mkdirSync(`${root}/writable`);
    Deno.writeTextFileSync(`${root}/writable/mine`, "mine");
  });
  const [mount, elsewhere] = preopens([
    { guest: "/a", host: box.root, readOnly: true },
    { guest: "/b", host: `${box.root}/writable`, readOnly: false },
  ]) as [Descriptor, Descriptor];
  const below = mount.openAt({}, "sub", {}, READ).openAt({}, "sub", { directory: true }, READ);
  assertReadOnly(below, elsewhere, box.root);
  assert.deepEqual(below.getFlags(), { read: true, mutateDirectory: false });
});

Deno.test("a read-only mount can be read in every way", () => {
  guest((dir) => {
    assert.equal(readAll(dir.openAt({}, "file", {}, READ)), "content");
    assert.equal(readAll(dir.openAt(FOLLOW, "link", {}, READ)), "content");
    assert.equal(dir.readlinkAt("link"), "file");
    assert.equal(dir.statAt({}, "dirlink/file").size, 5n);
    assert.equal(listing(dir.openAt({}, "dir", {}, READ)).length, 2);
    const file = dir.openAt({}, "file", {}, READ);
    file.sync();
    file.syncData();
    dir.sync();
    assert.equal(outcome(() => dir.openAt({}, "missing", {}, READ)), "no-entry");
  });
});

Deno.test("a read-only mount inside of a writable one is read-only from outside as well", () => {
  using box = sandbox(false, (root) => {
    Deno.mkdirSync(`${root}/config`);
    fill(`${root}/config`);
    Deno.writeTextFileSync(`${root}/mine`, "mine");
    Deno.symlinkSync("config/file", `${root}/toConfig`);
    Deno.symlinkSync("config", `${root}/alias`);
  });
  const [outer, inner] = preopens([
    { guest: "/", host: box.root, readOnly: false },
    { guest: "/config", host: `${box.root}/config`, readOnly: true },
  ]) as [Descriptor, Descriptor];
  const before = picture(`${box.root}/config`);
  assertReadOnly(inner, outer, `${box.root}/config`);
  assertReadOnly(outer.openAt({}, "config", {}, READ), outer, `${box.root}/config`);
  assertReadOnly(outer.openAt({}, "alias/", {}, READ), outer, `${box.root}/config`);
  const calls: [() => unknown, string][] = [
    [() => outer.openAt({}, "config/file", {}, WRITE), "read-only"],
    [() => outer.openAt({}, "config/new", CREATE, WRITE), "read-only"],
    [() => outer.openAt({}, "config/file", { truncate: true }, READ), "read-only"],
    [() => outer.openAt(FOLLOW, "toConfig", {}, WRITE), "read-only"],
    [() => outer.openAt({}, "alias/file", {}, WRITE), "read-only"],
    [() => outer.unlinkFileAt("config/file"), "read-only"],
    [() => outer.renameAt("config/file", outer, "stolen"), "read-only"],
    [() => outer.renameAt("mine", outer, "config/new"), "read-only"],
    [() => outer.renameAt("config", outer, "stolen"), "read-only"],
    [() => outer.linkAt({}, "config/file", outer, "stolen"), "read-only"],
    [() => outer.linkAt(FOLLOW, "toConfig", outer, "stolen"), "read-only"],
    [() => outer.setTimesAt({}, "config/file", NOW, NOW), "read-only"],
    [() => outer.removeDirectoryAt("config"), "read-only"],
    [() => outer.openAt({}, "mine", {}, WRITE), "ok"],
    [() => outer.renameAt("mine", outer, "yours"), "ok"],
  ];
  for (const [call, ends] of calls) assert.equal(outcome(call), ends, String(call));
  assert.deepEqual(picture(`${box.root}/config`), before);
  for (const descriptor of [outer, inner]) descriptor[Symbol.dispose]();
});

Deno.test("a writable mount inside of a read-only one is writable by its own path alone", () => {
  using box = sandbox(false, (root) => Deno.mkdirSync(`${root}/tmp`));
  const [outer, inner] = preopens([
    { guest: "/", host: box.root, readOnly: true },
    { guest: "/tmp", host: `${box.root}/tmp`, readOnly: false },
  ]) as [Descriptor, Descriptor];
  assert.equal(outcome(() => inner.openAt({}, "new", CREATE, WRITE)), "ok");
  assert.equal(outcome(() => outer.openAt({}, "tmp/new", {}, WRITE)), "read-only");
  for (const descriptor of [outer, inner]) descriptor[Symbol.dispose]();
});
