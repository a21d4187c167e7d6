/** `http.service` entries: which are served, where requests lead, what is wrong with them, and how they end. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigError, EntryError, ListenError, Runtime, type ServeOptions } from "../../mod.ts";
import { Certificates } from "../wasi/http_certificates.ts";
import { appProject, ask, ep, fn, JSON_TYPE, router, serveApp, service, TEXT } from "./app_support.ts";
import { CLOSE, exchange, request, Wire } from "./serve_support.ts";

const add = () => fn("add", "calculator", "add");
const sleeper = () => fn("greet", "sleeper", "greet-after", "imports: [wasi:io, wasi:clocks]");

/** What keeps an application from being served. */
async function refuses(
  entries: readonly string[],
  kind: new (...args: never[]) => Error,
  message: RegExp,
  options: ServeOptions = {},
): Promise<void> {
  await assert.rejects(
    async () => await (await serveApp(entries, options))[Symbol.asyncDispose](),
    (error) => {
      assert.ok(error instanceof kind, String(error));
      assert.match(error.message, message);
      return true;
    },
  );
}

Deno.test("routers have prefixes; GET serves HEAD; others are 404, 405 and OPTIONS", async () => {
  await using app = await serveApp([
    service(),
    router("prefix: /v1/"),
    router("", "root"),
    await add(),
    ep("add_ep", "POST /add", "add"),
    ep("tree", "GET /the/tree/", "add", 'options: {args: "query.a, query.b"}'),
    ep("param", "GET /sum/:a/plus/{b}", "add", 'options: {args: "path.a, path.b"}'),
    ep("home", "GET /{$}", "add", 'options: {args: "query.a, query.b"}', "root"),
  ]);
  const { url } = app;
  const post = { method: "POST", body: "[20, 22]" };
  assert.deepEqual(await ask(`${url}/v1/add`, post), [200, JSON_TYPE, "42"]);
  assert.deepEqual(await ask(`${url}/v1/the/tree/of/life?a=1&b=2`), [200, JSON_TYPE, "3"]);
  assert.deepEqual(await ask(`${url}/v1/sum/4/plus/5`), [200, JSON_TYPE, "9"]);
  assert.deepEqual(await ask(`${url}/?a=1&b=1`), [200, JSON_TYPE, "2"]);
  assert.deepEqual(await ask(`${url}/add`, post), [404, TEXT, "Not Found\n"]);
  assert.deepEqual(await ask(`${url}/v1/add`), [405, TEXT, "Method Not Allowed\n"]);
  for (const [method, status] of [["PUT", 405], ["OPTIONS", 204]] as const) {
    const response = await fetch(`${url}/v1/add`, { method });
    assert.deepEqual([response.status, response.headers.get("allow")], [status, "OPTIONS, POST"]);
    await response.body?.cancel();
  }
  const star = await exchange(app.port, request("*", CLOSE, "OPTIONS"));
  assert.match(star, /^HTTP\/1\.1 204 /);
  const redirects = [
    ["/v1/the/tree", "/v1/the/tree/"],
    ["/v1//add?x=%20", "/v1/add?x=%20"],
    ["/v1/../v1/./the/tree?a=1", "/v1/the/tree/?a=1"],
    ["//evil.example/..", "/"],
    ["/\\evil.example//", "/%5Cevil.example/"],
  ];
  for (const [from, to] of redirects) {
    const response = await exchange(app.port, request(from!, CLOSE));
    assert.match(response, /^HTTP\/1\.1 307 /, from);
    assert.ok(response.includes(`\r\nlocation: ${to}\r\n`), response);
  }
  assert.match(await exchange(app.port, request("/v1/%zz", CLOSE)), /^HTTP\/1\.1 400 /);
  assert.match(await exchange(app.port, request("/v1/add", CLOSE, "TRACE")), /^HTTP\/1\.1 405 /);
  assert.match(
    await exchange(app.port, "GET /v1/sum/4/plus/5 HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n"),
    /^HTTP\/1\.1 400 /,
  );
  assert.match(
    await exchange(app.port, "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nConnection: close\r\n\r\n"),
    /^HTTP\/1\.1 501 /,
  );
});

