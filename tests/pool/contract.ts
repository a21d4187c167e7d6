/** What every pool promises, whatever its kind. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Pool } from "../../src/pool/pool.ts";

/** A kind of pool, as the contract is run by it. */
export interface Kind {
  /** What it is called in titles. */
  readonly name: string;
  /** Makes one. */
  readonly make: () => Pool;
  /** How many slots it has. */
  readonly slots: number;
  /** How long its queue is; why it has no bound. */
  readonly queue: number | { readonly none: string };
}

/** Work that ends when it is told to. */
export function work<T = void>() {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  return { run: () => promise, end: resolve, fail: reject };
}

/** Lets everything happen that can. */
export const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

/** Fills all slots. */
function fill(pool: Pool, slots: number) {
  const works = Array.from({ length: slots }, () => work());
  const done = works.map(({ run }) => pool.run(run));
  return { works, done, end: () => works.forEach(({ end }) => end()) };
}

/** What is counted of a pool, on one line. */
function counters({ running, waiting, full }: Pool): string {
  return `${running} run, ${waiting} wait${full ? ", full" : ""}`;
}

/** Runs the contract. */
export function contract({ name, make, slots, queue }: Kind): void {
  const test = (title: string, fn: () => Promise<void>) => Deno.test(`${name}: ${title}`, fn);
  const one = () => Promise.resolve(1);

  test(`${slots} at once, and the others in the order in which they came`, async () => {
    const pool = make();
    const works = Array.from({ length: slots + 3 }, () => work());
    const started: number[] = [];
    const done = works.map(({ run }, i) => pool.run(() => (started.push(i), run())));
    assert.equal(started.length, slots);
    assert.equal(counters(pool), `${slots} run, 3 wait, full`);
    assert.equal(pool.size, slots);
    for (let i = slots; i < works.length; i++) {
      works[i - slots]!.end();
      await settle();
      assert.deepEqual(started, Array.from({ length: i + 1 }, (_, n) => n));
    }
    for (const { end } of works) end();
    await Promise.all(done);
    assert.equal(counters(pool), "0 run, 0 wait");
  });

  test("a call returns what its work returns, and throws what it throws, at once or later", async () => {
    const pool = make();
    assert.equal(await pool.run(() => Promise.resolve(7)), 7);
    const error = new Error("no");
    for (let i = 0; i <= slots; i++) {
      await assert.rejects(pool.run(() => Promise.reject(error)), error);
      await assert.rejects(
        pool.run(() => {
          throw error;
        }),
        error,
      );
    }
    assert.equal(await pool.run(() => Promise.resolve(8)), 8, "a slot whose work failed is free again");
  });

  test("one who comes while a slot is handed on does not overtake one who waits", async () => {
    const pool = make();
    const { works, done, end } = fill(pool, slots);
    const order: string[] = [];
    const late = done[0]!.then(() => pool.run(() => Promise.resolve(order.push("late"))));
    const waiting = pool.run(() => Promise.resolve(order.push("waiting")));
    works[0]!.end();
    await Promise.all([late, waiting]);
    assert.deepEqual(order, ["waiting", "late"]);
    end();
  });

  test("a cancelled waiter leaves its place, and the others move up", async () => {
    const pool = make();
    const { done, end } = fill(pool, slots);
    const controller = new AbortController();
    const order: string[] = [];
    const first = pool.run(() => Promise.resolve(order.push("first")));
    const left = pool.run(() => Promise.resolve(order.push("left")), { signal: controller.signal });
    const last = pool.run(() => Promise.resolve(order.push("last")));
    const reason = new Error("enough");
    controller.abort(reason);
    await assert.rejects(left, reason);
    assert.equal(pool.waiting, 2);
    end();
    await Promise.all([first, last, ...done]);
    assert.deepEqual(order, ["first", "last"]);
    assert.equal(counters(pool), "0 run, 0 wait");
  });

  test("a signal that came before never starts; one that comes afterwards is not the queue's matter", async () => {
    const pool = make();
    const signal = AbortSignal.abort(new Error("before"));
    await assert.rejects(pool.run(() => assert.fail("it started"), { signal }), /before/);
    await assert.rejects(pool.run(() => assert.fail("it started"), { signal, nested: true }), /before/);
    const controller = new AbortController();
    const running = work<string>();
    const first = pool.run(running.run, { signal: controller.signal });
    controller.abort();
    running.end("done");
    assert.equal(await first, "done");
    assert.equal(counters(pool), "0 run, 0 wait");
  });

  test("a signal that comes at the moment of admission leaves no slot behind", async () => {
    const pool = make();
    const { done, end } = fill(pool, slots);
    const controller = new AbortController();
    const admitted = pool.run(one, { signal: controller.signal });
    // The slot is handed on in the same turn in which the call before ends.
    const ended = done[0]!.then(() => controller.abort());
    end();
    await Promise.allSettled([ended, admitted, ...done]);
    assert.equal(counters(pool), "0 run, 0 wait");
  });

  Deno.test({
    name: `${name}: a full queue is told, and whoever waits beyond it is served all the same${
      typeof queue === "number" ? "" : ` (skipped: ${queue.none})`
    }`,
    ignore: typeof queue !== "number",
    async fn() {
      const pool = make();
      assert.equal(pool.buffer, queue);
      const { done, end } = fill(pool, slots);
      const waiting: Promise<number>[] = [];
      for (let i = 0; i < pool.buffer; i++) {
        assert.equal(pool.queueFull, false, `${i} wait`);
        waiting.push(pool.run(one));
      }
      assert.equal(pool.queueFull, true);
      for (let i = 0; i < 5; i++) waiting.push(pool.run(one));
      end();
      await Promise.all([...waiting, ...done]);
      assert.equal(pool.queueFull, false);
    },
  });

  test("a nested call takes a free slot, and never waits where there is none", async () => {
    const pool = make();
    const inner = work();
    const first = pool.run(inner.run, { nested: true });
    assert.equal(counters(pool), `1 run, 0 wait${slots === 1 ? ", full" : ""}`);
    inner.end();
    await first;
    const { done, end } = fill(pool, slots);
    const waiting = pool.run(one);
    assert.equal(await pool.run(() => Promise.resolve("beyond"), { nested: true }), "beyond");
    await assert.rejects(pool.run(() => Promise.reject(new Error("no")), { nested: true }), /no/);
    assert.equal(counters(pool), `${slots} run, 1 wait, full`);
    end();
    await Promise.all([waiting, ...done]);
    assert.equal(counters(pool), "0 run, 0 wait");
  });

  test("nested calls beyond the count keep nobody waiting longer", async () => {
    const pool = make();
    const { done, end } = fill(pool, slots);
    const beyond = Array.from({ length: 10 }, () => work());
    const nested = beyond.map(({ run }) => pool.run(run, { nested: true }));
    assert.equal(pool.running, slots + 10);
    const waiting = pool.run(one);
    end();
    await Promise.all([waiting, ...done]);
    assert.equal(counters(pool), "10 run, 0 wait");
    beyond.forEach(({ end }) => end());
    await Promise.all(nested);
    assert.equal(counters(pool), "0 run, 0 wait");
  });

  test("close() ends what runs, waits, and waits beyond the queue; later calls are refused", async () => {
    const pool = make();
    const { works, done, end } = fill(pool, slots);
    const many = slots + (Number.isFinite(pool.buffer) ? pool.buffer : 10) + 5;
    const waiting = Array.from({ length: many }, () => pool.run(one));
    let closed = false;
    const closing = pool.close().then(() => closed = true);
    await assert.rejects(pool.run(one), { name: "ClosedError", code: "closed", message: "pool is closed" });
    assert.equal(await pool.run(one, { nested: true }), 1, "a call that was taken may need this one");
    works.slice(1).forEach(({ end }) => end());
    await settle();
    assert.equal(closed, false);
    end();
    assert.equal((await Promise.all(waiting)).length, many);
    await Promise.all([closing, ...done]);
    await assert.rejects(pool.run(one), { name: "ClosedError" });
    await pool.close();
  });

  test("drain() resolves when nothing runs, each time", async () => {
    const pool = make();
    await pool.drain();
    for (let i = 0; i < 2; i++) {
      const { end } = fill(pool, slots);
      const beyond = work();
      const nested = pool.run(beyond.run, { nested: true });
      let drained = 0;
      const all = [pool.drain().then(() => drained++), pool.drain().then(() => drained++)];
      end();
      await settle();
      assert.equal(drained, 0, "a nested call runs");
      beyond.end();
      await Promise.all([nested, ...all]);
      assert.equal(counters(pool), "0 run, 0 wait");
    }
  });

  test("whatever comes in whatever order: each runs once or is told why not, in order, and never too many", async () => {
    const job = fc.record({
      turns: fc.nat(4),
      fails: fc.boolean(),
      nested: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      aborted: fc.option(fc.nat(6), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(job, { maxLength: 40 }), async (jobs) => {
        const pool = make();
        const started: number[] = [];
        let now = 0;
        const results = await Promise.allSettled(jobs.map(async ({ turns, fails, nested, aborted }, i) => {
          const controller = new AbortController();
          if (aborted !== undefined) void turnsLater(aborted).then(() => controller.abort("left"));
          return await pool.run(async () => {
            started.push(i);
            if (!nested) assert.ok(++now <= slots, "too many");
            await turnsLater(turns);
            if (!nested) now--;
            if (fails) throw "failed";
            return i;
          }, { signal: controller.signal, nested });
        }));
        assert.equal(counters(pool), "0 run, 0 wait");
        const inTurn = started.filter((i) => !jobs[i]!.nested);
        assert.deepEqual(inTurn, inTurn.toSorted((a, b) => a - b), "first come, first served");
        assert.equal(new Set(started).size, started.length, "nobody twice");
        for (const [i, result] of results.entries()) {
          if (result.status === "rejected" && result.reason === "left") {
            assert.ok(
              jobs[i]!.aborted !== undefined && !started.includes(i),
              "left, and started all the same",
            );
          } else {
            assert.ok(started.includes(i));
            assert.equal(
              result.status === "rejected" ? result.reason : "done",
              jobs[i]!.fails ? "failed" : "done",
            );
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test("100,000 may wait: none is lost, none comes twice, and those who leave do so at once", async () => {
    const pool = make();
    const { done, end } = fill(pool, slots);
    const count = 100_000;
    const controller = new AbortController();
    const ran = new Uint8Array(count);
    const left: Promise<unknown>[] = [];
    const stay: Promise<unknown>[] = [];
    for (let i = 0; i < count; i++) {
      const leaves = i % 2 === 1;
      const call = pool.run(() => Promise.resolve(ran[i]!++), leaves ? { signal: controller.signal } : {});
      (leaves ? left : stay).push(call);
    }
    assert.equal(pool.waiting, count);
    const gone = Promise.allSettled(left);
    controller.abort();
    assert.equal(pool.waiting, count / 2);
    end();
    await Promise.all([...done, ...stay]);
    assert.ok((await gone).every(({ status }) => status === "rejected"));
    assert.ok(ran.every((times, i) => times === 1 - i % 2));
    assert.equal(counters(pool), "0 run, 0 wait");
  });

  test("two of them whose calls call one another, deeper than there are slots, all end", async () => {
    const pools = [make(), make()];
    const call = async (depth: number): Promise<number> => {
      if (depth === 0) return 0;
      return 1 + await pools[depth % 2]!.run(() => call(depth - 1), { nested: true });
    };
    const chains = Array.from(
      { length: slots * 20 },
      (_, i) => pools[i % 2]!.run(async () => (await settle(), await call(16))),
    );
    assert.deepEqual(new Set(await Promise.all(chains)), new Set([16]));
    for (const pool of pools) assert.equal(counters(pool), "0 run, 0 wait");
  });
}

async function turnsLater(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}
