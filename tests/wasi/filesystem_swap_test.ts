/** Open directories whose paths lead elsewhere by now. */
import assert from "node:assert/strict";
import type { Descriptor } from "../../src/wasi/filesystem/descriptor.ts";
import {
  CREATE,
  FOLLOW,
  outcome,
  picture,
  preopens,
  READ,
  type Sandbox,
  sandbox,
  WRITE,
} from "./filesystem_support.ts";

/** A directory two deep, and beside the mount a canary that looks like it. */
function fill(root: string): void {
  const canary = `${root.slice(0, root.lastIndexOf("/"))}/canary`;
  Deno.mkdirSync(`${canary}/full`, { recursive: true });
  Deno.writeTextFileSync(`${canary}/secret`, "canary, not to be read");
  Deno.mkdirSync(`${root}/dir/nested`, { recursive: true });
  Deno.writeTextFileSync(`${root}/file`, "mine");
}

/** Takes away the directory of an open descriptor, and puts a link to outside in its place. */
const swaps: [what: string, swap: (box: Sandbox) => void][] = [
  ["the guest renames it", ({ dir }) => {
    dir.renameAt("dir/nested", dir, "gone");
    dir.symlinkAt("../../canary", "dir/nested");
  }],
  ["the guest renames its parent", ({ dir }) => {
    dir.renameAt("dir", dir, "gone");
    dir.createDirectoryAt("dir");
    dir.symlinkAt("../../canary", "dir/nested");
  }],
  ["the guest renames its parent, and links in the parent's place", ({ dir }) => {
    dir.renameAt("dir", dir, "gone");
    dir.symlinkAt("../canary", "dir");
  }],
  ["the guest removes it", ({ dir }) => {
    dir.removeDirectoryAt("dir/nested");
    dir.symlinkAt("../../canary", "dir/nested");
  }],
  ["someone else renames it", ({ root, outside }) => {
    Deno.renameSync(`${root}/dir/nested`, `${root}/gone`);
    Deno.symlinkSync(`${outside}/canary`, `${root}/dir/nested`);
  }],
  ["someone else puts a link in its parent's place", ({ root, outside }) => {
    Deno.renameSync(`${root}/dir`, `${root}/gone`);
    Deno.mkdirSync(`${outside}/canary/nested`);
    Deno.symlinkSync(`${outside}/canary`, `${root}/dir`);
  }],
];

for (const [what, swap] of swaps) {
  Deno.test(`an open directory does not become another one when ${what}`, () => {
    using box = sandbox(false, fill);
    using nested = box.dir.openAt({}, "dir/nested", {}, READ);
    swap(box);
    const before = picture(`${box.outside}/canary`);
    for (const path of ["secret", "full", "./secret"]) {
      assert.equal(outcome(() => nested.openAt(FOLLOW, path, {}, READ)), "no-entry", path);
      assert.equal(outcome(() => nested.statAt({}, path)), "no-entry", path);
    }
    outcome(() => nested.openAt({}, "new", CREATE, WRITE));
    outcome(() => nested.createDirectoryAt("newDirectory"));
    outcome(() => nested.renameAt("secret", box.dir, "stolen"));
    const seen: string[] = [];
    outcome(() => {
      using stream = nested.readDirectory();
      for (let entry = stream.readDirectoryEntry(); entry; entry = stream.readDirectoryEntry()) {
        seen.push(entry.name);
      }
    });
    assert.ok(!seen.includes("secret"), "the canary was listed");
    assert.deepEqual(picture(`${box.outside}/canary`), before);
  });
}

Deno.test("a mount inside of a mount cannot be moved away and replaced by a link", () => {
  using box = sandbox(false, fill);
  const mounts = ["", "/dir", "/dir/nested"].map((path) => ({
    guest: path || "/",
    host: box.root + path,
    readOnly: false,
  }));
  const [outer, middle, inner] = preopens(mounts) as [Descriptor, Descriptor, Descriptor];
  const calls = [
    () => outer.renameAt("dir/nested", outer, "gone"),
    () => outer.renameAt("dir", outer, "gone"),
    () => middle.renameAt("nested", outer, "gone"),
    () => outer.removeDirectoryAt("dir/nested"),
    () => outer.renameAt("file", outer, "dir/nested"),
  ];
  for (const call of calls) assert.equal(outcome(call), "busy", String(call));
  for (const descriptor of [outer, middle, inner]) descriptor[Symbol.dispose]();
});