Deno.test("a request is logged with its route, its entry and its client, whoever answered it", async () => {
  await using app = await serveApp([service(), router(), await add(), ep("add_ep", "GET /{a}", "add")]);
  await ask(`${app.url}/1?b=2`);
  await ask(`${app.url}/1/2`);
  const records = app.records.all.map(({ time, ms, ...rest }) => ({
    ...rest,
    timed: !Number.isNaN(Date.parse(time)) && ms > 0,
  }));
  const common = { ended: "complete", client: "127.0.0.1", service: "app:web", timed: true, method: "GET" };
  assert.deepEqual(records, [
    {
      ...common,
      path: "/1?b=2",
      status: 500,
      bytes: 59,
      route: "GET /{a}",
      entry: "app:add_ep",
    },
    { ...common, path: "/1/2", status: 404, bytes: 10 },
  ]);
});

Deno.test("what is wrong with routes and middleware comes at once, each with its place", async () => {
  const options = `options: {cors.allow.orgins: "https://a.example", compress.level: loud, x.y: z}`;
  await refuses(
    [
      service(),
      router(
        `prefix: /a, middleware: [cors, compress, token_auth], ${options}, post_middleware: [endpoint_firewall]`,
      ),
      router("prefix: /b", "other"),
      await add(),
      ep("one", "GET /{x}/b", "add"),
      ep("two", "GET /a/{y}", "add"),
      ep("three", "GET /{x}/b", "add"),
      ep("same", "GET /{y}", "add", "", "other"),
      ep("twice", "GET /{x}/b", "add", "", "wide"),
      router("", "wide"),
      ep("args", "POST /{x}", "add", "options: {args: path.z}"),
      ep("status", "PUT /{x}", "add", "options: {err_status: 204}"),
    ],
    ConfigError,
    new RegExp(
      [
        String.raw`app:api: there is no option "cors\.allow\.orgins".*did you mean cors\.allow\.origins\?`,
        String.raw`app:api: option compress\.level is "loud"; allowed: fastest, default, best`,
        String.raw`app:api: middleware token_auth is not supported: it needs a store of tokens`,
        String.raw`warning: app:api: option "x\.y" is ignored`,
        String.raw`app:api: middleware endpoint_firewall is not supported: it needs actors and policies`,
        String
          .raw`app:two conflicts with app:one \(.*app\.yaml:8:\d+\): GET /a/\{x\}/b and GET /a/a/\{y\} both match GET /a/a/b`,
        String.raw`app:three conflicts with app:one .*: GET /a/\{x\}/b matches the same requests as`,
        String.raw`app:twice conflicts with app:same .*: GET /b/\{y\} and GET /\{x\}/b both match GET /b/b`,
        String
          .raw`app:args: meta\.options\.args takes path\.z, which the path does not capture: it captures x`,
        String.raw`app:status: meta\.options\.err_status is "204"; allowed: a status`,
      ].map((line) => `\\S+app\\.yaml:\\d+:\\d+: ${line.replaceAll("/", "\\/")}[^\\n]*`).join("\\n"),
    ),
  );
});

Deno.test("what no request can pass, and networks of services that are not served, keep nothing from being served", async () => {
  const lua = "  - {name: lua, kind: function.lua, source: x}\n";
  const overlay = '  - {name: hidden, kind: http.service, addr: "127.0.0.1:0", network: app:tail}\n';
  const entries = [service(), overlay, router("prefix: /ok"), await add(), ep("add_ep", "POST /add", "add")];
  await using app = await serveApp([
    ...entries,
    lua,
    router("prefix: /ws, middleware: [websocket_relay]", "ws"),
    ep("ws_ep", "GET /", "lua", "", "ws"),
  ]);
  assert.deepEqual(await ask(`${app.url}/ok/add`, { method: "POST", body: "[1, 1]" }), [200, JSON_TYPE, "2"]);
  assert.equal((await ask(`${app.url}/ws/`))[0], 404);
  await refuses(
    [
      service("web", "network: app:tail"),
      router("prefix: /ok"),
      await add(),
      ep("add_ep", "POST /add", "add"),
    ],
    ConfigError,
    /^\S+app\.yaml:4:\d+: app:web: network is not supported: it would listen where everybody can reach it$/,
  );
});

