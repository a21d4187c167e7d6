/** Servers that say anything at all: whatever it is, a guest's request comes to an end, and the next one works. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { roomLeft } from "../../src/wasi/http/ledger.ts";
import { Guest, outcomeOf, RawServer, read, requestOf, timeouts, write } from "./http_support.ts";

/** Pieces that responses are made of, good and bad. */
const PIECES = [
  "HTTP/1.1 200 OK\r\n",
  "HTTP/1.0 200 OK\r\n",
  "HTTP/1.1 204 No Content\r\n",
  "HTTP/1.1 304 Not Modified\r\n",
  "HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.1 101 Switching Protocols\r\n",
  "HTTP/1.1 999 \r\n",
  "HTTP/2 200\r\n",
  "Content-Length: 3\r\n",
  "Content-Length: 0\r\n",
  "Content-Length: 99999999999999999999\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding: gzip\r\n",
  "Connection: close\r\n",
  "Connection: keep-alive\r\n",
  "Upgrade: websocket\r\n",
  "A: b\r\n",
  "A : b\r\n",
  ": b\r\n",
  "\r\n",
  "\n",
  "\r",
  "abc",
  "3\r\nabc\r\n",
  "3;a=b\r\nabc\r\n",
  "ffffffffffffffff\r\n",
  "0\r\n\r\n",
  "0\r\nA: b\r\n\r\n",
  "\0",
  "\xff",
];

const CODES: ReadonlySet<string> = new Set([
  "connection-read-timeout",
  "connection-terminated",
  "HTTP-protocol-error",
  "HTTP-response-header-section-size",
  "HTTP-response-incomplete",
  "HTTP-response-timeout",
  "HTTP-response-trailer-section-size",
  "HTTP-response-transfer-coding",
  "HTTP-upgrade-failed",
]);

const scripts = fc.record({
  pieces: fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary-ascii" })), {
    maxLength: 12,
  }),
  begins: fc.boolean(),
  end: fc.constantFrom("end", "reset", "nothing"),
  apart: fc.boolean(),
  contents: fc.option(fc.string()),
});

Deno.test("anything a server says ends a request with a response or an error that has a name", async () => {
  let script: { pieces: string[]; begins: boolean; end: string; apart: boolean } | undefined;
  await using server = await RawServer.start(async ({ socket }) => {
    if (script === undefined) return void socket.end("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine");
    const { pieces, begins, end, apart } = script;
    for (const piece of begins ? [PIECES[0]!, ...pieces] : pieces) {
      socket.write(piece, "latin1");
      if (apart) await new Promise((resolve) => setImmediate(resolve));
    }
    if (end === "end") socket.end();
    else if (end === "reset") socket.resetAndDestroy();
  });
  using guest = new Guest();
  const before = roomLeft();
  await fc.assert(
    fc.asyncProperty(scripts, async ({ contents, ...given }) => {
      script = given;
      const request = requestOf({
        authority: server.authority,
        method: { tag: contents === null ? "get" : "post" },
      });
      if (contents !== null) await write(request, contents);
      const result = await outcomeOf(guest.handle(request, timeouts({ firstByte: 50, betweenBytes: 50 })));
      if ("tag" in result) {
        assert.ok(CODES.has(result.tag), result.tag);
      } else {
        const { error, trailers } = await read(result);
        if (error !== undefined) {
          assert.ok(CODES.has(error.tag), error.tag);
          assert.deepEqual(trailers, error);
        }
      }
      script = undefined;
      const next = await guest.get({ authority: server.authority });
      assert.ok(!("tag" in next), JSON.stringify(next));
      assert.equal((await read(next)).text, "fine");
      assert.equal(roomLeft(), before);
    }),
    { numRuns: 300 },
  );
});
