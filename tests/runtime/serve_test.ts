/** `Runtime.serve`: a guest behind a port, and clients that are good, slow, wrong or gone. */
import assert from "node:assert/strict";
import {
  ClosedError,
  EntryError,
  ListenError,
  MethodError,
  Runtime,
  type ServeOptions,
  UnsupportedError,
} from "../../mod.ts";
import { exchange, METHOD, proxyEntry, proxyProject, request, type Web, web, Wire } from "./serve_support.ts";

/** The part after the header. */
const contents = (response: string) => response.slice(response.indexOf("\r\n\r\n") + 4);
const CLOSE = ["Connection: close"];

/** A test with a service of its own. */
function serving(title: string, test: (served: Web) => Promise<void>, options: ServeOptions = {}): void {
  Deno.test(title, async () => {
    await using served = await web(options);
    await test(served);
  });
}

serving("a request is answered by a fresh instance", async ({ url, records }) => {
  for (let i = 0; i < 3; i++) assert.equal(await (await fetch(`${url}/count`)).text(), "1");
  const record = await records.find(({ path }) => path === "/count");
  assert.deepEqual(
    { ...record, time: typeof record.time, ms: typeof record.ms },
    { time: "string", method: "GET", path: "/count", status: 200, ms: "number", bytes: 1, ended: "complete" },
  );
});

serving("the guest sees the request as it came: target, fields, bytes above 127", async ({ port }) => {
  const fields = [
    "X-One: a",
    "X-One: b",
    "X-Bytes: \xff\x80 \xc3\xa9",
    "Keep-Alive: 5",
    "Connection: close, X-Hop",
    "X-Hop: 1",
  ];
  const response = await exchange(port, request('/headers?x=//a/../b%20&y="|{}', fields, "PROPFIND"));
  assert.equal(
    contents(response),
    'other PROPFIND\nHTTP\nexample.com\n/headers?x=//a/../b%20&y="|{}\n' +
      "x-bytes: \xff\x80 \xc3\xa9\nx-one: a, b\nappend: immutable\nconsume: ok, err\n",
  );
});

serving("targets are not tidied: the guest judges what was asked for", async ({ port }) => {
  for (const target of ["//a/../b/./c", "/%zz", "/a\\b?#c", "*"]) {
    const method = target === "*" ? "OPTIONS" : "GET";
    await exchange(port, request(target, CLOSE, method));
  }
  const absolute = await exchange(port, request("http://other.example:99/headers", CLOSE));
  assert.match(contents(absolute), /^get\nHTTP\nother\.example:99\n\/headers\n/);
  const old = await exchange(port, "GET /headers HTTP/1.0\r\n\r\n");
  assert.match(contents(old), /^get\nHTTP\nlocalhost:\d+\n\/headers\n/, "who names no host means this one");
});

serving(
  "the response is what the guest wrote: casing, order, repeated fields, bytes; and no more",
  async ({ port }) => {
    const response = await exchange(port, request("/fields", [...CLOSE, "Accept-Encoding: gzip, br"]));
    const [head] = response.split("\r\n\r\n");
    const lines = head!.split("\r\n").filter((line) => !/^(date|connection|content-length): /i.test(line));
    assert.deepEqual(lines, [
      "HTTP/1.1 200 OK",
      "X-Casing: one",
      "X-Casing: two",
      "X-Bytes: \xff\x80 \xc3\xa9",
      "Set-Cookie: a=1",
      "Set-Cookie: b=2",
      "Server: guest",
    ]);
    assert.equal(contents(response), "immutable", "headers() of a response cannot be changed");
  },
);

serving("large text is not compressed behind the guest's back", async ({ url }) => {
  const response = await fetch(`${url}/big?bytes=100000`, { headers: { "accept-encoding": "gzip, br" } });
  assert.equal(response.headers.get("content-encoding"), null);
  assert.equal((await response.bytes()).length, 100_000);
});

