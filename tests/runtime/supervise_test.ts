/** `Runtime.start`: services are started in order, watched over, started again, given up, stopped in reverse. */
import assert from "node:assert/strict";
import {
  ConfigError,
  EntryError,
  IntegrityError,
  type ProcessServiceEntry,
  type RuntimeEvent,
  ServiceError,
} from "../../mod.ts";
import type { ChildProcess } from "../../src/compartment/process.ts";
import { starter } from "../../src/compartment/start.ts";
import { load as loadRegistry } from "../../src/registry/load.ts";
import type { Callable } from "../../src/runtime/callable.ts";
import { Live } from "../../src/runtime/live.ts";
import { Hosts } from "../../src/runtime/supervise_hosts.ts";
import { Supervised } from "../../src/runtime/supervise_process.ts";
import { answers, web } from "./reload_support.ts";
import { Log } from "./serve_support.ts";
import { HOST, process, service, watched } from "./supervise_support.ts";

const SLEEP = "test-sleep#sleep-ms";
const TRAP = "test:kinds/work@0.1.0#trap";
const HOUR = "host: host, input: [3600000]";

/** A process that sleeps for as long as its service says. */
const sleeper = () => process("sleeper", "sleeper", SLEEP);
const trapper = (more = {}) => process("trapper", "kinds", TRAP, more);

function ofType<T extends RuntimeEvent["type"]>(events: readonly RuntimeEvent[], type: T) {
  return events.filter((event): event is Extract<RuntimeEvent, { type: T }> => event.type === type);
}

for (const isolation of ["inline", "process"]) {
  Deno.test(`a service that fails is started again until it does not: ${isolation}`, async () => {
    // Variables in a file are looked up at every call: what the program exits with is decided there.
    const entries = HOST + "  - {name: codes, kind: env.storage.file, file_path: codes}\n" +
      "  - {name: code, kind: env.variable, variable: CODE, storage: codes}\n" +
      await process("program", "shell", "wasi:cli/run@0.2.3#run", {
        isolation,
        wasi: "{env: [{id: code, name: CODE}]}",
      }) + service("worker", "program", "", "", "host: host, input: [one, 2]");
    await using app = await watched(entries);
    await Deno.writeTextFile(`${app.directory}/codes`, "CODE=1\n");
    await using services = await app.runtime.start({
      onFailure: (failure) => {
        app.failures.add(failure);
        if (app.failures.all.length === 3) Deno.writeTextFileSync(`${app.directory}/codes`, "CODE=0\n");
      },
    });
    await services.finished;
    assert.deepEqual(app.failures.all.map(({ service, attempt }) => [service, attempt]), [
      ["app:worker", 1],
      ["app:worker", 2],
      ["app:worker", 3],
    ]);
    assert.ok(app.failures.all.every(({ delayMs }) => delayMs! >= 9 && delayMs! <= 22));
    const [status] = services.statuses;
    assert.deepEqual([status?.id, status?.state, status?.restarts], ["app:worker", "finished", 3]);
    await app.happened("service-ended", "app:worker");
    const restarts = ofType(app.events.all, "restarted");
    assert.deepEqual(
      restarts.map(({ entry, attempt }) => [entry, attempt]),
      [1, 2, 3].map((n) => ["app:worker", n]),
    );
    assert.ok(restarts.every(({ reason, after }) => /^ExitError: /.test(reason) && after >= 8));
    assert.match(
      app.output.text,
      /^(argument 0: program\nargument 1: one\nargument 2: 2\nvariable: CODE=[01]\n){4}$/,
    );
  });

  Deno.test(`a guest that traps always is started again, and the others stay up: ${isolation}`, async () => {
    await using app = await watched(
      HOST + await sleeper() + await trapper({ isolation }) + service("lasting", "sleeper", "", "", HOUR) +
        service("bad", "trapper"),
    );
    const services = await app.start();
    await app.happened("restarted", "app:bad", 8);
    const states = Object.fromEntries(services.statuses.map(({ id, state }) => [id, state]));
    assert.equal(states["app:lasting"], "running");
    assert.ok(["running", "restarting"].includes(states["app:bad"]!), "it is never given up");
    await services.stop();
    assert.ok(services.statuses.every(({ state }) => state === "stopped"));
    await app.happened("service-ended", "app:lasting");
    assert.deepEqual(
      ofType(app.events.all, "service-ended").map(({ entry, outcome }) => [entry, outcome]).sort(),
      [
        ["app:bad", "stopped"],
        ["app:lasting", "stopped"],
      ],
    );
    await services.finished;
  });
}

