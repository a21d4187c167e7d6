/** Middleware: cors, real_ip, compress, ratelimit. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Buckets } from "../../src/runtime/http_rate_limit.ts";
import { ask, ep, fn, router, serveApp, type Served, service } from "./app_support.ts";
import { CLOSE, exchange, request } from "./serve_support.ts";

const HTTP = "transport: wasi-http";
const text = () => fn("text", "kinds", "test:kinds/echo@0.1.0#echo-string", HTTP);
const handler = () =>
  fn("handler", "proxy", "wasi:http/incoming-handler#handle", "imports: [wasi:io, wasi:clocks, wasi:http]");

async function echoes(middleware: string, more: readonly string[] = []): Promise<Served> {
  return await serveApp([
    service(),
    router(middleware),
    await text(),
    ep("text_ep", "POST /text", "text"),
    ...more,
  ]);
}

/** The fields of a response that begin with one of these. */
function fields(response: Response, ...names: string[]): Record<string, string> {
  void response.body?.cancel().catch(() => {});
  return Object.fromEntries(
    [...response.headers].filter(([name]) => names.some((start) => name.startsWith(start))),
  );
}

function preflight(url: string, origin: string, more: Record<string, string> = {}): Promise<Response> {
  const headers = { origin, "access-control-request-method": "POST", ...more };
  return fetch(url, { method: "OPTIONS", headers });
}

Deno.test("cors: every origin by default, and a preflight without the endpoint", async () => {
  await using app = await echoes("middleware: [cors]");
  const url = `${app.url}/text`;
  const answer = await preflight(url, "https://a.example");
  assert.equal(answer.status, 204);
  assert.deepEqual(fields(answer, "access-control", "vary", "allow"), {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS, PATCH",
    "access-control-allow-headers": "Origin, Content-Type, Accept, Authorization, X-Requested-With",
    "access-control-max-age": "86400",
    "allow": "OPTIONS, POST",
    "vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
  });
  const post = (origin?: string, body = "x") =>
    fetch(url, { method: "POST", body, headers: origin === undefined ? {} : { origin } });
  assert.deepEqual(fields(await post("https://a.example"), "access-control", "vary"), {
    "access-control-allow-origin": "*",
  });
  assert.deepEqual(fields(await post(), "access-control", "vary"), {});
  const refused = await post("https://a.example", "");
  assert.equal(refused.status, 500);
  assert.deepEqual(fields(refused, "access-control"), { "access-control-allow-origin": "*" });
});

Deno.test("cors: origins that are named, with credentials; others get nothing", async () => {
  await using app = await echoes(
    'middleware: [cors], options: {cors.allow.origins: "https://a.example, *.b.example, https://*.c.example:8443", ' +
      'cors.allow.credentials: "true", cors.expose.headers: X-Total, cors.max.age: "60", ' +
      'cors.allow.methods: POST, cors.allow.headers: X-A, cors.allow.private.network: "true"}',
  );
  const url = `${app.url}/text`;
  const allowed = [
    "https://a.example",
    "https://x.b.example",
    "http://x.y.b.example",
    "https://x.c.example:8443",
  ];
  const others = [
    "https://b.example",
    "http://a.example",
    "https://a.example:444",
    "https://a.example.evil.example",
    "https://evil-b.example",
    "https://x.b.example.evil.example",
    "https://x.b.example:8443",
    "http://x.c.example:8443",
    "https://x.c.example",
    "null",
  ];
  for (const origin of [...allowed, ...others]) {
    const response = await fetch(url, { method: "POST", body: "x", headers: { origin } });
    const expected = allowed.includes(origin)
      ? {
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "X-Total",
      }
      : {};
    assert.deepEqual(fields(response, "access-control", "vary"), { ...expected, vary: "Origin" }, origin);
    const asked = fields(await preflight(url, origin), "access-control-allow-origin");
    assert.deepEqual(
      asked,
      allowed.includes(origin) ? { "access-control-allow-origin": origin } : {},
      origin,
    );
  }
  const near = await preflight(url, allowed[0]!, { "access-control-request-private-network": "true" });
  assert.equal(fields(near, "access-control")["access-control-allow-private-network"], "true");
});

Deno.test("cors: credentials for every origin are not given, and that is said", async () => {
  await using app = await echoes('middleware: [cors], options: {allow_credentials: "true"}');
  const response = await fetch(`${app.url}/text`, {
    method: "POST",
    body: "x",
    headers: { origin: "https://a.example" },
  });
  assert.deepEqual(fields(response, "access-control"), { "access-control-allow-origin": "*" });
  assert.match(
    app.warnings[0]!,
    /app\.yaml:5:\d+: warning: app:api: cors\.allow\.credentials is true and cors\.allow\.origins is \*/,
  );
});

