/** `Runtime.serve`: requests arrive at the guest as they came, and its responses at the client as it wrote them. */
import assert from "node:assert/strict";
import { Runtime } from "../../mod.ts";
import { inRepository } from "../support/airlock.ts";
import { chunks, CLOSE, contents, equal, exchange, request, serving, Wire } from "./serve_support.ts";

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

serving("Expect: 100-continue gets its answer, and then the contents are read", async ({ port }) => {
  using wire = await Wire.to(port);
  await wire.send(request("/upload", ["Expect: 100-continue", "Content-Length: 3", ...CLOSE], "POST"));
  await wire.until(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
  await wire.send("abc");
  assert.match(await wire.end(), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n3$/);
});

serving("a guest that does not read a request's contents can answer it", async ({ port, url }) => {
  const unread = request("/status/404", ["Content-Length: 100000000"], "POST");
  assert.match(await exchange(port, unread, /\r\n\r\n/), /^HTTP\/1\.1 404 /);
  assert.equal(await (await fetch(`${url}/hello`)).text(), "hello, world\n");
});

serving("requests in a pipeline are answered in order", async ({ port }) => {
  const targets = ["/count", "/slow?ms=30", "/status/404", "/trap", "/hello"];
  const sent = targets.map((target, i) => request(target, i === targets.length - 1 ? CLOSE : []));
  const all = await exchange(port, sent.join(""));
  assert.deepEqual([...all.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]), [
    "200",
    "200",
    "404",
    "500",
    "200",
  ]);
  assert.match(all, /hello, world\n$/);
});

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

Deno.test("a service in JavaScript, made by componentize-js: pages, and contents that stream through it", async () => {
  await using runtime = await Runtime.load(inRepository("examples/http-service/app.yaml"));
  await using server = await runtime.serve({ port: 0, onError: (error) => assert.fail(String(error)) });
  const url = `http://127.0.0.1:${server.addr.port}`;
  assert.equal(await (await fetch(`${url}/?name=Ada`)).text(), "Hello, Ada!\n");
  assert.equal((await fetch(`${url}/nothing`)).status, 404);
  const block = crypto.getRandomValues(new Uint8Array(65536));
  const body = new Blob(Array.from({ length: 32 }, () => block));
  const echo = await fetch(`${url}/echo`, { method: "POST", body: body.stream() });
  assert.ok(equal(await echo.bytes(), new Uint8Array(await body.arrayBuffer())));
});
