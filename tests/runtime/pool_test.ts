/** `pool` of an entry: what each kind of it does, in this process and in others. */
import assert from "node:assert/strict";
import { ClosedError, LimitError, Runtime } from "../../mod.ts";
import { starter } from "../../src/compartment/start.ts";
import type { ChildProcess, Start } from "../../src/compartment/process.ts";
import { load as loadRegistry } from "../../src/registry/load.ts";
import { Callable } from "../../src/runtime/callable.ts";
import { repository } from "../support/airlock.ts";
import { component, entry, HEAD, project } from "../support/project.ts";
import { web } from "./serve_support.ts";
import { it, load } from "./support.ts";

const start = starter({ lacking: (reason) => assert.fail(reason) });

const POOLS = [
  "{}",
  "{type: inline}",
  "{type: lazy, max_size: 2}",
  "{type: static, size: 1, workers: 1, buffer: 8}",
  "{type: static, size: 2, warm_start: true}",
  "{type: adaptive, max_size: 2}",
  "{worker_class: wasm, size: 2, workers: 2}",
];

for (const isolation of ["inline", "process"]) {
  for (const pool of POOLS) {
    Deno.test(`a pool ${pool} (${isolation}): a fresh instance for each call, and each call its own answer`, async () => {
      await using app = await load(
        await it("kinds", "test:kinds/work@0.1.0#calls", { name: "calls", pool, isolation }) +
          await it("kinds", "test:kinds/work@0.1.0#repeat", { name: "repeat", pool, isolation }),
      );
      const { runtime } = app;
      const calls = await Promise.all(Array.from({ length: 20 }, () => runtime.call("calls")));
      assert.equal(new Set(calls).size, 1, "no instance has seen a call before");
      const texts = Array.from({ length: 20 }, (_, i) => runtime.call("repeat", `${i},`, 3));
      assert.deepEqual(await Promise.all(texts), Array.from({ length: 20 }, (_, i) => `${i},`.repeat(3)));
    });
  }
}

/** An entry by itself, with the processes that are started for it. */
async function callable(entries: string): Promise<
  { readonly it: Callable; readonly children: readonly ChildProcess[] } & AsyncDisposable
