/** Instances of core modules and what they are given: the order of beginnings, waiting, ends. */
import assert from "node:assert/strict";
import { LinkError, suspending, Trap } from "../../src/component/mod.ts";
import { PREVIEW1 } from "../../src/preview1/mod.ts";
import { ExitError } from "../../src/wasi/mod.ts";
import { core, thrown } from "./support.ts";

type Functions = Readonly<Record<string, (...args: never[]) => unknown>>;

/** A host of some functions, which remembers the memory that it was told. */
function host(imports: Functions) {
  const bound: WebAssembly.Memory[] = [];
  return {
    bound,
    imports: { [PREVIEW1]: { imports, bind: (memory: WebAssembly.Memory) => void bound.push(memory) } },
  };
}

const YIELD = `(import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))`;
const EXIT = `(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))`;
const MEMORY = `(memory (export "memory") 1)`;

Deno.test("a host is told the memory before a start function runs", async () => {
  for (const maxMemoryBytes of [undefined, 2 ** 20]) {
    const module = await core(
      `(module ${YIELD} ${MEMORY} (func $start (drop (call $yield))) (start $start)
        (func (export "read") (result i32) (i32.load (i32.const 4))))`,
      { numbers: true, maxMemoryBytes },
    );
    const { imports, bound } = host({
      sched_yield() {
        new DataView(bound[0]!.buffer).setInt32(4, 42, true);
        return 0;
      },
    });
    const { exports, suspends } = await module.instantiate(imports);
    assert.equal(exports["read"](), 42);
    assert.equal(suspends, false);
    assert.equal(bound.length, 1);
  }
});

Deno.test("a start function may wait for its host", async () => {
  for (const maxMemoryBytes of [undefined, 2 ** 20]) {
    const module = await core(
      `(module ${YIELD} ${MEMORY} (func $start (i32.store (i32.const 4) (call $yield))) (start $start)
        (func (export "read") (result i32) (i32.load (i32.const 4))))`,
      { numbers: true, maxMemoryBytes },
    );
    const { imports } = host({ sched_yield: suspending(() => Promise.resolve(7)) });
    const { exports, suspends } = await module.instantiate(imports);
    assert.equal(suspends, true);
    assert.equal(await exports["read"](), 7);
  }
});

Deno.test("a start function that traps is a trap", async () => {
  const module = await core(`(module (func $start (unreachable)) (start $start))`);
  const error = await thrown(() => module.instantiate());
  assert.ok(error instanceof Trap);
  assert.equal(error.message, "wasm trap: unreachable");
});

Deno.test("a module without a memory has a host that is told none", async () => {
  const module = await core(`(module ${YIELD} (func (export "f") (result i32) (call $yield)))`, {
    numbers: true,
  });
  const { imports, bound } = host({ sched_yield: () => 3 });
  assert.equal((await module.instantiate(imports)).exports["f"](), 3);
  assert.deepEqual(bound, []);
});

/** Writes down in which order its functions are called. */
const BEGINNINGS = `
  (global $all (mut i32) (i32.const 0))
  (func $note (param i32) (global.set $all (i32.add (i32.mul (global.get $all) (i32.const 10)) (local.get 0))))
  (func (export "f") (result i32) (call $note (i32.const 3)) (global.get $all))`;
const INITIALIZE = `(func (export "_initialize") (call $note (i32.const 1)))`;
const START = `(func (export "_start") (call $note (i32.const 2)))`;

Deno.test("_initialize is called once, before the first function", async () => {
  const module = await core(`(module ${BEGINNINGS} ${INITIALIZE})`, { numbers: true });
  const { exports } = await module.instantiate();
  assert.equal(exports["f"](), 13);
  assert.equal(exports["f"](), 133);
  assert.equal(exports["_initialize"](), undefined);
  assert.equal(exports["f"](), 1333);
});

Deno.test("_initialize as the function itself is called once", async () => {
  const { exports } = await (await core(`(module ${BEGINNINGS} ${INITIALIZE})`, { numbers: true }))
    .instantiate();
  assert.equal(exports["_initialize"](), undefined);
  assert.equal(exports["f"](), 13);
});

