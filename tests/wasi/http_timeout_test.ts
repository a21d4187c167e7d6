/** Nothing waits forever: each timeout, and what does not count as one. */
import assert from "node:assert/strict";
import { OutgoingBody } from "../../src/wasi/http/outgoing_body.ts";
import type { ErrorCode } from "../../src/wasi/http/types.ts";
import { milliseconds, Watchdog } from "../../src/wasi/http/watchdog.ts";
import {
  codeOf,
  Guest,
  outcomeOf,
  type Peer,
  RawServer,
  read,
  requestOf,
  responseOf,
  streamError,
  timeouts,
  write,
} from "./http_support.ts";
import { bytes, text } from "./support.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const SHORT = 100;

/** Long enough for a busy machine to bring what a server has said. */
const LONGER = 600;

Deno.test("durations are nanoseconds, rounded up and bounded", () => {
  const cases: [nanoseconds: bigint | undefined, ms: number][] = [
    [undefined, 600_000],
    [0n, 0],
    [1n, 1],
    [1_000_000n, 1],
    [1_000_001n, 2],
    [2n ** 64n - 1n, 2 ** 31 - 1],
  ];
  for (const [nanoseconds, ms] of cases) assert.equal(milliseconds(nanoseconds), ms);
});

Deno.test("a watchdog barks once, after its time since the last touch", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let barks = 0;
  const dog = new Watchdog(() => {
    barks++;
    resolve();
  });
  const began = performance.now();
  dog.start(60);
  await new Promise((resolve) => setTimeout(resolve, 30));
  dog.touch();
  const touched = performance.now();
  await promise;
  assert.ok(performance.now() - touched >= 58, "the touch counted");
  assert.ok(performance.now() - began >= 58);
  assert.equal(barks, 1);
  dog.start(1);
  dog.stop();
  dog.start(60_000);
  dog.stop();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(barks, 1);
});

/** Servers that keep a guest waiting, with the option that bounds it. */
const WAITS: readonly [
  what: string,
  option: Parameters<typeof timeouts>[0],
  answer: (peer: Peer) => unknown,
  code: ErrorCode["tag"],
][] = [
  ["says nothing", { firstByte: SHORT }, () => {}, "connection-read-timeout"],
  [
    "says nothing, and the guest has no patience at all",
    { firstByte: 0 },
    () => {},
    "connection-read-timeout",
  ],
  [
    "never ends its header",
    { firstByte: LONGER },
    ({ socket }) => socket.write(`${OK}A: `),
    "HTTP-response-timeout",
  ],
  ["never ends its header, byte by byte", { firstByte: LONGER }, ({ socket }) => {
    const drip = setInterval(() => socket.write("a"), 5);
    socket.write(`${OK}A: `);
    socket.on("close", () => clearInterval(drip));
  }, "HTTP-response-timeout"],
  [
    "has only hints",
    { firstByte: LONGER },
    ({ socket }) => socket.write("HTTP/1.1 103 Hm\r\n\r\n"),
    "HTTP-response-timeout",
  ],
];

for (const [what, option, answer, code] of WAITS) {
  Deno.test(`a server that ${what}: ${code}`, async () => {
    await using server = await RawServer.start(answer);
    using guest = new Guest();
    assert.deepEqual(codeOf(await guest.get({ authority: server.authority }, timeouts(option))), {
      tag: code,
    });
    await (await server.peer(0)).closed;
  });
}

Deno.test("contents that do not begin in time: connection-read-timeout", async () => {
  await using server = await RawServer.start(({ socket }) => socket.write(`${OK}Content-Length: 3\r\n\r\n`));
  using guest = new Guest();
  const response = responseOf(
    await guest.get({ authority: server.authority }, timeouts({ firstByte: SHORT })),
  );
  const { error, trailers } = await read(response);
  assert.deepEqual(error, { tag: "connection-read-timeout" });
  assert.deepEqual(trailers, { tag: "connection-read-timeout" });
});

Deno.test("contents that do not go on: what came, and then connection-read-timeout", async () => {
  await using server = await RawServer.start(({ socket }) =>
    socket.write(`${OK}Content-Length: 9\r\n\r\nabc`)
  );
  using guest = new Guest();
  const response = responseOf(
    await guest.get({ authority: server.authority }, timeouts({ betweenBytes: SHORT })),
  );
  const { text, error } = await read(response);
  assert.equal(text, "abc");
  assert.deepEqual(error, { tag: "connection-read-timeout" });
  await server.peers[0]!.closed;
});

