import assert from "node:assert/strict";
import { ComponentError } from "../../src/component/error.ts";
import type { Descriptor } from "../../src/wasi/filesystem/descriptor.ts";
import { BOTH, CREATE, outcome, READ, readAll, sandbox, WRITE } from "./filesystem_support.ts";
import { atOnce, bytes, host, isErr, text } from "./support.ts";

const MAX = 2n ** 64n - 1n;
const TOO_FAR = 2n ** 63n;

function withText(content: string): (root: string) => void {
  return (root) => Deno.writeTextFileSync(`${root}/file`, content);
}

function open(dir: Descriptor, flags = BOTH): Descriptor {
  return dir.openAt({}, "file", {}, flags);
}

const reads: [length: bigint, offset: bigint, content: string, ended: boolean][] = [
  [3n, 0n, "hel", false],
  [5n, 0n, "hello", false],
  [6n, 0n, "hello", true],
  [2n, 3n, "lo", false],
  [3n, 3n, "lo", true],
  [1n, 5n, "", true],
  [1n, 6n, "", true],
  [0n, 0n, "", false],
  [0n, 5n, "", true],
  [MAX, 1n, "ello", true],
  [1n, 2n ** 53n, "", true],
  [1n, 2n ** 62n, "", true],
  [1n, TOO_FAR - 1n, "", true],
];

for (const [length, offset, content, ended] of reads) {
  const end = ended ? "and the end" : "and no end";
  Deno.test(`reading ${length} bytes at ${offset} gives ${JSON.stringify(content)} ${end}`, () => {
    using box = sandbox(false, withText("hello"));
    using file = open(box.dir, READ);
    const [got, end] = file.read(length, offset);
    assert.deepEqual([text(got), end], [content, ended]);
  });
}

Deno.test("offsets of 2^63 and more are invalid, for every function that takes one", () => {
  using box = sandbox(false, withText("hello"));
  using file = open(box.dir);
  const calls = [
    (n: bigint) => file.read(1n, n),
    (n: bigint) => file.write(bytes("x"), n),
    (n: bigint) => file.readViaStream(n),
    (n: bigint) => file.writeViaStream(n),
    (n: bigint) => file.setSize(n),
    (n: bigint) => file.advise(n, 0n, "normal"),
    (n: bigint) => file.advise(0n, n, "normal"),
  ];
  for (const call of calls) {
    for (const offset of [TOO_FAR, MAX]) {
      assert.equal(outcome(() => call(offset)), "invalid", `${call} ${offset}`);
    }
  }
});

Deno.test("writing and growing past what the file system holds is file-too-large, and changes nothing", () => {
  using box = sandbox(false, withText("hello"));
  using file = open(box.dir);
  assert.equal(outcome(() => file.write(bytes("x"), TOO_FAR - 1n)), "file-too-large");
  assert.equal(outcome(() => file.setSize(TOO_FAR - 1n)), "file-too-large");
  assert.equal(outcome(() => file.setSize(2n ** 53n - 1n)), "file-too-large");
  assert.equal(readAll(file), "hello");
});

Deno.test("a read never gives more than 1 MiB, whatever is asked for", () => {
  using box = sandbox(false, (root) => Deno.writeFileSync(`${root}/file`, new Uint8Array(3 << 20)));
  using file = open(box.dir);
  const [got, ended] = file.read(MAX, 0n);
  assert.deepEqual([got.length, ended], [1 << 20, false]);
});

Deno.test("bytes that were read are the caller's to keep", () => {
  using box = sandbox(false, withText("hello"));
  using file = open(box.dir);
  const [first] = file.read(2n, 0n);
  file.read(2n, 2n);
  assert.equal(text(first), "he");
});

Deno.test("writes go where they are sent, whatever was read in between", () => {
  using box = sandbox(false, withText("..........")), file = open(box.dir);
  assert.equal(file.write(bytes("ab"), 2n), 2n);
  assert.equal(text(file.read(2n, 0n)[0]), "..");
  assert.equal(file.write(bytes("cd"), 4n), 2n);
  assert.equal(file.write(bytes("ef"), 6n), 2n);
  assert.equal(file.write(bytes("g"), 0n), 1n);
  assert.equal(file.write(new Uint8Array(0), 5n), 0n);
  assert.equal(readAll(file), "g.abcdef..");
});

Deno.test("writing behind the end fills the gap with zeroes", () => {
  using box = sandbox(false, withText("a")), file = open(box.dir);
  file.write(bytes("b"), 4n);
  assert.equal(readAll(file), "a\0\0\0b");
});

const sizes: [size: bigint, content: string][] = [[0n, ""], [2n, "he"], [5n, "hello"], [7n, "hello\0\0"]];

for (const [size, content] of sizes) {
  Deno.test(`set-size to ${size} leaves ${JSON.stringify(content)}`, () => {
    using box = sandbox(false, withText("hello")), file = open(box.dir);
    file.setSize(size);
    assert.equal(readAll(file), content);
    assert.equal(file.stat().size, size);
  });
}

Deno.test("a read stream starts at its offset and is closed at the end", () => {
  using box = sandbox(false, withText("hello world")), file = open(box.dir, READ);
  using stream = file.readViaStream(6n);
  assert.equal(text(atOnce(stream.blockingRead(2n))), "wo");
  assert.equal(text(stream.read(0n)), "");
  assert.equal(stream.subscribe().ready(), true);
  assert.equal(text(stream.read(MAX)), "rld");
  assert.throws(() => stream.read(1n), isErr("closed"));
  assert.throws(() => stream.blockingRead(1n), isErr("closed"));
});

