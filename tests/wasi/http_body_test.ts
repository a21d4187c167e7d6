/** Bodies and their futures, without a network: who may do what, and when. */
import assert from "node:assert/strict";
import { ComponentError } from "../../src/component/error.ts";
import { HttpError, httpErrorCode } from "../../src/wasi/http/error_code.ts";
import { Fields } from "../../src/wasi/http/fields.ts";
import { FutureIncomingResponse } from "../../src/wasi/http/future_incoming_response.ts";
import { IncomingBody } from "../../src/wasi/http/incoming_body.ts";
import { IncomingResponse } from "../../src/wasi/http/incoming_response.ts";
import { Outcome } from "../../src/wasi/http/outcome.ts";
import { OutgoingBody } from "../../src/wasi/http/outgoing_body.ts";
import { OutgoingRequest } from "../../src/wasi/http/outgoing_request.ts";
import { IoError } from "../../src/wasi/io/error.ts";
import { drain, pairs, streamError } from "./http_support.ts";
import { atOnce, bytes, isTrap, PullSink, PushSource, settled, text } from "./support.ts";

const isRefused = (error: unknown) => error instanceof ComponentError && error.payload === undefined;
const stillThere = isTrap(/while its input-stream is not dropped/);
const incomplete = new HttpError({ tag: "HTTP-response-incomplete" });
const none = () => Promise.resolve(undefined);

Deno.test("an incoming body gives its stream once", () => {
  const source = new PushSource();
  const body = new IncomingBody(source, none);
  const stream = body.stream();
  assert.throws(() => body.stream(), isRefused);
  stream[Symbol.dispose]();
  assert.throws(() => body.stream(), isRefused);
});

Deno.test("an incoming body outlives its stream, and traps where it would not", () => {
  for (
    const end of [
      (body: IncomingBody) => IncomingBody.finish(body),
      (body: IncomingBody) => body[Symbol.dispose](),
    ]
  ) {
    const source = new PushSource();
    const body = new IncomingBody(source, none);
    const stream = body.stream();
    assert.throws(() => end(body), stillThere);
    source.end();
    assert.throws(() => stream.read(1n), /closed/);
    assert.throws(() => end(body), stillThere, "a stream that has ended is still there");
    stream[Symbol.dispose]();
    end(body);
  }
});

Deno.test("a failed stream is still there until it is dropped", () => {
  const source = new PushSource();
  const body = new IncomingBody(source, none);
  const stream = body.stream();
  source.fail(incomplete);
  assert.throws(() => stream.read(1n), (error) => streamError(error)?.tag === "HTTP-response-incomplete");
  assert.throws(() => body[Symbol.dispose](), stillThere);
  stream[Symbol.dispose]();
  body[Symbol.dispose]();
  assert.ok(source.closed);
});

Deno.test("a stream does not close what is its body's", async () => {
  const source = new PushSource();
  const body = new IncomingBody(source, none);
  const stream = body.stream();
  source.push("abc");
  assert.equal(text(atOnce(stream.blockingRead(2n))), "ab");
  stream[Symbol.dispose]();
  assert.equal(source.closed, false);
  const future = IncomingBody.finish(body);
  source.push("more that nobody reads");
  source.end();
  await future.subscribe().block();
  assert.deepEqual(future.get(), { tag: "ok", val: { tag: "ok", val: undefined } });
  assert.ok(source.closed);
});

Deno.test("a body that is dropped closes its source", () => {
  const source = new PushSource();
  new IncomingBody(source, none)[Symbol.dispose]();
  assert.ok(source.closed);
});

Deno.test("trailers come once, after everything else", async () => {
  const source = new PushSource();
  const trailers = Fields.from([["A", bytes("1")]], { immutable: true });
  let asked = 0;
  const future = IncomingBody.finish(
    new IncomingBody(source, () => {
      asked++;
      return Promise.resolve(trailers);
    }),
  );
  assert.equal(future.get(), undefined);
  assert.equal(future.subscribe().ready(), false);
  source.push("abc");
  assert.equal(await settled(Promise.resolve(future.subscribe().block())), false);
  assert.equal(asked, 0);
  const ready = future.subscribe().block();
  source.end();
  await ready;
  const result = future.get();
  assert.ok(result?.tag === "ok" && result.val.tag === "ok");
  assert.deepEqual(pairs(result.val.val!), [["A", "1"]]);
  assert.deepEqual(future.get(), { tag: "err", val: undefined });
  assert.deepEqual(future.get(), { tag: "err", val: undefined });
  assert.ok(future.subscribe().ready());
  assert.equal(asked, 1);
});

