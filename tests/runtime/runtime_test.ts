/** The library's door: load, call, dispose. */
import assert from "node:assert/strict";
import {
  CapabilityError,
  ClosedError,
  ComponentError,
  ConfigError,
  DecodeError,
  EntryError,
  ExitError,
  IntegrityError,
  LinkError,
  MethodError,
  Runtime,
  Trap,
  UnsupportedError,
} from "../../mod.ts";
import { inRepository } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";
import { Collector, input, it, load } from "./support.ts";

const calculator = inRepository("examples/calculator/app.yaml");

/** The error of a promise, which must be of this class and have this name and code. */
async function fails<E extends Error>(
  // deno-lint-ignore no-explicit-any
  type: new (...args: any[]) => E,
  code: string | undefined,
  call: Promise<unknown>,
): Promise<E> {
  const error = await call.then(() => assert.fail("it did not fail"), (error: unknown) => error);
  assert.ok(error instanceof type, `${type.name} expected, got ${String(error)}`);
  assert.equal(error.name, type.name);
  if (code !== undefined) assert.equal((error as E & { readonly code: string }).code, code);
  return error;
}

Deno.test("call() takes and returns values in the JavaScript mapping", async () => {
  await using runtime = await Runtime.load(calculator);
  assert.equal(await runtime.call("demo:add", 20, 22), 42);
  assert.equal(await runtime.call("add", 20, 22), 42, "by a name that is unique");
  assert.equal(await runtime.call("demo:factorial", 20), 2432902008176640000n);
  assert.equal(await runtime.call("demo:divide", 7, 2), 3, "of a result the ok side");
  assert.equal(await runtime.call("demo:summarize", []), undefined);
  assert.deepEqual(await runtime.call("demo:summarize", Float64Array.of(1, 3)), {
    count: 2,
    mean: 2,
    smallest: 1,
    largest: 3,
  });
  const corners = { topLeft: { x: 0, y: 0 }, bottomRight: { x: 3, y: 4 } };
  assert.equal(await runtime.call("demo:area", { tag: "rectangle", val: corners }), 12);
});

Deno.test("entries() are all entries, in the order of the files, frozen", async () => {
  await using runtime = await Runtime.load(calculator);
  const entries = runtime.entries();
  assert.deepEqual(entries.slice(0, 3).map(({ id, kind }) => [id, kind]), [
    ["demo:files", "fs.directory"],
    ["demo:add", "function.wasm"],
    ["demo:divide", "function.wasm"],
  ]);
  assert.ok(Object.isFrozen(entries) && entries.every(Object.isFrozen));
});

Deno.test("load() of several paths is one application", async () => {
  const hash = await hashOf(component("examples/calculator/calculator.wasm"));
  await using folder = await project({
    "c.wasm": component("examples/calculator/calculator.wasm"),
    "a.yaml": HEAD,
    "b/b.yaml": `namespace: b\nentries:\n${entry({ path: "c.wasm", hash, method: "add", fs: "app:files" })}`,
  });
  await using runtime = await Runtime.load([`${folder.directory}/a.yaml`, `${folder.directory}/b`]);
  assert.equal(await runtime.call("b:it", 1, 2), 3);
});

Deno.test("load() fails with every problem, as data", async () => {
  await using folder = await project({
    "app.yaml": "namespace: app\nentries:\n  - {name: a, kind: function.wsam}\n  - {name: c}\n",
  });
  const error = await fails(ConfigError, "config", Runtime.load(`${folder.directory}/app.yaml`));
  assert.deepEqual(error.issues.map(({ line, code, severity }) => [line, code, severity]), [
    [3, "unknown-kind", "error"],
    [4, "missing", "error"],
  ]);
});

Deno.test("no state survives a call", async () => {
  for (const pool of ["{type: inline}", "{type: static, workers: 1, size: 1}", "{type: lazy, max_size: 3}"]) {
    await using app = await load(await it("kinds", "test:kinds/work@0.1.0#calls", { pool }));
    for (let i = 0; i < 3; i++) assert.equal(await app.runtime.call("it"), 0, pool);
  }
});

Deno.test("200 calls at once all come back, each with its own answer", async () => {
  await using app = await load(await it("sleeper", "greet-after", { pool: "{type: lazy}" }));
  const names = Array.from({ length: 200 }, (_, i) => `guest ${i}`);
  const answers = await Promise.all(names.map((name, i) => app.runtime.call("it", name, i % 7)));
  answers.forEach((answer, i) => assert.ok(String(answer).includes(names[i]!), `${String(answer)} at ${i}`));
});

