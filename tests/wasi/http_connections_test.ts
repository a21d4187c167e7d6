/** How many connections a guest has, which it uses again, and what is left when it ends. */
import assert from "node:assert/strict";
import { codeOf, Guest, RawServer, read, requestOf, responseOf } from "./http_support.ts";
import { network } from "./network_support.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const answerAll =
  (text: string) => ({ socket, received }: { socket: import("node:net").Socket; received: () => string }) => {
    let answered = 0;
    const answer = () => {
      const asked = received().split("\r\n\r\n").length - 1;
      for (; answered < asked; answered++) socket.write(`${OK}Content-Length: ${text.length}\r\n\r\n${text}`);
    };
    socket.on("data", answer);
    answer();
  };

Deno.test("1,000 requests at once all come to an end", async () => {
  let open = 0;
  let most = 0;
  await using server = await RawServer.start(({ socket }) => {
    most = Math.max(most, ++open);
    socket.on("close", () => open--);
    setTimeout(() => socket.end(`${OK}Content-Length: 5\r\nConnection: close\r\n\r\nhello`), 10);
  });
  using guest = new Guest();
  const began = performance.now();
  const all = await Promise.all(Array.from({ length: 1000 }, async () => {
    return (await read(responseOf(await guest.get({ authority: server.authority })))).text;
  }));
  assert.deepEqual(all, Array(1000).fill("hello"));
  assert.equal(server.peers.length, 1000);
  assert.ok(most <= guest.reach.limits.sockets, `${most} at once`);
  assert.ok(most > 20, "at once, and not one after the other");
  console.log(`1,000 requests: ${Math.round(performance.now() - began)} ms, ${most} connections at most`);
});

Deno.test("a connection is used again for a request that can be repeated", async () => {
  await using server = await RawServer.start(answerAll("ok"));
  using guest = new Guest();
  for (const tag of ["get", "options", "trace", "get"] as const) {
    await read(responseOf(await guest.get({ authority: server.authority, method: { tag } })));
  }
  assert.equal(server.peers.length, 1);
});

Deno.test("a request that cannot be repeated has a connection of its own", async () => {
  await using server = await RawServer.start(answerAll("ok"));
  using guest = new Guest();
  for (let i = 0; i < 3; i++) {
    await read(responseOf(await guest.get({ authority: server.authority, method: { tag: "post" } })));
  }
  assert.equal(server.peers.length, 3);
});

Deno.test("a connection is used again for the same scheme, host and port alone, and for the same guest", async () => {
  await using server = await RawServer.start(answerAll("ok"));
  using guest = new Guest(network([`localhost:${server.port}`, `127.0.0.1:${server.port}`], true));
  using other = new Guest();
  await read(responseOf(await guest.get({ authority: server.authority })));
  await read(responseOf(await guest.get({ authority: `localhost:${server.port}` })));
  await read(responseOf(await other.get({ authority: server.authority })));
  assert.equal(server.peers.length, 3);
  await read(responseOf(await guest.get({ authority: `LOCALHOST.:${server.port}` })));
  assert.equal(server.peers.length, 3);
});

Deno.test("a connection that the server closed meanwhile is not used again", async () => {
  await using server = await RawServer.start(({ socket }) => socket.end(`${OK}Content-Length: 2\r\n\r\nok`));
  using guest = new Guest();
  for (let i = 0; i < 5; i++) {
    assert.equal((await read(responseOf(await guest.get({ authority: server.authority })))).text, "ok");
  }
  assert.equal(server.peers.length, 5);
});

Deno.test("a connection that is closed at the moment of the next request costs another connection, no error", async () => {
  await using server = await RawServer.start(async ({ socket, until }, index) => {
    socket.write(`${OK}Content-Length: 2\r\n\r\nok`);
    if (index > 0) return;
    await until(/\r\n\r\n.*\r\n\r\n/s);
    socket.end();
  });
  using guest = new Guest();
  for (let i = 0; i < 2; i++) {
    assert.equal((await read(responseOf(await guest.get({ authority: server.authority })))).text, "ok");
  }
  assert.equal(server.peers.length, 2);
});

