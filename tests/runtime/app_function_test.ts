/** Functions behind endpoints: what they are called with, what comes back, and what clients are told of failures. */
import assert from "node:assert/strict";
import { ConfigError } from "../../mod.ts";
import { ask, ep, fn, JSON_TYPE, router, serveApp, service, TEXT } from "./app_support.ts";
import { CLOSE, contents, exchange, request, Wire } from "./serve_support.ts";

const ECHO = "test:kinds/echo@0.1.0#echo-";
const WORK = "test:kinds/work@0.1.0#";
const HTTP = "transport: wasi-http";

Deno.test("by wasi-http and by payload, contents become arguments and results contents", async () => {
  await using app = await serveApp([
    service(),
    router(),
    await fn("text", "kinds", `${ECHO}string`, HTTP),
    ep("text_ep", "POST /text", "text"),
    ep("text_get", "GET /text", "text"),
    await fn("bytes", "kinds", `${ECHO}list-u8`, HTTP),
    ep("bytes_ep", "POST /bytes", "bytes"),
    await fn("nothing", "kinds", "test:kinds/echo@0.1.0#nothing", HTTP),
    ep("nothing_ep", "POST /nothing", "nothing"),
    ep("nothing_get", "GET /nothing", "nothing"),
    await fn("maybe", "kinds", `${ECHO}option-string`, HTTP),
    ep("maybe_ep", "POST /maybe", "maybe", 'options: {args: "query.q"}'),
    await fn("result", "kinds", `${ECHO}result`, HTTP),
    ep("result_ep", "POST /result", "result"),
    ep("strict_ep", "POST /strict", "result", "options: {err_status: 422}"),
    await fn("repeat", "kinds", `${WORK}repeat`),
    ep("repeat_ep", "POST /repeat", "repeat"),
    ep("mapped_ep", "GET /repeat/{text}", "repeat", 'options: {args: "path.text, query.times"}'),
    await fn("divide", "calculator", "divide"),
    ep("divide_ep", "POST /divide", "divide"),
    await fn("summary", "calculator", "summarize"),
    ep("summary_ep", "POST /summary", "summary"),
  ]);
  const post = (path: string, body?: BodyInit) =>
    ask(app.url + path, { method: "POST", ...body !== undefined && { body } });
  assert.deepEqual(await post("/text", "Grüße"), [200, TEXT, "Grüße"]);
  assert.deepEqual(await post("/text"), [
    500,
    TEXT,
    "the function takes 1 argument (v), the request gives 0\n",
  ]);
  assert.deepEqual(await post("/text", new Uint8Array([0xff])), [
    400,
    TEXT,
    "the request's contents are no text: they are not UTF-8\n",
  ]);
  const octets = await fetch(`${app.url}/bytes`, { method: "POST", body: new Uint8Array([0, 255, 7]) });
  assert.equal(octets.headers.get("content-type"), "application/octet-stream");
  assert.deepEqual(await octets.bytes(), new Uint8Array([0, 255, 7]));
  assert.deepEqual(await post("/nothing"), [204, null, ""]);
  assert.deepEqual(await post("/nothing", "x"), [
    500,
    TEXT,
    "the function takes 0 arguments, the request gives 1\n",
  ]);
  assert.deepEqual(await post("/maybe?q=a+b"), [200, TEXT, "a b"]);
  assert.deepEqual(await post("/maybe"), [204, null, ""]);
  assert.deepEqual(await post("/result", '{"ok":3}'), [200, JSON_TYPE, '{"ok":3}']);
  assert.deepEqual(await post("/result", '{"err":"no"}'), [200, JSON_TYPE, '{"err":"no"}']);
  assert.deepEqual(await post("/strict", '{"err":"no"}'), [422, JSON_TYPE, '{"err":"no"}']);
  assert.deepEqual(await post("/strict", '{"ok":3}'), [200, JSON_TYPE, '{"ok":3}']);
  assert.deepEqual(await post("/repeat", '["ab", 2]'), [200, JSON_TYPE, '"abab"']);
  assert.deepEqual(await post("/repeat", '"ab"'), [
    500,
    TEXT,
    "the function takes 2 arguments (text, times), the request gives 1\n",
  ]);
  assert.deepEqual(await post("/repeat", '["ab", "x"]'), [500, TEXT, 'times is u32, got "x"\n']);
  const deep = ["[".repeat(400_000), "]".repeat(400_000)].join("1");
  for (const path of ["/repeat", "/divide", "/summary", "/result"]) {
    assert.deepEqual(
      await post(path, deep),
      [400, TEXT, "the request's contents are no JSON: it is nested deeper than 1000\n"],
      path,
    );
  }
  assert.equal((await post("/repeat", '["ab"'))[0], 400);
  assert.deepEqual(await ask(`${app.url}/repeat/a%2Fb?times=2&times=9`), [200, JSON_TYPE, '"a/ba/b"']);
  assert.deepEqual(await ask(`${app.url}/repeat/ab`), [
    400,
    TEXT,
    "times is missing: the query's parameter times\n",
  ]);
  assert.deepEqual(await ask(`${app.url}/repeat/%ff?times=1`), [
    400,
    TEXT,
    "the path is no text: it is not UTF-8\n",
  ]);
  assert.deepEqual(await post("/divide", "[10, 2]"), [200, JSON_TYPE, '{"ok":5}']);
  assert.deepEqual(await post("/divide", "[10, 0]"), [
    200,
    JSON_TYPE,
    '{"err":{"code":2,"message":"division by zero"}}',
  ]);
  assert.deepEqual(await post("/summary", "[[1, 2, 3]]"), [
    200,
    JSON_TYPE,
    '{"count":3,"mean":2,"smallest":1,"largest":3}',
  ]);
  assert.deepEqual(await post("/summary", "[[]]"), [200, JSON_TYPE, "null"]);
  // HEAD is a GET whose contents stay here, and is told how many they are.
  const head = await exchange(app.port, request("/repeat/abc?times=3", CLOSE, "HEAD"));
  assert.match(head, /^HTTP\/1\.1 200 OK\r\n[^]*content-length: 11\r\n/);
  assert.equal(contents(head), "");
  assert.deepEqual(app.errors.all, [], "what a client does wrong is no news to the operator");
});