/** How many guests sleep at the same time, told by how long twelve sleeps take together. */
for (
  const [pool, atOnce] of [
    ["{type: inline}", 1],
    ["{type: static, workers: 4, size: 4}", 4],
    ["{type: lazy, max_size: 12}", 12],
    ["{}", 12],
  ] as const
) {
  Deno.test(`a pool ${pool} runs ${atOnce} of 12 calls at once`, async () => {
    await using app = await load(
      await it("sleeper", "test-sleep#sleep-ms", { pool }),
    );
    await app.runtime.call("it", 0); // compiled
    const ms = 40;
    const start = performance.now();
    const order: number[] = [];
    await Promise.all(Array.from({ length: 12 }, async (_, i) => {
      await app.runtime.call("it", ms);
      order.push(i);
    }));
    const rounds = (performance.now() - start) / ms;
    const least = 12 / atOnce;
    assert.ok(rounds >= least * 0.95, `${rounds.toFixed(1)} rounds are too few for ${atOnce} at once`);
    if (atOnce > 1) assert.ok(rounds < 12, `${rounds.toFixed(1)} rounds: nothing ran at once`);
    if (atOnce === 1) assert.deepEqual(order, order.toSorted((a, b) => a - b), "first come, first served");
  });
}

Deno.test("a guest that waits does not hold up another entry", async () => {
  await using app = await load(
    await it("sleeper", "test-sleep#sleep-ms", { name: "slow" }) +
      await it("calculator", "add", { name: "quick" }),
  );
  const slow = app.runtime.call("slow", 300).then(() => "slow");
  const quick = app.runtime.call("quick", 1, 2).then(() => "quick");
  assert.equal(await Promise.race([slow, quick]), "quick");
  await slow;
});

Deno.test("every failure has its class", async () => {
  await using app = await load(
    await it("kinds", "test:kinds/work@0.1.0#trap", { name: "trap" }) +
      await it("calculator", "divide", { name: "divide" }) +
      await it("calculator", "nothing", { name: "nothing" }) +
      await it("calculator", "add", {
        name: "both",
        isolation: "inline",
        limits: "{max_execution_ms: 5000}",
      }) +
      await it("hello", "wasi:cli/run@0.2.3#run", {
        name: "undeclared",
        imports: "[wasi:cli, wasi:io, wasi:filesystem]",
      }) +
      await it("hello", "wasi:cli/run@0.2.3#run", { name: "strict", imports: "[wasi:cli]", strict: "true" }) +
      await it("calculator", "add", { name: "add" }),
    { stdio: { stdout: new Collector() } },
  );
  const { runtime } = app;
  const err = await fails(ComponentError, "component", runtime.call("divide", 1, 0));
  assert.deepEqual(err.payload, { code: 2, message: "division by zero" });
  const trap = await fails(Trap, "trap", runtime.call("trap"));
  assert.ok(trap.frames.length > 0);
  const method = await fails(MethodError, "method", runtime.call("nothing"));
  assert.ok(method.methods.includes("add"));
  await fails(UnsupportedError, "unsupported", runtime.call("both", 1, 2));
  const refusal = await fails(CapabilityError, "capability", runtime.call("undeclared"));
  assert.deepEqual([refusal.asked, refusal.wall], ["wasi:clocks/wall-clock@0.2.3#now", "link"]);
  assert.deepEqual([...refusal.allowed].sort(), ["wasi:cli", "wasi:filesystem", "wasi:io", "wasi:poll"]);
  assert.match(refusal.hint, /add wasi:clocks to the imports of app:undeclared \(.*app\.yaml:\d+:5\)/);
  const strict = await fails(LinkError, "link", runtime.call("strict"));
  assert.ok(strict.imports.includes("wasi:clocks/wall-clock@0.2.3"));
  const unknown = await fails(EntryError, "unknown", runtime.call("ad", 1, 2));
  assert.deepEqual(unknown.candidates, ["add"]);
  await fails(EntryError, "wrong-kind", runtime.call("app:files"));
  const arity = await fails(TypeError, undefined, runtime.call("add", 1));
  assert.equal(arity.message, "add takes 2 arguments (a, b), got 1");
  const type = await fails(TypeError, undefined, runtime.call("add", 1, "2"));
  assert.equal(type.message, 'parameter b is s32, got "2" (calling add: func(a: s32, b: s32) -> s32)');
  // None of this has hurt the others.
  assert.equal(await runtime.call("add", 1, 2), 3);
});

