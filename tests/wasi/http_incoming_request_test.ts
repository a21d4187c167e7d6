/** `incoming-request`: what a handler sees of a request. */
import assert from "node:assert/strict";
import { ComponentError } from "../../src/component/error.ts";
import { IncomingBody } from "../../src/wasi/http/incoming_body.ts";
import { IncomingRequest } from "../../src/wasi/http/incoming_request.ts";
import { exchangeOf } from "./http_incoming_support.ts";
import { drain, pairs } from "./http_support.ts";
import { bytes, isErr, text } from "./support.ts";

const METHODS: readonly (readonly [string, unknown])[] = [
  ["GET", { tag: "get" }],
  ["HEAD", { tag: "head" }],
  ["POST", { tag: "post" }],
  ["PUT", { tag: "put" }],
  ["DELETE", { tag: "delete" }],
  ["CONNECT", { tag: "connect" }],
  ["OPTIONS", { tag: "options" }],
  ["TRACE", { tag: "trace" }],
  ["PATCH", { tag: "patch" }],
  ["PROPFIND", { tag: "other", val: "PROPFIND" }],
  ["get", { tag: "other", val: "get" }],
  ["toString", { tag: "other", val: "toString" }],
];

Deno.test("method() has a case for each common one; names are case-sensitive", () => {
  for (const [method, expected] of METHODS) {
    assert.deepEqual(new IncomingRequest(exchangeOf({ method }).exchange).method(), expected, method);
  }
});

Deno.test("path-with-query, scheme and authority are what the client said", () => {
  const path = "//a/../b?x=%20&y";
  const request = new IncomingRequest(exchangeOf({ path }).exchange);
  assert.equal(request.pathWithQuery(), path);
  assert.deepEqual(request.scheme(), { tag: "HTTP" });
  assert.equal(request.authority(), "example.com:8080");
  assert.equal(new IncomingRequest(exchangeOf({ path: undefined }).exchange).pathWithQuery(), undefined);
});

Deno.test("headers() have those of the message, not those of the connection, and cannot be changed", () => {
  const headers = [["host", "example.com"], ["x-a", "1"], ["x-a", "2"], ["Connection", "close"]] as const;
  const request = new IncomingRequest(exchangeOf({ headers }).exchange);
  const fields = request.headers();
  assert.deepEqual(pairs(fields), [["x-a", "1"], ["x-a", "2"]]);
  assert.throws(() => fields.append("x-b", bytes("1")), isErr("immutable"));
  assert.throws(() => fields.set("x-a", []), isErr("immutable"));
  assert.throws(() => fields.delete("x-a"), isErr("immutable"));
  const clone = fields.clone();
  clone.append("x-b", bytes("1"));
  assert.deepEqual(pairs(request.headers()), [["x-a", "1"], ["x-a", "2"]], "a copy is a copy");
});

Deno.test("consume() gives the body once; it outlives the request", async () => {
  const { exchange, body: source } = exchangeOf({ trailers: [["x-t", "1"]] });
  const request = new IncomingRequest(exchange);
  const body = request.consume();
  assert.throws(
    () => request.consume(),
    (error) => error instanceof ComponentError && error.payload === undefined,
  );
  request[Symbol.dispose]();
  const stream = body.stream();
  source.push("one");
  source.push("two");
  source.end();
  assert.equal(text((await drain(stream)).bytes), "onetwo");
  stream[Symbol.dispose]();
  const trailers = IncomingBody.finish(body);
  await trailers.subscribe().block();
  const result = trailers.get();
  assert.ok(result?.tag === "ok" && result.val.tag === "ok" && result.val.val !== undefined);
  assert.deepEqual(pairs(result.val.val), [["x-t", "1"]]);
  assert.throws(
    () => (result.val.val as never as { delete(name: string): void }).delete("x-t"),
    isErr("immutable"),
  );
});

Deno.test("nothing is read from the client before the guest reads", () => {
  const { exchange, body } = exchangeOf();
  const request = new IncomingRequest(exchange);
  const stream = request.consume().stream();
  assert.deepEqual(body.asked, []);
  stream.read(7n);
  assert.deepEqual(body.asked, [7]);
});