Deno.test("what ends a call is told in a line, without paths of the host and without the guest's stack", async () => {
  await using app = await serveApp([
    service(),
    router(),
    await fn("trap", "kinds", `${WORK}trap`),
    ep("trap_ep", "GET /trap", "trap"),
    await fn("spin", "kinds", `${WORK}spin`, "isolation: process, limits: {max_execution_ms: 300}"),
    ep("spin_ep", "GET /spin", "spin"),
    await fn("undeclared", "sleeper", "greet-after"),
    ep("undeclared_ep", "POST /undeclared", "undeclared"),
  ]);
  assert.deepEqual(await ask(`${app.url}/trap`), [
    500,
    TEXT,
    "Internal: app:trap trapped: wasm trap: unreachable\n",
  ]);
  assert.deepEqual(await ask(`${app.url}/spin`), [
    504,
    TEXT,
    "app:spin ran longer than limits.max_execution_ms: 300\n",
  ]);
  const [status, , text] = await ask(`${app.url}/undeclared`, { method: "POST", body: '["x", 1]' });
  assert.equal(status, 500);
  assert.match(
    text,
    /^PermissionDenied: app:undeclared was refused wasi:clocks\/monotonic-clock@0\.2\.8#[\w-]+\n$/,
  );
  assert.ok(!text.includes(app.directory));
  assert.equal(app.errors.all.length, 3, "the operator is told all of it");
  assert.match(app.errors.all[2]!, /add wasi:clocks to the imports of app:undeclared/);
});

Deno.test("a guest that answers requests itself is handed the request as it came", async () => {
  await using app = await serveApp([
    service(),
    router("prefix: /app"),
    await fn(
      "handler",
      "proxy",
      "wasi:http/incoming-handler@0.2.3#handle",
      "imports: [wasi:io, wasi:cli, wasi:clocks, wasi:http]",
    ),
    ep("any", "GET /{rest...}", "handler"),
    ep("post", "POST /{rest...}", "handler"),
    await fn("plain", "proxy", "wasi:http/incoming-handler#handle", "imports: [wasi:io, wasi:http]"),
    ep("echo", "POST /echo", "plain"),
  ]);
  const shown = contents(await exchange(app.port, request("/app/x%2Fy?a=%20", [...CLOSE, "X-A: 1"])));
  assert.match(shown, /^no such path/, "the guest knows the whole path, and none like this");
  const record = await app.records.find(({ path }) => path === "/app/x%2Fy?a=%20");
  assert.deepEqual([record.route, record.entry, record.status], ["GET /app/{rest...}", "app:any", 404]);
  assert.equal(await (await fetch(`${app.url}/app/`)).text(), "no such path\n");
});

Deno.test("contents are bounded, for each request and for all that wait", async () => {
  await using app = await serveApp(
    [
      service(),
      router(),
      await fn("text", "kinds", `${ECHO}string`, HTTP),
      ep("text_ep", "POST /text", "text"),
    ],
    { maxBodyBytes: 10 },
  );
  assert.deepEqual(await ask(`${app.url}/text`, { method: "POST", body: "0123456789" }), [
    200,
    TEXT,
    "0123456789",
  ]);
  assert.deepEqual(await ask(`${app.url}/text`, { method: "POST", body: "0123456789a" }), [
    413,
    TEXT,
    "Content Too Large\n",
  ]);
  const chunked = request("/text", ["Transfer-Encoding: chunked", ...CLOSE], "POST") +
    "b\r\n0123456789a\r\n0\r\n\r\n";
  assert.match(await exchange(app.port, chunked), /^HTTP\/1\.1 413 /);
});