Deno.test("contents that are slow and go on have no end", async () => {
  await using server = await RawServer.start(async ({ socket }) => {
    socket.write(`${OK}Content-Length: 30\r\n\r\n`);
    for (let i = 0; i < 30; i++) {
      socket.write("a");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    socket.end();
  });
  using guest = new Guest();
  const options = timeouts({ firstByte: 1000, betweenBytes: 1000 });
  const response = responseOf(await guest.get({ authority: server.authority }, options));
  assert.deepEqual(await read(response), { text: "a".repeat(30), error: undefined, trailers: undefined });
});

Deno.test("a guest that takes its time is not the server's fault", async () => {
  const length = 8 << 20;
  await using server = await RawServer.start(({ socket }) => {
    socket.end(`${OK}Content-Length: ${length}\r\n\r\n${"a".repeat(length)}`);
  });
  using guest = new Guest();
  const options = timeouts({ firstByte: SHORT, betweenBytes: SHORT });
  const response = responseOf(await guest.get({ authority: server.authority }, options));
  await new Promise((resolve) => setTimeout(resolve, 5 * SHORT));
  const { text, error } = await read(response);
  assert.equal(error, undefined);
  assert.equal(text.length, length);
});

Deno.test("a server that does not take what it is sent: connection-write-timeout", async () => {
  await using server = await RawServer.start(({ socket }) => socket.pause());
  using guest = new Guest();
  const request = requestOf({ authority: server.authority, method: { tag: "post" } });
  const body = request.body();
  const stream = body.write();
  const future = guest.handle(request, timeouts({ betweenBytes: SHORT }));
  await assert.rejects(async () => {
    for (;;) await stream.blockingWriteAndFlush(new Uint8Array(4096));
  }, (error) => streamError(error)?.tag === "connection-write-timeout");
  stream[Symbol.dispose]();
  body[Symbol.dispose]();
  assert.deepEqual(codeOf(await outcomeOf(future)), { tag: "connection-write-timeout" });
});

Deno.test("a guest that writes slowly may do so as long as it likes", async () => {
  await using server = await RawServer.start(async ({ socket, until }) => {
    await until(/\r\n0\r\n\r\n$/);
    socket.end(`${OK}Content-Length: 0\r\n\r\n`);
  });
  using guest = new Guest();
  const request = requestOf({ authority: server.authority, method: { tag: "post" } });
  const body = request.body();
  const stream = body.write();
  const future = guest.handle(request, timeouts({ firstByte: 1000, betweenBytes: 1000 }));
  for (let i = 0; i < 30; i++) {
    await stream.blockingWriteAndFlush(bytes("a"));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  stream[Symbol.dispose]();
  OutgoingBody.finish(body, undefined);
  assert.equal(responseOf(await outcomeOf(future)).status(), 200);
});

Deno.test("a guest that never finishes its request is not waited for", async () => {
  await using server = await RawServer.start(() => {});
  using guest = new Guest();
  const request = requestOf({ authority: server.authority, method: { tag: "post" } });
  const body = request.body();
  const future = guest.handle(request, timeouts({ firstByte: SHORT }));
  assert.deepEqual(codeOf(await outcomeOf(future)), { tag: "connection-read-timeout" });
  body[Symbol.dispose]();
});

Deno.test("a TLS handshake that is not answered: connection-timeout", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const authority = `127.0.0.1:${listener.addr.port}`;
  using guest = new Guest();
  const accepted = listener.accept();
  const options = timeouts({ connect: SHORT });
  const code = codeOf(await guest.get({ authority, scheme: { tag: "HTTPS" } }, options));
  assert.deepEqual(code, { tag: "connection-timeout" });
  using connection = await accepted;
  const hello = new Uint8Array(1024);
  while (await connection.read(hello) !== null);
});

Deno.test("waiting for a place among the guest's connections: connection-limit-reached", async () => {
  await using server = await RawServer.start(({ socket }) =>
    socket.write(`${OK}Content-Length: 9\r\n\r\nabc`)
  );
  using guest = new Guest(undefined, { sockets: 1 });
  const first = responseOf(await guest.get({ authority: server.authority }));
  const code = codeOf(await guest.get({ authority: server.authority }, timeouts({ connect: SHORT })));
  assert.deepEqual(code, { tag: "connection-limit-reached" });
  const second = guest.handle(requestOf({ authority: server.authority }), undefined);
  first[Symbol.dispose]();
  assert.equal(responseOf(await outcomeOf(second)).status(), 200, "its place is free again");
});

Deno.test("no place at all, and nobody who would make one: connection-limit-reached at once", async () => {
  await using server = await RawServer.start(() => {});
  using guest = new Guest(undefined, { sockets: 1 });
  const give = guest.reach.take();
  const code = codeOf(await guest.get({ authority: server.authority }));
  assert.deepEqual(code, { tag: "connection-limit-reached" });
  give();
});

Deno.test("an answer in time stays an answer", async () => {
  await using server = await RawServer.start(({ socket }) => socket.end(`${OK}Content-Length: 3\r\n\r\nabc`));
  using guest = new Guest();
  const request = requestOf({ authority: server.authority });
  await write(request, "");
  const future = guest.handle(request, timeouts({ connect: 5000, firstByte: 5000, betweenBytes: SHORT }));
  const response = responseOf(await outcomeOf(future));
  const body = response.consume();
  await new Promise((resolve) => setTimeout(resolve, 3 * SHORT));
  const stream = body.stream();
  assert.equal(text(await stream.blockingRead(9n)), "abc");
  assert.throws(() => stream.read(9n), /closed/);
});
