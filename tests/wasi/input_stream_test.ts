import assert from "node:assert/strict";
import { InputStream } from "../../src/wasi/io/input_stream.ts";
import { IoError } from "../../src/wasi/io/error.ts";
import { ComponentError, Trap } from "../../src/component/error.ts";
import { atOnce, isErr, later, PushSource, settled, text } from "./support.ts";

const HUGE = 2n ** 64n - 1n;

function pair(): [PushSource, InputStream] {
  const source = new PushSource();
  return [source, new InputStream(source)];
}

Deno.test("read gives what is there: nothing yet, some of it, the rest", () => {
  const [source, stream] = pair();
  assert.equal(stream.read(10n).length, 0);
  source.push("hello");
  assert.equal(text(stream.read(2n)), "he");
  assert.equal(text(stream.read(10n)), "llo");
  assert.equal(stream.read(10n).length, 0);
});

Deno.test("a read of no bytes succeeds while the stream is open and fails when it has ended", () => {
  const [source, stream] = pair();
  assert.equal(stream.read(0n).length, 0);
  source.end();
  assert.throws(() => stream.read(0n), isErr("closed"));
});

Deno.test("the end is closed, again and again, and closes the source", () => {
  const [source, stream] = pair();
  source.push("x");
  source.end();
  assert.equal(text(stream.read(10n)), "x");
  for (let i = 0; i < 3; i++) assert.throws(() => stream.read(1n), isErr("closed"));
  assert.throws(() => stream.skip(1n), isErr("closed"));
  assert.throws(() => stream.blockingRead(1n), isErr("closed"));
  assert.ok(source.closed);
});

Deno.test("a failure is last-operation-failed once, and closed after that", () => {
  const [source, stream] = pair();
  source.fail(new Deno.errors.NotCapable("requires read access to /home/secret"));
  assert.throws(() => stream.read(1n), (error) => {
    assert.ok(isErr("last-operation-failed")(error));
    const { val } = (error as ComponentError<{ val: IoError }>).payload;
    assert.ok(val instanceof IoError);
    assert.equal(val.toDebugString(), "NotCapable");
    return true;
  });
  assert.throws(() => stream.read(1n), isErr("closed"));
});

Deno.test("a trap in a source stays a trap", () => {
  const [source, stream] = pair();
  source.fail(new Trap("broken rule"));
  assert.throws(() => stream.read(1n), Trap);
});

Deno.test("a length of 2^64-1 asks the source for 1 MiB", () => {
  const [source, stream] = pair();
  stream.read(HUGE);
  stream.skip(HUGE);
  source.push("x");
  assert.equal(atOnce(stream.blockingRead(HUGE)).length, 1);
  assert.deepEqual(source.asked, [1 << 20, 1 << 20, 1 << 20]);
});

Deno.test("blocking-read waits for a byte, for the end, and for a failure", async () => {
  const [source, stream] = pair();
  const first = later(stream.blockingRead(3n));
  assert.equal(await settled(first), false);
  source.push("abcdef");
  assert.equal(text(await first), "abc");
  assert.equal(text(atOnce(stream.blockingRead(3n))), "def");
  const second = later(stream.blockingRead(3n));
  source.end();
  await assert.rejects(second, isErr("closed"));

  const [failing, other] = pair();
  const third = later(other.blockingRead(1n));
  failing.fail(new Error("gone"));
  await assert.rejects(third, isErr("last-operation-failed"));
});

Deno.test("blocking-read of no bytes waits for a byte and takes none", async () => {
  const [source, stream] = pair();
  const read = later(stream.blockingRead(0n));
  assert.equal(await settled(read), false);
  source.push("x");
  assert.equal((await read).length, 0);
  assert.equal(atOnce(stream.blockingRead(0n)).length, 0);
  assert.equal(text(stream.read(1n)), "x");
});

Deno.test("skip and blocking-skip count what they drop", async () => {
  const [source, stream] = pair();
  assert.equal(stream.skip(4n), 0n);
  source.push("abcdef");
  assert.equal(stream.skip(2n), 2n);
  assert.equal(atOnce(stream.blockingSkip(1n)), 1n);
  assert.equal(text(stream.read(HUGE)), "def");
  const skipped = later(stream.blockingSkip(HUGE));
  source.push("gh");
  assert.equal(await skipped, 2n);
});

Deno.test("skip uses the source's own skip where it has one", () => {
  const [source, stream] = pair();
  (source as { skip?: (max: number) => number }).skip = (max) => max;
  assert.equal(stream.skip(7n), 7n);
  assert.deepEqual(source.asked, []);
});

Deno.test("a pollable of a stream is ready for bytes, the end, and after the stream was dropped", async () => {
  const [source, stream] = pair();
  const pollable = stream.subscribe();
  assert.equal(pollable.ready(), false);
  const wait = later(pollable.block());
  source.push("x");
  await wait;
  stream.read(1n);
  assert.equal(pollable.ready(), false);
  stream[Symbol.dispose]();
  assert.equal(pollable.ready(), true);
  assert.ok(source.closed);
  assert.throws(() => stream.read(1n), isErr("closed"));
});

Deno.test("a thousand pollables of one stream leave nothing on its source", () => {
  const [source, stream] = pair();
  for (let i = 0; i < 1000; i++) {
    const pollable = stream.subscribe();
    assert.equal(pollable.ready(), false);
    pollable[Symbol.dispose]();
  }
  assert.equal(source.arrived.size, 0);
});