Deno.test("trailers of a message that broke are its error", async () => {
  for (const broken of ["contents", "trailers"]) {
    const source = new PushSource();
    if (broken === "contents") source.fail(incomplete);
    else source.end();
    const future = IncomingBody.finish(new IncomingBody(source, () => Promise.reject(incomplete)));
    await future.subscribe().block();
    assert.deepEqual(future.get(), {
      tag: "ok",
      val: { tag: "err", val: { tag: "HTTP-response-incomplete" } },
    });
  }
});

Deno.test("a future of trailers that is dropped wants nothing more", async () => {
  const source = new PushSource();
  let asked = false;
  const future = IncomingBody.finish(
    new IncomingBody(source, () => {
      asked = true;
      return none();
    }),
  );
  future[Symbol.dispose]();
  assert.ok(source.closed);
  source.end();
  await settled(Promise.resolve());
  assert.equal(asked, false);
});

/** An outgoing body that a test looks behind. */
function outgoing(declaredLength?: bigint) {
  const sink = new PullSink(64);
  const ends: unknown[] = [];
  const body = new OutgoingBody({
    sink,
    finish: (trailers) => void ends.push(trailers ?? "finished"),
    abort: () => void ends.push("aborted"),
    declaredLength,
    sizeError: "HTTP-request-body-size",
  });
  return { sink, ends, body };
}

Deno.test("an outgoing body outlives its stream, and traps where it would not", () => {
  const stillThere = isTrap(/while its output-stream is not dropped/);
  for (const verb of ["finish", "drop"]) {
    const { sink, ends, body } = outgoing();
    const end = () => verb === "finish" ? OutgoingBody.finish(body, undefined) : body[Symbol.dispose]();
    const stream = body.write();
    assert.throws(() => body.write(), isRefused);
    assert.throws(end, stillThere);
    sink.hangUp();
    assert.throws(() => stream.checkWrite(), /closed/);
    assert.throws(end, stillThere, "a stream that was closed is still there");
    stream[Symbol.dispose]();
    assert.equal(sink.closed, false, "the sink is the body's");
    end();
    assert.deepEqual(ends, [verb === "finish" ? "finished" : "aborted"]);
  }
});

Deno.test("a body that is dropped unfinished is aborted, and one that was finished is not", () => {
  const dropped = outgoing();
  dropped.body[Symbol.dispose]();
  dropped.body[Symbol.dispose]();
  assert.deepEqual(dropped.ends, ["aborted"]);
  const finished = outgoing();
  const trailers = new Fields();
  OutgoingBody.finish(finished.body, trailers);
  finished.body[Symbol.dispose]();
  assert.deepEqual(finished.ends, [trailers]);
  assert.throws(() => OutgoingBody.finish(finished.body, undefined), isTrap(/finished or dropped/));
});

/** As in wasmtime: exactly what was declared, or the error says how much it was. */
const LENGTHS: readonly [declared: bigint, contents: string, actual: bigint | undefined][] = [
  [0n, "", undefined],
  [11n, "long enough", undefined],
  [11n, "msg", 3n],
  [11n, "", 0n],
  [11n, "more than 11 bytes", 18n],
  [0n, "a", 1n],
  [2n ** 64n - 1n, "abc", 3n],
];

