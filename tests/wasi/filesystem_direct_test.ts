/** Reading straight into the guest's memory: the same bytes as by the ordinary way, whatever the file does meanwhile. */
import assert from "node:assert/strict";
import { directOf, Fill } from "../../src/component/abi/fill.ts";
import { ComponentError } from "../../src/component/error.ts";
import { InputStream } from "../../src/wasi/io/input_stream.ts";
import { READ, sandbox } from "./filesystem_support.ts";

type Read = (self: InputStream, len: bigint) => Uint8Array | Fill;
const read = directOf(InputStream.prototype.read as never) as unknown as Read;
const blockingRead = directOf(InputStream.prototype.blockingRead as never) as unknown as Read;

/** What a guest's memory would hold after one read, and whether it was written directly. */
function once(stream: InputStream, len: bigint, form: Read = read): { bytes: number[]; direct: boolean } {
  const result = form(stream, len);
  if (!(result instanceof Fill)) return { bytes: [...result], direct: false };
  const memory = new Uint8Array(result.length);
  const count = result.write(memory);
  return { bytes: [...memory.subarray(0, count)], direct: true };
}

function ended(stream: InputStream): boolean {
  try {
    return once(stream, 1n).bytes.length > 1;
  } catch (error) {
    assert.ok(error instanceof ComponentError);
    assert.deepEqual(error.payload, { tag: "closed" });
    return true;
  }
}

const content = Uint8Array.from({ length: 300 }, (_, i) => i % 251);

for (const form of [read, blockingRead]) {
  for (const chunk of [1n, 7n, 100n, 150n, 299n, 300n, 301n, 2n ** 64n - 1n]) {
    const name = form === read ? "read" : "blocking-read";
    Deno.test(`${name} of ${chunk} bytes at a time gives the whole file and then the end`, () => {
      using box = sandbox(true, (root) => Deno.writeFileSync(`${root}/file`, content));
      using file = box.dir.openAt({}, "file", {}, READ);
      using stream = file.readViaStream(0n);
      const all: number[] = [];
      let direct = 0;
      while (all.length < content.length) {
        const got = once(stream, chunk, form);
        assert.ok(got.bytes.length > 0);
        all.push(...got.bytes);
        if (got.direct) direct++;
      }
      assert.deepEqual(all, [...content]);
      if (chunk <= 150n) assert.ok(direct > 0, "nothing was read directly");
      assert.ok(ended(stream));
    });
  }
}

Deno.test("a file that was cut between announcing and reading gives fewer bytes, and then the end", () => {
  using box = sandbox(false, (root) => Deno.writeFileSync(`${root}/file`, content));
  using file = box.dir.openAt({}, "file", {}, READ);
  using stream = file.readViaStream(0n);
  assert.equal(once(stream, 10n).direct, true);
  Deno.truncateSync(`${box.root}/file`, 15);
  assert.deepEqual(once(stream, 100n).bytes, [...content.subarray(10, 15)]);
  assert.ok(ended(stream));
});

Deno.test("a file that grew is read on", () => {
  using box = sandbox(false, (root) => Deno.writeFileSync(`${root}/file`, content.subarray(0, 20)));
  using file = box.dir.openAt({}, "file", {}, READ);
  using stream = file.readViaStream(0n);
  assert.deepEqual(once(stream, 20n).bytes.length, 20);
  Deno.writeFileSync(`${box.root}/file`, content.subarray(20, 40), { append: true });
  assert.deepEqual(once(stream, 20n).bytes, [...content.subarray(20, 40)]);
  assert.ok(ended(stream));
});

Deno.test("a stream that was dropped or has ended has nothing direct to give", () => {
  using box = sandbox(true, (root) => Deno.writeFileSync(`${root}/file`, content));
  using file = box.dir.openAt({}, "file", {}, READ);
  const stream = file.readViaStream(0n);
  once(stream, 10n);
  stream[Symbol.dispose]();
  assert.ok(ended(stream));
});
