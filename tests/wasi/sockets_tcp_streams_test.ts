/** The streams of a TCP connection: bytes, back-pressure, ends, and peers that misbehave. */
import assert from "node:assert/strict";
import type { IoError } from "../../src/wasi/io/error.ts";
import type { InputStream } from "../../src/wasi/io/input_stream.ts";
import type { OutputStream } from "../../src/wasi/io/output_stream.ts";
import { networkErrorCode } from "../../src/wasi/sockets/error_code.ts";
import type { TcpSocket } from "../../src/wasi/sockets/tcp_socket.ts";
import {
  at,
  finish,
  Guest,
  LOOPBACKS,
  outcomeOf,
  pattern,
  Peer,
  portOf,
  readAll,
  tagOf,
  until,
  writeAll,
} from "./sockets_support.ts";
import { bytes, settled, text } from "./support.ts";

interface End {
  readonly socket: TcpSocket;
  readonly input: InputStream;
  readonly output: OutputStream;
}

/** Two guests' ends of one connection. */
async function pair(guest: Guest, loopback = "127.0.0.1"): Promise<[client: End, server: End]> {
  const listener = await guest.listener(loopback);
  const [socket, input, output] = await guest.connection(listener.localAddress());
  const [accepted, from, to] = await finish(listener, () => listener.accept());
  listener[Symbol.dispose]();
  return [{ socket, input, output }, { socket: accepted, input: from, output: to }];
}

/** A guest's end, and the other side as a socket of Deno. */
async function withConn(guest: Guest): Promise<[End, Deno.TcpConn]> {
  const listener = await guest.listener();
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: portOf(listener.localAddress()) });
  const [socket, input, output] = await finish(listener, () => listener.accept());
  listener[Symbol.dispose]();
  return [{ socket, input, output }, conn];
}

/** A guest's end, and the other side as a socket of node. */
async function withPeer(guest: Guest): Promise<[End, Peer]> {
  const listener = await guest.listener();
  const peer = new Peer(portOf(listener.localAddress()));
  const [socket, input, output] = await finish(listener, () => listener.accept());
  listener[Symbol.dispose]();
  await peer.there;
  return [{ socket, input, output }, peer];
}

/** The case of the error that an operation ends with, and its network code. */
async function failureOf(operation: () => unknown): Promise<string[]> {
  try {
    await operation();
  } catch (error) {
    const { val } = (error as { payload: { val?: IoError } }).payload;
    return val === undefined ? [tagOf(error)!] : [tagOf(error)!, networkErrorCode(val)!];
  }
  return ["ok"];
}

for (const loopback of LOOPBACKS) {
  Deno.test(`${loopback}: what one end writes, the other reads, and ends when it ends`, async () => {
    using guest = new Guest();
    const [client, server] = await pair(guest, loopback);
    const [up, down] = [pattern(3_000_000), pattern(1_234_567).reverse()];
    const sent = writeAll(client.output, up).then(() => client.output[Symbol.dispose]());
    assert.deepEqual(await readAll(server.input), up);
    await sent;
    // The other direction is still open.
    const answered = writeAll(server.output, down).then(() => server.socket.shutdown("send"));
    assert.deepEqual(await readAll(client.input), down);
    await answered;
  });
}

Deno.test("bytes that come one by one are read as they come", async () => {
  using guest = new Guest();
  const [{ input }, conn] = await withConn(guest);
  conn.setNoDelay();
  const expected = bytes("byte by byte");
  for (const byte of expected) {
    assert.ok(!input.subscribe().ready());
    await conn.write(new Uint8Array([byte]));
    assert.deepEqual((await input.blockingRead(100n)).slice(), new Uint8Array([byte]));
    assert.equal(input.read(100n).length, 0);
  }
  conn.close();
  assert.deepEqual(await failureOf(() => input.blockingRead(1n)), ["closed"]);
  assert.deepEqual(await failureOf(() => input.read(0n)), ["closed"]);
});