Deno.test("after max_attempts a service is given up, and the others stay up", async () => {
  await using app = await watched(
    HOST + await sleeper() + await trapper() + service("lasting", "sleeper", "", "", HOUR) +
      service("bad", "trapper", "", "max_attempts: 2"),
  );
  const services = await app.start();
  await app.happened("service-ended", "app:bad");
  assert.deepEqual(app.failures.all.map(({ attempt, delayMs }) => [attempt, delayMs === undefined]), [
    [1, false],
    [2, false],
    [3, true],
  ]);
  const [ended] = ofType(app.events.all, "service-ended");
  assert.deepEqual([ended?.outcome, ended?.error?.name], ["given-up", "Trap"]);
  assert.deepEqual(services.statuses.map(({ id, state }) => [id, state]), [
    ["app:lasting", "running"],
    ["app:bad", "given-up"],
  ]);
  assert.equal(ofType(app.events.all, "restarted").length, 2);
});

Deno.test("a child that is killed is started again, and so is its service", async () => {
  await using app = await watched(
    HOST + await process("program", "sleeper", SLEEP, { isolation: "process" }) +
      service("worker", "program", "", "max_attempts: 1", HOUR),
  );
  // The same application once more, whose processes are known here.
  const children: ChildProcess[] = [];
  const start = starter({ lacking() {} });
  const live = new Live(loadRegistry(`${app.directory}/app.yaml`), {
    start: () =>
      Promise.resolve(async (spec, onBytes) => {
        children.push(await start(spec, onBytes));
        return children.at(-1)!;
      }),
    stdio: {},
    terminal: {},
    warn() {},
  });
  const events = new Log<RuntimeEvent>();
  live.events.listen((event) => events.add(event));
  const services = await live.start({});
  await events.find(({ type }) => type === "call-started");
  Deno.kill(children[0]!.pid, "SIGKILL");
  await events.find((event) => event.type === "restarted" && event.entry === "app:worker");
  await events.find((event) => event.type === "restarted" && event.entry === "app:program");
  const [service1, process1] = ofType(events.all, "restarted");
  assert.match(service1!.reason, /^CompartmentError: the process of app:program was ended by SIGKILL/);
  assert.equal(process1!.reason, "its process was ended by SIGKILL");
  assert.equal(children.length, 2);
  assert.equal(services.statuses[0]!.state, "running");
  await live.close();
  assert.equal((await children[1]!.ended).signal, "SIGKILL", "nothing of it is left");
  assert.equal(services.statuses[0]!.state, "stopped");
});

Deno.test("a guest that computes for ever is stopped, its process killed", async () => {
  await using app = await watched(
    HOST + await process("spinner", "kinds", "test:kinds/work@0.1.0#spin", { isolation: "process" }) +
      service("spins", "spinner"),
  );
  const services = await app.start();
  await app.happened("call-started", "app:spinner");
  const began = performance.now();
  await services.stop();
  assert.ok(performance.now() - began < 8000, "it was not waited for until stop_timeout");
  assert.deepEqual(app.warnings.all, []);
  assert.equal(services.statuses[0]!.state, "stopped");
});

Deno.test("services start after those that they require, and stop before them", async () => {
  await using app = await watched(
    HOST + await sleeper() + await process("other", "sleeper", SLEEP) +
      service("last", "sleeper", "requires: [middle, first]", "", HOUR) +
      service("middle", "sleeper", "depends_on: [app:first]", "", HOUR) +
      // Not by itself, and without it the others would not run.
      service("first", "other", "", "", HOUR).replace("auto_start: true", "auto_start: false") +
      service("not-asked-for", "other", "", "", HOUR).replace("auto_start: true", "auto_start: false"),
  );
  const services = await app.start();
  const order = ["app:first", "app:middle", "app:last"];
  assert.deepEqual(services.statuses.map(({ id, state }) => [id, state]), order.map((id) => [id, "running"]));
  assert.deepEqual(app.warnings.all, ["app:not-asked-for is not started: its auto_start is not true"]);
  await services.stop();
  await app.happened("service-ended", "app:first");
  assert.deepEqual(ofType(app.events.all, "service-ended").map(({ entry }) => entry), order.toReversed());
});