Deno.test("it is tried again once, and only if the server has said nothing", async () => {
  await using server = await RawServer.start(async ({ socket, until }, index) => {
    if (index > 0) return void socket.end();
    socket.write(`${OK}Content-Length: 2\r\n\r\nok`);
    await until(/second[^]*\r\n\r\n/);
    socket.end();
  });
  using guest = new Guest();
  await read(responseOf(await guest.get({ authority: server.authority })));
  const code = codeOf(await guest.get({ authority: server.authority, path: "/second" }));
  assert.deepEqual(code, { tag: "connection-terminated" });
  assert.equal(server.peers.length, 2);
});

Deno.test("what a server says unasked ends its connection, and is no answer", async () => {
  await using server = await RawServer.start(async ({ socket, until }, index) => {
    socket.write(`${OK}Content-Length: 2\r\n\r\n${index === 0 ? "ok" : "no"}`);
    if (index === 0) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      socket.write(`${OK}Content-Length: 6\r\n\r\nforged`);
    }
    await until(/never/).catch(() => {});
  });
  using guest = new Guest();
  assert.equal((await read(responseOf(await guest.get({ authority: server.authority })))).text, "ok");
  await server.peers[0]!.closed;
  assert.equal((await read(responseOf(await guest.get({ authority: server.authority })))).text, "no");
});

Deno.test("idle connections give way to others", async () => {
  await using server = await RawServer.start(answerAll("ok"));
  await using another = await RawServer.start(answerAll("ok"));
  using guest = new Guest(undefined, { sockets: 1 });
  for (let i = 0; i < 3; i++) {
    await read(responseOf(await guest.get({ authority: server.authority })));
    await read(responseOf(await guest.get({ authority: another.authority })));
  }
});

Deno.test("no more than eight connections are idle", async () => {
  await using server = await RawServer.start(answerAll("ok"));
  using guest = new Guest();
  const count = 30;
  await Promise.all(Array.from({ length: count }, async () => {
    await read(responseOf(await guest.get({ authority: server.authority })));
  }));
  assert.equal(server.peers.length, count);
  let closed = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const peer of server.peers) peer.closed.then(() => ++closed === count - 8 && resolve());
  await promise;
  for (let i = 0; i < 8; i++) await read(responseOf(await guest.get({ authority: server.authority })));
  assert.equal(server.peers.length, count, "those that are left are used");
});

Deno.test("a guest that ends closes what it left idle", async () => {
  await using server = await RawServer.start(answerAll("ok"));
  const guest = new Guest();
  await read(responseOf(await guest.get({ authority: server.authority })));
  guest.reach.close();
  await server.peers[0]!.closed;
});

Deno.test("requests wait for a place, and all get one", async () => {
  await using server = await RawServer.start(answerAll("ok"));
  using guest = new Guest(undefined, { sockets: 2 });
  const all = await Promise.all(Array.from({ length: 50 }, async (_, i) => {
    const method = { tag: i % 2 === 0 ? "get" : "post" } as const;
    return (await read(responseOf(await guest.get({ authority: server.authority, method })))).text;
  }));
  assert.deepEqual(all, Array(50).fill("ok"));
});

Deno.test("a request that waits for a place can be given up", async () => {
  await using server = await RawServer.start(({ socket }) =>
    socket.write(`${OK}Content-Length: 9\r\n\r\nabc`)
  );
  using guest = new Guest(undefined, { sockets: 1 });
  const first = responseOf(await guest.get({ authority: server.authority }));
  guest.handle(requestOf({ authority: server.authority }), undefined)[Symbol.dispose]();
  first[Symbol.dispose]();
  assert.equal(responseOf(await guest.get({ authority: server.authority })).status(), 200);
  assert.equal(server.peers.length, 2);
});
