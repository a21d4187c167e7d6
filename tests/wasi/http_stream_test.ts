/** Contents on their way: both directions at once, no faster than the slower side, and given up in every state. */
import assert from "node:assert/strict";
import { ComponentError } from "../../src/component/error.ts";
import { Fields } from "../../src/wasi/http/fields.ts";
import { IncomingBody } from "../../src/wasi/http/incoming_body.ts";
import { OutgoingBody } from "../../src/wasi/http/outgoing_body.ts";
import type { OutputStream } from "../../src/wasi/io/output_stream.ts";
import {
  codeOf,
  drain,
  Guest,
  outcomeOf,
  type Peer,
  RawServer,
  read,
  requestOf,
  responseOf,
  streamError,
  write,
} from "./http_support.ts";
import { bytes, text } from "./support.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const POST = { method: { tag: "post" } } as const;
const MEGABYTES = 64;

/** More than the kernel's buffers of one connection can hold. */
const PLENTY = MEGABYTES << 20;

/**
 * Lets everything that can happen happen: requests to the same server, one after the other.
 *
 * @returns Whether it happened.
 */
async function meanwhile(guest: Guest, server: RawServer, happened: () => boolean): Promise<boolean> {
  for (let i = 0; i < 20 && !happened(); i++) {
    await read(responseOf(await guest.get({ authority: server.authority, path: "/small" })));
  }
  return happened();
}

const small = ({ socket }: Peer) => socket.end(`${OK}Content-Length: 2\r\n\r\nok`);

Deno.test("what a guest does not read stays with the server", async () => {
  let flushed = false;
  await using server = await RawServer.start((peer) => {
    if (peer.received().includes("/small")) return void small(peer);
    peer.socket.write(`${OK}Content-Length: ${PLENTY}\r\n\r\n`);
    peer.socket.end(new Uint8Array(PLENTY).fill(0x61), () => flushed = true);
  });
  using guest = new Guest();
  const response = responseOf(await guest.get({ authority: server.authority }));
  const body = response.consume();
  const stream = body.stream();
  assert.equal(await meanwhile(guest, server, () => flushed), false, "nobody has read it");
  assert.equal((await stream.blockingRead(1n)).length, 1);
  assert.equal(await meanwhile(guest, server, () => flushed), false, "nobody has read the rest");
  let length = 1;
  for (;;) {
    try {
      const chunk = await stream.blockingRead(1n << 20n);
      assert.ok(chunk.every((byte) => byte === 0x61));
      length += chunk.length;
    } catch (error) {
      assert.equal(streamError(error), undefined);
      break;
    }
  }
  assert.equal(length, PLENTY);
  assert.ok(flushed);
});

Deno.test("a guest writes no faster than the server reads", async () => {
  let length = 0;
  const { promise: all, resolve } = Promise.withResolvers<void>();
  await using server = await RawServer.start((peer) => {
    if (peer.received().includes("/small")) return void small(peer);
    const { socket, received } = peer;
    const header = received().indexOf("\r\n\r\n") + 4;
    length = received().length - header;
    socket.removeAllListeners("data").pause().on("data", (data: Uint8Array) => {
      assert.ok(data.every((byte) => byte === 0x61));
      length += data.length;
      if (length === PLENTY) resolve();
    });
    socket.pause();
  });
  using guest = new Guest();
  const request = requestOf({
    ...POST,
    authority: server.authority,
    fields: [["Content-Length", `${PLENTY}`]],
  });
  const body = request.body();
  const stream = body.write();
  const future = guest.handle(request, undefined);
  const ready = stream.subscribe();
  let written = 0;
  const fill = () => {
    for (let room = Number(stream.checkWrite()); room > 0; room = Number(stream.checkWrite())) {
      const chunk = new Uint8Array(Math.min(room, PLENTY - written)).fill(0x61);
      if (chunk.length === 0) return;
      stream.write(chunk);
      written += chunk.length;
    }
  };
  await server.peer(0);
  do fill(); while (await meanwhile(guest, server, () => ready.ready()));
  assert.ok(written < PLENTY / 2, `${written} bytes were taken, and nobody reads`);
  const { socket } = server.peers[0]!;
  socket.resume();
  while (written < PLENTY) {
    await ready.block();
    fill();
  }
  stream[Symbol.dispose]();
  OutgoingBody.finish(body, undefined);
  await all;
  socket.end(`${OK}Content-Length: 0\r\n\r\n`);
  await read(responseOf(await outcomeOf(future)));
});

