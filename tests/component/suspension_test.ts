import assert from "node:assert/strict";
import { ComponentError, type Exports, LinkError, suspending, Trap } from "../../src/component/mod.ts";
import { moveStart } from "../../src/component/link/start.ts";
import { assertDead, guest, hosts, onWasi, rejection, thrown, written } from "./guests.ts";

const SLEEP = "test-sleep";
const later = <T>(value: T, ms = 1) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));

const sleeper = (): Exports => onWasi("sleeper/sleeper");

Deno.test("an instance whose imports may block can be made at once, and its exports return promises", async () => {
  const instance = guest("sleeper/sleeper").instantiateSync(hosts());
  assert.equal(instance.suspends, true);
  const sum = instance.exports["add"](1, 2);
  assert.ok(sum instanceof Promise);
  assert.equal(await sum, 3);
});

Deno.test("a guest sleeps, and whatever else there is to do is done meanwhile", async () => {
  const { [SLEEP]: { sleepMs, workWithSleep } } = sleeper();
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  const ms = await sleepMs(50);
  assert.ok(ms >= 49n, `${ms}`);
  assert.ok(await workWithSleep(3, 10) >= 29n);
  clearInterval(timer);
  assert.ok(ticks >= 4, `${ticks} ticks`);
});

Deno.test("the guest's text outlives the suspension: the string of the caller, and that of the guest", async () => {
  const { greetAfter, mostAtOnce } = sleeper();
  assert.equal(await greetAfter("Ada", 5), "Hello, Ada!");
  const long = "é漢😀".repeat(100_000);
  assert.equal(await greetAfter(long, 5), `Hello, ${long}!`);
  assert.equal(await mostAtOnce(), 1);
});

Deno.test("a poll of many timers tells the order in which they are ready", async () => {
  const { race } = sleeper();
  assert.deepEqual(await race(Uint32Array.of(60, 5, 30)), Uint32Array.of(1, 2, 0));
  assert.deepEqual(await race([]), Uint32Array.of());
});

Deno.test("an err after a suspension is thrown, and the guest lives on", async () => {
  const { failAfter } = sleeper();
  assert.equal(await failAfter(2, undefined), 2);
  const error = await rejection(failAfter(2, "told so"));
  assert.ok(error instanceof ComponentError);
  assert.equal(error.payload, "told so");
  assert.equal(await failAfter(0, undefined), 0);
});

Deno.test("a trap after a suspension is a trap, and the instance is dead", async () => {
  const { trapAfter, add, greetAfter } = sleeper();
  const trap = await rejection(trapAfter(2));
  assert.ok(trap instanceof Trap);
  assert.match(trap.message, /unreachable/);
  assert.ok(trap.frames.length > 0);
  for (const call of [() => add(1, 2), () => greetAfter("x", 1)]) {
    const error = await rejection(call());
    assertDead(() => {
      throw error;
    }, trap);
  }
});

Deno.test("a second call into a suspended instance is refused, and the first completes", async () => {
  const { greetAfter, add, mostAtOnce, [SLEEP]: { sleepMs } } = sleeper();
  const first = greetAfter("first", 20);
  for (const second of [() => greetAfter("second", 1), () => add(1, 2), () => sleepMs(1)]) {
    const error = await rejection(second());
    assert.ok(error instanceof Trap);
    assert.match(error.message, /cannot enter component instance: a call into it is under way/);
  }
  assert.equal(await first, "Hello, first!");
  assert.equal(await add(1, 2), 3);
  assert.equal(await mostAtOnce(), 1);
});

Deno.test("bad arguments of a function that returns a promise reject it", async () => {
  const { add } = sleeper();
  assert.match((await rejection(add(1, "2")) as Error).message, /parameter b is u32, got "2"/);
  assert.equal(await add(1, 2), 3);
});

Deno.test("2,000 instances sleep at once, each as long as one", async () => {
  const all = Array.from({ length: 2000 }, () => sleeper());
  // The first call of each function compiles it.
  await all[0]![SLEEP].sleepMs(1);
  const started = performance.now();
  const slept: bigint[] = await Promise.all(all.map((one) => one[SLEEP].sleepMs(50)));
  const took = performance.now() - started;
  assert.ok(slept.every((ms) => ms >= 49n));
  assert.ok(took < 2000, `took ${took} ms`);
});

Deno.test("suspended instances are woken in the order of their timers, not of their calls", async () => {
  const woken: number[] = [];
  const delays = [40, 10, 70];
  await Promise.all(delays.map(async (ms) => {
    await sleeper()[SLEEP].sleepMs(ms);
    woken.push(ms);
  }));
  assert.deepEqual(woken, [10, 40, 70]);
});

