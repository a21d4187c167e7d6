import assert from "node:assert/strict";
import type { Descriptor } from "../../src/wasi/filesystem/descriptor.ts";
import type { DescriptorType, NewTimestamp } from "../../src/wasi/filesystem/types.ts";
import { BOTH, CREATE, FOLLOW, outcome, READ, type Sandbox, sandbox, WRITE } from "./filesystem_support.ts";
import { bytes } from "./support.ts";

function fill(root: string): void {
  Deno.writeTextFileSync(`${root}/file`, "content");
  Deno.mkdirSync(`${root}/dir`);
  Deno.symlinkSync("file", `${root}/link`);
}

const kinds: [path: string, follow: boolean, type: DescriptorType, size: bigint | undefined][] = [
  ["file", false, "regular-file", 7n],
  ["link", false, "symbolic-link", 4n],
  ["link", true, "regular-file", 7n],
  ["dir", false, "directory", undefined],
  [".", false, "directory", undefined],
  ["dir/..", false, "directory", undefined],
];

for (const [path, follow, type, size] of kinds) {
  Deno.test(`stat-at of ${path}${follow ? ", followed," : ""} is a ${type}`, () => {
    using box = sandbox(false, fill);
    const stat = box.dir.statAt(follow ? FOLLOW : {}, path);
    assert.equal(stat.type, type);
    if (size !== undefined) assert.equal(stat.size, size);
    assert.ok(stat.linkCount >= 1n);
    const now = BigInt(Math.floor(Date.now() / 1000));
    for (
      const time of [stat.dataAccessTimestamp, stat.dataModificationTimestamp, stat.statusChangeTimestamp]
    ) {
      assert.ok(time !== undefined && time.seconds > now - 100n && time.seconds <= now);
      assert.ok(time.nanoseconds >= 0 && time.nanoseconds < 1e9);
    }
  });
}

Deno.test("stat of a descriptor is stat-at of its path", () => {
  using box = sandbox(false, fill);
  for (const path of ["file", "dir"]) {
    using opened = box.dir.openAt({}, path, {}, READ);
    assert.deepEqual(opened.stat(), box.dir.statAt({}, path));
    assert.equal(opened.getType(), opened.stat().type);
  }
  assert.deepEqual(box.dir.stat(), box.dir.statAt({}, "."));
});

Deno.test("sizes and link counts are those of now", () => {
  using box = sandbox(false, fill);
  using file = box.dir.openAt({}, "file", {}, BOTH);
  file.write(bytes("more"), 7n);
  box.dir.linkAt({}, "file", box.dir, "hard");
  assert.deepEqual([file.stat().size, file.stat().linkCount], [11n, 2n]);
  box.dir.unlinkFileAt("hard");
  box.dir.unlinkFileAt("file");
  assert.equal(file.stat().linkCount, 0n);
});

const at = (seconds: bigint, nanoseconds = 0): NewTimestamp => ({
  tag: "timestamp",
  val: { seconds, nanoseconds },
});
const KEEP: NewTimestamp = { tag: "no-change" };
const NOW: NewTimestamp = { tag: "now" };

/** Every way to set times, each on something else. */
const setters: [
  what: string,
  set: (dir: Descriptor, a: NewTimestamp, m: NewTimestamp) => void,
  path: string,
][] = [
  ["set-times of a file", (dir, a, m) => dir.openAt({}, "file", {}, READ).setTimes(a, m), "file"],
  ["set-times of a directory", (dir, a, m) => dir.openAt({}, "dir", {}, READ).setTimes(a, m), "dir"],
  ["set-times-at of a file", (dir, a, m) => dir.setTimesAt({}, "file", a, m), "file"],
  ["set-times-at of a directory", (dir, a, m) => dir.setTimesAt({}, "dir", a, m), "dir"],
  ["set-times-at of a link", (dir, a, m) => dir.setTimesAt({}, "link", a, m), "link"],
  ["set-times-at through a link", (dir, a, m) => dir.setTimesAt(FOLLOW, "link", a, m), "file"],
];