Deno.test("real_ip: whom proxies name, of those who may", async () => {
  const near = "middleware: [real_ip]";
  const far = 'middleware: [real_ip], options: {real_ip.trusted.subnets: "10.0.0.0/8"}';
  const all = 'middleware: [real_ip], options: {real_ip.trust_all: "true"}';
  const rows: readonly (readonly [middleware: string, fields: readonly string[], client: string])[] = [
    [near, [], "127.0.0.1"],
    [near, ["X-Forwarded-For: 203.0.113.9"], "203.0.113.9"],
    [near, ["X-Forwarded-For: 1.2.3.4, 203.0.113.9, 10.0.0.7"], "203.0.113.9"],
    [near, ["X-Forwarded-For: 10.0.0.9, 10.0.0.7"], "10.0.0.9"],
    [near, ["X-Forwarded-For: 1.2.3.4, garbage, 10.0.0.7"], "10.0.0.7"],
    [near, ["X-Forwarded-For: garbage"], "127.0.0.1"],
    // A client wrote the one that its proxy does not know of.
    [near, ["X-Real-IP: 203.0.113.8", "X-Forwarded-For: 1.2.3.4"], "1.2.3.4"],
    [near, ["True-Client-IP: 203.0.113.7", "X-Real-IP: 1.2.3.4"], "1.2.3.4"],
    [all, ["True-Client-IP: ::ffff:203.0.113.7", "X-Real-IP: 1.2.3.4"], "203.0.113.7"],
    [near, ["X-Real-IP: 2001:DB8::0:1"], "2001:db8::1"],
    [far, ["X-Real-IP: 203.0.113.8"], "127.0.0.1"],
    [all, ["X-Forwarded-For: 1.2.3.4, 203.0.113.9"], "1.2.3.4"],
  ];
  for (const middleware of new Set(rows.map(([middleware]) => middleware))) {
    await using app = await echoes(middleware, [ep("get_ep", "GET /{n}", "text")]);
    for (const [i, [of, headers, client]] of rows.entries()) {
      if (of !== middleware) continue;
      await exchange(app.port, request(`/${i}`, [...CLOSE, ...headers]));
      assert.equal((await app.records.find(({ path }) => path === `/${i}`)).client, client, headers.join());
    }
  }
});

Deno.test("ratelimit: a bucket for each client, 429 when it is empty", async () => {
  await using app = await echoes(
    'middleware: [real_ip, cors, ratelimit], options: {ratelimit.requests: "1", ratelimit.window: 1h, ratelimit.burst: "2"}',
  );
  const post = (ip: string) =>
    fetch(`${app.url}/text`, {
      method: "POST",
      body: "x",
      headers: { "x-real-ip": ip, origin: "https://a.example" },
    });
  const statuses = async (...ips: string[]) => {
    const all: number[] = [];
    for (const ip of ips) {
      const response = await post(ip);
      all.push(response.status);
      await response.body?.cancel();
    }
    return all;
  };
  assert.deepEqual(await statuses("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2"), [200, 200, 429, 200]);
  // Addresses of one network of IPv6 are one client.
  assert.deepEqual(await statuses("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"), [
    200,
    200,
    429,
    200,
  ]);
  const refused = await post("192.0.2.1");
  assert.equal(await refused.text(), "Too Many Requests\n");
  const { "retry-after": after, ...rest } = fields(refused, "retry-after", "x-ratelimit", "access-control");
  assert.deepEqual(rest, {
    "access-control-allow-origin": "*",
    "x-ratelimit-limit": "1",
    "x-ratelimit-window": "1h",
  });
  assert.ok(Number(after) > 3500 && Number(after) <= 3600, after);
});

Deno.test("ratelimit: by a field, or by the query; without a key it is 400", async () => {
  const of = (key: string) =>
    echoes(
      `middleware: [ratelimit], options: {ratelimit.key: "${key}", ratelimit.window: 1h, ratelimit.requests: "1", ratelimit.burst: "1"}`,
    );
  {
    await using app = await of("header:X-Key");
    const post = (headers: HeadersInit) => ask(`${app.url}/text`, { method: "POST", body: "x", headers });
    assert.equal((await post({ "x-key": "a" }))[0], 200);
    assert.equal((await post({ "x-key": "a" }))[0], 429);
    assert.equal((await post({ "x-key": "b" }))[0], 200);
    assert.equal((await post({}))[0], 400);
  }
  {
    await using app = await of("query:key");
    const post = (query: string) => ask(`${app.url}/text${query}`, { method: "POST", body: "x" });
    assert.deepEqual([(await post("?key=a"))[0], (await post("?key=a"))[0], (await post(""))[0]], [
      200,
      429,
      400,
    ]);
  }
});

