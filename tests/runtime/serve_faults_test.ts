/** `Runtime.serve`: guests that do wrong, and clients that are slow, wrong or gone. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { CLOSE, contents, exchange, request, serving, Wire } from "./serve_support.ts";

const MALFORMED: readonly (readonly [name: string, text: string, status: number])[] = [
  ["no request at all", "GARBAGE\r\n\r\n", 400],
  ["two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400],
  ["a host with a space", "GET /hello HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n", 400],
  ["a host with a path", "GET /public HTTP/1.1\r\nHost: a/headers?\r\nConnection: close\r\n\r\n", 400],
  ["a host with a query", "GET /public HTTP/1.1\r\nHost: a?\r\nConnection: close\r\n\r\n", 400],
  ["a host with a fragment", "GET /public HTTP/1.1\r\nHost: a/headers#\r\nConnection: close\r\n\r\n", 400],
  ["a host that is no text", "GET /hello HTTP/1.1\r\nHost: \xff\r\nConnection: close\r\n\r\n", 400],
  ["a host with a user", "GET /hello HTTP/1.1\r\nHost: me@a\r\nConnection: close\r\n\r\n", 400],
  [
    "two lengths",
    "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    400,
  ],
  [
    "a length and chunks",
    "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    400,
  ],
  ["too long a field", `GET /hello HTTP/1.1\r\nHost: a\r\nX: ${"a".repeat(2_000_000)}\r\n\r\n`, 400],
  ["a tunnel", "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\nConnection: close\r\n\r\n", 501],
];

serving(
  "malformed requests are refused at the door, and the service goes on",
  async ({ port, url, errors }) => {
    for (const [name, text, status] of MALFORMED) {
      const response = await exchange(port, text).catch((error) => `closed: ${error.message}`);
      assert.match(response, new RegExp(`^HTTP/1\\.1 ${status} |^closed: |^$`), name);
      assert.equal(await (await fetch(`${url}/hello`)).text(), "hello, world\n", `after ${name}`);
    }
    assert.deepEqual(errors.all, []);
  },
);

serving(
  "requests with something wrong in them, at random: the service goes on",
  async ({ port, url, errors }) => {
    const valid = [
      request("/hello", ["X-A: 1", "Cookie: a=b"]),
      request("/upload", ["Transfer-Encoding: chunked"], "POST") + "3\r\nabc\r\n0\r\n\r\n",
      request("/echo", ["Content-Length: 3"], "POST") + "abc",
      request("/headers", ["Connection: close", "TE: trailers"]),
    ];
    const piece = fc.oneof(
      fc.constantFrom("\r\n", "\n", "\0", ":", " ", "HTTP/1.1", "\r\n\r\n", "0", "Content-Length: 99\r\n"),
      fc.string({ unit: "binary", maxLength: 8 }).map((text) => text.replaceAll(/[^\0-\xff]/g, "?")),
    );
    const mutation = fc.record({ at: fc.nat(200), cut: fc.nat(6), piece });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...valid),
        fc.array(mutation, { maxLength: 4 }),
        async (text, mutations) => {
          for (const { at, cut, piece } of mutations) {
            const from = at % text.length;
            text = text.slice(0, from) + piece + text.slice(from + cut);
          }
          using wire = await Wire.to(port);
          await wire.send(text).catch(() => {});
          await wire.shut();
          await wire.end().catch(() => {});
        },
      ),
      { numRuns: 150 },
    );
    assert.equal(await (await fetch(`${url}/hello`)).text(), "hello, world\n");
    // A guest that was cut off in the middle of a request may fail; nothing else does.
    for (const error of errors.all) assert.match(error, /^\S+ \S+: (Trap|HandlerError): /);
  },
);

/** What a guest does wrong, what the client gets, and what the operator is told. */
const MISDEEDS: readonly (readonly [path: string, status: number, cut: string | undefined, error: RegExp])[] =
  [
    ["/trap", 500, undefined, /^GET \/trap: Trap: wasm trap: unreachable$/],
    [
      "/never",
      500,
      undefined,
      /^GET \/never: HandlerError: it returned without calling response-outparam\.set$/,
    ],
    ["/error/38", 500, undefined, /^GET \/error\/38: HandlerError: it answered internal-error$/],
    [
      "/error/33",
      504,
      undefined,
      /^GET \/error\/33: HandlerError: it answered HTTP-response-timeout$/,
    ],
    ["/no-body?length=1", 500, undefined, /promises 5 bytes and has no body$/],
    ["/twice", 200, "", /^GET \/twice: Trap: unknown handle index \d+ \(response-outparam\)$/],
    ["/late-trap", 200, "part", /Trap: wasm trap: unreachable$/],
    ["/late-trap?ms=20", 200, "part", /Trap: wasm trap: unreachable$/],
    ["/unfinished", 200, "part", /it returned without finishing its response$/],
    ["/dropped", 200, "part", /it returned without finishing its response$/],
    ["/wrong-length", 200, "part", /it returned without finishing its response$/],
    ["/too-long", 200, "", /it returned without finishing its response$/],
  ];

