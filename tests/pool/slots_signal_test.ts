/** Slots: who gives up while waiting leaves the queue, and takes nothing with him. */
import assert from "node:assert/strict";
import { Slots } from "../../src/pool/slots.ts";

Deno.test("a signal takes whoever waits out of the queue; the others move up", async () => {
  const slots = new Slots(1);
  assert.equal(slots.full, false);
  const running = Promise.withResolvers<void>();
  const first = slots.run(() => running.promise);
  assert.equal(slots.full, true);
  const controller = new AbortController();
  const order: string[] = [];
  const second = slots.run(() => Promise.resolve(order.push("second")), controller.signal);
  const third = slots.run(() => Promise.resolve(order.push("third")));
  assert.equal(slots.waiting, 2);
  const reason = new Error("enough");
  controller.abort(reason);
  await assert.rejects(second, reason);
  assert.equal(slots.waiting, 1);
  running.resolve();
  await Promise.all([first, third]);
  assert.deepEqual(order, ["third"]);
  assert.equal(slots.full, false);
  assert.equal(slots.waiting, 0);
});

Deno.test("a signal that came before never waits, and one that comes later takes nothing away", async () => {
  const slots = new Slots(1);
  const running = Promise.withResolvers<string>();
  const controller = new AbortController();
  const first = slots.run(() => running.promise, controller.signal);
  await assert.rejects(slots.run(() => Promise.resolve(), AbortSignal.abort(new Error("before"))), /before/);
  controller.abort();
  running.resolve("done");
  assert.equal(await first, "done", "what runs is not the queue's matter");
  assert.equal(await slots.run(() => Promise.resolve("next")), "next");
});