Deno.test("both sides speak at the same time", async () => {
  await using server = await RawServer.start(({ socket }) => socket.write(CHUNKED));
  using guest = new Guest();
  const request = requestOf({ ...POST, authority: server.authority });
  const body = request.body();
  const out = body.write();
  const response = responseOf(await outcomeOf(guest.handle(request, undefined)));
  const { socket, until, received } = server.peers[0]!;
  assert.match(received(), /^POST \/ HTTP\/1.1\r\nHost: .*\r\nTransfer-Encoding: chunked\r\n/);
  const incoming = response.consume();
  const stream = incoming.stream();
  for (const word of ["one", "two", "three"]) {
    await out.blockingWriteAndFlush(bytes(word));
    await until(new RegExp(`\r\n${word}\r\n`));
    socket.write(`${word.length.toString(16)}\r\n${word}\r\n`);
    assert.equal(text(await stream.blockingRead(100n)), word);
  }
  out[Symbol.dispose]();
  OutgoingBody.finish(body, undefined);
  await until(/\r\n0\r\n\r\n$/);
  socket.end("0\r\n\r\n");
  assert.equal((await drain(stream)).error, undefined);
});

Deno.test("trailers of a request are sent behind its contents", async () => {
  await using server = await RawServer.start(async ({ socket, until }) => {
    await until(/\r\n0\r\n.*\r\n\r\n$/s);
    socket.end(`${CHUNKED}0\r\nX-Sum: 5\r\nConnection: x\r\nB: \xe9\r\n\r\n`, "latin1");
  });
  using guest = new Guest();
  const request = requestOf({ ...POST, authority: server.authority });
  const body = request.body();
  const future = guest.handle(request, undefined);
  const stream = body.write();
  await stream.blockingWriteAndFlush(bytes("abc"));
  stream[Symbol.dispose]();
  OutgoingBody.finish(body, Fields.fromList([["X-Sum", bytes("3")], ["x-b", Uint8Array.of(0xe9)]]));
  const response = responseOf(await outcomeOf(future));
  assert.match(server.peers[0]!.received(), /\r\n3\r\nabc\r\n0\r\nX-Sum: 3\r\nx-b: \xe9\r\n\r\n$/);
  const { trailers } = await read(response);
  assert.deepEqual(trailers, [["X-Sum", "5"], ["B", "\ufffd"]]);
});

Deno.test("no trailers are no trailers, also as an empty list", async () => {
  await using server = await RawServer.start(small);
  using guest = new Guest();
  const request = requestOf({ ...POST, authority: server.authority });
  const body = request.body();
  OutgoingBody.finish(body, new Fields());
  await read(responseOf(await outcomeOf(guest.handle(request, undefined))));
  assert.match(server.peers[0]!.received(), /\r\nContent-Length: 0\r\n/);
});

/** Trailers that would say behind somebody's back what the header says, and trailers where none can be. */
const NO_TRAILERS: readonly [what: string, fields: [string, string][], trailer: string][] = [
  ["content-length", [], "Content-Length"],
  ["content-type", [], "content-type"],
  ["content-encoding", [], "Content-Encoding"],
  ["authorization", [], "Authorization"],
  ["cookie", [], "Cookie"],
  ["range", [], "Range"],
  ["trailer", [], "Trailer"],
  ["anything behind a length", [["Content-Length", "3"]], "X-Fine"],
];

for (const [what, fields, trailer] of NO_TRAILERS) {
  Deno.test(`${what} is no trailer: the request is not completed`, async () => {
    await using server = await RawServer.start(() => {});
    using guest = new Guest();
    const request = requestOf({ ...POST, authority: server.authority, fields });
    const body = request.body();
    const future = guest.handle(request, undefined);
    const stream = body.write();
    await stream.blockingWriteAndFlush(bytes("123"));
    stream[Symbol.dispose]();
    assert.throws(() => OutgoingBody.finish(body, Fields.fromList([[trailer, bytes("1")]])), (error) => {
      assert.deepEqual((error as ComponentError).payload, { tag: "HTTP-protocol-error" });
      return true;
    });
    assert.deepEqual(codeOf(await outcomeOf(future)), { tag: "HTTP-protocol-error" });
  });
}