Deno.test("what listens has its place in the order", async () => {
  await using app = await watched(
    HOST + await sleeper() + answers("a", 1) + web(["a"]) +
      service("after", "sleeper", "requires: [web]", "", HOUR),
  );
  const order: string[] = [];
  const services = await app.runtime.start({ onListen: ({ port }) => order.push(`listening on ${port}`) });
  await app.happened("call-started", "app:sleeper");
  assert.deepEqual(services.statuses.map(({ id, state }) => `${id} ${state}`), [
    "app:web running",
    "app:after running",
  ]);
  assert.deepEqual(order, [`listening on ${services.addrs[0]!.port}`]);
  const url = `http://127.0.0.1:${services.addrs[0]!.port}/a`;
  assert.equal(await (await fetch(url)).text(), "1");
  await services.stop();
  await assert.rejects(fetch(url), TypeError);
});

Deno.test("who cannot listen is an error, or is done without", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const entries = (startup: string) =>
    web([], `127.0.0.1:${taken.addr.port}`).replace("{auto_start", `{startup: ${startup}, auto_start`) +
    "  - {name: other, kind: http.service, addr: '127.0.0.1:0', lifecycle: {auto_start: true}}\n";
  await using required = await watched(entries("required"));
  await assert.rejects(required.start(), { name: "ListenError" });
  await using optional = await watched(entries("optional"));
  await using services = await optional.start();
  assert.deepEqual(services.statuses.map(({ id, state }) => `${id} ${state}`).sort(), [
    "app:other running",
    "app:web given-up",
  ]);
  assert.match(
    String(optional.failures.all[0]?.error),
    /ListenError: app:web: cannot listen on .*: the port is in use/,
  );
});

Deno.test("one service can be asked for: it starts, and what it requires", async () => {
  await using app = await watched(
    HOST + await sleeper() + service("one", "sleeper", "requires: [two]", "", HOUR) +
      service("two", "sleeper", "", "", HOUR) + service("three", "sleeper", "", "", HOUR),
  );
  await using services = await app.start("one");
  assert.deepEqual(services.statuses.map(({ id }) => id), ["app:two", "app:one"]);
  await assert.rejects(app.start("sleeper"), EntryError);
});

const WRONG = { hash: `sha256:${"0".repeat(64)}` };

Deno.test("a service that is required and does not start is an error, and nothing runs", async () => {
  await using app = await watched(
    HOST + await sleeper() + await process("wrong", "sleeper", SLEEP, WRONG) +
      service("good", "sleeper", "", "", HOUR) + service("bad", "wrong") +
      service("above", "sleeper", "requires: [bad]", "", HOUR),
  );
  await assert.rejects(app.start(), IntegrityError);
  await app.happened("service-ended", "app:good");
  const ended = ofType(app.events.all, "service-ended").map(({ entry, outcome }) => `${entry} ${outcome}`)
    .sort();
  assert.deepEqual(ended, ["app:bad given-up", "app:good stopped"]);
  assert.equal(ofType(app.events.all, "call-ended").length, ofType(app.events.all, "call-started").length);
});

Deno.test("one that is optional is tried again, and whoever requires it waits", async () => {
  await using app = await watched(
    HOST + await sleeper() + await process("late", "sleeper", SLEEP, { path: "late.wasm" }) +
      service("good", "sleeper", "", "", HOUR) +
      service("bad", "late", "startup: optional", "", HOUR) +
      service("above", "sleeper", "requires: [bad], startup: optional", "", HOUR),
  );
  await using services = await app.start();
  const states = () => Object.fromEntries(services.statuses.map(({ id, state }) => [id.slice(4), state]));
  assert.equal(states()["good"], "running");
  assert.equal(states()["above"], "waiting");
  await app.failures.find(({ service, attempt }) => service === "app:bad" && attempt === 3);
  // Here it is at last.
  await Deno.copyFile(`${app.directory}/sleeper.wasm`, `${app.directory}/late.wasm`);
  await app.happened("call-started", "app:late");
  await app.happened("call-started", "app:sleeper", 2);
  assert.deepEqual(states(), { good: "running", bad: "running", above: "running" });
});

Deno.test("a service that requires one which did not start does not start either", async () => {
  await using app = await watched(
    HOST + await sleeper() + await process("wrong", "sleeper", SLEEP, WRONG) +
      service("bad", "wrong", "startup: optional") + service("above", "sleeper", "requires: [bad]", "", HOUR),
  );
  await assert.rejects(app.start(), (error) => {
    assert.ok(error instanceof ServiceError);
    assert.deepEqual([error.name, error.code], ["ServiceError", "service"]);
    assert.equal(error.message, "app:above requires app:bad, which did not start");
    return true;
  });
});

