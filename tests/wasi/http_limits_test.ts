/** What all guests of a process hold together is bounded, as each piece is. */
import assert from "node:assert/strict";
import { Fields } from "../../src/wasi/http/fields.ts";
import { Holding, MOST_HELD, roomAgain, roomLeft } from "../../src/wasi/http/ledger.ts";
import { FIELD_LIMITS } from "../../src/wasi/http/limits.ts";
import { OutgoingRequest } from "../../src/wasi/http/outgoing_request.ts";
import {
  codeOf,
  Guest,
  outcomeOf,
  RawServer,
  read,
  refusalOf,
  requestOf,
  responseOf,
} from "./http_support.ts";
import { bytes, isTrap, settled } from "./support.ts";

const tooMuch = isTrap(/holds too much for its guests/);
const LONG = new Uint8Array(FIELD_LIMITS.headerBytes - 16).fill(0x61);

function longFields(): Fields {
  return Fields.fromList([["a", LONG]]);
}

/** Fills what there is room for, but for so many bytes. */
function fill(left = 0): Disposable {
  // Who holds it must stay reachable: what is forgotten is given back.
  const holder = { [Symbol.dispose]: () => holding.set(0) };
  const holding = new Holding(holder);
  holding.set(roomLeft() - left);
  return holder;
}

Deno.test("fields beyond what the process holds trap, and there is room again once they are dropped", () => {
  using _ = fill(1 << 20);
  const before = roomLeft();
  const all: Fields[] = [];
  assert.throws(() => {
    for (;;) all.push(longFields());
  }, tooMuch);
  assert.equal(all.length, Math.floor((1 << 20) / LONG.length));
  assert.ok(before < MOST_HELD);
  assert.throws(() => Fields.fromList([["a", bytes("1")], ["b", LONG]]), tooMuch);
  for (const fields of all) fields[Symbol.dispose]();
  assert.equal(roomLeft(), before);
  longFields()[Symbol.dispose]();
});

Deno.test("shared fields count once, until the last who has them drops them", () => {
  const before = roomLeft();
  const size = FIELD_LIMITS.headerBytes - 16 + 5;
  const fields = longFields();
  const clone = fields.clone();
  const request = new OutgoingRequest(fields);
  const views = [request.headers(), request.headers()];
  assert.equal(before - roomLeft(), size);
  clone.append("b", bytes("1"));
  assert.equal(before - roomLeft(), 2 * size + 6, "who changes them has a copy");
  clone[Symbol.dispose]();
  clone[Symbol.dispose]();
  request[Symbol.dispose]();
  views[0]![Symbol.dispose]();
  assert.equal(before - roomLeft(), size);
  assert.equal(views[1]!.get("a")[0]!.length, LONG.length);
  views[1]![Symbol.dispose]();
  assert.equal(roomLeft(), before);
});

Deno.test("bodies that nobody sends count as well: whoever writes waits for room", async () => {
  const before = roomLeft();
  const request = new OutgoingRequest(new Fields());
  const stream = request.body().write();
  const room = Number(stream.checkWrite());
  stream.write(new Uint8Array(room));
  request.setPathWithQuery(`/${"a".repeat(999)}`);
  const held = before - roomLeft();
  assert.ok(held >= room + 1000 && held < room + 2000, `${held}`);
  const other = new OutgoingRequest(new Fields());
  const waiting = other.body().write();
  {
    using _ = fill();
    assert.equal(waiting.checkWrite(), 0n);
    const ready = Promise.resolve(waiting.subscribe().block());
    assert.equal(await settled(ready), false);
    request[Symbol.dispose]();
    await ready;
    assert.ok(waiting.checkWrite() > 0n);
  }
  other[Symbol.dispose]();
  assert.equal(roomLeft(), before);
});

Deno.test("bytes that are written one by one cost more than bytes", () => {
  const request = new OutgoingRequest(new Fields());
  const stream = request.body().write();
  let count = 0;
  for (const byte = new Uint8Array(1); stream.checkWrite() > 0n; count++) stream.write(byte);
  assert.ok(count < 10_000, `${count} pieces`);
  request[Symbol.dispose]();
});

Deno.test("what a server sends waits in the network while there is no room", async () => {
  const contents = "a".repeat(1 << 20);
  await using server = await RawServer.start(({ socket }) =>
    socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${contents.length}\r\n\r\n${contents}`)
  );
  using guest = new Guest();
  const before = roomLeft();
  const full = fill();
  const response = responseOf(await guest.get({ authority: server.authority }));
  const all = read(response);
  for (let i = 0; i < 20; i++) assert.equal(await settled(all), false);
  full[Symbol.dispose]();
  const { text, error } = await all;
  assert.deepEqual([text.length, error], [contents.length, undefined]);
  assert.equal(roomLeft(), before);
});

Deno.test("after requests of every end nothing is held", async () => {
  await using server = await RawServer.start(({ socket, received }) => {
    if (received().includes("/cut")) {
      return void socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
    }
    if (!received().includes("/silent")) {
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nA: b\r\n\r\nabc");
    }
  });
  using guest = new Guest();
  const { authority } = server;
  const before = roomLeft();
  const fields: [string, string][] = [["A", "b".repeat(1000)]];
  await read(responseOf(await guest.get({ authority, fields })));
  await read(responseOf(await guest.get({ authority, fields, path: "/cut" })));
  responseOf(await guest.get({ authority, fields }))[Symbol.dispose]();
  guest.handle(requestOf({ authority, fields, path: "/silent" }), undefined)[Symbol.dispose]();
  refusalOf(guest, requestOf({ authority, fields, method: { tag: "connect" } }));
  const request = requestOf({ authority, fields, path: "/silent", method: { tag: "post" } });
  const body = request.body();
  const stream = body.write();
  await stream.blockingWriteAndFlush(bytes("abc"));
  const future = guest.handle(request, undefined);
  stream[Symbol.dispose]();
  body[Symbol.dispose]();
  codeOf(await outcomeOf(future));
  assert.equal(roomLeft(), before);
});

Deno.test("whoever waits for room is told once there is some", () => {
  let told = 0;
  const stop = roomAgain.watch(() => told++);
  const full = fill();
  full[Symbol.dispose]();
  full[Symbol.dispose]();
  stop();
  assert.equal(told, 1);
});

Deno.test("a guest has 4,096 requests under way at most", () => {
  using guest = new Guest(undefined, { sockets: 1 });
  const asked = { authority: "127.0.0.1:1" };
  const all = Array.from({ length: 4096 }, () => guest.handle(requestOf(asked), undefined));
  assert.deepEqual(refusalOf(guest, requestOf(asked)), { tag: "connection-limit-reached" });
  all.pop()![Symbol.dispose]();
  guest.handle(requestOf(asked), undefined)[Symbol.dispose]();
  for (const future of all) future[Symbol.dispose]();
});