Deno.test("_start is the whole program: _initialize is not called for it", async () => {
  const module = await core(`(module ${BEGINNINGS} ${INITIALIZE} ${START})`, { numbers: true });
  const { exports } = await module.instantiate();
  assert.equal(exports["_start"](), undefined);
  assert.equal(exports["f"](), 213);
});

Deno.test("_initialize that waits is waited for", async () => {
  const module = await core(
    `(module ${YIELD} ${BEGINNINGS} (func (export "_initialize") (call $note (call $yield))))`,
    { numbers: true },
  );
  const { imports } = host({ sched_yield: suspending(() => Promise.resolve(7)) });
  const { exports } = await module.instantiate(imports);
  assert.equal(await exports["f"](), 73);
  assert.equal(await exports["f"](), 733);
});

Deno.test("a trap of _initialize is the function's", async () => {
  const module = await core(`(module (func (export "_initialize") (unreachable)) (func (export "f")))`, {
    numbers: true,
  });
  const { exports } = await module.instantiate();
  assert.ok(await thrown(() => exports["f"]()) instanceof Trap);
  assert.match((await thrown(() => exports["f"]())).message, /^the instance is dead|^wasm trap/);
});

Deno.test("beginnings of other types are none, and say so", async () => {
  const module = await core(
    `(module (func (export "_start") (param i32)) (func (export "_initialize") (result i32) (i32.const 0)))`,
  );
  assert.deepEqual([...module.exports], []);
  assert.match(
    module.whyNot("_start")!.message,
    /_start: func\(\) is func\(\) in core WebAssembly, and the module's _start is func\(i32\)$/,
  );
});

Deno.test("functions return promises only where something that is given may wait", async () => {
  const text = `(module ${YIELD} (func (export "f") (result i32) (call $yield)))`;
  const plain = await (await core(text, { numbers: true })).instantiate(
    host({ sched_yield: () => 1 }).imports,
  );
  assert.deepEqual([plain.suspends, plain.exports["f"]()], [false, 1]);
  const waits = host({ sched_yield: suspending(() => Promise.resolve(2)) });
  const waiting = await (await core(text, { numbers: true })).instantiate(waits.imports);
  assert.ok(waiting.exports["f"]() instanceof Promise);
  assert.equal(waiting.suspends, true);
});

Deno.test("many instances wait at once", async () => {
  const module = await core(`(module ${YIELD} (func (export "f") (result i32) (call $yield)))`, {
    numbers: true,
  });
  const gate = Promise.withResolvers<void>();
  let waiting = 0;
  const results = Array.from({ length: 50 }, async (_, i) => {
    const { imports } = host({ sched_yield: suspending(() => (waiting++, gate.promise.then(() => i))) });
    return await (await module.instantiate(imports)).exports["f"]();
  });
  while (waiting < 50) await new Promise((resolve) => setTimeout(resolve, 0));
  gate.resolve();
  assert.deepEqual(await Promise.all(results), Array.from({ length: 50 }, (_, i) => i));
});

Deno.test("a signal gives up a guest that waits, and the instance is dead", async () => {
  const module = await core(`(module ${YIELD} (func (export "f") (result i32) (call $yield)))`, {
    numbers: true,
  });
  const controller = new AbortController();
  const begun = Promise.withResolvers<void>();
  const { imports } = host({ sched_yield: suspending(() => (begun.resolve(), new Promise(() => {}))) });
  const { exports } = await module.instantiate(imports, { signal: controller.signal });
  const result = thrown(() => exports["f"]());
  await begun.promise;
  const reason = new Error("given up");
  controller.abort(reason);
  assert.equal(await result, reason);
  const after = await thrown(() => exports["f"]());
  assert.deepEqual([after.message, after.cause], ["the instance is dead: it trapped before", reason]);
});

Deno.test("an exit ends the guest, and is what the call fails with", async () => {
  const module = await core(
    `(module ${EXIT} (func (export "_start") (call $exit (i32.const 9)) (unreachable)))`,
  );
  const { imports } = host({
    proc_exit(code: number) {
      throw new ExitError(code);
    },
  });
  const error = await thrown(async () => (await module.instantiate(imports)).exports["_start"]());
  assert.ok(error instanceof ExitError);
  assert.equal(error.exitCode, 9);
});