Deno.test("what a service is called with must fit, before it starts", async () => {
  await using app = await watched(
    HOST + await sleeper() + service("s", "sleeper", "", "", "host: host, input: [many]"),
  );
  await assert.rejects(app.start(), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /app\.yaml:\d+:\d+: app:s: input does not fit: .*u32/);
    return true;
  });
  await using other = await watched(
    HOST + await sleeper() + service("s", "sleeper", "", "", "host: host, input: []"),
  );
  await assert.rejects(other.start(), /input does not fit: .*takes 1 argument/);
});

Deno.test("a host that says how many run at once holds to it; who waits is told of", async () => {
  const host = "  - {name: host, kind: process.host, host: {workers: 1, queue_size: 1}}\n";
  await using app = await watched(
    host + await sleeper() + service("a", "sleeper", "", "", "host: host, input: [200]") +
      service("b", "sleeper", "requires: [a]", "", "host: host, input: [1]") +
      service("c", "sleeper", "requires: [b]", "", "host: host, input: [1]"),
  );
  const services = await app.start();
  await services.finished;
  const calls = app.events.all.filter(({ type }) => type.startsWith("call-")).map(({ type }) => type);
  assert.deepEqual(calls, [
    "call-started",
    "call-ended",
    "call-started",
    "call-ended",
    "call-started",
    "call-ended",
  ]);
  assert.equal(
    app.warnings.all[0],
    "app:b waits: app:host runs 1 at once (host.workers), and all of them are taken",
  );
  const full = app.failures.all.map(({ error }) => String(error));
  assert.ok(
    full.every((text) => text === "ServiceError: its host runs 1 at once, and 1 wait already"),
    `${full}`,
  );
  assert.ok(full.length > 0, "there was no room for the third in the queue, at first");
});

Deno.test("a terminal.host has one process, and that has the streams of the terminal", async () => {
  const terminal = "  - {name: terminal, kind: terminal.host}\n";
  const program = await process("program", "shell", "wasi:cli/run@0.2.3#run");
  const entries = terminal + program + service("a", "program", "", "", "host: terminal, input: [word]");
  await using app = await watched(entries);
  const services = await app.start();
  await services.finished;
  assert.equal(app.output.text, "argument 0: program\nargument 1: word\n");
  await using two = await watched(entries + service("b", "program", "", "", "host: terminal"));
  await assert.rejects(two.start(), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(
      error.message,
      /^\S+:\d+:\d+: app:b: host names app:terminal, a terminal\.host, which has the process of app:a$/,
    );
    return true;
  });
});

Deno.test("start_timeout bounds what takes too long", async () => {
  await using app = await watched(
    HOST + await process("program", "sleeper", SLEEP, { isolation: "process" }) +
      service("slow", "program", "start_timeout: 1ms", "", HOUR),
  );
  await assert.rejects(app.start(), {
    name: "ServiceError",
    message: "app:slow did not start in 1 ms (lifecycle.start_timeout)",
  });
});

Deno.test("stop_timeout bounds how long an end is waited for", async () => {
  await using app = await watched(
    HOST + await sleeper() + service("s", "sleeper", "stop_timeout: 20ms", "", HOUR),
  );
  const registry = loadRegistry(`${app.directory}/app.yaml`);
  const ending = Promise.withResolvers<void>();
  const callable = {
    isProgram: true,
    method: { name: "f", type: undefined },
    call: () => ending.promise,
    close: () => ending.promise,
  };
  const warnings: string[] = [];
  const process = new Supervised(registry.get("app:s") as ProcessServiceEntry, {
    registry,
    open: () => Promise.resolve(callable as unknown as Callable),
    hosts: new Hosts({}, () => ({})),
    emit() {},
    onFailure: () => assert.fail("it has not failed"),
    warn: (message) => warnings.push(message),
    random: Math.random,
  });
  await process.begin();
  await process.stop();
  assert.deepEqual(warnings, ["app:s did not end in 20 ms (lifecycle.stop_timeout)"]);
  ending.resolve();
  await process.over;
});

Deno.test("disposing of the runtime stops its services", async () => {
  const app = await watched(HOST + await sleeper() + service("s", "sleeper", "", "", HOUR));
  const services = await app.start();
  await app[Symbol.asyncDispose]();
  await services.finished;
  assert.deepEqual(ofType(app.events.all, "service-ended").map(({ outcome }) => outcome), ["stopped"]);
});
