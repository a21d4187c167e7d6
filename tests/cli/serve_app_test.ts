/** `serve` of an application: its services, as a process, with curl as the client where it matters. */
import assert from "node:assert/strict";
import { airlock, assertOutcome, has } from "../support/airlock.ts";
import { appProject, ep, fn, router, service } from "../runtime/app_support.ts";
import { request, Wire } from "../runtime/serve_support.ts";
import { curl, Service } from "./serve_support.ts";

const sleeper = () => fn("greet", "sleeper", "greet-after", "imports: [wasi:io, wasi:clocks]");
const text = () =>
  fn("text", "kinds", "test:kinds/echo@0.1.0#echo-string", "transport: wasi-http, pool: {type: inline}");

/** As an application has it: an address of its own, which nobody else may have just now. */
const APP = async () => [
  '  - {name: gateway, kind: http.service, addr: ":8085", lifecycle: {auto_start: true}}\n',
  "  - {name: api.public, kind: http.router, meta: {server: gateway}, prefix: /, middleware: [cors]}\n",
  await text(),
  ep("http_text_endpoint", "POST /wasm/text", "text", "", "app:api.public"),
];

Deno.test("an application is served without naming anything; --port is in place of its own", async () => {
  await using folder = await appProject(await APP());
  await using service = await Service.start([
    `${folder.directory}/app.yaml`,
    "--log",
    "--ready-path",
    "/healthz",
  ]);
  if (await has("curl")) {
    const data = ["--data", "Wippy", "--header", "content-type: text/plain"];
    const { stdout } = await curl(["--include", ...data, `${service.url}/wasm/text`]);
    assert.match(
      stdout,
      /^HTTP\/1\.1 200 OK\r\n(.+\r\n)*content-type: text\/plain; charset=utf-8\r\n(.+\r\n)*\r\nWippy$/,
    );
    assert.equal((await curl([`${service.url}/healthz`])).stdout, "ready\n");
  }
  const response = await fetch(`${service.url}/wasm/text`, { method: "POST", body: "again" });
  assert.equal(await response.text(), "again");
  await service.until(/"bytes":5,/);
  const line = service.stderr.split("\n").findLast((line) => line.startsWith("{"))!;
  const { time: _time, ms: _ms, ...record } = JSON.parse(line);
  assert.deepEqual(record, {
    method: "POST",
    path: "/wasm/text",
    status: 200,
    bytes: 5,
    ended: "complete",
    client: "127.0.0.1",
    service: "app:gateway",
    route: "POST /wasm/text",
    entry: "app:http_text_endpoint",
  });
  assert.doesNotMatch(service.stderr, /healthz/);
  service.signal("SIGTERM");
  assert.deepEqual(await service.end(), { code: 0, stdout: "" });
});

Deno.test("SIGTERM under load: every accepted request is answered, and it ends with 0", async () => {
  await using folder = await appProject([
    service(),
    router(),
    await sleeper(),
    ep("e", "POST /greet", "greet"),
  ]);
  await using server = await Service.start([`${folder.directory}/app.yaml`]);
  const wires = await Promise.all(Array.from({ length: 30 }, () => Wire.to(server.port)));
  for (const wire of wires) await wire.send(request("/greet", ["Content-Length: 10"], "POST") + '["x", 700]');
  // Those before it were accepted when this one is answered.
  const last = await fetch(`${server.url}/greet`, { method: "POST", body: '["y", 50]' });
  assert.equal(await last.text(), '"Hello, y!"');
  server.signal("SIGTERM");
  for (const wire of wires) assert.match(await wire.end(), /^HTTP\/1\.1 200 OK\r\n[^]*"Hello, x!"/);
  assert.equal((await server.end()).code, 0);
  for (const wire of wires) wire[Symbol.dispose]();
});

Deno.test("a second signal ends at once", async () => {
  await using folder = await appProject([
    service(),
    router(),
    await sleeper(),
    ep("e", "POST /greet", "greet"),
  ]);
  await using server = await Service.start([`${folder.directory}/app.yaml`]);
  using wire = await Wire.to(server.port);
  await wire.send(request("/greet", ["Content-Length: 16"], "POST") + '["x", 100000000]');
  await (await fetch(`${server.url}/greet`, { method: "POST", body: '["y", 50]' })).text();
  server.signal("SIGTERM");
  server.signal("SIGINT");
  const begun = performance.now();
  assert.equal((await server.end()).code, 0);
  assert.ok(performance.now() - begun < 20_000, "it did not wait as long as the first would have");
});

