/** `Runtime.events`: what is told, to whom, and what it costs those who are told nothing. */
import assert from "node:assert/strict";
import { ClosedError, type RuntimeEvent } from "../../mod.ts";
import type { CallOptions } from "../../src/compartment/guest.ts";
import { Processes } from "../../src/compartment/processes.ts";
import { starter } from "../../src/compartment/start.ts";
import { denied } from "../../src/grant/grant.ts";
import { Events } from "../../src/runtime/events.ts";
import { HttpExchange } from "../../src/runtime/http_exchange.ts";
import type { AuditEvent } from "../../src/wasi/audit.ts";
import { inRepository } from "../support/airlock.ts";
import { entry } from "../support/project.ts";
import { func, funcs, load as loadFuncs } from "./funcs_support.ts";
import { METHOD } from "./serve_support.ts";
import { Collector, it, load } from "./support.ts";

/** Events up to the one that matches, that one included. */
async function until(
  events: AsyncIterable<RuntimeEvent>,
  matches: (event: RuntimeEvent) => boolean,
): Promise<RuntimeEvent[]> {
  const all: RuntimeEvent[] = [];
  const iterator = events[Symbol.asyncIterator]();
  for (;;) {
    const { value, done } = await iterator.next();
    assert.ok(!done, `the events ended after ${JSON.stringify(all)}`);
    all.push(value);
    if (matches(value)) return all;
  }
}

/** Without what is another each time. */
function plain(event: RuntimeEvent): Record<string, unknown> {
  const { time, ...rest } = event as RuntimeEvent & { ms?: number; error?: { message: string } };
  assert.ok(Math.abs(Date.now() - time) < 60_000, "the time is milliseconds since 1970");
  if ("ms" in rest) {
    assert.ok(rest.ms! >= 0);
    delete rest.ms;
  }
  if (rest.error) rest.error = { ...rest.error, message: "…" };
  return rest;
}