for (const [path, status, cut, error] of MISDEEDS) {
  const what = cut === undefined ? `${status}` : `${status}, and an end that is none`;
  serving(`${path}: ${what}; the operator is told once, and the next request is answered`, async (served) => {
    const { port, url, errors, records } = served;
    const response = await exchange(port, request(path, CLOSE));
    assert.match(response, new RegExp(`^HTTP/1\\.1 ${status} `));
    if (cut !== undefined) {
      const whole = /\r\ntransfer-encoding: chunked\r\n/i.test(response)
        ? /\r\n0\r\n\r\n$/.test(response)
        : contents(response).length === Number(/content-length: (\d+)/i.exec(response)![1]);
      assert.equal(whole, false, "the client can tell that it is incomplete");
      assert.ok(response.includes(cut));
    }
    assert.equal(await (await fetch(`${url}/hello`)).text(), "hello, world\n");
    await records.find((record) => record.path === "/hello");
    assert.equal(errors.all.length, 1);
    assert.match(errors.all[0]!, error);
    assert.equal(records.all[0]!.ended, cut === undefined ? "complete" : "cut");
  });
}

serving("a client that reads slowly slows the guest down, and gets everything", async ({ port, records }) => {
  const bytes = 40_000_000;
  using wire = await Wire.to(port);
  await wire.send(`GET /big?bytes=${bytes} HTTP/1.0\r\n\r\n`);
  const begun = await wire.until(/\r\n\r\n/);
  // What the network and the server hold is a few megabytes: the guest is far from done while nobody reads.
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(records.all.length, 0);
  assert.equal(contents(begun).length + await wire.count(), bytes);
  assert.equal((await records.find(() => true)).bytes, bytes);
});

serving("a client that leaves in the middle of a response: the guest's writes fail", async (served) => {
  const { port, url, stderr, records, errors } = served;
  {
    using wire = await Wire.to(port);
    await wire.send(request("/endless"));
    await wire.until(/\r\n\r\n/);
  }
  await stderr.until("endless: closed\n");
  assert.equal((await records.find(() => true)).ended, "gone");
  assert.equal(await (await fetch(`${url}/hello`)).text(), "hello, world\n");
  assert.deepEqual(errors.all, [], "that is no error");
});

serving("a client that leaves in the middle of its request: the guest's reads fail", async (served) => {
  const { port, url, stderr, errors } = served;
  {
    using wire = await Wire.to(port);
    await wire.send(request("/echo", ["Content-Length: 100"], "POST") + "abc");
    await wire.until(/abc/);
  }
  await stderr.until("echo read: connection-terminated\n");
  assert.equal(await (await fetch(`${url}/hello`)).text(), "hello, world\n");
  assert.deepEqual(errors.all, []);
});