/** What a guest does with its body after a few bytes, and that the server can tell that it is not all. */
const UNFINISHED: readonly [what: string, fields: [string, string][], end: (body: OutgoingBody) => void][] = [
  ["is dropped", [], (body) => body[Symbol.dispose]()],
  ["with a length is dropped", [["Content-Length", "9"]], (body) => body[Symbol.dispose]()],
  ["is finished too early", [["Content-Length", "9"]], (body) => {
    assert.throws(() => OutgoingBody.finish(body, undefined), (error) => {
      assert.deepEqual((error as ComponentError).payload, { tag: "HTTP-request-body-size", val: 3n });
      return true;
    });
  }],
];

for (const [what, fields, end] of UNFINISHED) {
  Deno.test(`a body that ${what} is incomplete on the wire`, async () => {
    await using server = await RawServer.start(() => {});
    using guest = new Guest();
    const request = requestOf({ ...POST, authority: server.authority, fields });
    const body = request.body();
    const future = guest.handle(request, undefined);
    const stream = body.write();
    await stream.blockingWriteAndFlush(bytes("abc"));
    const { until, closed, received } = await server.peer(0);
    await until(/abc/);
    stream[Symbol.dispose]();
    end(body);
    assert.deepEqual(codeOf(await outcomeOf(future)), { tag: "HTTP-protocol-error" });
    await closed;
    assert.match(received(), /abc(\r\n)?$/);
  });
}

Deno.test("what goes beyond a declared length is not sent", async () => {
  await using server = await RawServer.start(() => {});
  using guest = new Guest();
  const request = requestOf({ ...POST, authority: server.authority, fields: [["Content-Length", "3"]] });
  const body = request.body();
  const future = guest.handle(request, undefined);
  const stream = body.write();
  await stream.blockingWriteAndFlush(bytes("abc"));
  assert.throws(() => stream.blockingWriteAndFlush(bytes("GET /smuggled HTTP/1.1\r\n\r\n")), (error) => {
    assert.deepEqual(streamError(error), { tag: "HTTP-request-body-size", val: 29n });
    return true;
  });
  const { until, closed, received } = await server.peer(0);
  await until(/abc/);
  stream[Symbol.dispose]();
  body[Symbol.dispose]();
  assert.equal(codeOf(await outcomeOf(future)).tag, "HTTP-protocol-error");
  await closed;
  assert.match(received(), /\r\n\r\nabc$/);
});

Deno.test("a body that was given up before its request is sent makes no request", async () => {
  await using server = await RawServer.start(() => {});
  using guest = new Guest();
  const request = requestOf({ ...POST, authority: server.authority });
  request.body()[Symbol.dispose]();
  assert.deepEqual(codeOf(await outcomeOf(guest.handle(request, undefined))), { tag: "HTTP-protocol-error" });
  assert.equal(server.peers.length, 0);
});

Deno.test("an answer that does not wait for the contents is an answer; the rest is not wanted", async () => {
  await using server = await RawServer.start(({ socket }) =>
    socket.write("HTTP/1.1 413 Too much\r\nContent-Length: 3\r\n\r\nno!")
  );
  using guest = new Guest();
  const request = requestOf({ ...POST, authority: server.authority });
  const body = request.body();
  const stream = body.write();
  const response = responseOf(await outcomeOf(guest.handle(request, undefined)));
  assert.equal(response.status(), 413);
  assert.equal((await read(response)).text, "no!");
  await server.peers[0]!.closed;
  await writeUntilClosed(stream);
  stream[Symbol.dispose]();
  OutgoingBody.finish(body, undefined);
});

async function writeUntilClosed(stream: OutputStream): Promise<void> {
  await assert.rejects(async () => {
    for (;;) await stream.blockingWriteAndFlush(new Uint8Array(4096));
  }, (error) => {
    assert.equal(streamError(error), undefined);
    return true;
  });
}

