/** `Runtime.serve`: which entry, where, how many at once, and how it ends. */
import assert from "node:assert/strict";
import {
  CapabilityError,
  ClosedError,
  Component,
  denied,
  EntryError,
  ListenError,
  MethodError,
  requestHandler,
  type RequestRecord,
  Runtime,
} from "../../mod.ts";
import { inRepository } from "../support/airlock.ts";
import {
  CLOSE,
  contents,
  equal,
  exchange,
  METHOD,
  proxyEntry,
  proxyProject,
  request,
  web,
  Wire,
} from "./serve_support.ts";

Deno.test("as many requests run at once as the pool allows; the queue is bounded, and then it is 503", async () => {
  await using served = await web({ maxWaiting: 2 }, { pool: "{type: lazy, max_size: 1}" });
  const { url, stderr } = served;
  const statuses: number[] = [];
  const ask = async (path: string) => {
    const response = await fetch(url + path);
    statuses.push(response.status);
    return { response, text: await response.text() };
  };
  const running = ask("/slow?ms=100000000").catch(() => {});
  await stderr.until("slow: asleep\n");
  const waiting = [1, 2, 3].map(() => ask("/hello"));
  const { response, text } = await Promise.race(waiting);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "1");
  assert.equal(text, "Service Unavailable\n");
  await served.server.shutdown(true);
  await Promise.allSettled([running, ...waiting]);
  assert.ok(!statuses.includes(200), "the others waited for the one that ran");
});

Deno.test("a client that leaves while its request waits for a slot is not waited for", async () => {
  await using served = await web({ graceMs: 100 }, { pool: "{type: inline}" });
  const { url, port, stderr, records } = served;
  const running = fetch(`${url}/slow?ms=100000000`).catch(() => {});
  await stderr.until("slow: asleep\n");
  {
    using wire = await Wire.to(port);
    await wire.send(request("/print"));
  }
  assert.equal((await records.find(({ path }) => path === "/print")).ended, "gone");
  assert.equal(stderr.text, "slow: asleep\n", "it never started");
  await served.server.shutdown(true);
  await running;
});

Deno.test("shutdown() lets requests end, and takes no more", async () => {
  await using served = await web();
  const { server, url, port, stderr } = served;
  const slow = fetch(`${url}/slow?ms=400`);
  await stderr.until("slow: asleep\n");
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
    const { server, url, errors, stderr } = served;
    const slow = fetch(`${url}/slow?ms=100000000`).then((response) => response.status, () => "broken off");
    await stderr.until("slow: asleep\n");
    await server.shutdown(!("shutdownMs" in options));
    assert.ok(["broken off", 504, 503].includes(await slow));
    assert.deepEqual(errors.all, ["GET /slow?ms=100000000: RequestError: the service was stopped"]);
  }
});

Deno.test("a client that never sends the rest of an answered request does not hold a shutdown up for long", async () => {
  await using served = await web();
  using wire = await Wire.to(served.port);
  await wire.send(request("/hello", ["Content-Length: 5000"], "POST") + "abc");
  await wire.until(/hello, world\n/);
  const begun = performance.now();
  await served.server.shutdown();
  assert.ok(performance.now() - begun < 20_000, "not as long as a request may go on");
});

Deno.test("a response whose contents are complete is complete, though its guest has not ended them yet", async () => {
  // JavaScript sets the length, and writes when it is asked to: the server asks for no more than that.
  const runtime = await Runtime.load(inRepository("examples/http-service/app.yaml"), { onWarning() {} });
  const records: RequestRecord[] = [];
  const done = Promise.withResolvers<void>();
  const server = await runtime.serve({
    port: 0,
    onRequest: (record) => {
      if (records.push(record) === 10) done.resolve();
    },
  });
  const url = `http://127.0.0.1:${server.addr.port}/?name=Ada`;
  for (let i = 0; i < 10; i++) assert.equal(await (await fetch(url)).text(), "Hello, Ada!\n");
  await done.promise;
  assert.deepEqual(new Set(records.map(({ ended, bytes }) => `${ended} ${bytes}`)), new Set(["complete 12"]));
  await runtime[Symbol.asyncDispose]();
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

const PROCESS = { isolation: "process" };

Deno.test("a guest in a process of its own is served alike", async () => {
  await using served = await web({ graceMs: 100, requestTimeoutMs: 2000 }, PROCESS);
  const { port, url, errors, stderr, records } = served;
  const body = crypto.getRandomValues(new Uint8Array(65536));
  const large = new Blob(Array.from({ length: 16 }, () => body));
  const echo = await fetch(`${url}/echo`, { method: "POST", body: large.stream() });
  assert.ok(equal(await echo.bytes(), new Uint8Array(await large.arrayBuffer())));
  assert.equal((await (await fetch(`${url}/big?bytes=3000000`)).bytes()).length, 3_000_000);
  assert.match(
    contents(await exchange(port, request("/headers", [...CLOSE, "X-A: 1"]))),
    /^get\nHTTP\n[^]*x-a: 1\n/,
  );
  assert.equal(contents(await exchange(port, request("/head", CLOSE, "HEAD"))), "");
  assert.equal((await fetch(`${url}/status/204`)).status, 204);
  assert.equal((await fetch(`${url}/trap`)).status, 500);
  assert.equal((await fetch(`${url}/never`)).status, 500);
  assert.equal((await fetch(`${url}/error/33`)).status, 504);
  assert.doesNotMatch(await exchange(port, request("/late-trap", CLOSE)), /\r\n0\r\n\r\n$/);
  assert.equal((await fetch(`${url}/slow?ms=100000000`)).status, 504);
  {
    using wire = await Wire.to(port);
    await wire.send(request("/endless"));
    await wire.until(/\r\n\r\n/);
  }
  await stderr.until("endless: closed\n");
  await records.find(({ path }) => path === "/endless");
  assert.equal(await (await fetch(`${url}/hello`)).text(), "hello, world\n");
  assert.deepEqual(errors.all.map((text) => text.split(": ").slice(0, 2).join(": ")), [
    "GET /trap: Trap",
    "GET /never: HandlerError",
    "GET /error/33: HandlerError",
    "GET /late-trap: Trap",
    "GET /slow?ms=100000000: RequestError",
  ]);
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

Deno.test("requestHandler() is a component for Deno.serve: no configuration, and a grant of one's own", async () => {
  const component = await Component.compile(Deno.readFileSync(inRepository("tests/guests/proxy/proxy.wasm")));
  const packages = new Set(["wasi:io", "wasi:http"] as const);
  const errors: unknown[] = [];
  const answer = requestHandler(component, { ...denied, holder: "proxy", packages }, {
    maxBodyBytes: 10,
    onError: (error) => errors.push(error),
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const url = `http://127.0.0.1:${server.addr.port}`;
  assert.equal(await (await fetch(`${url}/hello`)).text(), "hello, world\n");
  const large = await fetch(`${url}/upload`, { method: "POST", body: "0123456789a" });
  assert.equal(large.status, 413);
  await large.body?.cancel();
  const refused = await fetch(`${url}/print`);
  assert.equal(refused.status, 500);
  await refused.body?.cancel();
  assert.ok(errors[0] instanceof CapabilityError, "what was not granted is not there");
  await server.shutdown();
  const minimal = await Component.compile(
    Deno.readFileSync(inRepository("tests/guests/minimal/minimal.wasm")),
  );
  assert.throws(() => requestHandler(minimal, denied), MethodError);
});