Deno.test("services that start by themselves are served, else the only one, else the one that is named", async () => {
  const rest = (server: string, prefix: string) => [
    router(`prefix: ${prefix}`, `router_${server}`, server),
    ep(`ep_${server}`, "POST /add", "add", "", `router_${server}`),
  ];
  const still = (name: string) => `  - {name: ${name}, kind: http.service, addr: "127.0.0.1:0"}\n`;
  const post = { method: "POST", body: "[1, 1]" };
  {
    await using app = await serveApp([
      service("one"),
      service("two"),
      still("three"),
      await add(),
      ...rest("one", "/one"),
      ...rest("two", "/two"),
    ]);
    assert.equal(app.server.addrs.length, 2);
    const [one, two] = app.server.addrs.map(({ port }) => `http://127.0.0.1:${port}`);
    assert.deepEqual(await ask(`${one}/one/add`, post), [200, JSON_TYPE, "2"]);
    assert.deepEqual(await ask(`${two}/two/add`, post), [200, JSON_TYPE, "2"]);
    assert.equal((await ask(`${one}/two/add`, post))[0], 404);
    assert.deepEqual(app.warnings, []);
  }
  {
    await using app = await serveApp([still("one"), await add(), ...rest("one", "/one")]);
    assert.deepEqual(await ask(`${app.url}/one/add`, post), [200, JSON_TYPE, "2"]);
    assert.deepEqual(app.warnings, [
      "app:one is served: it is the only service, though its auto_start is not true",
    ]);
  }
  const two = [
    still("one"),
    still("two"),
    await add(),
    ...rest("one", "/one"),
    ...rest("two", "/two"),
  ];
  await refuses(
    two,
    EntryError,
    /^none of 2 services has auto_start: true; name the one to serve: app:one or app:two$/,
  );
  for (const entry of ["two", "app:two"]) {
    await using app = await serveApp(two, { entry });
    assert.deepEqual(await ask(`${app.url}/two/add`, post), [200, JSON_TYPE, "2"]);
  }
  await refuses(two, EntryError, /^app:add cannot be served/, { entry: "add" });
  await refuses([service("one"), service("two")], ListenError, /^one address is not enough for 2 services/, {
    port: 0,
  });
});

Deno.test("an address that is taken is told with its entry, and nothing listens", async () => {
  await using app = await serveApp([service()]);
  const taken = (name: string) =>
    `  - {name: ${name}, kind: http.service, addr: "127.0.0.1:${app.port}", lifecycle: {auto_start: true}}\n`;
  await refuses(
    [service("first"), taken("other")],
    ListenError,
    new RegExp(`^app:other: cannot listen on 127\\.0\\.0\\.1:${app.port}: the port is in use$`),
  );
  await refuses(
    [taken("a"), taken("b")],
    ListenError,
    new RegExp(`^app:a and app:b both listen on 127\\.0\\.0\\.1:${app.port}$`),
  );
});

Deno.test("TLS by certificate and key", async () => {
  using made = new Certificates();
  const text = (name: string) => JSON.stringify(Deno.readTextFileSync(made.path(name)));
  const tls = `tls: {mode: manual, cert: ${text("good.pem")}, key: ${text("good.key")}}`;
  await using app = await serveApp([
    service("web", tls),
    router(),
    await fn("handler", "proxy", "wasi:http/incoming-handler#handle", "imports: [wasi:io, wasi:http]"),
    ep("any", "GET /{rest...}", "handler"),
  ]);
  using client = Deno.createHttpClient({ caCerts: [Deno.readTextFileSync(made.path("ca.pem"))] });
  const url = `https://localhost:${app.port}/headers`;
  const response = await fetch(url, { client });
  assert.match(await response.text(), /^get\nanother scheme\nlocalhost:\d+\n\/headers\n/);
  await assert.rejects(fetch(url.replace("https", "http")), TypeError);
  await refuses(
    [service(
      "web",
      tls.replace(/cert: "[^"]+"/, 'cert: "-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----"'),
    )],
    ListenError,
    /^app:web: cannot listen on 127\.0\.0\.1:0: /,
  );
});

Deno.test("a ready path is 200 while requests are taken, and 503 once a shutdown has begun", async () => {
  await using app = await serveApp(
    [service(), router(), await sleeper(), ep("greet_ep", "POST /greet", "greet")],
    { readyPath: "/healthz" },
  );
  assert.deepEqual(await ask(`${app.url}/healthz`), [200, TEXT, "ready\n"]);
  assert.deepEqual(await ask(`${app.url}/healthz?x=1`), [200, TEXT, "ready\n"]);
  assert.equal((await ask(`${app.url}/healthz/more`))[0], 404);
  assert.equal((await ask(`${app.url}/healthz`, { method: "POST" }))[0], 404);
  // The probe's connection is open already: no other is accepted any more.
  using probe = await Wire.to(app.port);
  await probe.send(request("/greet", ["Content-Length: 10"], "POST") + '["x", 500]');
  await probe.send(request("/healthz"));
  await ask(`${app.url}/greet`, { method: "POST", body: '["y", 50]' });
  const shutdown = app.server.shutdown();
  const answers = await probe.end();
  assert.match(answers, /"Hello, x!"/);
  assert.doesNotMatch(answers, /ready\n/, "it is 503, or not even answered");
  await shutdown;
});

