/** Servers that misbehave, one by one, and what a guest learns of each. */
import assert from "node:assert/strict";
import type { ErrorCode } from "../../src/wasi/http/types.ts";
import { codeOf, drain, Guest, type Peer, RawServer, read, responseOf, timeouts } from "./http_support.ts";

type Answer = string | ((peer: Peer) => void);

const OK = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const tag = (tag: string) => ({ tag }) as ErrorCode;
const none = (tag: string) => ({ tag, val: undefined }) as ErrorCode;
const MANY = 140_000;

/** No response. */
const HEADERS: readonly [what: string, answer: Answer, code: ErrorCode][] = [
  ["says nothing and closes", "", tag("connection-terminated")],
  ["resets", ({ socket }) => socket.resetAndDestroy(), tag("connection-terminated")],
  ["speaks something else", "220 mail.example ESMTP\r\n\r\n", tag("HTTP-protocol-error")],
  ["speaks HTTP/2", "\0\0\x12\x04\0\0\0\0\0", tag("HTTP-protocol-error")],
  ["speaks TLS", "\x15\x03\x01\x00\x02\x02\x16", tag("HTTP-protocol-error")],
  ["has a version of its own", "HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n", tag("HTTP-protocol-error")],
  [
    "has a status of four digits",
    "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
    tag("HTTP-protocol-error"),
  ],
  ["puts a space in a name", `${OK}A B: 0\r\n\r\n`, tag("HTTP-protocol-error")],
  ["puts a NUL in a value", `${OK}A: \0\r\n\r\n`, tag("HTTP-protocol-error")],
  ["folds a line", `${OK}A: b\r\n c\r\nContent-Length: 0\r\n\r\n`, tag("HTTP-protocol-error")],
  ["ends lines in a bare LF", "HTTP/1.1 200 OK\nContent-Length: 2\n\nab", tag("HTTP-protocol-error")],
  ["says two lengths", `${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, tag("HTTP-protocol-error")],
  ["says a length that is no number", `${OK}Content-Length: two\r\n\r\nab`, tag("HTTP-protocol-error")],
  ["says a length below zero", `${OK}Content-Length: -2\r\n\r\nab`, tag("HTTP-protocol-error")],
  [
    "says a length and chunks",
    `${OK}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    tag("HTTP-protocol-error"),
  ],
  ["closes within the header", `${OK}A: b\r\n`, tag("HTTP-response-incomplete")],
  [
    "sends a header that is too long",
    `${OK}A: ${"x".repeat(MANY)}\r\n\r\n`,
    none("HTTP-response-header-section-size"),
  ],
  [
    "sends a name that is too long",
    `${OK}${"x".repeat(MANY)}: a\r\n\r\n`,
    none("HTTP-response-header-section-size"),
  ],
  ["sends 1,025 fields", `${OK}${"a:b\r\n".repeat(1025)}\r\n`, none("HTTP-response-header-section-size")],
  ["sends 40,000 fields", `${OK}${"a:b\r\n".repeat(40_000)}\r\n`, none("HTTP-response-header-section-size")],
  [
    "compresses the transfer",
    `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    { tag: "HTTP-response-transfer-coding", val: "gzip, chunked" },
  ],
  [
    "compresses the transfer and ends it by closing",
    `${OK}Transfer-Encoding: gzip\r\n\r\nabc`,
    { tag: "HTTP-response-transfer-coding", val: "gzip" },
  ],
  [
    "changes the protocol",
    "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nabc",
    tag("HTTP-upgrade-failed"),
  ],
  ["changes it without saying to what", "HTTP/1.1 101 Hm\r\n\r\nabc", tag("HTTP-upgrade-failed")],
  ["never comes to the point", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(65), tag("HTTP-protocol-error")],
];

for (const [what, answer, code] of HEADERS) {
  Deno.test(`a server that ${what}: ${code.tag}`, async () => {
    await using server = await RawServer.start((peer) =>
      typeof answer === "string" ? peer.socket.end(answer, "latin1") : answer(peer)
    );
    using guest = new Guest();
    assert.deepEqual(codeOf(await guest.get({ authority: server.authority })), code);
    await server.peers[0]!.closed;
  });
}

/** A response, and then this. */
const BODIES: readonly [what: string, answer: Answer, text: string, code: ErrorCode][] = [
  ["is shorter than it said", `${OK}Content-Length: 9\r\n\r\nabc`, "abc", tag("HTTP-response-incomplete")],
  ["ends within a chunk", `${CHUNKED}9\r\nabc`, "abc", tag("HTTP-response-incomplete")],
  ["ends without the last chunk", `${CHUNKED}3\r\nabc\r\n`, "abc", tag("HTTP-response-incomplete")],
  ["ends within the trailers", `${CHUNKED}0\r\nA: b\r\n`, "", tag("HTTP-response-incomplete")],
  [
    "has a chunk of no size",
    `${CHUNKED}zz\r\n\r\n`,
    "",
    { tag: "HTTP-response-transfer-coding", val: "chunked" },
  ],
  [
    "has a chunk longer than its size",
    `${CHUNKED}1\r\nabc\r\n0\r\n\r\n`,
    "",
    { tag: "HTTP-response-transfer-coding", val: "chunked" },
  ],
  [
    "has a chunk larger than numbers go",
    `${CHUNKED}fffffffffffffffff\r\n`,
    "",
    { tag: "HTTP-response-transfer-coding", val: "chunked" },
  ],
];

for (const [what, answer, text, code] of BODIES) {
  Deno.test(`a response that ${what}: ${code.tag}, and so say its trailers`, async () => {
    await using server = await RawServer.start(({ socket }) => socket.end(answer as string, "latin1"));
    using guest = new Guest();
    const got = await read(responseOf(await guest.get({ authority: server.authority })));
    assert.deepEqual(got.error, code);
    assert.deepEqual(got.trailers, code);
    assert.ok(text.startsWith(got.text), "and nothing that did not come");
  });
}

Deno.test("a response that ends in a reset: connection-terminated", async () => {
  await using server = await RawServer.start(({ socket }) =>
    socket.write(`${OK}Content-Length: 9\r\n\r\nabc`)
  );
  using guest = new Guest();
  const response = responseOf(await guest.get({ authority: server.authority }));
  const body = response.consume();
  const stream = body.stream();
  await stream.blockingRead(3n);
  server.peers[0]!.socket.resetAndDestroy();
  assert.deepEqual((await drain(stream)).error, tag("connection-terminated"));
});

Deno.test("trailers that are too many are an error of the trailers", async () => {
  for (const trailers of [`A: ${"x".repeat(MANY)}\r\n`, "a:b\r\n".repeat(1025)]) {
    await using server = await RawServer.start(({ socket }) => socket.end(`${CHUNKED}0\r\n${trailers}\r\n`));
    using guest = new Guest();
    const got = await read(responseOf(await guest.get({ authority: server.authority })));
    assert.deepEqual(got.trailers, none("HTTP-response-trailer-section-size"));
  }
});

/** What comes after the response is no part of it; nor are contents that a response cannot have. */
const WHOLE: readonly [what: string, method: "get" | "head", answer: string, status: number, text: string][] =
  [
    [
      "with more behind its end",
      "get",
      `${OK}Content-Length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\n\r\n`,
      200,
      "abc",
    ],
    [
      "with contents that a 204 cannot have",
      "get",
      "HTTP/1.1 204 No\r\nContent-Length: 3\r\n\r\nabc",
      204,
      "",
    ],
    [
      "with contents that a 304 cannot have",
      "get",
      "HTTP/1.1 304 No\r\nContent-Length: 3\r\n\r\nabc",
      304,
      "",
    ],
    ["to HEAD, with contents", "head", `${OK}Content-Length: 3\r\n\r\nabc`, 200, ""],
    ["that ends with the connection", "get", "HTTP/1.0 200 OK\r\n\r\nabc", 200, "abc"],
    [
      "after two that are none yet",
      "get",
      `${"HTTP/1.1 100 Continue\r\n\r\n".repeat(2)}${OK}Content-Length: 3\r\n\r\nabc`,
      200,
      "abc",
    ],
    ["with 1,024 fields", "get", `${OK}Content-Length: 3\r\n${"a:b\r\n".repeat(1023)}\r\nabc`, 200, "abc"],
    ["with a status of its own", "get", "HTTP/1.1 599 Hm\r\nContent-Length: 0\r\n\r\n", 599, ""],
    ["with no reason", "get", "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", 404, ""],
  ];

for (const [what, method, answer, status, text] of WHOLE) {
  Deno.test(`a response ${what} is a response`, async () => {
    await using server = await RawServer.start(({ socket }) => socket.end(answer));
    using guest = new Guest();
    const response = responseOf(await guest.get({ authority: server.authority, method: { tag: method } }));
    assert.equal(response.status(), status);
    assert.deepEqual(await read(response), { text, error: undefined, trailers: undefined });
  });
}

Deno.test("nobody listens there: connection-refused", async () => {
  const server = await RawServer.start(() => {});
  await server[Symbol.asyncDispose]();
  using guest = new Guest();
  assert.deepEqual(codeOf(await guest.get({ authority: server.authority })), tag("connection-refused"));
});

Deno.test("a name that does not exist is an error of DNS, or its lookup takes too long", async () => {
  using guest = new Guest();
  const code = codeOf(await guest.get({ authority: "no-such-name.invalid" }, timeouts({ connect: 3000 })));
  assert.ok(["DNS-error", "DNS-timeout", "connection-timeout"].includes(code.tag), code.tag);
});

Deno.test("an error tells a guest nothing of the host", async () => {
  using guest = new Guest({ rules: undefined, private: false });
  const code = codeOf(await guest.get({ authority: "127.0.0.1:1" }));
  assert.deepEqual(code, tag("destination-IP-prohibited"));
});