Deno.test("a guest that catches its own end does not reach its host again, and has no result", async () => {
  const text = (fields: string) =>
    `(module ${EXIT} ${YIELD}
      (func (export "f") (result i32)
        (block $caught (try_table (catch_all $caught) (call $exit (i32.const 0))))
        ${fields}))`;
  for (const [fields, calls] of [["(i32.const 5)", 0], ["(call $yield)", 0]] as const) {
    let reached = 0;
    const { imports } = host({
      proc_exit() {
        throw new ExitError(0);
      },
      sched_yield: () => reached++,
    });
    const { exports } = await (await core(text(fields), { numbers: true })).instantiate(imports);
    const error = await thrown(() => exports["f"]());
    assert.ok(error instanceof ExitError, String(error));
    assert.equal(reached, calls);
  }
});

Deno.test("what a host function throws is what the call fails with, also later", async () => {
  const module = await core(`(module ${YIELD} (func (export "f") (result i32) (call $yield)))`, {
    numbers: true,
  });
  const failure = new Error("no such host");
  for (
    const sched_yield of [
      () => {
        throw failure;
      },
      suspending(() => Promise.reject(failure)),
    ]
  ) {
    const { exports } = await module.instantiate(host({ sched_yield }).imports);
    assert.equal(await thrown(() => exports["f"]()), failure);
    assert.equal((await thrown(() => exports["f"]())).cause, failure);
  }
});

Deno.test("a function that is not given refuses when it is called, or fails the instantiation", async () => {
  const module = await core(
    `(module ${YIELD} (func (export "f") (result i32) (call $yield)) (func (export "g")))`,
    { numbers: true },
  );
  const missing = (from: string, name: string) => new Error(`no ${from} ${name}`);
  const { exports } = await module.instantiate({}, { missing });
  assert.equal(exports["g"](), undefined);
  assert.equal((await thrown(() => exports["f"]())).message, "no wasi_snapshot_preview1 sched_yield");
  const error = await thrown(() => module.instantiate());
  assert.ok(error instanceof LinkError);
  assert.equal(error.message, "missing import: wasi_snapshot_preview1.sched_yield");
  // What every object has is no function of a host.
  const inherited = await core(`(module (import "wasi_snapshot_preview1" "sched_yield" (func)))`);
  assert.ok(await thrown(() => inherited.instantiate(host({}).imports)) instanceof LinkError);
});

Deno.test("whoever watches is told of each call, of its arguments and of what came of it", async () => {
  const module = await core(
    `(module ${EXIT} ${YIELD} (func (export "f") (drop (call $yield)) (drop (call $yield)) (call $exit (i32.const 2))))`,
    { numbers: true },
  );
  let count = 0;
  const { imports } = host({
    sched_yield: suspending(() => count++ === 0 ? 0 : Promise.resolve(1)),
    proc_exit(code: number) {
      throw new ExitError(code);
    },
  });
  const told: unknown[] = [];
  const observe =
    (from: string, name: string) => (args: readonly unknown[], outcome: { readonly tag: string }) =>
      void told.push([from, name, ...args, outcome.tag]);
  const { exports } = await module.instantiate(imports, { observe });
  await thrown(() => exports["f"]());
  assert.deepEqual(told, [
    [PREVIEW1, "sched_yield", "returned"],
    [PREVIEW1, "sched_yield", "returned"],
    [PREVIEW1, "proc_exit", 2, "threw"],
  ]);
});

Deno.test("a module says what it imports and exports", async () => {
  const module = await core(
    `(module ${YIELD} ${EXIT} ${MEMORY} (func (export "f")) (func (export "g") (param v128)))`,
    { numbers: true },
  );
  assert.deepEqual([...module.imports.keys()], [PREVIEW1]);
  const type = module.imports.get(PREVIEW1);
  assert.deepEqual(type?.kind === "instance" && [...type.exports.keys()], ["sched_yield", "proc_exit"]);
  assert.deepEqual([...module.exports.keys()], ["f"]);
  assert.deepEqual([...module.functions.keys()], ["f", "g"]);
});
