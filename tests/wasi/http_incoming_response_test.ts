/** `outgoing-response` and its contents on their way to the client. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { ComponentError } from "../../src/component/error.ts";
import { Fields } from "../../src/wasi/http/fields.ts";
import { HandlerError } from "../../src/wasi/http/handler_error.ts";
import { OutgoingBody } from "../../src/wasi/http/outgoing_body.ts";
import { OutgoingResponse } from "../../src/wasi/http/outgoing_response.ts";
import { CutError, RESPONSE_ROOM, ResponseBody } from "../../src/wasi/http/response_body.ts";
import { contentsOf } from "./http_incoming_support.ts";
import { pairs, streamError } from "./http_support.ts";
import { bytes, isErr, later, settled, text } from "./support.ts";

const responseWith = (...fields: readonly (readonly [string, string])[]) =>
  new OutgoingResponse(Fields.fromList(fields.map(([name, value]) => [name, bytes(value)])));
const never = () => false;
const always = () => true;

Deno.test("set-status-code takes what a final response may have", () => {
  const response = responseWith();
  assert.equal(response.statusCode(), 200);
  for (const status of [200, 204, 299, 304, 404, 599]) {
    response.setStatusCode(status);
    assert.equal(response.statusCode(), status);
  }
  for (const status of [0, 99, 100, 101, 199, 600, 999, 65535]) {
    assert.throws(() => response.setStatusCode(status), ComponentError, String(status));
    assert.equal(response.statusCode(), 599, "and keeps what it had");
  }
});

Deno.test("headers() are those it was made with, whatever is done to either afterwards", () => {
  const given = Fields.fromList([["X-A", bytes("1")]]);
  const response = new OutgoingResponse(given);
  given.append("x-b", bytes("2"));
  assert.deepEqual(pairs(response.headers()), [["X-A", "1"]]);
  assert.throws(() => response.headers().append("x-c", bytes("3")), isErr("immutable"));
});

Deno.test("body() gives the body once", () => {
  const response = responseWith();
  response.body();
  assert.throws(() => response.body(), ComponentError);
});

Deno.test("two lengths of one body are refused: what lies between them would be another response", () => {
  const response = responseWith(["content-length", "5"], ["Content-Length", "6"]);
  assert.throws(() => response.body(), ComponentError);
  assert.throws(() => OutgoingResponse.headOf(response, never), HandlerError);
});

Deno.test("a response without a body is empty, and must not promise one", async () => {
  assert.deepEqual(await contentsOf(OutgoingResponse.headOf(responseWith(), never)), {
    text: "",
    cut: false,
  });
  OutgoingResponse.headOf(responseWith(["content-length", "0"]), never);
  assert.throws(() => OutgoingResponse.headOf(responseWith(["content-length", "5"]), never), HandlerError);
  const { headers } = OutgoingResponse.headOf(responseWith(["content-length", "5"]), always);
  assert.deepEqual(
    headers.map(([name, value]) => [name, text(value)]),
    [["content-length", "5"]],
    "of a HEAD",
  );
});

Deno.test("contents arrive as they were written; finish() is their end", async () => {
  const response = responseWith(["content-length", "7"]);
  const body = response.body();
  const head = OutgoingResponse.headOf(response, never);
  const stream = body.write();
  await stream.blockingWriteAndFlush(bytes("one"));
  assert.equal(text(head.body.source.read(100)!), "one");
  stream.checkWrite();
  stream.write(bytes("four"));
  stream[Symbol.dispose]();
  OutgoingBody.finish(body, undefined);
  assert.deepEqual(await contentsOf(head), { text: "four", cut: false });
});

Deno.test("a body that was dropped, or has another length than it said, is cut off", async () => {
  const dropped = responseWith();
  const first = dropped.body();
  const droppedHead = OutgoingResponse.headOf(dropped, never);
  first[Symbol.dispose]();
  assert.deepEqual(await contentsOf(droppedHead), { text: "", cut: true });

  const short = responseWith(["content-length", "4"]);
  const second = short.body();
  const shortHead = OutgoingResponse.headOf(short, never);
  const stream = second.write();
  await stream.blockingWriteAndFlush(bytes("abc"));
  stream[Symbol.dispose]();
  assert.throws(() => OutgoingBody.finish(second, undefined), isErr("HTTP-response-body-size"));
  assert.deepEqual(await contentsOf(shortHead), { text: "abc", cut: true });
});

Deno.test("what goes beyond the promised length is not sent", async () => {
  const response = responseWith(["content-length", "4"]);
  const body = response.body();
  const head = OutgoingResponse.headOf(response, never);
  const stream = body.write();
  stream.checkWrite();
  assert.throws(
    () => stream.write(bytes("0123456789")),
    (error) => streamError(error)?.tag === "HTTP-response-body-size",
  );
  stream[Symbol.dispose]();
  assert.throws(() => OutgoingBody.finish(body, undefined), isErr("HTTP-response-body-size"));
  assert.deepEqual(await contentsOf(head), { text: "", cut: true });
});

Deno.test("a response without content may promise what another request would get, and writes go nowhere", async () => {
  const response = responseWith(["content-length", "12345"]);
  const body = response.body();
  const head = OutgoingResponse.headOf(response, always);
  const stream = body.write();
  for (let i = 0; i < 100; i++) await stream.blockingWriteAndFlush(new Uint8Array(4096));
  assert.equal(head.body.waiting, 0);
  stream[Symbol.dispose]();
  OutgoingBody.finish(body, undefined);
  assert.deepEqual(await contentsOf(head), { text: "", cut: false });
});

Deno.test("a guest is never further ahead than the room, and goes on when the client has taken something", async () => {
  const response = responseWith();
  const stream = response.body().write();
  const { body } = OutgoingResponse.headOf(response, never);
  let allowed = stream.checkWrite();
  assert.equal(allowed, BigInt(RESPONSE_ROOM));
  while (allowed > 0n) {
    stream.write(new Uint8Array(Math.min(1000, Number(allowed))));
    allowed = stream.checkWrite();
  }
  assert.equal(body.waiting, RESPONSE_ROOM);
  const written = later(stream.blockingWriteAndFlush(bytes("more")));
  assert.equal(await settled(written), false);
  assert.equal(body.source.read(10)!.length, 10);
  await written;
  assert.equal(body.waiting, RESPONSE_ROOM - 6);
});

Deno.test("writes fail as closed once the client has left, also that of a guest that waits", async () => {
  const response = responseWith();
  const stream = response.body().write();
  const { body } = OutgoingResponse.headOf(response, never);
  stream.checkWrite();
  stream.write(new Uint8Array(RESPONSE_ROOM));
  const written = later(stream.blockingWriteAndFlush(bytes("more")));
  body.source.close!();
  await assert.rejects(written, isErr("closed"));
  assert.throws(() => stream.checkWrite(), isErr("closed"));
  assert.equal(body.waiting, 0, "what nobody reads is let go");
});

Deno.test("contents are copied: what the guest writes to its memory afterwards is not sent", () => {
  const body = new ResponseBody();
  const memory = bytes("abc");
  body.sink.write(memory);
  memory.fill(0);
  assert.equal(text(body.source.read(10)!), "abc");
});

Deno.test("whole() is everything of a body that is complete, and of no other", () => {
  const body = new ResponseBody();
  body.sink.write(bytes("ab"));
  assert.equal(body.whole(), undefined);
  body.sink.write(bytes("c"));
  body.finish();
  assert.equal(text(body.whole()!), "abc");
  assert.equal(body.source.read(10), null);
  const cut = new ResponseBody();
  cut.sink.write(bytes("ab"));
  cut.cut();
  assert.equal(cut.whole(), undefined);
  assert.equal(text(cut.source.read(10)!), "ab", "what came before the cut is sent");
  assert.throws(() => cut.source.read(10), CutError);
  cut.finish();
  assert.throws(() => cut.source.read(10), CutError, "what was cut off stays cut off");
});

Deno.test("whatever is written and read in whatever order, the client gets all of it, and never too much waits", () => {
  const step = fc.oneof(
    fc.record({ write: fc.integer({ min: 0, max: 70_000 }) }),
    fc.record({ read: fc.integer({ min: 0, max: 70_000 }) }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const body = new ResponseBody();
    let written = 0, came = 0;
    const take = (max: number) => {
      const bytes = body.source.read(max)!;
      assert.ok(bytes.length <= max);
      for (const byte of bytes) assert.equal(byte, came++ % 251);
    };
    for (const step of steps) {
      if ("read" in step) take(step.read);
      else {
        const count = Math.min(step.write, body.sink.room()!);
        body.sink.write(Uint8Array.from({ length: count }, (_, i) => (written + i) % 251));
        written += count;
      }
      assert.equal(body.waiting, written - came);
      assert.ok(body.waiting <= RESPONSE_ROOM);
      assert.equal(body.sink.room(), RESPONSE_ROOM - body.waiting);
    }
    body.finish();
    while (came < written) take(10_000);
    assert.equal(body.source.read(1), null);
  }));
});