Deno.test("a call that blocks inside one component of a composition suspends all of it", async () => {
  const { exports } = guest("composed/composed").instantiateSync(hosts());
  const app = exports["test:composed/app@0.1.0"], store = exports["test:composed/store@0.1.0"];
  const running = app.run("napper", 20);
  for (const call of [() => app.add(1, 2), () => store.add(1, 2)]) {
    assert.match((await rejection(call()) as Error).message, /cannot enter/);
  }
  assert.equal(await running, "napper");
  assert.equal(await app.add(1, 2), 3);
  assert.equal(await store.alive(), 0);

  const many = Array.from({ length: 100 }, () => guest("composed/composed").instantiateSync(hosts()).exports);
  const names = await Promise.all(many.map((one, i) => one["test:composed/app@0.1.0"].run(`n${i}`, 20)));
  assert.deepEqual(names, many.map((_, i) => `n${i}`));
});

Deno.test("an object cannot be disposed of while a call is under way; afterwards it can", async () => {
  const { exports } = guest("composed/composed").instantiateSync(hosts());
  const { Item, alive } = exports["test:composed/store@0.1.0"];
  const item = await new Item("a"), other = await new Item("b");
  const napping = item.nap(10);
  assert.throws(() => item[Symbol.dispose](), /in use by a call under way/);
  assert.throws(() => other[Symbol.dispose](), /cannot enter component instance/);
  await napping;
  assert.equal(await alive(), 2);
  await item[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  assert.equal(await alive(), 0);
});

const HOST = "test:minimal/host@0.1.0";

Deno.test("an async host function suspends its guest without a mark", async () => {
  const add = async (a: number, b: number) => await later(a + b);
  const instance = guest("minimal/minimal").instantiateSync({ [HOST]: { add } });
  assert.equal(instance.suspends, true);
  assert.equal(await instance.exports["computeUsingHost"](1, 2), 3);
  assert.equal(await instance.exports["compute"](6, 7), 42);
});

Deno.test("a marked host function may return a promise or not", async () => {
  const add = suspending((a: number, b: number) => a > 10 ? later(a + b) : a + b);
  const { exports } = guest("minimal/minimal").instantiateSync({ [HOST]: { add } });
  assert.equal(await exports["computeUsingHost"](1, 2), 3);
  assert.equal(await exports["computeUsingHost"](11, 2), 13);
});

Deno.test("a host function that is not marked and returns a promise is told what to do", () => {
  const add = (a: number, b: number) => later(a + b);
  const instance = guest("minimal/minimal").instantiateSync({ [HOST]: { add } });
  assert.equal(instance.suspends, false);
  assert.equal(instance.exports["compute"](6, 7), 42);
  assert.throws(
    () => instance.exports["computeUsingHost"](1, 2),
    /returned a promise but is not marked as suspending/,
  );
});

Deno.test("a promise that is rejected reaches the caller as it is, and ends the guest", async () => {
  const mine = new Error("mine");
  const add = async () => await Promise.reject(mine);
  const { exports } = guest("minimal/minimal").instantiateSync({ [HOST]: { add } });
  assert.equal(await rejection(exports["computeUsingHost"](1, 2)), mine);
  const error = await rejection(exports["compute"](6, 7));
  assert.equal((error as Trap).cause, mine);
});

Deno.test("a promise of what does not fit is named like a value that does not", async () => {
  const add = async () => await later("three");
  const { exports } = guest("minimal/minimal").instantiateSync({ [HOST]: { add } });
  const error = await rejection(exports["computeUsingHost"](1, 2));
  assert.ok(error instanceof TypeError);
  assert.match(error.message, /host@0.1.0#add returned "three" for result, expected u32/);
});

Deno.test("a method and a static of a host's class may suspend; marked or async", async () => {
  class Logger {
    static root = async () => await later(new Logger());
    held: string[] = [];
    async log(line: string): Promise<number> {
      return await later(this.held.push(line));
    }
    lines() {
      return this.held;
    }
  }
  const open = async (name: string) => {
    await later(undefined);
    if (name === "") throw new ComponentError("no name");
    return new Logger();
  };
  const logging = { Logger, compare: () => 0, close: () => [], open };
  const { exports } = guest("resources/resources").instantiateSync({
    "test:resources/logging@0.1.0": logging,
  });
  const driver = exports["test:resources/driver@0.1.0"];
  assert.deepEqual(await driver.logAll("p", ["a", "b"]), ["a", "b"]);
  assert.equal(await driver.logRoot("x"), 1);
  assert.equal(await driver.open("x"), 1);
  const error = await rejection(driver.open(""));
  assert.equal((error as ComponentError).payload, "no name");
  const logger = new Logger();
  assert.equal(await driver.logTo(logger, "lent over a suspension"), 1);
  assert.match(
    (await rejection(driver.keepBorrowed(logger)) as Error).message,
    /borrow handles still remain/,
  );
});

Deno.test("a lowered host function that is lifted as it is suspends its caller, or not", async () => {
  const wait = async (ms: number) => await later(ms + 1, ms);
  const suspends = written("relift").instantiateSync({ wait });
  assert.equal(await suspends.exports["waitAgain"](5), 6);
  assert.equal(await suspends.exports["waitThrough"](5), 6);
  const plain = written("relift").instantiateSync({ wait: (ms: number) => ms + 1 });
  assert.equal(plain.exports["waitAgain"](5), 6);
  assert.equal(plain.exports["waitThrough"](5), 6);
});

for (
  const [name, get, total] of [["start_blocks", "kept", 20 + 5 + 1], [
    "start_after",
    "get",
    1 + 10 + 1,
  ]] as const
) {
  Deno.test(`a start function that blocks is waited for: ${name}`, async () => {
    const wait = async (ms: number) => await later(ms + 1, ms);
    const { exports } = await written(name).instantiate({ wait });
    assert.equal(await exports[get](), total);
  });

  Deno.test(`a start function that blocks cannot be waited for at once: ${name}`, () => {
    const wait = async (ms: number) => await later(ms + 1, ms);
    const error = thrown(() => written(name).instantiateSync({ wait }));
    assert.ok(error instanceof LinkError, `${error}`);
    assert.match(error.message, /use instantiate\(\)/);
  });

  Deno.test(`a start function that calls what may block and does not is waited for all the same: ${name}`, async () => {
    const wait = suspending((ms: number) => ms + 1);
    assert.equal(await (await written(name).instantiate({ wait })).exports[get](), total);
  });

  Deno.test(`a start function that cannot block is no concern: ${name}`, async () => {
    const wait = (ms: number) => ms + 1;
    assert.equal(written(name).instantiateSync({ wait }).exports[get](), total);
    assert.equal((await written(name).instantiate({ wait })).exports[get](), total);
  });

  Deno.test(`a start function whose wait fails fails the instantiation: ${name}`, async () => {
    const mine = new Error("mine");
    const wait = async () => await Promise.reject(mine);
    assert.equal(await rejection(written(name).instantiate({ wait })), mine);
  });
}

/** A core module, section by section. */
function module(...sections: [id: number, ...bytes: number[]][]): Uint8Array<ArrayBuffer> {
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  return Uint8Array.from([...header, ...sections.flatMap(([id, ...body]) => [id, body.length, ...body])]);
}

const types: [number, ...number[]] = [1, 1, 0x60, 0, 0];
const funcs: [number, ...number[]] = [3, 1, 0];
const code: [number, ...number[]] = [10, 1, 2, 0, 0x0b];
const start: [number, ...number[]] = [8, 0];
const custom: [number, ...number[]] = [0, 1, 0x78, 1, 2, 3];
const exported: [number, ...number[]] = [7, 1, 1, 0x66, 0, 0];
const memory: [number, ...number[]] = [5, 1, 0, 1];
const data: [number, ...number[]] = [11, 1, 0, 0x41, 0, 0x0b, 1, 0x78];

const modules: [what: string, bytes: Uint8Array<ArrayBuffer>, exports: string[]][] = [
  ["no exports", module(types, funcs, start, code), []],
  ["an export", module(types, funcs, exported, start, code), ["f"]],
  [
    "custom sections everywhere",
    module(custom, types, custom, funcs, custom, start, custom, code, custom),
    [],
  ],
  ["memory and data", module(types, funcs, memory, exported, start, code, data), ["f"]],
];

Deno.test("a start function is moved to an export, and the rest of the module stays as it was", () => {
  for (const [what, bytes, names] of modules) {
    const moved = moveStart(bytes)?.bytes;
    assert.ok(moved, what);
    const before = WebAssembly.Module.exports(new WebAssembly.Module(bytes));
    const after = WebAssembly.Module.exports(new WebAssembly.Module(moved));
    assert.deepEqual(before.map((e) => e.name), names, what);
    assert.deepEqual(after.slice(0, -1), before, what);
    assert.equal(after.at(-1)!.kind, "function");
    assert.equal(moveStart(moved), undefined, "there is none left");
  }
});

Deno.test("a module without a start function is left alone", () => {
  assert.equal(moveStart(module()), undefined);
  assert.equal(moveStart(module(types, funcs, exported, code)), undefined);
});