Deno.test("shutdown() under load: every accepted request is answered, on every service", async () => {
  await using app = await serveApp([
    service("one"),
    service("two"),
    router("", "r1", "one"),
    router("", "r2", "two"),
    await sleeper(),
    ep("e1", "POST /greet", "greet", "", "r1"),
    ep("e2", "POST /greet", "greet", "", "r2"),
  ]);
  const urls = app.server.addrs.map(({ port }) => `http://127.0.0.1:${port}/greet`);
  const wires = await Promise.all(
    Array.from({ length: 20 }, (_, i) => Wire.to(app.server.addrs[i % 2]!.port)),
  );
  for (const [i, wire] of wires.entries()) {
    await wire.send(
      request("/greet", [`Content-Length: ${i < 10 ? 10 : 9}`], "POST") + `["x", ${i < 10 ? 400 : 40}]`,
    );
  }
  // All of them were read when the last one is answered.
  await Promise.all(wires.slice(10).map((wire) => wire.until(/"Hello, x!"/)));
  await app.server.shutdown();
  for (const wire of wires) assert.match(await wire.end(), /^HTTP\/1\.1 200 OK\r\n[^]*"Hello, x!"/);
  for (const url of urls) await assert.rejects(fetch(url), TypeError);
  for (const wire of wires) wire[Symbol.dispose]();
});

Deno.test("a module that is not as declared, and a service of a disposed runtime, are told before anything listens", async () => {
  await using folder = await appProject([service(), router(), await add(), ep("e", "GET /", "add")]);
  await Deno.writeTextFile(`${folder.directory}/calculator.wasm`, "other");
  await using runtime = await Runtime.load(`${folder.directory}/app.yaml`);
  await assert.rejects(runtime.serve(), { name: "IntegrityError" });
  await runtime[Symbol.asyncDispose]();
  await assert.rejects(runtime.serve(), { name: "ClosedError" });
});

Deno.test("requests of any shape are answered or refused, and the application goes on", async () => {
  await using app = await serveApp([
    service(),
    router("middleware: [real_ip, cors, compress, ratelimit], options: {ratelimit.burst: '100000'}"),
    await fn("text", "kinds", "test:kinds/echo@0.1.0#echo-string", "transport: wasi-http"),
    await add(),
    ep("text_ep", "POST /text", "text"),
    ep("add_ep", "POST /add/{a}/{rest...}", "add"),
    "  - {name: static, kind: http.static, meta: {server: web}, path: /static, fs: files}\n",
  ]);
  const target = fc.array(
    fc.constantFrom(
      "/",
      "text",
      "add",
      "static",
      "app.yaml",
      "..",
      ".",
      "%2e%2e",
      "%2f",
      "%",
      "%ff",
      "é",
      "?a=%",
      "\\",
      "{x}",
      "*",
    ),
    { maxLength: 6 },
  ).map((words) => `/${words.join("")}`);
  const header = fc.constantFrom(
    "Range: bytes=0-5",
    "Range: bytes=-",
    "Accept-Encoding: gzip",
    "Origin: https://a.example",
    "X-Forwarded-For: ,,1.2.3.4,,",
    "True-Client-IP: ::",
    "If-None-Match: *",
    "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT",
    "Access-Control-Request-Method: POST",
    "Content-Type: \xff",
  );
  const method = fc.constantFrom("GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE", "BREW");
  const body = fc.constantFrom("", "[1, 2]", "\xff\xfe", "{".repeat(50), "x".repeat(3000));
  await fc.assert(
    fc.asyncProperty(
      method,
      target,
      fc.array(header, { maxLength: 4 }),
      body,
      async (method, target, headers, body) => {
        const bytes = new TextEncoder().encode(target);
        const path = String.fromCharCode(...bytes);
        const text = request(path, [...CLOSE, ...headers, `Content-Length: ${body.length}`], method) + body;
        const [, status] = /^HTTP\/1\.1 (\d+) /.exec(await exchange(app.port, text)) ?? [];
        assert.match(status ?? "none", /^(20[046]|30[47]|40[045]|41[26]|500)$/, JSON.stringify(text));
      },
    ),
    { numRuns: 300 },
  );
  assert.deepEqual(await ask(`${app.url}/text`, { method: "POST", body: "x" }), [200, TEXT, "x"]);
  assert.deepEqual(app.errors.all, []);
});