Deno.test("without a bound, 10 MiB are the bound of a function's contents", async () => {
  await using app = await serveApp([
    service(),
    router(),
    await fn("sum", "kinds", `${WORK}sum`, HTTP),
    ep("sum_ep", "POST /sum", "sum"),
  ]);
  const most = new Uint8Array(10 * 1024 * 1024).fill(1);
  assert.deepEqual(await ask(`${app.url}/sum`, { method: "POST", body: most }), [
    200,
    JSON_TYPE,
    String(most.length),
  ]);
  const more = new Uint8Array(most.length + 1);
  assert.equal((await ask(`${app.url}/sum`, { method: "POST", body: more }))[0], 413);
});

Deno.test("large results arrive whole", async () => {
  await using app = await serveApp([
    service(),
    router(),
    await fn("bytes", "kinds", `${WORK}bytes`, HTTP),
    ep("bytes_ep", "POST /bytes", "bytes"),
  ]);
  const response = await fetch(`${app.url}/bytes`, { method: "POST", body: "3000000" });
  assert.equal(response.headers.get("content-length"), "3000000");
  assert.equal((await response.bytes()).length, 3_000_000);
  const record = await app.records.find(({ path }) => path === "/bytes");
  assert.deepEqual([record.bytes, record.ended], [3_000_000, "complete"]);
});

Deno.test("timeouts.read: contents that do not come are 408; timeouts.write: a call that lasts is 504", async () => {
  await using app = await serveApp([
    service("web", "timeouts: {read: 300ms, write: 1s}"),
    router(),
    await fn("greet", "sleeper", "greet-after", "imports: [wasi:io, wasi:clocks]"),
    ep("greet_ep", "POST /greet", "greet"),
  ]);
  using wire = await Wire.to(app.port);
  await wire.send(request("/greet", ["Content-Length: 10"], "POST") + '["x"');
  assert.match(await wire.until(/\r\n\r\n.+\n/), /^HTTP\/1\.1 408 Request Timeout\r\n/);
  assert.deepEqual(await ask(`${app.url}/greet`, { method: "POST", body: '["x", 1]' }), [
    200,
    JSON_TYPE,
    '"Hello, x!"',
  ]);
  assert.deepEqual(await ask(`${app.url}/greet`, { method: "POST", body: '["x", 100000]' }), [
    504,
    TEXT,
    "Gateway Timeout\n",
  ]);
  assert.match(app.errors.all[0]!, /RequestError: it took longer than 1000 ms$/);
});

Deno.test("a function takes as many requests as run and wait; one more is 503", async () => {
  await using app = await serveApp(
    [
      service(),
      router(),
      await fn("greet", "sleeper", "greet-after", "imports: [wasi:io, wasi:clocks], pool: {type: inline}"),
      ep("greet_ep", "POST /greet", "greet"),
      ep("again_ep", "POST /again", "greet"),
    ],
    { maxWaiting: 1 },
  );
  const greet = (path: string) => ask(app.url + path, { method: "POST", body: '["x", 500]' });
  const answers = await Promise.all([greet("/greet"), greet("/again"), greet("/greet"), greet("/again")]);
  assert.deepEqual(answers.map(([status]) => status).sort(), [200, 200, 503, 503]);
  const refused = await app.records.find(({ status }) => status === 503);
  assert.equal(refused.bytes, "Service Unavailable\n".length);
});

Deno.test("a client that leaves while it sends is no news, and the next one is answered", async () => {
  await using app = await serveApp([
    service(),
    router(),
    await fn("text", "kinds", `${ECHO}string`, HTTP),
    ep("text_ep", "POST /text", "text"),
  ]);
  {
    using wire = await Wire.to(app.port);
    await wire.send(request("/text", ["Content-Length: 10"], "POST") + "abc");
  }
  const record = await app.records.find(() => true);
  assert.equal(record.ended, "gone");
  assert.deepEqual(await ask(`${app.url}/text`, { method: "POST", body: "x" }), [200, TEXT, "x"]);
  assert.deepEqual(app.errors.all, []);
});

Deno.test("a mapping of another number of arguments is known before anything listens", async () => {
  const entries = [
    service(),
    router(),
    await fn("repeat", "kinds", `${WORK}repeat`),
    ep("repeat_ep", "GET /repeat/{text}", "repeat", "options: {args: path.text}"),
  ];
  await assert.rejects(serveApp(entries), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(
      error.message,
      /app\.yaml:7:5: app:repeat_ep: meta\.options\.args has 1 items, but test:kinds\/work@0\.1\.0#repeat takes 2: text, times$/,
    );
    return true;
  });
});
