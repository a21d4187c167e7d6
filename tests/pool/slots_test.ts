/** Slots: how many at once, who waits, and that nobody is forgotten. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Slots } from "../../src/pool/slots.ts";

/** Work that ends when it is told to. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { run: () => promise, end: resolve, fail: reject };
}

/** Lets everything happen that can. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("run() starts work at once while there are slots, and in the order of the calls afterwards", async () => {
  const slots = new Slots(2);
  const works = [work(), work(), work(), work()];
  const started: number[] = [];
  const done = works.map(({ run }, i) =>
    slots.run(() => {
      started.push(i);
      return run();
    })
  );
  assert.deepEqual(started, [0, 1]);
  works[1]!.end();
  await settle();
  assert.deepEqual(started, [0, 1, 2]);
  works[0]!.end();
  await settle();
  assert.deepEqual(started, [0, 1, 2, 3]);
  works[2]!.end();
  works[3]!.end();
  await Promise.all(done);
});

Deno.test("run() returns what the work returns, and throws what it throws", async () => {
  const slots = new Slots(1);
  assert.equal(await slots.run(() => Promise.resolve(7)), 7);
  const error = new Error("no");
  await assert.rejects(slots.run(() => Promise.reject(error)), error);
  await assert.rejects(
    slots.run(() => {
      throw error;
    }),
    error,
  );
  assert.equal(await slots.run(() => Promise.resolve(8)), 8, "a slot whose work failed is free again");
});

Deno.test("one who comes while a slot is handed on does not overtake one who waits", async () => {
  const slots = new Slots(1);
  const order: string[] = [];
  const first = work();
  const a = slots.run(first.run).then(() => slots.run(() => Promise.resolve(order.push("late"))));
  const b = slots.run(() => Promise.resolve(order.push("waiting")));
  first.end();
  await Promise.all([a, b]);
  assert.deepEqual(order, ["waiting", "late"]);
});

Deno.test("never more than the count at once, nobody starves, order is kept, whatever fails", async () => {
  const job = fc.record({ turns: fc.nat(4), fails: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(job, { maxLength: 30 }),
      async (count, jobs) => {
        const slots = new Slots(count);
        const started: number[] = [];
        let now = 0;
        let most = 0;
        const results = await Promise.allSettled(jobs.map(({ turns, fails }, i) =>
          slots.run(async () => {
            started.push(i);
            most = Math.max(most, ++now);
            for (let turn = 0; turn < turns; turn++) await Promise.resolve();
            now--;
            if (fails) throw new Error("it fails");
            return i;
          })
        ));
        assert.deepEqual(started, jobs.map((_, i) => i));
        assert.equal(now, 0);
        assert.ok(most <= count && most >= Math.min(count, jobs.length, 1));
        assert.deepEqual(results.map(({ status }) => status === "rejected"), jobs.map(({ fails }) => fails));
      },
    ),
    { numRuns: 300 },
  );
});