Deno.test("several services, each on its own address; one address for all is refused", async () => {
  await using folder = await appProject([
    service("one"),
    service("two"),
    router("", "r1", "one"),
    router("prefix: /two", "r2", "two"),
    await text(),
    ep("e1", "POST /", "text", "", "r1"),
    ep("e2", "POST /x", "text", "", "r2"),
  ]);
  const config = `${folder.directory}/app.yaml`;
  assertOutcome(await airlock(["serve", config, "--port", "0"]), {
    stderr: "airlock: ListenError: one address is not enough for 2 services: app:one, app:two\n",
    code: 2,
  });
  await using two = await Service.start([config, "two"]);
  assert.equal(await (await fetch(`${two.url}/two/x`, { method: "POST", body: "b" })).text(), "b");
  const taken = await appProject([
    `  - {name: late, kind: http.service, addr: "127.0.0.1:${two.port}", lifecycle: {auto_start: true}}\n`,
  ]);
  assertOutcome(await airlock(["serve", `${taken.directory}/app.yaml`]), {
    stderr: `airlock: ListenError: app:late: cannot listen on 127.0.0.1:${two.port}: the port is in use\n`,
    code: 2,
  });
  await taken[Symbol.asyncDispose]();
});

Deno.test("a service that does not start by itself is served where it is the only one, and that is said", async () => {
  await using folder = await appProject([
    '  - {name: web, kind: http.service, addr: "127.0.0.1:0"}\n',
    router(),
    await text(),
    ep("e", "POST /", "text"),
  ]);
  await using server = await Service.start([`${folder.directory}/app.yaml`]);
  assert.match(
    server.stderr,
    /^app:web is served: it is the only service, though its auto_start is not true\nlistening on /,
  );
  assert.equal(await (await fetch(server.url, { method: "POST", body: "b" })).text(), "b");
});

Deno.test("what keeps a service from being served, check says as well", async () => {
  await using folder = await appProject([
    service(),
    router("middleware: [token_auth]"),
    await text(),
    ep("one", "GET /{x}/b", "text"),
    ep("two", "GET /a/{y}", "text"),
  ]);
  const config = `${folder.directory}/app.yaml`;
  const expected =
    /app\.yaml:5:\d+: app:api: middleware token_auth is not supported: it needs a store of tokens\n.*app\.yaml:8:\d+: app:two conflicts with app:one \(.*app\.yaml:7:\d+\): GET \/\{x\}\/b and GET \/a\/\{y\} both match GET \/a\/b, and neither is more specific\n/;
  assertOutcome(await airlock(["serve", config]), { stderr: expected, code: 2 });
  assertOutcome(await airlock(["check", config]), { stderr: expected, code: 2 });
});

Deno.test("files are served with no more than permission to read them, and to listen", async () => {
  await using folder = await appProject([
    service(),
    "  - {name: public, kind: fs.directory, directory: public}\n",
    "  - {name: static, kind: http.static, meta: {server: web}, path: /, fs: public}\n",
  ], { "public/index.html": "home" });
  const config = `${folder.directory}/app.yaml`;
  const flags = [`--allow-read=${folder.directory},.`, "--allow-net=127.0.0.1:0"];
  await using server = await Service.start([config], flags);
  assert.equal(await (await fetch(server.url)).text(), "home");
  assertOutcome(await airlock(["serve", config, "--port", "0"], { flags: flags.slice(0, 1) }), {
    stderr: /^airlock: NotCapable: Requires net access to "127\.0\.0\.1:0"/,
    code: 2,
  });
});

Deno.test("--ready-path wants a path", async () => {
  assertOutcome(await airlock(["serve", "tests/guests/proxy/proxy.wasm", "--ready-path", "healthz"]), {
    stderr: /^airlock: --ready-path healthz: expected a path that begins with \/\n/,
    code: 2,
  });
});