Deno.test("a guest that does not read slows the peer down, and loses nothing", async () => {
  using guest = new Guest();
  const [{ input }, conn] = await withConn(guest);
  const total = 64 << 20;
  let written = 0;
  const chunk = pattern(1 << 16);
  const writing = (async () => {
    while (written < total) written += await conn.write(chunk.subarray(written % chunk.length));
    await conn.closeWrite();
  })();
  // It stops where the buffers of both kernels and this host are full: far below what it has.
  let before = -1;
  while (before !== written) {
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.ok(written < total, "all of it is buffered somewhere");
  let read = 0;
  for (;;) {
    const part = await input.blockingRead(1n << 20n);
    assert.equal(part[0], chunk[read % chunk.length]);
    read += part.length;
    if (read === total) break;
  }
  await writing;
  assert.deepEqual(await failureOf(() => input.blockingRead(1n)), ["closed"]);
  conn.close();
});

Deno.test("a peer that does not read: the room runs out, a flush waits, and nothing is lost", async () => {
  using guest = new Guest();
  const [{ socket, output }, conn] = await withConn(guest);
  socket.setSendBufferSize(4096n);
  let sent = 0;
  const source = pattern(1 << 16);
  for (;;) {
    const room = Number(output.checkWrite());
    if (room === 0) break;
    assert.ok(room <= source.length);
    output.write(source.subarray(0, room));
    sent += room;
    assert.ok(sent < 64 << 20, "there is always room");
  }
  assert.ok(!output.subscribe().ready());
  assert.deepEqual(outcomeOf(() => output.flush()), "ok");
  const flushed = output.blockingFlush() as Promise<void>;
  assert.ok(!await settled(flushed));
  let received = 0;
  const buffer = new Uint8Array(1 << 16);
  while (received < sent) received += (await conn.read(buffer))!;
  await flushed;
  assert.ok(output.subscribe().ready());
  assert.ok(output.checkWrite() > 0n);
  conn.close();
});

Deno.test("a peer that does not read: what is written byte by byte is little more here than its bytes", async () => {
  using guest = new Guest();
  const block = pattern(1 << 16);
  const fill = (output: OutputStream, most: number) => {
    let blocks = 0;
    for (; blocks < most && output.checkWrite() >= BigInt(block.length); blocks++) output.write(block);
    assert.ok(blocks < 1024, "there is always room");
    return blocks;
  };
  const [first, unread] = await withConn(guest);
  const whole = fill(first.output, 1024);
  unread.close();
  // The kernel has all that it takes, and here there is room for two blocks less one byte, or more.
  const [{ output }, conn] = await withConn(guest);
  let sent = fill(output, whole - 2) * block.length;
  const before = Deno.memoryUsage().external;
  let bytes = 0;
  for (; output.checkWrite() > 0n && bytes < 4_000; bytes++) output.write(Uint8Array.of(bytes));
  const held = Deno.memoryUsage().external - before;
  assert.ok(held < 32 << 20, `${bytes} bytes take ${held}`);
  sent += bytes;
  const buffer = new Uint8Array(1 << 18);
  for (let received = 0; received < sent;) received += (await conn.read(buffer))!;
  assert.ok(output.checkWrite() > 0n);
  conn.close();
});

Deno.test("a shutdown in the middle of a write loses nothing", async () => {
  using guest = new Guest();
  const [client, server] = await pair(guest);
  client.socket.setSendBufferSize(1024n);
  const small = client.socket.sendBufferSize();
  const sent: Uint8Array[] = [];
  for (let room = client.output.checkWrite(); room > 0n; room = client.output.checkWrite()) {
    assert.ok(room > small);
    sent.push(pattern(Number(room)));
    client.output.write(sent.at(-1)!);
  }
  client.socket.shutdown("send");
  const received = await readAll(server.input);
  assert.equal(received.length, sent.reduce((sum, { length }) => sum + length, 0));
});

Deno.test("dropped in any order, a socket and its streams bring out what was written", async () => {
  const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
  for (const order of orders) {
    using guest = new Guest(undefined, { sockets: 4 });
    const [client, server] = await pair(guest);
    const sent = pattern(5_000_000);
    const writing = writeAll(client.output, sent).then(() => {
      const parts = [client.socket, client.input, client.output];
      for (const i of order) parts[i]![Symbol.dispose]();
    });
    assert.deepEqual(await readAll(server.input), sent);
    await writing;
  }
});

Deno.test("a stream that was dropped is closed for the peer; the other one goes on", async () => {
  using guest = new Guest();
  const [{ socket, input, output }, conn] = await withConn(guest);
  output[Symbol.dispose]();
  assert.equal(await conn.read(new Uint8Array(1)), null);
  await conn.write(bytes("still heard"));
  assert.equal(text(await input.blockingRead(100n)), "still heard");
  socket[Symbol.dispose]();
  await conn.write(bytes("without a socket"));
  assert.equal(text(await input.blockingRead(100n)), "without a socket");
  conn.close();
});

Deno.test("shutdown of one direction, of both, and again", async () => {
  using guest = new Guest();
  const [client, server] = await pair(guest);
  await server.output.blockingWriteAndFlush(bytes("to be discarded"));
  await until(client.input);
  client.socket.shutdown("receive");
  assert.deepEqual(await failureOf(() => client.input.read(10n)), ["closed"]);
  assert.deepEqual(await failureOf(() => client.input.read(0n)), ["closed"]);
  assert.ok(client.output.checkWrite() > 3n);
  client.socket.shutdown("send");
  // A permit from before is none any more.
  assert.deepEqual(await failureOf(() => client.output.write(bytes("Hi!"))), ["closed"]);
  assert.deepEqual(await failureOf(() => client.output.checkWrite()), ["closed"]);
  assert.deepEqual(await failureOf(() => client.output.flush()), ["closed"]);
  for (const how of ["receive", "send", "both"] as const) {
    assert.equal(outcomeOf(() => client.socket.shutdown(how)), "ok");
  }
  assert.deepEqual(await failureOf(() => server.input.blockingRead(1n)), ["closed"]);
  assert.deepEqual(client.socket.remoteAddress(), server.socket.localAddress());
});

Deno.test("a shutdown wakes who waits at the streams", async () => {
  using guest = new Guest();
  const [{ socket, input, output }, conn] = await withConn(guest);
  const reading = input.subscribe().block() as Promise<void>;
  while (output.checkWrite() > 0n) output.writeZeroes(output.checkWrite());
  const writing = output.subscribe().block() as Promise<void>;
  assert.ok(!await settled(Promise.race([reading, writing])));
  socket.shutdown("both");
  await Promise.all([reading, writing]);
  conn.close();
});

Deno.test("a reset is told to both streams, once, after what had come before it", async () => {
  using guest = new Guest();
  const [{ input, output, socket }, peer] = await withPeer(guest);
  await new Promise<void>((resolve) => peer.socket.write("last words", () => resolve()));
  await until(input);
  peer.socket.resetAndDestroy();
  // Each stream tells of it when it is used; to wait for it is enough.
  await output.subscribe().block();
  while (outcome(output) === "ok") await new Promise((resolve) => setImmediate(resolve));
  assert.equal(text(await input.blockingRead(100n)), "last words");
  assert.deepEqual(await failureOf(() => input.blockingRead(1n)), [
    "last-operation-failed",
    "connection-reset",
  ]);
  assert.deepEqual(await failureOf(() => input.blockingRead(1n)), ["closed"]);
  assert.deepEqual(await failureOf(() => output.checkWrite()), ["closed"]);
  assert.equal(outcomeOf(() => socket.shutdown("both")), "ok");

  function outcome(stream: OutputStream): string | undefined {
    try {
      stream.checkWrite();
      return "ok";
    } catch (error) {
      assert.equal(tagOf(error), "last-operation-failed");
      assert.equal(
        networkErrorCode((error as { payload: { val: IoError } }).payload.val),
        "connection-reset",
      );
      return undefined;
    }
  }
});

Deno.test("a peer that closes while it is written to ends the output stream", async () => {
  using guest = new Guest();
  const [{ output }, conn] = await withConn(guest);
  conn.close();
  const chunk = pattern(65536);
  let tag: string | undefined;
  for (let i = 0; i < 10_000 && tag === undefined; i++) {
    try {
      await writeAll(output, chunk);
    } catch (error) {
      tag = tagOf(error);
    }
  }
  assert.ok(tag === "closed" || tag === "last-operation-failed", tag);
  assert.deepEqual(await failureOf(() => output.checkWrite()), ["closed"]);
});

Deno.test("a silent peer: nothing is ready to be read, and nothing wakes, until it speaks", async () => {
  using guest = new Guest();
  const [{ input, output, socket }, conn] = await withConn(guest);
  const wakes = [0, 0, 0];
  const stops = [input, output, socket].map((one, i) => one.subscribe().watch(() => wakes[i]!++));
  assert.equal(input.read(100n).length, 0);
  await output.blockingWriteAndFlush(bytes("anyone?"));
  assert.equal(await conn.read(new Uint8Array(100)), 7);
  assert.equal(wakes[0], 0);
  await conn.write(bytes("yes"));
  await until(input);
  assert.equal(wakes[0], 1);
  assert.equal(wakes[2], 0);
  for (const stop of stops) stop();
  conn.close();
});

Deno.test("splice from one connection to another", async () => {
  using guest = new Guest();
  const [from, to] = [await withConn(guest), await withConn(guest)];
  const sent = pattern(2_000_000);
  const writing = (async () => {
    for (let left = sent; left.length > 0;) left = left.subarray(await from[1].write(left));
    from[1].close();
  })();
  const splicing = (async () => {
    try {
      for (;;) await to[0].output.blockingSplice(from[0].input, 1n << 20n);
    } catch (error) {
      assert.equal(tagOf(error), "closed");
      to[0].socket.shutdown("send");
    }
  })();
  assert.deepEqual(new Uint8Array(await new Response(to[1].readable).arrayBuffer()), sent);
  await Promise.all([writing, splicing]);
});

Deno.test("skip moves on without reading", async () => {
  using guest = new Guest();
  const [{ input }, conn] = await withConn(guest);
  await conn.write(bytes("skipped, read"));
  assert.equal(await input.blockingSkip(9n), 9n);
  assert.equal(text(await input.blockingRead(100n)), "read");
  assert.equal(input.skip(9n), 0n);
  conn.close();
  assert.deepEqual(await failureOf(() => input.blockingSkip(1n)), ["closed"]);
});

Deno.test("a refused connection: the code, then a closed socket", async () => {
  using guest = new Guest();
  const listener = await guest.listener();
  const address = listener.localAddress();
  listener[Symbol.dispose]();
  // Free when the listener's own close is over.
  await guest.bound(guest.tcp(), address).then((socket) => socket[Symbol.dispose]());
  const socket = guest.tcp();
  await assert.rejects(guest.connect(socket, address), { payload: "connection-refused" });
  assert.equal(outcomeOf(() => socket.startConnect(guest.network, address)), "invalid-state");
  assert.equal(outcomeOf(() => socket.finishConnect()), "not-in-progress");
});

Deno.test("a connection that is given up is closed for the peer too", async () => {
  using guest = new Guest();
  using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const socket = guest.tcp();
  socket.startConnect(guest.network, at("127.0.0.1", other.addr.port));
  using conn = await other.accept();
  await until(socket);
  socket[Symbol.dispose]();
  const outcome = await conn.read(new Uint8Array(1)).catch((error) => error.name);
  assert.ok(outcome === null || outcome === "ConnectionReset", `${outcome}`);
});