for (const [declared, contents, actual] of LENGTHS) {
  Deno.test(`a content-length of ${declared} and ${contents.length} bytes`, () => {
    const { sink, ends, body } = outgoing(declared);
    const stream = body.write();
    const tooMuch = actual !== undefined && actual > declared;
    const code = { tag: "HTTP-request-body-size", val: actual };
    if (tooMuch) {
      assert.throws(() => stream.blockingWriteAndFlush(bytes(contents)), (error) => {
        assert.deepEqual(streamError(error), code);
        return true;
      });
      assert.equal(sink.text, "", "what is too much is not sent");
    } else if (contents !== "") {
      stream.checkWrite();
      stream.write(bytes(contents));
    }
    stream[Symbol.dispose]();
    if (actual === undefined) {
      OutgoingBody.finish(body, undefined);
      assert.deepEqual(ends, ["finished"]);
    } else {
      assert.throws(() => OutgoingBody.finish(body, undefined), (error) => {
        assert.deepEqual((error as ComponentError).payload, code);
        return true;
      });
      assert.deepEqual(ends, ["aborted"]);
    }
  });
}

Deno.test("a body without a network is written until there is no room, and then it waits", async () => {
  const request = new OutgoingRequest(new Fields());
  const body = request.body();
  const stream = body.write();
  const room = Number(stream.checkWrite());
  assert.ok(room >= 65_536 && room <= 1 << 20, `${room}`);
  stream.write(new Uint8Array(room));
  assert.equal(stream.checkWrite(), 0n);
  assert.equal(stream.subscribe().ready(), false);
  assert.throws(() => stream.write(bytes("a")), isTrap(/permitted 0/));
  const waiting = Promise.resolve(stream.blockingFlush());
  request[Symbol.dispose]();
  assert.ok(await settled(waiting.catch(() => {})), "nobody will ever read: whoever waits is told");
  assert.throws(() => stream.checkWrite(), /closed/);
});

Deno.test("a future response is ready once, taken once, and given up once", async () => {
  const outcome = new Outcome<IncomingResponse>();
  let abandoned = 0;
  const future = new FutureIncomingResponse(outcome, () => abandoned++);
  assert.equal(future.get(), undefined);
  const ready = Promise.resolve(future.subscribe().block());
  assert.equal(await settled(ready), false);
  outcome.settle({ tag: "err", val: { tag: "connection-refused" } });
  outcome.settle({ tag: "err", val: { tag: "loop-detected" } });
  await ready;
  assert.deepEqual(future.get(), { tag: "ok", val: { tag: "err", val: { tag: "connection-refused" } } });
  assert.deepEqual(future.get(), { tag: "err", val: undefined });
  future[Symbol.dispose]();
  assert.equal(abandoned, 0, "it was taken");
  const unwanted = new FutureIncomingResponse(new Outcome(), () => abandoned++);
  unwanted[Symbol.dispose]();
  unwanted[Symbol.dispose]();
  assert.equal(abandoned, 1);
});

Deno.test("a response that came and was not taken is dropped with its future", () => {
  const outcome = new Outcome<IncomingResponse>();
  const source = new PushSource();
  const future = new FutureIncomingResponse(outcome, () => assert.fail("there is nothing to give up"));
  outcome.settle({ tag: "ok", val: new IncomingResponse(200, new Fields(), new IncomingBody(source, none)) });
  future[Symbol.dispose]();
  assert.ok(source.closed);
});

Deno.test("a response gives its body once, and keeps what was not consumed", async () => {
  const source = new PushSource();
  const response = new IncomingResponse(204, new Fields(), new IncomingBody(source, none));
  const body = response.consume();
  assert.throws(() => response.consume(), isRefused);
  response[Symbol.dispose]();
  assert.equal(source.closed, false, "the body has an owner of its own");
  source.push("abc");
  source.end();
  const stream = body.stream();
  assert.equal(text((await drain(stream)).bytes), "abc");
  const other = new PushSource();
  new IncomingResponse(200, new Fields(), new IncomingBody(other, none))[Symbol.dispose]();
  assert.ok(other.closed);
});

Deno.test("http-error-code knows errors of HTTP, and no others", () => {
  assert.deepEqual(httpErrorCode(new IoError(incomplete)), { tag: "HTTP-response-incomplete" });
  assert.equal(httpErrorCode(new IoError(new Error("a file's"))), undefined);
  assert.equal(httpErrorCode(new IoError(undefined)), undefined);
});
