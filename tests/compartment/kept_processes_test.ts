// How many processes a guest has: those that share calls, those that have one each, those that stay and those that go.
import assert from "node:assert/strict";
import type { ChildProcess, Start } from "../../src/compartment/process.ts";
import { Processes, type ProcessesOptions } from "../../src/compartment/processes.ts";
import type { GuestSpec } from "../../src/compartment/spec.ts";
import { starter } from "../../src/compartment/start.ts";
import { denied } from "../../src/grant/grant.ts";
import { inRepository } from "../support/airlock.ts";

const start = starter({ lacking: (reason) => assert.fail(reason) });
const options = { stdio: {} };

function spec(file: string, method: string): GuestSpec {
  return {
    file: inRepository(file),
    hash: undefined,
    method,
    program: "it",
    grant: { ...denied, holder: "app:it", packages: new Set(["wasi:io", "wasi:poll", "wasi:clocks"]) },
    strict: false,
    maxMemoryBytes: undefined,
    where: undefined,
  };
}

const adder = spec("tests/guests/endless/endless.wasm", "add");
const sleeper = spec("tests/guests/sleeper/sleeper.wasm", "test-sleep#sleep-ms");

/** Processes, and the children that were started for them. */
class Kept implements AsyncDisposable {
  readonly children: ChildProcess[] = [];
  readonly processes: Processes;
  #more: (() => void) | undefined;

  constructor(of: GuestSpec, keep: Omit<ProcessesOptions, "start" | "maxExecutionMs"> & { limit?: number }) {
    const { limit, ...rest } = keep;
    const watched: Start = async (spec, onBytes) => {
      // The tests wait for their ends, where a program would not.
      const { hold: _, ...child } = await start(spec, onBytes);
      this.children.push(child);
      this.#more?.();
      return child;
    };
    this.processes = new Processes(of, { start: watched, maxExecutionMs: limit, ...rest });
  }

  /** Once so many have been started. */
  async started(count: number): Promise<void> {
    while (this.children.length < count) await new Promise<void>((resolve) => this.#more = resolve);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.processes.close();
  }
}

Deno.test("calls of a class of workers are spread over its processes: the one with the least to do gets the next", async () => {
  await using kept = new Kept(sleeper, { shared: 3 });
  const { processes, children } = kept;
  const calls = Array.from({ length: 9 }, () => processes.call([100], options));
  assert.equal(processes.count, 3);
  await Promise.all(calls);
  assert.equal(children.length, 3);
  // One is busy: the others go around it.
  const long = processes.call([300], options);
  const order: string[] = [];
  await Promise.all([
    long.then(() => order.push("long")),
    processes.call([0], options).then(() => order.push("short")),
    processes.call([0], options).then(() => order.push("short")),
  ]);
  assert.deepEqual(order, ["short", "short", "long"]);
  assert.equal(children.length, 3);
});

Deno.test("a process of a class that dies takes its own calls with it, and is replaced", async () => {
  await using kept = new Kept(sleeper, { shared: 2 });
  const { processes, children } = kept;
  await processes.warm(2);
  assert.equal(children.length, 2);
  const calls = [processes.call([200], options), processes.call([200], options)];
  Deno.kill(children[0]!.pid, "SIGKILL");
  const outcomes = await Promise.allSettled(calls);
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  await Promise.all([processes.call([0], options), processes.call([0], options)]);
  assert.equal(children.length, 3);
});

Deno.test("with a time limit there are as many processes as calls at once, and as many stay as are to be kept", async () => {
  await using kept = new Kept(adder, { limit: 20_000, idle: 1, idleMs: 50 });
  const { processes, children } = kept;
  assert.deepEqual(await Promise.all([1, 2, 3].map((n) => processes.call([n, n], options))), [2, 4, 6]);
  assert.equal(children.length, 3);
  // Two have nothing to do, and are too many.
  const ended = new Set<number>();
  const ends = children.map(({ pid, ended: end }) => end.then(() => ended.add(pid)));
  await Promise.any(ends);
  while (ended.size < 2) await Promise.any(ends.filter((_, i) => !ended.has(children[i]!.pid)));
  assert.equal(processes.count, 1);
  assert.equal(await processes.call([1, 1], options), 2);
  assert.equal(children.length, 3, "the one that stayed has taken it");
});

Deno.test("a process that none is to stay of ends after a while without calls, and begins again with the next", async () => {
  await using kept = new Kept(adder, { idle: 0, idleMs: 50 });
  const { processes, children } = kept;
  assert.equal((await processes.method()).name, "add");
  await children[0]!.ended;
  assert.equal(processes.count, 0);
  assert.equal(await processes.call([20, 22], options), 42);
  assert.equal(children.length, 2);
  await children[1]!.ended;
});

Deno.test("a process is not idle while it has a call, however long that takes", async () => {
  await using kept = new Kept(sleeper, { idle: 0, idleMs: 50 });
  assert.ok(await kept.processes.call([400], options) as bigint >= 400n);
  assert.equal(kept.children.length, 1);
  await kept.children[0]!.ended;
});

Deno.test("warm() starts as many as there are to be, before the first call", async () => {
  await using kept = new Kept(adder, { limit: 20_000, idle: 3 });
  const { processes, children } = kept;
  await processes.method();
  await processes.warm(3);
  assert.equal(children.length, 3);
  await Promise.all([1, 2, 3].map((n) => processes.call([n, n], options)));
  assert.equal(children.length, 3);
});

Deno.test("close() ends processes that are just being started, and waits until they are gone", async () => {
  await using kept = new Kept(adder, { limit: 20_000 });
  const { processes, children } = kept;
  const calls = [1, 2].map((n) => processes.call([n, n], options));
  const failed = Promise.all(
    calls.map((call) =>
      assert.rejects(call, { name: "CompartmentError", message: "the runtime was disposed of" })
    ),
  );
  await kept.started(2);
  let gone = 0;
  for (const { ended } of children) void ended.then(() => gone++);
  await processes.close();
  assert.equal(gone, 2);
  await failed;
  await assert.rejects(processes.call([1, 2], options), { name: "CompartmentError" });
});

Deno.test("a call that waits for a process to start ends when its signal says so; the process is the next one's", async () => {
  await using kept = new Kept(adder, {});
  const { processes, children } = kept;
  const controller = new AbortController();
  const call = processes.call([1, 2], { ...options, signal: controller.signal });
  controller.abort(new Error("enough"));
  await assert.rejects(call, /enough/);
  assert.equal(await processes.call([1, 2], options), 3);
  assert.equal(children.length, 1);
});

Deno.test("a process that cannot be started fails the calls that waited for it, and the next one tries again", async () => {
  let times = 0;
  const failing: Start = (spec, onBytes) =>
    ++times === 1 ? Promise.reject(new Error("not now")) : start(spec, onBytes);
  const processes = new Processes(adder, { start: failing, maxExecutionMs: undefined });
  const calls = [1, 2].map((n) => processes.call([n, n], options));
  for (const call of calls) await assert.rejects(call, /not now/);
  assert.equal(await processes.call([1, 2], options), 3);
  assert.equal(times, 2);
  await processes.close();
});