for (const isolation of ["inline", "process"]) {
  Deno.test(`a call is told of when it is asked for and when it is over: ${isolation}`, async () => {
    await using app = await load(
      await it("kinds", "test:kinds/work@0.1.0#repeat", { name: "good", isolation }) +
        await it("kinds", "test:kinds/work@0.1.0#trap", { name: "bad", isolation }),
    );
    await using events = app.runtime.events();
    assert.equal(await app.runtime.call("good", "ab", 2), "abab");
    await assert.rejects(app.runtime.call("bad"));
    await assert.rejects(app.runtime.call("good", 1));
    const all = await until(events, (event) => event.type === "call-ended" && event.call === 3);
    const error = (name: string, code?: string) => ({ name, code, message: "…" });
    assert.deepEqual(all.map(plain), [
      { type: "call-started", entry: "app:good", call: 1 },
      { type: "call-ended", entry: "app:good", call: 1, outcome: "ok" },
      { type: "call-started", entry: "app:bad", call: 2 },
      { type: "call-ended", entry: "app:bad", call: 2, outcome: "error", error: error("Trap", "trap") },
      { type: "call-started", entry: "app:good", call: 3 },
      { type: "call-ended", entry: "app:good", call: 3, outcome: "error", error: error("TypeError") },
    ]);
    assert.ok(all.every((event) => Object.isFrozen(event)), "nobody changes what others read");
  });

  Deno.test(`a call that another one asks for names it: ${isolation}`, async () => {
    await using app = await loadFuncs(await funcs(["chain", "echo"], { isolation }));
    await using events = app.runtime.events({ refusals: false });
    assert.equal(await app.runtime.call("app:chain", "chain echo hello"), "hello");
    const all = await until(events, (event) => event.type === "call-ended" && event.call === 1);
    assert.deepEqual(all.map(plain), [
      { type: "call-started", entry: "app:chain", call: 1 },
      { type: "call-started", entry: "app:chain", call: 2, parent: 1 },
      { type: "call-started", entry: "app:echo", call: 3, parent: 2 },
      { type: "call-ended", entry: "app:echo", call: 3, parent: 2, outcome: "ok" },
      { type: "call-ended", entry: "app:chain", call: 2, parent: 1, outcome: "ok" },
      { type: "call-ended", entry: "app:chain", call: 1, outcome: "ok" },
    ]);
  });

  Deno.test(`what a guest is refused is told, each once: ${isolation}`, async () => {
    const stdio = { stdout: new Collector(), stderr: new Collector() };
    // Declared, and without a mount; and not declared at all.
    const granted = await it("hello", "wasi:cli/run@0.2.3#run", { name: "granted", isolation });
    const none = await it("hello", "wasi:cli/run@0.2.3#run", { name: "none", isolation, imports: "[]" });
    await using app = await load(granted + none, { stdio });
    for (const refusals of [true, false]) {
      await using events = app.runtime.events({ refusals });
      await app.runtime.call("granted", "Ada");
      await assert.rejects(app.runtime.call("none", "Ada"), { name: "CapabilityError" });
      const all = await until(events, (event) => event.type === "call-ended" && event.entry === "app:none");
      const refused = all.filter((event) => event.type === "refused");
      assert.equal(refused.length, 1, JSON.stringify(refused));
      const { capability, wall, entry } = refused[0]!;
      assert.match(capability, /^wasi:cli\/environment@0\.2\.3#get-/);
      assert.deepEqual([wall, entry], ["link", "app:none"]);
    }
  });
}

Deno.test("an entry that cannot be made ready has failed like any other call", async () => {
  const wrong = { hash: `sha256:${"0".repeat(64)}`, path: "funcs.wasm", method: "echo" };
  await using app = await loadFuncs(await func("hand") + entry({ name: "other", ...wrong }), {
    stdio: { stderr: new Collector() },
  });
  await using events = app.runtime.events();
  await assert.rejects(app.runtime.call("other", "x"), { name: "IntegrityError" });
  await assert.rejects(app.runtime.call("hand", "app:other", "x"), /Internal: app:other/);
  const all = await until(events, (event) => event.type === "call-ended" && event.entry === "app:hand");
  const error = { name: "IntegrityError", code: "integrity", message: "…" };
  const failed = { type: "call-ended", entry: "app:other", outcome: "error", error };
  assert.deepEqual(
    all.map(plain).filter(({ type, entry }) => type === "call-ended" && entry === "app:other"),
    [
      { ...failed, call: 1 },
      { ...failed, call: 3, parent: 2 },
    ],
  );
});

Deno.test("who reads too slowly loses the oldest events, and is told how many", async () => {
  await using app = await load(await it("calculator", "add"));
  await app.runtime.call("it", 1, 2);
  await using slow = app.runtime.events({ buffer: 3 });
  await using other = app.runtime.events();
  for (let i = 0; i < 5; i++) await app.runtime.call("it", i, i);
  const read = await until(slow, (event) => event.type === "call-ended" && event.call === 5);
  assert.deepEqual(read.map(plain), [
    { type: "lost", count: 7 },
    { type: "call-ended", entry: "app:it", call: 4, outcome: "ok" },
    { type: "call-started", entry: "app:it", call: 5 },
    { type: "call-ended", entry: "app:it", call: 5, outcome: "ok" },
  ]);
  const all = await until(other, (event) => event.type === "call-ended" && event.call === 5);
  assert.equal(all.length, 10, "another reader has lost nothing");
  assert.throws(() => app.runtime.events({ buffer: 0 }), RangeError);
});

Deno.test("events end with the runtime, and with their reader", async () => {
  await using app = await load(await it("calculator", "add"));
  const { runtime } = app;
  const left = runtime.events(), stays = runtime.events();
  const [reading, waiting] = [left.next(), stays.next()];
  await left.return!();
  assert.deepEqual(
    await reading,
    { done: true, value: undefined },
    "who waited for one hears that there is none",
  );
  await runtime.call("it", 1, 2);
  assert.equal((await waiting).value?.type, "call-started");
  await runtime[Symbol.asyncDispose]();
  assert.equal((await stays.next()).value?.type, "call-ended", "what waits can still be read");
  assert.deepEqual(await stays.next(), { done: true, value: undefined });
  assert.throws(() => runtime.events(), ClosedError);
});

Deno.test("calls are not numbered, nor anything made for them, while nobody listens", () => {
  const events = new Events(() => assert.fail("nobody is told"));
  assert.equal(events.begin("a:b", undefined), undefined);
  const stop = events.listen(() => {});
  assert.equal(events.begin("a:b", undefined)?.subject.call, 1);
  stop();
  assert.equal(events.begin("a:b", undefined), undefined);
});

Deno.test("a listener that throws fails no call, and is told nothing more", () => {
  const warnings: string[] = [], told: string[] = [];
  const events = new Events((message) => warnings.push(message));
  events.listen(() => {
    throw new Error("boom");
  });
  events.listen(({ type }) => told.push(type));
  events.begin("a:b", undefined)?.failed(new Error("x"));
  assert.deepEqual(told, ["call-started", "call-ended"]);
  assert.deepEqual(warnings, ["a listener to events has thrown, and is told nothing more: Error: boom"]);
});

Deno.test("no call tells of more refusals than anybody reads", async () => {
  const told: RuntimeEvent[] = [];
  const events = new Events(() => {});
  events.listen((event) => told.push(event), { refusals: true });
  const watch = events.begin("a:b", undefined)!;
  const { audit } = watch.options<Pick<CallOptions, "audit">>({});
  for (let i = 0; i < 10_000; i++) {
    const refused = { interface: "i", function: "f", target: `${i}`, outcome: "refused", wall: "link" };
    audit!(refused as never);
    audit!(refused as never);
  }
  await watch.over(Promise.resolve());
  assert.equal(told.filter(({ type }) => type === "refused").length, 256);
});

Deno.test("what a guest uses to answer a request is known from its process as well", async () => {
  const processes = new Processes({
    file: inRepository("tests/guests/proxy/proxy.wasm"),
    hash: undefined,
    method: METHOD,
    program: "it",
    grant: {
      ...denied,
      holder: "app:it",
      packages: new Set(["wasi:io", "wasi:cli", "wasi:clocks", "wasi:http"]),
    },
    strict: false,
    maxMemoryBytes: undefined,
    where: undefined,
  }, { start: starter({ lacking() {} }), maxExecutionMs: undefined });
  const used: string[] = [];
  // The answer may be there before the guest has ended.
  const ended = Promise.withResolvers<void>();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const exchange = new HttpExchange(request, Infinity);
    const audit = (event: AuditEvent) => used.push(`${event.interface}#${event.function} ${event.outcome}`);
    processes.handle(exchange, { stdio: {}, audit }, () => 500).then(ended.resolve, ended.reject);
    return exchange.response;
  });
  assert.equal(await (await fetch(`http://127.0.0.1:${server.addr.port}/count`)).text(), "1");
  await ended.promise;
  await processes.close();
  assert.ok(used.includes("wasi:http/types@0.2.3#[static]response-outparam.set used"), `${used}`);
});
