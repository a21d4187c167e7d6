/** `observe`: who is told of the calls of host functions, and that nothing else changes. */
import assert from "node:assert/strict";
import { type Observe, type Outcome, suspending } from "../../src/component/mod.ts";
import { direct } from "../../src/component/abi/fill.ts";
import { guest, hosts, rejection, thrown } from "./guests.ts";

/** Remembers what it is told. */
function recorder(wanted: (func: string) => boolean = () => true) {
  const calls: { func: string; args: readonly unknown[]; outcome: Outcome }[] = [];
  const linked: string[] = [];
  const observe: Observe = (interfaceName, func) => {
    linked.push(`${interfaceName}#${func}`);
    return wanted(func) ? (args, outcome) => void calls.push({ func, args: [...args], outcome }) : undefined;
  };
  return { calls, linked, observe };
}

const HOST = "test:minimal/host@0.1.0";
const LOGGING = "test:resources/logging@0.1.0";

/** The sum of two numbers, by a host's function. */
function sum(observe: Observe | undefined, add: (a: number, b: number) => unknown = (a, b) => a + b) {
  return guest("minimal/minimal").instantiateSync({ [HOST]: { add } }, { observe })
    .exports["computeUsingHost"];
}

Deno.test("a call is told of with its arguments and what it returned, once for each", () => {
  const { calls, linked, observe } = recorder();
  const add = sum(observe);
  assert.deepEqual([linked, calls], [[`${HOST}#add`], []]);
  assert.equal(add(2, 3), 5);
  assert.equal(add(4, 5), 9);
  assert.deepEqual(calls, [
    { func: "add", args: [2, 3], outcome: { tag: "returned", value: 5 } },
    { func: "add", args: [4, 5], outcome: { tag: "returned", value: 9 } },
  ]);
});

Deno.test("nobody is told of a function that the observer does not want to know of", () => {
  const { calls, linked, observe } = recorder(() => false);
  assert.equal(sum(observe)(2, 3), 5);
  assert.deepEqual([linked, calls], [[`${HOST}#add`], []]);
});

Deno.test("what a host function throws is told of, and fails the call as it would", () => {
  const mine = new RangeError("mine");
  const fail = () => {
    throw mine;
  };
  const { calls, observe } = recorder();
  const error = thrown(() => sum(observe, fail)(2, 3)) as Error;
  const plain = thrown(() => sum(undefined, fail)(2, 3)) as Error;
  assert.deepEqual([error.name, error.message, error.cause], [plain.name, plain.message, plain.cause]);
  assert.deepEqual(calls.map(({ outcome }) => outcome), [{ tag: "threw", error: mine }]);
});

Deno.test("what an observer throws, the call fails with: nothing goes on unobserved", () => {
  const add = sum(() => () => {
    throw new Error("the disk is full");
  });
  assert.match((thrown(() => add(2, 3)) as Error).message, /the disk is full/);
});

Deno.test("a function that suspends still does, and is told of when its promise is settled", async () => {
  const { calls, observe } = recorder();
  const instance = guest("sleeper/sleeper").instantiateSync(hosts(), { observe });
  assert.equal(instance.suspends, true);
  const { sleepMs } = instance.exports["test-sleep"];
  const sleep = sleepMs(20);
  const waits = () => calls.filter(({ func }) => /block|poll$/.test(func));
  assert.deepEqual(waits(), [], "it sleeps, and nothing has come of it yet");
  assert.ok(await sleep >= 19n);
  assert.ok(waits().length > 0);
  for (const { outcome } of waits()) {
    assert.ok(outcome.tag === "returned" && !(outcome.value instanceof Promise));
  }
});

Deno.test("a promise that is rejected is told of, and rejects the call", async () => {
  const { calls, observe } = recorder();
  const mine = new RangeError("mine");
  const add = sum(observe, suspending(() => Promise.reject(mine)));
  await rejection(add(2, 3));
  assert.deepEqual(calls.map(({ outcome }) => outcome), [{ tag: "threw", error: mine }]);
});

Deno.test("a function that may wait and does not is told of at once", async () => {
  const { calls, observe } = recorder();
  const promise = sum(observe, suspending((a: number, b: number) => a + b))(2, 3);
  assert.equal(calls.length, 1);
  assert.equal(await promise, 5);
});

/** A host's resource that counts its lines, for all loggers. */
function logging() {
  class Logger {
    #lines: string[] = [];
    constructor(readonly prefix: string) {}
    log(line: string): number {
      return this.#lines.push(`${this.prefix}${line}`);
    }
    lines(): string[] {
      return [...this.#lines];
    }
    static root(): Logger {
      return new this("root: ");
    }
  }
  return {
    Logger,
    compare: () => 0,
    close: (it: Logger) => it.lines(),
    open: (name: string) => new Logger(name),
  };
}

Deno.test("constructors, methods and static functions work as before, and are told of with the object first", () => {
  const host = logging();
  const { calls, observe } = recorder();
  const { exports } = guest("resources/resources").instantiateSync({ [LOGGING]: host }, { observe });
  const { logAll, logRoot } = exports["test:resources/driver@0.1.0"];
  assert.deepEqual(logAll("> ", ["a", "b"]), ["> a", "> b"]);
  assert.equal(logRoot("c"), 1);
  const told = calls.map(({ func, args, outcome }) => {
    const show = (value: unknown) => value instanceof host.Logger ? `logger ${value.prefix}` : value;
    return [func, args.map(show), outcome.tag === "returned" ? show(outcome.value) : outcome];
  });
  assert.deepEqual(told, [
    ["[constructor]logger", ["> "], "logger > "],
    ["[method]logger.log", ["logger > ", "a"], 1],
    ["[method]logger.log", ["logger > ", "b"], 2],
    ["[method]logger.lines", ["logger > "], ["> a", "> b"]],
    ["[static]logger.root", [], "logger root: "],
    ["[method]logger.log", ["logger root: ", "c"], 1],
  ]);
});

Deno.test("a method's direct form is the one that is called, observed or not", () => {
  class Logger {
    log(): number {
      throw new Error("guests get the direct form");
    }
  }
  direct(Logger.prototype.log, ((_self: unknown, line: string) => line.length) as never);
  const host = { ...logging(), Logger };
  for (const observe of [undefined, recorder().observe]) {
    const options = { observe, missing: (_: string, func: string) => new Error(func) };
    const { exports } = guest("resources/resources").instantiateSync({ [LOGGING]: host }, options);
    const logger = new Logger();
    assert.equal(exports["test:resources/driver@0.1.0"].logTo(logger, "four"), 4);
  }
});