Deno.test("buckets fill with time, hold no more than their burst, and there are only so many", () => {
  const buckets = new Buckets(0.01, 2, 3, 10_000);
  assert.deepEqual([0, 0, 0].map((now) => buckets.take("a", now)), [0, 0, 100]);
  assert.equal(buckets.take("a", 50), 50);
  assert.equal(buckets.take("a", 100), 0);
  assert.deepEqual(
    [9000, 9000, 9000].map((now) => buckets.take("a", now)),
    [0, 0, 100],
    "never more than the burst",
  );
  for (const key of ["b", "c", "d", "e"]) buckets.take(key, 9000);
  assert.equal(buckets.size, 3);
  assert.equal(buckets.take("a", 9000), 0, "who was used least lately is forgotten");
  buckets.take("z", 60_000);
  assert.equal(buckets.size, 1, "those that nobody used for long are gone");
  fc.assert(fc.property(
    fc.array(fc.record({ key: fc.constantFrom("a", "b", "c"), after: fc.nat(300) }), { maxLength: 200 }),
    (takes) => {
      const buckets = new Buckets(0.01, 5, 10, 1e9);
      const given = new Map<string, number>();
      let now = 0;
      for (const { key, after } of takes) {
        now += after;
        const wait = buckets.take(key, now);
        assert.ok(wait >= 0 && wait <= 100);
        if (wait === 0) given.set(key, (given.get(key) ?? 0) + 1);
      }
      // No more than the burst and what has come back since.
      for (const count of given.values()) assert.ok(count <= 5 + now * 0.01 + 1e-6);
    },
  ));
});

Deno.test("compress: what is long, text, whole, and wanted", async () => {
  await using app = await echoes("middleware: [compress]", [
    await handler(),
    ep("any", "GET /{rest...}", "handler"),
    await fn("bytes", "kinds", "test:kinds/work@0.1.0#bytes", HTTP),
    ep("bytes_ep", "POST /bytes", "bytes"),
  ]);
  const long = "text ".repeat(1000);
  /** Raw, so that nobody decodes it. */
  const raw = async (path: string, more: readonly string[], body?: string) => {
    const length = body === undefined ? [] : [`Content-Length: ${body.length}`];
    const text = request(path, [...CLOSE, ...more, ...length], body === undefined ? "GET" : "POST") +
      (body ?? "");
    return await exchange(app.port, text);
  };
  const takes = ["Accept-Encoding: gzip"];
  const packed = await raw("/text", takes, long);
  assert.match(packed, /\r\ncontent-encoding: gzip\r\n/);
  assert.match(packed, /\r\nvary: Accept-Encoding\r\n/i);
  assert.doesNotMatch(packed, /content-length/);
  assert.ok(packed.length < 1000);
  const record = await app.records.find(({ path }) => path === "/text");
  assert.ok(record.bytes > 0 && record.bytes < 200 && record.ended === "complete");
  assert.equal(
    await (await fetch(`${app.url}/text`, {
      method: "POST",
      body: long,
      headers: { "accept-encoding": "gzip" },
    })).text(),
    long,
  );
  const plain = (response: string) => assert.doesNotMatch(response, /content-encoding/);
  const wanting = await raw("/text", [], long);
  plain(wanting);
  assert.match(wanting, /\r\nvary: Accept-Encoding\r\n/i, "a cache must know that there is another");
  plain(await raw("/text", ["Accept-Encoding: gzip;q=0, *"], long));
  plain(await raw("/text", ["Accept-Encoding: br"], long));
  plain(await raw("/text", takes, "short"));
  plain(await raw("/bytes", takes, "5000"));
  // A guest that writes as time goes by is not kept waiting.
  plain(await raw("/drip?lines=3&ms=10", takes));
});

Deno.test("compress: what is left out of a list, or is no level, is told", async () => {
  await using app = await echoes(
    'middleware: [compress], options: {compress.level: best, compress.min.length: "1"}',
  );
  assert.match(app.warnings[0]!, /compress\.level best: this platform has one level only/);
  const response = await fetch(`${app.url}/text`, { method: "POST", body: "x" });
  assert.equal(await response.text(), "x");
  assert.equal(response.headers.get("vary"), "Accept-Encoding");
});