> {
  const files = Object.fromEntries(
    ["sleeper", "kinds"].filter((name) => entries.includes(`${name}.wasm`))
      .map((name) => [`${name}.wasm`, component(`tests/guests/${name}/${name}.wasm`)]),
  );
  const folder = await project({ ...files, "app.yaml": HEAD + entries });
  const registry = loadRegistry(`${folder.directory}/app.yaml`);
  const children: ChildProcess[] = [];
  const watched: Start = async (spec, onBytes) => {
    const child = await start(spec, onBytes);
    children.push(child);
    return child;
  };
  const it = await Callable.of(registry.findWasm("it"), registry, () => Promise.resolve(watched));
  return {
    it,
    children,
    async [Symbol.asyncDispose]() {
      await it.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const options = { stdio: {} };

for (
  const [pool, limits, before, after] of [
    ["{type: static, size: 3}", "{}", 1, 1],
    ["{type: static, size: 3}", "{max_execution_ms: 20000}", 1, 3],
    ["{type: static, size: 3, warm_start: true}", "{max_execution_ms: 20000}", 3, 3],
    ["{worker_class: wasm, size: 3, workers: 3}", "{}", 1, 3],
    ["{worker_class: wasm, size: 3, workers: 3, warm_start: true}", "{}", 3, 3],
    ["{type: lazy, max_size: 3, warm_start: true}", "{max_execution_ms: 20000}", 1, 3],
    ["{type: lazy, max_size: 3}", "{}", 1, 1],
  ] as const
) {
  Deno.test(`a pool ${pool} with limits ${limits}: ${before} processes at first, ${after} under load`, async () => {
    await using one = await callable(
      await it("sleeper", "test-sleep#sleep-ms", { pool, limits, isolation: "process" }),
    );
    assert.equal(one.children.length, before);
    await Promise.all(Array.from({ length: 9 }, () => one.it.call([50], options)));
    assert.equal(one.children.length, after);
  });
}

Deno.test("an adaptive pool has more slots once calls wait for long", async () => {
  const fields = { pool: "{type: adaptive, max_size: 8}", isolation: "inline" };
  await using one = await callable(await it("sleeper", "test-sleep#sleep-ms", fields));
  const { pool } = one.it;
  assert.equal(pool.size, 1);
  const sizes = new Set<number>();
  await Promise.all(Array.from({ length: 12 }, async () => {
    await one.it.call([300], options);
    sizes.add(pool.size);
  }));
  assert.ok(Math.max(...sizes) > 1, "it grew");
  assert.ok(Math.max(...sizes) <= 8);
});

Deno.test("a call that waits can be cancelled; so can one that sleeps, and one that computes", async () => {
  const fields = { pool: "{type: inline}", isolation: "process" };
  await using app = await load(
    await it("sleeper", "test-sleep#sleep-ms", { ...fields, name: "sleeps" }) +
      await it("kinds", "test:kinds/work@0.1.0#spin", { ...fields, name: "computes" }) +
      await it("kinds", "test:kinds/work@0.1.0#repeat", { ...fields, name: "quick" }),
  );
  const { runtime } = app;
  await runtime.call("quick", "a", 1);
  for (const name of ["sleeps", "computes"]) {
    const running = new AbortController(), waiting = new AbortController();
    const args = name === "sleeps" ? [100_000_000] : [];
    const first = runtime.invoke(name, args, { signal: running.signal });
    const second = runtime.invoke(name, args, { signal: waiting.signal });
    waiting.abort();
    await assert.rejects(second, { name: "AbortError" });
    running.abort(new Error("enough"));
    await assert.rejects(first, /enough/);
  }
  await assert.rejects(
    runtime.invoke("sleeps", [100_000_000], { signal: AbortSignal.timeout(50) }),
    { name: "TimeoutError" },
  );
  assert.equal(await runtime.call("sleeps", 0).then(() => "free again"), "free again");
});

Deno.test("how a call ends that does not end by itself: each way has its name and its code", async () => {
  await using app = await load(
    await it("kinds", "test:kinds/work@0.1.0#spin", { name: "spin", limits: "{max_execution_ms: 200}" }) +
      await it("sleeper", "test-sleep#sleep-ms", { name: "sleep", isolation: "inline" }),
  );
  const { runtime } = app;
  const failure = (call: Promise<unknown>) =>
    call.then(() => assert.fail("it ended"), (error: Error & { code?: unknown }) => error);
  const late = await failure(runtime.call("spin"));
  assert.ok(late instanceof LimitError);
  assert.deepEqual([late.name, late.code, late.limit, late.value], [
    "LimitError",
    "limit",
    "max_execution_ms",
    200,
  ]);
  const cancelled = await failure(runtime.invoke("sleep", [10_000], { signal: AbortSignal.abort() }));
  assert.deepEqual([cancelled.name, cancelled.code], ["AbortError", DOMException.ABORT_ERR]);
  const timed = await failure(runtime.invoke("sleep", [100_000], { signal: AbortSignal.timeout(20) }));
  assert.deepEqual([timed.name, timed.code], ["TimeoutError", DOMException.TIMEOUT_ERR]);
  await runtime[Symbol.asyncDispose]();
  const closed = await failure(runtime.call("sleep", 1));
  assert.ok(closed instanceof ClosedError);
  assert.deepEqual([closed.name, closed.code], ["ClosedError", "closed"]);
});

for (const isolation of ["inline", "process"]) {
  Deno.test(`closing an entry (${isolation}): what came before is answered, what comes later is refused`, async () => {
    await using one = await callable(
      await it("sleeper", "greet-after", { pool: "{type: static, size: 2, buffer: 1}", isolation }),
    );
    const names = Array.from({ length: 12 }, (_, i) => `guest ${i}`);
    const calls = names.map((name) => one.it.call([name, 20], options));
    let closed = false;
    const closing = one.it.close().then(() => closed = true);
    await assert.rejects(one.it.call(["late", 0], options), {
      name: "ClosedError",
      message: "pool is closed",
    });
    assert.deepEqual(await Promise.all(calls), names.map((name) => `Hello, ${name}!`));
    assert.equal(closed, false, "the last of them has only just ended");
    await closing;
    assert.equal(one.it.pool.running + one.it.pool.waiting, 0);
    for (const child of one.children) await child.ended;
  });
}

Deno.test("another runtime may take over while the first one still answers: no call is lost between them", async () => {
  const fields = { pool: "{type: static, size: 1, buffer: 1}", isolation: "inline" };
  await using old = await load(await it("sleeper", "greet-after", fields));
  const before = Array.from({ length: 8 }, (_, i) => old.runtime.call("it", `${i}`, 10));
  const fresh = await Runtime.load(`${old.directory}/app.yaml`);
  const closing = old.runtime[Symbol.asyncDispose]();
  const after = Array.from({ length: 8 }, (_, i) => fresh.call("it", `${i + 8}`, 10));
  const answers = await Promise.all([...before, ...after]);
  assert.deepEqual(answers, Array.from({ length: 16 }, (_, i) => `Hello, ${i}!`));
  await closing;
  await fresh[Symbol.asyncDispose]();
});

Deno.test("warm_start: an entry is ready when the application is loaded; one that cannot be is told of, and fails its calls", async () => {
  const pool = "{type: static, size: 1, warm_start: true}";
  const right = await it("sleeper", "add", { name: "right", pool });
  const yaml = right + await it("sleeper", "nothing", { name: "wrong", pool });
  const warnings: string[] = [];
  await using app = await load(yaml, { onWarning: (warning) => warnings.push(warning) });
  assert.equal(
    warnings.filter((warning) => warning.startsWith("app:wrong could not be made ready: MethodError: "))
      .length,
    1,
  );
  await Deno.writeTextFile(`${app.directory}/sleeper.wasm`, "it has been read by now");
  assert.equal(await app.runtime.call("right", 20, 22), 42);
  await assert.rejects(app.runtime.call("wrong"), { name: "IntegrityError" });
  await using cold = await load(
    await it("sleeper", "add", { name: "right", pool: "{type: static, size: 1}" }),
  );
  await Deno.writeTextFile(`${cold.directory}/sleeper.wasm`, "it has not been read");
  await assert.rejects(cold.runtime.call("right", 20, 22), { name: "IntegrityError" });
});

Deno.test("a program that has forgotten to dispose of its runtime ends all the same, and its processes with it", async () => {
  const fields = { isolation: "process", pool: "{type: static, size: 2}" };
  await using app = await load(
    await it("sleeper", "greet-after", { ...fields, name: "shared" }) +
      await it("sleeper", "add", { ...fields, name: "alone", limits: "{max_execution_ms: 20000}" }),
  );
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "tests/runtime/pool_child.ts", `${app.directory}/app.yaml`],
    cwd: repository,
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(30_000),
  });
  const { code, stdout, stderr } = await child.output();
  const pids = new TextDecoder().decode(stdout).trim().split(" ");
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  assert.equal(pids.length, 2);
  // The kernel ends them with the one that has started them; that takes a moment.
  const alive = (pid: string) => {
    try {
      return !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
    } catch {
      return false;
    }
  };
  for (const begun = performance.now(); pids.some(alive);) {
    assert.ok(performance.now() - begun < 10_000, `${pids} are still there`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
});

Deno.test("an entry that says how many workers, and no size, is refused, whatever else it says", () => {
  const yaml = HEAD +
    entry({ path: "it.wasm", method: "it", hash: `sha256:${"0".repeat(64)}`, pool: "{workers: 2}" });
  const file = Deno.makeTempFileSync({ suffix: ".yaml" });
  try {
    Deno.writeTextFileSync(file, yaml);
    assert.throws(() => loadRegistry(file), /pool\.size must be 1 or more where pool\.workers is set/);
  } finally {
    Deno.removeSync(file);
  }
});

for (
  const [pool, slots, queue] of [
    ["{type: static, size: 2, buffer: 3}", 2, 3],
    ["{type: static, size: 1}", 1, 64],
    ["{type: adaptive, max_size: 1}", 1, 64],
  ] as const
) {
  Deno.test(`a pool ${pool} that is served: ${slots} run, ${queue} wait, and the next is told to come again`, async () => {
    await using served = await web({}, { pool });
    const { url, stderr, records } = served;
    const slow = Array.from({ length: slots }, () => fetch(`${url}/slow?ms=100000000`).catch(() => {}));
    for (let i = 1; i <= slots; i++) await stderr.until("slow: asleep\n".repeat(i));
    const asked = Array.from({ length: queue + 1 }, () => fetch(`${url}/print`).catch(() => {}));
    const refused = await Promise.race(asked);
    assert.ok(refused);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get("retry-after"), "1");
    assert.deepEqual(records.all.map(({ status }) => status), [503], "all the others wait");
    await refused.body?.cancel();
    await served.server.shutdown(true);
    await Promise.all([...slow, ...asked]);
    assert.ok(!stderr.text.includes("printed"), "nobody who waited has run");
  });
}