serving("fields that are the connection's are refused to the guest", async ({ url }) => {
  const response = await fetch(`${url}/forbidden`);
  assert.equal(
    await response.text(),
    "connection: forbidden\nkeep-alive: forbidden\ntransfer-encoding: forbidden\nupgrade: forbidden\n" +
      "host: forbidden\nConnection: forbidden\nx y: invalid-syntax\nx-ok: ok\nx-split: invalid-syntax\n",
  );
  assert.equal(response.headers.get("x-ok"), "close");
});

serving("statuses of final responses, and no others", async ({ url }) => {
  for (const status of [200, 201, 204, 205, 299, 304, 404, 418, 500, 599]) {
    const response = await fetch(`${url}/status/${status}`);
    assert.equal(response.status, status);
    assert.equal(await response.text(), [204, 205, 304].includes(status) ? "" : "status\n");
  }
  for (const status of [0, 100, 101, 199, 600, 999]) {
    assert.equal(await (await fetch(`${url}/status/${status}`)).text(), "set-status-code: err\n");
  }
});

serving("HEAD has the fields of a GET and no content", async ({ port, errors }) => {
  const head = await exchange(port, request("/head", CLOSE, "HEAD"));
  assert.match(head, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(head, /\r\ncontent-length: 12345\r\n/i, "its length is what a GET would get");
  assert.equal(contents(head), "");
  const hello = await exchange(port, request("/hello", CLOSE, "HEAD"));
  assert.match(hello, /\r\ncontent-length: 13\r\n/i);
  assert.equal(contents(hello), "");
  const unknown = await exchange(port, request("/drip?lines=2&ms=1", CLOSE, "HEAD"));
  assert.doesNotMatch(unknown, /\r\ncontent-length:/i, "nothing is said of a length that nobody knows");
  assert.equal(contents(unknown), "");
  assert.deepEqual(errors.all, []);
});

serving("contents stream in both directions at once", async ({ port }) => {
  using wire = await Wire.to(port);
  await wire.send(request("/echo", ["Transfer-Encoding: chunked", ...CLOSE], "POST"));
  let sofar = "";
  for (const part of ["one", "two", "three"]) {
    await wire.send(`${part.length.toString(16)}\r\n${part}\r\n`);
    sofar += part;
    const came = await wire.until(new RegExp(part));
    assert.equal(chunks(contents(came)), sofar, "each part comes back before the next one is sent");
  }
  await wire.send("0\r\n\r\n");
  const all = await wire.end();
  assert.match(all, /\r\n0\r\n\r\n$/);
});

/** What chunks hold, as far as they have come. */
function chunks(text: string): string {
  let all = "";
  for (;;) {
    const line = /^([0-9a-f]+)\r\n/.exec(text);
    if (line === null) return all;
    const from = line[0].length, length = parseInt(line[1]!, 16);
    all += text.slice(from, from + length);
    text = text.slice(from + length + 2);
  }
}

serving("bodies with a length, in chunks, spliced, and large", async ({ url }) => {
  const large = crypto.getRandomValues(new Uint8Array(65536));
  const body = new Blob(Array.from({ length: 64 }, () => large));
  const expected = new Uint8Array(await body.arrayBuffer());
  for (const path of ["/echo", "/splice"]) {
    const whole = await fetch(`${url}${path}`, { method: "POST", body });
    assert.ok(equal(await whole.bytes(), expected), `${path} with a length`);
    const streamed = await fetch(`${url}${path}`, { method: "PUT", body: body.stream() });
    assert.ok(equal(await streamed.bytes(), expected), `${path} in chunks`);
  }
  assert.equal(
    await (await fetch(`${url}/upload`, { method: "POST", body })).text(),
    String(expected.length),
  );
  assert.equal(await (await fetch(`${url}/upload`, { method: "POST" })).text(), "0");
});

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

serving("a client that reads slowly slows the guest down, and gets everything", async ({ port, records }) => {
  using wire = await Wire.to(port);
  await wire.send(request("/big?bytes=30000000", CLOSE));
  await wire.until(/\r\n\r\n/);
  // What the network and the server hold is a few megabytes: the guest is far from done while nobody reads.
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(records.all.length, 0);
  using count = new Counter(wire);
  assert.equal(await count.bytes(), 30_000_000);
  assert.equal((await records.find(() => true)).bytes, 30_000_000);
});

/** Counts the bytes of chunks until the end. */
class Counter implements Disposable {
  constructor(readonly wire: Wire) {}

  async bytes(): Promise<number> {
    return chunks(contents(await this.wire.end())).length;
  }

  [Symbol.dispose](): void {}
}

serving("Expect: 100-continue is answered when the guest reads, and not before", async ({ port }) => {
  using wire = await Wire.to(port);
  await wire.send(request("/upload", ["Expect: 100-continue", "Content-Length: 3", ...CLOSE], "POST"));
  await wire.until(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
  await wire.send("abc");
  assert.match(await wire.end(), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n3$/);
  const refused = await exchange(
    port,
    request("/status/404", ["Expect: 100-continue", "Content-Length: 3", ...CLOSE], "POST"),
  );
  assert.match(refused, /^HTTP\/1\.1 404 /, "a guest that does not read sends for nothing");
});

serving("requests in a pipeline are answered in order", async ({ port }) => {
  const targets = ["/count", "/slow?ms=30", "/status/404", "/trap", "/hello"];
  const sent = targets.map((target, i) => request(target, i === targets.length - 1 ? CLOSE : []));
  const all = await exchange(port, sent.join(""));
  assert.deepEqual([...all.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map((match) => match[1]), [
    "200",
    "200",
    "404",
    "500",
    "200",
  ]);
  assert.match(all, /hello, world\n$/);
});

const MALFORMED: readonly (readonly [name: string, text: string, status: number])[] = [
  ["no request at all", "GARBAGE\r\n\r\n", 400],
  ["two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400],
  ["a host with a space", "GET /hello HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n", 400],
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
      "/error/7",
      504,
      undefined,
      /^GET \/error\/7: HandlerError: it answered HTTP-response-timeout$|answered/,
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

serving("no client learns why the guest failed", async ({ url }) => {
  for (const path of ["/trap", "/never", "/error/38", "/error/1"]) {
    assert.match(await (await fetch(url + path)).text(), /^(Internal Server Error|Bad Gateway)\n$/, path);
  }
});

serving("trailers of a response are dropped; of a request there are none", async ({ port, url, stderr }) => {
  assert.equal(await (await fetch(`${url}/trailers`)).text(), "body\n");
  await stderr.until("trailers: ok\n");
  const sent = "3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n";
  const fields = ["Transfer-Encoding: chunked", "Trailer: X-Trailer", ...CLOSE];
  assert.equal(contents(await exchange(port, request("/request-trailers", fields, "POST") + sent)), "none\n");
});

serving("the guest's output goes where the runtime says", async ({ url, stderr }) => {
  await (await fetch(`${url}/print`)).text();
  await stderr.until("to stderr\n");
  assert.match(stderr.text, /to stdout\n/);
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
    await wire.send(request("/upload", ["Content-Length: 100"], "POST") + "abc");
    // The guest has it when it asks for more.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await stderr.until("upload: 3 and then connection-terminated\n");
  assert.equal(await (await fetch(`${url}/hello`)).text(), "hello, world\n");
  assert.deepEqual(errors.all, []);
});

serving(
  "a client that leaves while the guest sleeps: the guest has some time left, and is given up",
  async (served) => {
    const { port, url, records, errors, stderr } = served;
    for (const path of ["/slow?ms=100000000", "/drip?lines=2&ms=100000000"]) {
      using wire = await Wire.to(port);
      await wire.send(request(path));
      // Long enough to be watched.
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    await records.find(({ path }) => path.startsWith("/slow"));
    await records.find(({ path }) => path.startsWith("/drip"));
    assert.deepEqual(records.all.map(({ ended }) => ended), ["gone", "gone"]);
    assert.deepEqual(errors.all, [], "that is no error");
    assert.equal(stderr.text, "", "it did not run on");
    assert.equal(await (await fetch(`${url}/hello`)).text(), "hello, world\n");
  },
  { graceMs: 100 },
);

serving("a guest may finish its work after its client has left", async ({ port, records, stderr }) => {
  {
    using wire = await Wire.to(port);
    await wire.send(request("/slow?ms=900"));
    await new Promise((resolve) => setTimeout(resolve, 400));
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

Deno.test("as many requests run at once as the pool allows; the queue is bounded, and then it is 503", async () => {
  await using served = await web({ maxWaiting: 2 }, { pool: "{type: lazy, max_size: 1}" });
  const { port, url, records } = served;
  const wires: Wire[] = [];
  try {
    for (let i = 0; i < 3; i++) {
      const wire = await Wire.to(port);
      wires.push(wire);
      await wire.send(request(`/slow?ms=500&${i}`, CLOSE));
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    const refused = await fetch(`${url}/hello`);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get("retry-after"), "1");
    assert.equal(await refused.text(), "Service Unavailable\n");
    for (const wire of wires) assert.match(await wire.end(), /^HTTP\/1\.1 200 /);
  } finally {
    for (const wire of wires) wire[Symbol.dispose]();
  }
  const times = records.all.filter(({ status }) => status === 200).map(({ ms }) => ms).sort((a, b) => a - b);
  assert.ok(times[2]! >= 1400, "one after the other");
  assert.equal(await (await fetch(`${url}/hello`)).text(), "hello, world\n");
});

Deno.test("a request that is given up while it waits for a slot is a 503, and takes none", async () => {
  await using served = await web({ requestTimeoutMs: 400 }, { pool: "{type: inline}" });
  const { url, stderr } = served;
  const first = fetch(`${url}/slow?ms=100000000`);
  await new Promise((resolve) => setTimeout(resolve, 30));
  const second = await fetch(`${url}/print`);
  assert.ok([503, 200].includes(second.status));
  await second.body?.cancel();
  assert.equal((await first).status, 504);
  await (await first).body?.cancel();
  await (await fetch(`${url}/print`)).body?.cancel();
  await stderr.until("to stderr\n");
});

Deno.test("shutdown() lets requests end, and takes no more", async () => {
  await using served = await web();
  const { server, url, port } = served;
  const slow = fetch(`${url}/slow?ms=400`);
  using begun = await Wire.to(port);
  await begun.send(request("/drip?lines=4&ms=100", CLOSE));
  await begun.until(/line 0/);
  const shutdown = server.shutdown();
  assert.equal(await (await slow).text(), "slow\n");
  assert.match(await begun.end(), /line 3\n[^]*\r\n0\r\n\r\n$/);
  await shutdown;
  await server.finished;
  await assert.rejects(fetch(`${url}/hello`), TypeError);
});

Deno.test("shutdown() waits for what guests do after their responses", async () => {
  await using served = await web();
  await (await fetch(`${served.url}/after?ms=300`)).text();
  await served.server.shutdown();
  assert.match(served.stderr.text, /after: done\n/);
});

Deno.test("shutdown(true), and one that takes too long, break requests off", async () => {
  for (const options of [{ shutdownMs: 100 }, {}]) {
    await using served = await web(options);
    const { server, url, errors } = served;
    const slow = fetch(`${url}/slow?ms=100000000`).then((response) => response.status, () => "broken off");
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.shutdown(!("shutdownMs" in options));
    assert.ok(["broken off", 504, 503].includes(await slow));
    assert.deepEqual(errors.all, ["GET /slow?ms=100000000: RequestError: the service was stopped"]);
  }
});

Deno.test("a signal, the end of a scope, and the end of the runtime shut down as well", async () => {
  const folder = await proxyProject(await proxyEntry());
  const controller = new AbortController();
  const runtime = await Runtime.load(`${folder.directory}/app.yaml`);
  const [signalled, scoped, last] = [
    await runtime.serve({ port: 0, signal: controller.signal }),
    await runtime.serve({ port: 0 }),
    await runtime.serve({ port: 0 }),
  ];
  controller.abort();
  await signalled.finished;
  await scoped[Symbol.asyncDispose]();
  await scoped.finished;
  await runtime[Symbol.asyncDispose]();
  await last.finished;
  await assert.rejects(runtime.serve({ port: 0 }), ClosedError);
  await folder[Symbol.asyncDispose]();
});

Deno.test("onListen is told the address; a port that is taken is a ListenError", async () => {
  let told: Deno.NetAddr | undefined;
  await using served = await web({ onListen: (addr) => told = addr, hostname: "127.0.0.1" });
  assert.deepEqual(told, served.server.addr);
  const folder = await proxyProject(await proxyEntry());
  await using runtime = await Runtime.load(`${folder.directory}/app.yaml`);
  await assert.rejects(runtime.serve({ port: served.port }), (error) => {
    assert.ok(error instanceof ListenError);
    assert.equal(error.message, `cannot listen on 127.0.0.1:${served.port}: the port is in use`);
    return true;
  });
  await assert.rejects(runtime.serve({ port: 0, hostname: "203.0.113.1" }), ListenError);
  await folder[Symbol.asyncDispose]();
});

Deno.test("which entry is served: the only one, or the one that is named; and only a handler", async () => {
  const two = await proxyEntry() + await proxyEntry({ name: "other" }) +
    await proxyEntry({ name: "no", method: "wasi:cli/run@0.2.3#run" });
  const folder = await proxyProject(two);
  await using runtime = await Runtime.load(`${folder.directory}/app.yaml`);
  const refuses = (entry: string | undefined, code: string, message: RegExp) =>
    assert.rejects(runtime.serve({ entry, port: 0 }), (error) => {
      assert.ok(error instanceof EntryError);
      assert.equal(error.code, code);
      assert.match(error.message, message);
      return true;
    });
  await refuses(
    undefined,
    "ambiguous",
    /^2 entries can be served; name the one to serve: app:web or app:other$/,
  );
  await refuses("nothing", "unknown", /no entry/);
  await refuses("no", "wrong-kind", /^app:no cannot be served: its method is wasi:cli\/run@0\.2\.3#run/);
  await using server = await runtime.serve({ entry: "other", port: 0 });
  assert.equal(await (await fetch(`http://127.0.0.1:${server.addr.port}/hello`)).text(), "hello, world\n");
  await folder[Symbol.asyncDispose]();
});

Deno.test("the method may be written without a version, or with any of 0.2", async () => {
  for (const version of ["", "@0.2.0", "@0.2.12"]) {
    await using served = await web({}, { method: `wasi:http/incoming-handler${version}#handle` });
    assert.equal(await (await fetch(`${served.url}/hello`)).text(), "hello, world\n");
  }
  const folder = await proxyProject(await proxyEntry({ method: METHOD.replace("0.2.3", "0.3.0") }));
  await using runtime = await Runtime.load(`${folder.directory}/app.yaml`);
  await assert.rejects(runtime.serve({ port: 0 }), EntryError);
  await folder[Symbol.asyncDispose]();
});

Deno.test("what serving cannot hold is refused: a process of its own, a time limit", async () => {
  for (
    const fields of [{ isolation: "process" }, { isolation: "auto", limits: "{max_execution_ms: 1000}" }]
  ) {
    await assert.rejects(web({}, fields), UnsupportedError);
  }
});

Deno.test("that a guest is served in a process that may do more is said", async () => {
  const folder = await proxyProject(await proxyEntry({ isolation: "auto" }));
  const warnings: string[] = [];
  const options = { onWarning: (message: string) => void warnings.push(message) };
  await using runtime = await Runtime.load(`${folder.directory}/app.yaml`, options);
  await using _server = await runtime.serve({ port: 0 });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /^app:web is served in this process/);
  await folder[Symbol.asyncDispose]();
});

Deno.test("a component that is no handler is a MethodError, and nothing listens", async () => {
  const { component, entry, hashOf, HEAD, project } = await import("../support/project.ts");
  const bytes = component("tests/guests/minimal/minimal.wasm");
  const yaml = entry({
    path: "minimal.wasm",
    hash: await hashOf(bytes),
    method: METHOD,
    isolation: "inline",
  });
  const folder = await project({ "minimal.wasm": bytes, "app.yaml": HEAD + yaml });
  await using runtime = await Runtime.load(`${folder.directory}/app.yaml`);
  await assert.rejects(runtime.serve({ port: 0 }), MethodError);
  await folder[Symbol.asyncDispose]();
});