Deno.test("a read stream skips without reading, and no further than the end", () => {
  using box = sandbox(false, withText("hello world")), file = open(box.dir, READ);
  using stream = file.readViaStream(0n);
  assert.equal(stream.skip(6n), 6n);
  assert.equal(text(stream.read(2n)), "wo");
  assert.equal(atOnce(stream.blockingSkip(MAX)), 3n);
  assert.throws(() => stream.skip(1n), isErr("closed"));
});

Deno.test("a read stream behind the end is closed at once", () => {
  using box = sandbox(false, withText("hello")), file = open(box.dir, READ);
  for (const offset of [5n, 6n, 2n ** 53n, TOO_FAR - 1n]) {
    assert.throws(() => file.readViaStream(offset).read(1n), isErr("closed"));
  }
});

Deno.test("write streams write on from their offset", () => {
  using box = sandbox(false, withText("")), file = open(box.dir);
  {
    using stream = file.writeViaStream(5n);
    atOnce(stream.blockingWriteAndFlush(bytes("Hello, ")));
    atOnce(stream.blockingWriteAndFlush(bytes("World!")));
  }
  assert.equal(text(atOnce(file.readViaStream(0n).blockingRead(100n))), "\0\0\0\0\0Hello, World!");
});

Deno.test("append streams write at the end, wherever it is by then, also beside another writer", () => {
  using box = sandbox(false, withText("one")), file = open(box.dir, WRITE);
  using one = file.appendViaStream(), other = file.appendViaStream();
  one.checkWrite();
  other.checkWrite();
  one.write(bytes(" two"));
  other.write(bytes(" three"));
  Deno.writeTextFileSync(`${box.root}/file`, " (from outside)", { append: true });
  one.write(bytes(" four"));
  assert.equal(Deno.readTextFileSync(`${box.root}/file`), "one two three (from outside) four");
});

Deno.test("append streams find the end of a file that was removed or renamed", () => {
  using box = sandbox(false, withText("one")), file = open(box.dir), other = open(box.dir);
  box.dir.renameAt("file", box.dir, "moved");
  atOnce(other.appendViaStream().blockingWriteAndFlush(bytes(" two")));
  box.dir.unlinkFileAt("moved");
  atOnce(file.appendViaStream().blockingWriteAndFlush(bytes(" three")));
  assert.equal(readAll(file), "one two three");
});

Deno.test("streams of one file do not interfere", () => {
  using box = sandbox(false, withText("abcdef")), file = open(box.dir);
  using one = file.readViaStream(0n), other = file.readViaStream(3n), writer = file.writeViaStream(1n);
  assert.equal(text(one.read(1n)), "a");
  assert.equal(text(other.read(1n)), "d");
  atOnce(writer.blockingWriteAndFlush(bytes("X")));
  assert.equal(text(one.read(2n)), "Xc");
  assert.equal(text(other.read(2n)), "ef");
});

Deno.test("a file can be spliced into another, and into itself", () => {
  using box = sandbox(false, withText("hello")), file = open(box.dir);
  using copy = box.dir.openAt({}, "copy", CREATE, BOTH);
  using from = file.readViaStream(0n), to = copy.writeViaStream(0n);
  assert.equal(to.splice(from, 100n), 5n);
  assert.equal(readAll(copy), "hello");
  assert.equal(file.appendViaStream().splice(file.readViaStream(1n), 3n), 3n);
  assert.equal(readAll(file), "helloell");
});

Deno.test("a stream outlives its descriptor", () => {
  using box = sandbox(false, withText("hello")), file = open(box.dir);
  using reader = file.readViaStream(0n), writer = file.writeViaStream(0n);
  file[Symbol.dispose]();
  atOnce(writer.blockingWriteAndFlush(bytes("J")));
  assert.equal(text(reader.read(9n)), "Jello");
});

for (const flag of ["fileIntegritySync", "dataIntegritySync", "requestedWriteSync"] as const) {
  Deno.test(`a file can be opened with ${flag}, and says so`, () => {
    using box = sandbox(false, withText("hello"));
    using file = open(box.dir, { read: true, write: true, [flag]: true });
    assert.deepEqual(file.getFlags(), { read: true, write: true, [flag]: true });
    file.write(bytes("J"), 0n);
    atOnce(file.appendViaStream().blockingWriteAndFlush(bytes("!")));
    assert.equal(readAll(file), "Jello!");
  });
}

Deno.test("files and directories can be synced and given advice", () => {
  using box = sandbox(false, withText("hello"));
  for (const flags of [READ, BOTH]) {
    using file = open(box.dir, flags);
    file.sync();
    file.syncData();
    for (const advice of ["normal", "sequential", "random", "will-need", "dont-need", "no-reuse"] as const) {
      file.advise(0n, 5n, advice);
    }
  }
  box.dir.sync();
  box.dir.syncData();
});

Deno.test("the error of a stream has the code of its cause", () => {
  const { filesystemErrorCode } = host("wasi:filesystem/types");
  using box = sandbox(false, withText("hello")), file = open(box.dir);
  using stream = file.writeViaStream(TOO_FAR - 1n);
  let caught: unknown;
  try {
    stream.blockingWriteAndFlush(bytes("x"));
  } catch (error) {
    caught = error;
  }
  assert.ok(caught instanceof ComponentError);
  const payload = caught.payload as { tag: string; val: { toDebugString(): string } };
  assert.equal(payload.tag, "last-operation-failed");
  assert.equal(filesystemErrorCode(payload.val), "file-too-large");
  assert.doesNotMatch(payload.val.toDebugString(), /airlock_fs/);
});