Deno.test("who writes to a server that goes away learns that", async () => {
  await using server = await RawServer.start(({ socket }) => socket.resetAndDestroy());
  using guest = new Guest();
  const request = requestOf({ ...POST, authority: server.authority });
  const body = request.body();
  const stream = body.write();
  const future = guest.handle(request, undefined);
  await assert.rejects(async () => {
    for (;;) await stream.blockingWriteAndFlush(new Uint8Array(4096));
  }, (error) => streamError(error)?.tag === "connection-terminated");
  stream[Symbol.dispose]();
  OutgoingBody.finish(body, undefined);
  assert.deepEqual(codeOf(await outcomeOf(future)), { tag: "connection-terminated" });
});

/** Every way to lose interest. The server is told by its connection. */
const DROPS: readonly [what: string, drop: (guest: Guest, server: RawServer) => Promise<void>][] = [
  ["the future, before an answer", async (guest, server) => {
    const future = guest.handle(requestOf({ authority: server.authority, path: "/silent" }), undefined);
    await (await server.peer(0)).until(/\r\n\r\n/);
    future[Symbol.dispose]();
  }],
  ["the future, with its answer", async (guest, server) => {
    const future = guest.handle(requestOf({ authority: server.authority }), undefined);
    await future.subscribe().block();
    future[Symbol.dispose]();
  }],
  ["the response", async (guest, server) => {
    responseOf(await guest.get({ authority: server.authority }))[Symbol.dispose]();
  }],
  ["the body", async (guest, server) => {
    responseOf(await guest.get({ authority: server.authority })).consume()[Symbol.dispose]();
  }],
  ["the body, after its stream", async (guest, server) => {
    const body = responseOf(await guest.get({ authority: server.authority })).consume();
    const stream = body.stream();
    await stream.blockingRead(1n);
    stream[Symbol.dispose]();
    body[Symbol.dispose]();
  }],
  ["the future of the trailers", async (guest, server) => {
    const body = responseOf(await guest.get({ authority: server.authority })).consume();
    IncomingBody.finish(body)[Symbol.dispose]();
  }],
  ["everything: the guest ends", async (guest, server) => {
    await guest.get({ authority: server.authority });
    guest.reach.close();
  }],
  ["everything, before an answer", async (guest, server) => {
    guest.handle(requestOf({ authority: server.authority, path: "/silent" }), undefined);
    await (await server.peer(0)).until(/\r\n\r\n/);
    guest.reach.close();
  }],
];

for (const [what, drop] of DROPS) {
  Deno.test(`a guest drops ${what}, and the connection is closed`, async () => {
    await using server = await RawServer.start(({ socket, received }) => {
      if (!received().includes("/silent")) socket.write(`${CHUNKED}3\r\nabc\r\n`);
    });
    using guest = new Guest();
    await drop(guest, server);
    await (await server.peer(0)).closed;
  });
}

Deno.test("a request of a guest that has ended comes to nothing", async () => {
  await using server = await RawServer.start(() => {});
  const guest = new Guest();
  guest.reach.close();
  const request = requestOf({ authority: server.authority });
  const body = request.body();
  const stream = body.write();
  const future = guest.handle(request, undefined);
  assert.throws(() => stream.checkWrite(), (error) => streamError(error)?.tag === "connection-terminated");
  assert.deepEqual(codeOf(await outcomeOf(future)), { tag: "connection-terminated" });
  assert.equal(server.peers.length, 0);
});

Deno.test("one byte at a time is a response too, and no object for each stays", async () => {
  const count = 200_000;
  await using server = await RawServer.start(({ socket }) => {
    socket.write(CHUNKED);
    socket.end("1\r\na\r\n".repeat(count) + "0\r\n\r\n");
  });
  using guest = new Guest();
  const { text: got, error } = await read(responseOf(await guest.get({ authority: server.authority })));
  assert.equal(error, undefined);
  assert.equal(got, "a".repeat(count));
});

Deno.test("a request that expects leave to continue is sent all the same", async () => {
  await using server = await RawServer.start(async ({ socket, until }) => {
    socket.write("HTTP/1.1 100 Continue\r\n\r\n");
    await until(/abc$/);
    socket.end(`${OK}Content-Length: 0\r\n\r\n`);
  });
  using guest = new Guest();
  const request = requestOf({
    ...POST,
    authority: server.authority,
    fields: [["Expect", "100-continue"], ["Content-Length", "3"]],
  });
  await write(request, "abc");
  assert.equal(responseOf(await outcomeOf(guest.handle(request, undefined))).status(), 200);
});