function times(box: Sandbox, path: string): [bigint, bigint] {
  const { dataAccessTimestamp: a, dataModificationTimestamp: m } = box.dir.statAt({}, path);
  return [
    a!.seconds * 1000n + BigInt(a!.nanoseconds / 1e6),
    m!.seconds * 1000n + BigInt(m!.nanoseconds / 1e6),
  ];
}

for (const [what, set, path] of setters) {
  Deno.test(`${what} sets both times, one, or none`, () => {
    using box = sandbox(false, fill);
    const others = ["file", "dir", "link"].filter((other) => other !== path);
    const before = others.map((other) => times(box, other)[1]);
    set(box.dir, at(1_000_000_000n, 123_456_789), at(2n, 999_999_999));
    assert.deepEqual(times(box, path), [1_000_000_000_123n, 2_999n]);
    set(box.dir, KEEP, at(3_000_000_000n));
    assert.deepEqual(times(box, path), [1_000_000_000_123n, 3_000_000_000_000n]);
    set(box.dir, at(5n), KEEP);
    assert.deepEqual(times(box, path), [5_000n, 3_000_000_000_000n]);
    set(box.dir, KEEP, KEEP);
    assert.deepEqual(times(box, path), [5_000n, 3_000_000_000_000n]);
    const start = BigInt(Date.now());
    set(box.dir, KEEP, NOW);
    assert.ok(times(box, path)[1] >= start && times(box, path)[0] === 5_000n);
    assert.deepEqual(others.map((other) => times(box, other)[1]), before);
  });

  Deno.test(`${what} refuses a time that is none`, () => {
    using box = sandbox(false, fill);
    const before = times(box, path);
    for (const bad of [at(0n, 1_000_000_000), at(2n ** 64n - 1n), at(2n ** 63n)]) {
      assert.equal(outcome(() => set(box.dir, bad, KEEP)), "invalid");
      assert.equal(outcome(() => set(box.dir, KEEP, bad)), "invalid");
    }
    assert.deepEqual(times(box, path), before);
  });
}

Deno.test("is-same-object knows a file by any descriptor, and tells it from its replacement", () => {
  using box = sandbox(false, fill);
  const { dir } = box;
  const open = (path: string, how = {}) => dir.openAt(how, path, {}, READ);
  assert.equal(open("file").isSameObject(open("file")), true);
  assert.equal(open("file").isSameObject(open("link", FOLLOW)), true);
  assert.equal(open("file").isSameObject(open("dir")), false);
  assert.equal(dir.isSameObject(open("dir/..")), true);
  using old = open("file");
  dir.unlinkFileAt("file");
  dir.openAt({}, "file", CREATE, WRITE)[Symbol.dispose]();
  assert.equal(old.isSameObject(open("file")), false);
});

Deno.test("metadata-hash stays while a file does, and changes when it is written", () => {
  using box = sandbox(false, fill);
  const { dir } = box;
  using file = dir.openAt({}, "file", {}, BOTH);
  const before = file.metadataHash();
  assert.deepEqual(file.metadataHash(), before);
  assert.deepEqual(dir.metadataHashAt({}, "file"), before);
  assert.deepEqual(dir.metadataHashAt(FOLLOW, "link"), before);
  file.write(bytes("more"), 7n);
  const after = file.metadataHash();
  assert.notEqual(after.upper, before.upper);
  assert.equal(after.lower, before.lower, "the half that libc shows as the inode number stays");
});

Deno.test("metadata-hash differs between the files of a large directory, in either half", () => {
  using box = sandbox(false, (root) => {
    for (let i = 0; i < 5000; i++) Deno.writeTextFileSync(`${root}/${i}`, "");
  });
  const hashes = Array.from({ length: 5000 }, (_, i) => box.dir.metadataHashAt({}, String(i)));
  assert.equal(new Set(hashes.map(({ lower }) => lower)).size, 5000);
  assert.equal(new Set(hashes.map(({ upper }) => upper)).size, 5000);
});
