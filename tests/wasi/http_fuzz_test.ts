/**
 * Servers that say anything at all, and guests that do anything at all: whatever it is, it comes to an end, nothing is
 * left behind, and the next request works.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { roomLeft } from "../../src/wasi/http/ledger.ts";
import { ComponentError, Trap } from "../../src/component/error.ts";
import { Fields } from "../../src/wasi/http/fields.ts";
import type { FutureIncomingResponse } from "../../src/wasi/http/future_incoming_response.ts";
import type { FutureTrailers } from "../../src/wasi/http/future_trailers.ts";
import { IncomingBody } from "../../src/wasi/http/incoming_body.ts";
import type { IncomingResponse } from "../../src/wasi/http/incoming_response.ts";
import { OutgoingBody } from "../../src/wasi/http/outgoing_body.ts";
import type { OutgoingRequest } from "../../src/wasi/http/outgoing_request.ts";
import type { InputStream } from "../../src/wasi/io/input_stream.ts";
import type { OutputStream } from "../../src/wasi/io/output_stream.ts";
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
  // So few that a connection that is not given back is missed at once.
  using guest = new Guest(undefined, { sockets: 4 });
  const before = roomLeft();
  await fc.assert(
    fc.asyncProperty(scripts, async ({ contents, ...given }) => {
      script = given;
      const request = requestOf({
        authority: server.authority,
        method: { tag: contents === null ? "get" : "post" },
      });
      if (contents !== null) await write(request, contents);
      const result = await outcomeOf(
        guest.handle(request, timeouts({ connect: 5000, firstByte: 50, betweenBytes: 50 })),
      );
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
      const next = await guest.get({ authority: server.authority }, timeouts({ connect: 5000 }));
      assert.ok(!("tag" in next), JSON.stringify(next));
      assert.equal((await read(next)).text, "fine");
      assert.equal(roomLeft(), before);
    }),
    { numRuns: 300 },
  );
});

/** What a guest has of one request. */
interface Hand {
  request?: OutgoingRequest | undefined;
  future?: FutureIncomingResponse | undefined;
  outgoing?: OutgoingBody | undefined;
  output?: OutputStream | undefined;
  response?: IncomingResponse | undefined;
  incoming?: IncomingBody | undefined;
  input?: InputStream | undefined;
  trailers?: FutureTrailers | undefined;
}

/** The most that a step waits: a guest polls with a clock as well. */
const moment = () => new Promise<void>((resolve) => setTimeout(resolve, 2));

/** One thing that a guest does. Where it has not what it takes, it does nothing. */
const STEPS: Readonly<Record<string, (hand: Hand, guest: Guest) => unknown>> = {
  send: (hand, guest) => {
    if (hand.request === undefined) return;
    const { request } = hand;
    hand.request = undefined;
    hand.future = guest.handle(request, timeouts({ connect: 5000, firstByte: 500, betweenBytes: 500 }));
  },
  askBody: (hand) => hand.outgoing ??= hand.request?.body(),
  askOutput: (hand) => hand.output ??= hand.outgoing?.write(),
  write: (hand) => {
    const room = Math.min(Number(hand.output?.checkWrite() ?? 0), 1000);
    if (room > 0) hand.output!.write(new Uint8Array(room));
  },
  finish: (hand) => {
    if (hand.outgoing === undefined || hand.output !== undefined) return;
    const { outgoing } = hand;
    hand.outgoing = undefined;
    OutgoingBody.finish(outgoing, Fields.fromList([["a", new Uint8Array(1).fill(0x61)]]));
  },
  take: (hand) => {
    const result = hand.future?.get();
    if (result?.tag === "ok" && result.val.tag === "ok") hand.response = result.val.val;
  },
  wait: (hand) => hand.future && Promise.race([hand.future.subscribe().block(), moment()]),
  consume: (hand) => hand.incoming ??= hand.response?.consume(),
  askInput: (hand) => hand.input ??= hand.incoming?.stream(),
  read: (hand) => void hand.input?.read(100n),
  finishIncoming: (hand) => {
    if (hand.incoming === undefined || hand.input !== undefined) return;
    const { incoming } = hand;
    hand.incoming = undefined;
    hand.trailers = IncomingBody.finish(incoming);
  },
  askTrailers: (hand) => {
    const result = hand.trailers?.get();
    if (result?.tag === "ok" && result.val.tag === "ok") result.val.val?.[Symbol.dispose]();
  },
  turn: () => new Promise<void>((resolve) => setImmediate(resolve)),
  moment,
};
const PARTS = [
  "output",
  "outgoing",
  "input",
  "incoming",
  "trailers",
  "response",
  "future",
  "request",
] as const;

function drop(hand: Hand, part: typeof PARTS[number]): void {
  hand[part]?.[Symbol.dispose]();
  hand[part] = undefined;
}

Deno.test("anything a guest does with a request leaves nothing behind once it has dropped it", async () => {
  await using server = await RawServer.start(async ({ socket, received, until }) => {
    const method = received().split(" ")[0];
    // The guest may never say the end.
    if (method === "PUT") await until(/\r\n0\r\n/).catch(() => {});
    if (method === "DELETE") return;
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    if (method !== "OPTIONS") socket.end("3\r\ndef\r\n0\r\nT: 1\r\n\r\n");
  });
  using guest = new Guest(undefined, { sockets: 1 });
  const before = roomLeft();
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...Object.keys(STEPS)) },
    { weight: 1, arbitrary: fc.constantFrom(...PARTS.map((part) => `drop ${part}`)) },
  );
  const lives = fc.record({
    method: fc.constantFrom("get", "post", "put", "delete", "options"),
    steps: fc.array(step, { minLength: 5, maxLength: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(lives, async ({ method, steps }) => {
      const hand: Hand = {
        request: requestOf({ authority: server.authority, method: { tag: method as "get" } }),
      };
      for (const name of ["askBody", "send", ...steps]) {
        try {
          if (name.startsWith("drop ")) drop(hand, name.slice(5) as typeof PARTS[number]);
          else await STEPS[name]!(hand, guest);
        } catch (error) {
          // It is told that it cannot, or it traps: then it goes on to drop everything.
          assert.ok(error instanceof ComponentError || error instanceof Trap, `${name}: ${error}`);
          if (error instanceof Trap) break;
        }
      }
      for (const part of PARTS) drop(hand, part);
      const next = await guest.get(
        { authority: server.authority },
        timeouts({ connect: 5000, firstByte: 5000 }),
      );
      assert.ok(!("tag" in next), JSON.stringify(next));
      assert.equal((await read(next)).text, "abcdef");
      assert.equal(roomLeft(), before);
    }),
    { numRuns: 300 },
  );
});