serving(
  "a client that leaves while the guest sleeps: the guest has some time left, and is given up",
  async (served) => {
    const { port, url, records, errors, stderr } = served;
    {
      using wire = await Wire.to(port);
      await wire.send(request("/slow?ms=100000000"));
      await stderr.until("slow: asleep\n");
    }
    {
      using wire = await Wire.to(port);
      await wire.send(request("/drip?lines=2&ms=100000000"));
      await wire.until(/line 0/);
    }
    for (const name of ["/slow", "/drip"]) {
      assert.equal((await records.find(({ path }) => path.startsWith(name))).ended, "gone", name);
    }
    assert.deepEqual(errors.all, [], "that is no error");
    assert.equal(stderr.text, "slow: asleep\n", "it did not run on");
    assert.equal(await (await fetch(`${url}/hello`)).text(), "hello, world\n");
  },
  { graceMs: 100 },
);

serving("a guest may finish its work after its client has left", async ({ port, records, stderr }) => {
  {
    using wire = await Wire.to(port);
    await wire.send(request("/slow?ms=1500"));
    await stderr.until("slow: asleep\n");
  }
  await stderr.until("slow: awake\n");
  assert.equal((await records.find(() => true)).ended, "gone");
});

serving("a guest may go on after its response", async ({ url, records, stderr }) => {
  assert.equal(
    await (await fetch(`${url}/after?ms=200`)).text(),
    "before\n",
    "the client does not wait for that",
  );
  assert.equal(stderr.text, "");
  await stderr.until("after: done\n");
  await records.find(() => true);
});

serving(
  "requestTimeoutMs: 504 from a guest that waits, and the end of a response that has begun",
  async (served) => {
    const { url, port, errors } = served;
    const slow = await fetch(`${url}/slow?ms=100000000`);
    assert.equal(slow.status, 504);
    assert.equal(await slow.text(), "Gateway Timeout\n");
    const begun = await exchange(port, request("/drip?lines=2&ms=100000000", CLOSE));
    assert.match(begun, /line 0\n/);
    assert.doesNotMatch(begun, /\r\n0\r\n\r\n$/);
    assert.deepEqual(errors.all.map((text) => text.replace(/^\S+ \S+ /, "")), [
      "RequestError: it took longer than 300 ms",
      "RequestError: it took longer than 300 ms",
    ]);
    assert.equal(await (await fetch(`${url}/hello`)).text(), "hello, world\n");
  },
  { requestTimeoutMs: 300 },
);

serving("clientTimeoutMs: who neither sends nor takes anything is taken for gone", async (served) => {
  const { port, url, stderr } = served;
  using reader = await Wire.to(port);
  await reader.send(request("/endless"));
  using writer = await Wire.to(port);
  await writer.send(request("/upload", ["Content-Length: 100"], "POST") + "abc");
  await stderr.until("endless: closed\n");
  await stderr.until("upload: 3 and then connection-read-timeout\n");
  assert.equal(await (await fetch(`${url}/hello`)).text(), "hello, world\n");
}, { clientTimeoutMs: 500 });

serving("maxBodyBytes: 413, before the guest starts where the length is known", async (served) => {
  const { port, url, records, stderr } = served;
  const known = request("/upload", ["Content-Length: 1001", ...CLOSE], "POST");
  assert.match(await exchange(port, known, /\r\n\r\n/), /^HTTP\/1\.1 413 /, "nothing has to be sent");
  assert.equal(stderr.text, "");
  const stream = () => new Blob(["a".repeat(1001)]).stream();
  const reported = await fetch(`${url}/upload?fail=1`, { method: "POST", body: stream() });
  assert.equal(reported.status, 413);
  await reported.body?.cancel();
  await stderr.until("HTTP-request-body-size\n");
  const handled = await fetch(`${url}/upload`, { method: "POST", body: stream() });
  assert.match(
    await handled.text(),
    /and then HTTP-request-body-size$/,
    "the guest may say it in its own words",
  );
  const fits = await fetch(`${url}/upload`, { method: "POST", body: "a".repeat(1000) });
  assert.equal(await fits.text(), "1000");
  assert.deepEqual(records.all.map(({ status }) => status), [413, 413, 200, 200]);
}, { maxBodyBytes: 1000 });
