import assert from "node:assert/strict";
import { InputStream } from "../../src/wasi/io/input_stream.ts";
import { OutputStream } from "../../src/wasi/io/output_stream.ts";
import { atOnce, bytes, isErr, isTrap, later, PullSink, PushSource, settled } from "./support.ts";

const HUGE = 2n ** 64n - 1n;

function pair(capacity: number): [PullSink, OutputStream] {
  const sink = new PullSink(capacity);
  return [sink, new OutputStream(sink)];
}

Deno.test("a write without a permit traps", () => {
  const [sink, stream] = pair(10);
  assert.throws(() => stream.write(bytes("x")), isTrap(/1 bytes, but check-write has permitted 0/));
  assert.throws(() => stream.writeZeroes(1n), isTrap(/write-zeroes/));
  assert.equal(sink.text, "");
});

Deno.test("a write beyond the permit traps, and a permit is used up", () => {
  const [, stream] = pair(10);
  assert.equal(stream.checkWrite(), 10n);
  stream.write(bytes("123456"));
  assert.throws(() => stream.write(bytes("78901")), isTrap(/5 bytes, but check-write has permitted 4/));
  stream.write(bytes("7890"));
  assert.equal(stream.checkWrite(), 0n);
  assert.throws(() => stream.write(bytes("x")), isTrap(/permitted 0/));
  stream.write(bytes(""));
});

Deno.test("a permit is at most 1 MiB, and 2^64-1 zeroes trap without being made", () => {
  const [, stream] = pair(2 ** 40);
  assert.equal(stream.checkWrite(), 1n << 20n);
  assert.throws(() => stream.writeZeroes(HUGE), isTrap(/18446744073709551615 bytes/));
});

Deno.test("write-zeroes writes exactly that many", () => {
  const [sink, stream] = pair(1 << 20);
  stream.checkWrite();
  stream.writeZeroes(200_001n);
  const length = sink.written.reduce((sum, chunk) => sum + chunk.length, 0);
  assert.equal(length, 200_001);
  assert.ok(sink.written.every((chunk) => chunk.every((byte) => byte === 0)));
});

Deno.test("while a flush is going on there is no permit, and its end makes the stream ready", async () => {
  const [sink, stream] = pair(10);
  stream.checkWrite();
  stream.write(bytes("x"));
  const pollable = stream.subscribe();
  assert.equal(pollable.ready(), true);
  stream.flush();
  assert.equal(pollable.ready(), false);
  assert.equal(stream.checkWrite(), 0n);
  assert.throws(() => stream.write(bytes("y")), isTrap(/permitted 0/));
  const wait = later(pollable.block());
  sink.drain();
  await wait;
  assert.equal(stream.checkWrite(), 10n);
});

Deno.test("blocking-flush waits for the end of the flush and grants nothing", async () => {
  const [sink, stream] = pair(10);
  atOnce(stream.blockingFlush());
  assert.throws(() => stream.write(bytes("x")), isTrap(/permitted 0/));
  stream.checkWrite();
  stream.write(bytes("x"));
  const flushed = later(stream.blockingFlush());
  assert.equal(await settled(flushed), false);
  sink.drain();
  await flushed;
});

Deno.test("blocking-write-and-flush brings everything out, in pieces where it must", async () => {
  const [sink, stream] = pair(4);
  const contents = bytes("abcdefghij");
  const written = later(stream.blockingWriteAndFlush(contents));
  // The guest's memory may be anything by the time the rest is written.
  contents.fill(0);
  for (let i = 0; i < 3; i++) {
    assert.equal(await settled(written), false);
    sink.drain();
  }
  await written;
  assert.equal(sink.text, "abcdefghij");
});

Deno.test("the blocking writes take at most 4096 bytes", () => {
  const [, stream] = pair(1 << 20);
  assert.throws(() => stream.blockingWriteAndFlush(new Uint8Array(4097)), isTrap(/4097 bytes, at most 4096/));
  assert.throws(() => stream.blockingWriteZeroesAndFlush(HUGE), isTrap(/at most 4096/));
});

Deno.test("blocking-write-zeroes-and-flush writes zeroes", async () => {
  const [sink, stream] = pair(8192);
  const written = later(stream.blockingWriteZeroesAndFlush(4096n));
  sink.drain();
  await written;
  assert.deepEqual(sink.written, [new Uint8Array(4096)]);
});

Deno.test("a failure while waiting is the waiting call's, and closed after that", async () => {
  const [sink, stream] = pair(4);
  const written = later(stream.blockingWriteAndFlush(bytes("abcdefgh")));
  sink.fail(new Error("disk full"));
  await assert.rejects(written, isErr("last-operation-failed"));
  for (
    const use of [
      () => stream.checkWrite(),
      () => stream.write(bytes("x")),
      () => stream.flush(),
      () => stream.blockingFlush(),
      () => stream.blockingWriteAndFlush(bytes("x")),
      () => stream.splice(new InputStream(new PushSource()), 1n),
    ]
  ) assert.throws(use, isErr("closed"));
  assert.equal(stream.subscribe().ready(), true);
  assert.ok(sink.closed);
});

Deno.test("a stream that closes after everything is out reports that only to the next call", async () => {
  const [sink, stream] = pair(10);
  const written = later(stream.blockingWriteAndFlush(bytes("abc")));
  sink.hangUp();
  await written;
  assert.throws(() => stream.checkWrite(), isErr("closed"));
});

Deno.test("a reader that hangs up in the middle is closed", async () => {
  const [sink, stream] = pair(2);
  const written = later(stream.blockingWriteAndFlush(bytes("abc")));
  sink.hangUp();
  await assert.rejects(written, isErr("closed"));
});

Deno.test("splice moves what is there and what there is room for", () => {
  const [sink, stream] = pair(4);
  const source = new PushSource();
  const input = new InputStream(source);
  assert.equal(stream.splice(input, 10n), 0n);
  source.push("abcdefgh");
  assert.equal(stream.splice(input, 2n), 2n);
  assert.equal(stream.splice(input, HUGE), 2n);
  assert.equal(stream.splice(input, HUGE), 0n);
  assert.equal(sink.text, "abcd");
  source.end();
  sink.drain();
  assert.equal(stream.splice(input, HUGE), 4n);
  sink.drain();
  assert.throws(() => stream.splice(input, 1n), isErr("closed"));
});

Deno.test("blocking-splice waits for both ends", async () => {
  const [sink, stream] = pair(4);
  const source = new PushSource();
  const input = new InputStream(source);
  stream.checkWrite();
  stream.write(bytes("full"));
  const moved = later(stream.blockingSplice(input, HUGE));
  source.push("xy");
  assert.equal(await settled(moved), false);
  sink.drain();
  assert.equal(await moved, 2n);
  const next = later(stream.blockingSplice(input, HUGE));
  assert.equal(await settled(next), false);
  source.end();
  await assert.rejects(next, isErr("closed"));
});

Deno.test("a dropped stream is closed, closes its sink, and its pollables are ready", () => {
  const [sink, stream] = pair(4);
  const pollable = stream.subscribe();
  stream.checkWrite();
  stream[Symbol.dispose]();
  assert.ok(sink.closed);
  assert.equal(pollable.ready(), true);
  assert.throws(() => stream.write(bytes("x")), isErr("closed"));
});