Deno.test("a failed call frees its slot", async () => {
  await using app = await load(await it("kinds", "test:kinds/work@0.1.0#trap"));
  for (let i = 0; i < 3; i++) await fails(Trap, "trap", app.runtime.call("it"));
});

Deno.test("a file that was wrong is read again once it is put right; one that was right is not read again", async () => {
  await using app = await load(await it("calculator", "add"));
  const file = `${app.directory}/calculator.wasm`;
  const right = await Deno.readFile(file);
  const wrong = right.slice(0, 100);
  await Deno.writeFile(file, wrong);
  const error = await fails(IntegrityError, "integrity", app.runtime.call("it", 1, 2));
  assert.deepEqual([error.expected, error.actual], [await hashOf(right), await hashOf(wrong)]);
  await Deno.remove(file);
  const missing = await fails(ConfigError, "config", app.runtime.call("it", 1, 2));
  assert.deepEqual(missing.issues.map(({ code, line }) => [code, line]), [["file", 7]]);
  await Deno.writeFile(file, right);
  assert.equal(await app.runtime.call("it", 1, 2), 3);
  await Deno.writeFile(file, wrong);
  assert.equal(await app.runtime.call("it", 1, 2), 3, "what is compiled stays what was checked");
});

Deno.test("a corrupt file of the declared hash is a DecodeError at its byte", async () => {
  const bytes = component("examples/calculator/calculator.wasm").slice(0, 5000);
  const fields = { path: "c.wasm", hash: await hashOf(bytes), method: "add" };
  await using folder = await project({ "c.wasm": bytes, "app.yaml": HEAD + entry(fields) });
  await using runtime = await Runtime.load(`${folder.directory}/app.yaml`);
  const error = await fails(DecodeError, "malformed", runtime.call("it", 1, 2));
  assert.ok(error.offset <= 5000 && error.message.includes(`at byte ${error.offset}`));
});

Deno.test("a program takes words as its arguments and exits by an error, unless with code 0", async () => {
  const stdout = new Collector();
  const program = "wasi:cli/run@0.2.3#run";
  await using app = await load(
    await it("shell", program, { name: "shell", kind: "process.wasm" }) +
      await it("lines", "wasi:cli/run@0.2.12#run", { name: "lines", kind: "process.wasm" }) +
      await it("shell", program, {
        name: "fixed",
        kind: "process.wasm",
        wasi: "{args: [a, b]}",
        meta: "{command: {name: fix}}",
      }),
    { stdio: { stdin: input("one\ntwo"), stdout } },
  );
  assert.equal(await app.runtime.call("shell", "x", 7), undefined);
  assert.equal(stdout.text, "argument 0: shell\nargument 1: x\nargument 2: 7\ninput: one\ninput: two");
  assert.equal(await app.runtime.call("lines"), undefined, "exit(ok) is no failure");
  assert.equal(await app.runtime.call("fix", "ignored"), undefined);
  assert.match(stdout.text, /argument 0: a\nargument 1: b\n$/);
});

Deno.test("a program that exits with another code is an ExitError", async () => {
  // The program returns 1 where its input cannot be read.
  const broken = { read: () => Promise.reject(new Error("broken")) };
  await using app = await load(await it("shell", "wasi:cli/run@0.2.3#run"), {
    stdio: { stdin: broken, stdout: new Collector(), stderr: new Collector() },
  });
  const error = await fails(ExitError, "exit", app.runtime.call("it"));
  assert.equal(error.exitCode, 1);
});

Deno.test("stdio leads where it is told, and by default reads nothing", async () => {
  const [stdout, stderr] = [new Collector(), new Collector()];
  await using app = await load(await it("shell", "wasi:cli/run@0.2.3#run"), { stdio: { stdout, stderr } });
  await app.runtime.call("it");
  assert.deepEqual([stdout.text, stderr.text], ["argument 0: it\n", ""]);
});

Deno.test("a runtime that was disposed of takes no more calls; those under way end", async () => {
  await using app = await load(await it("sleeper", "test-sleep#sleep-ms"));
  const slow = app.runtime.call("it", 50);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await app.runtime[Symbol.asyncDispose]();
  await fails(ClosedError, "closed", app.runtime.call("it", 0));
  assert.ok(await slow as bigint >= 50n);
  await app.runtime[Symbol.asyncDispose]();
});

Deno.test("two runtimes of one file share nothing", async () => {
  await using one = await Runtime.load(calculator);
  {
    await using other = await Runtime.load(calculator);
    assert.equal(await other.call("demo:add", 1, 2), 3);
  }
  assert.equal(await one.call("demo:add", 1, 2), 3);
});
