import assert from "node:assert/strict";
import { poll, Pollable } from "../../src/wasi/io/pollable.ts";
import { Signal, type Waitable, whenAny } from "../../src/wasi/io/waitable.ts";
import { subscribeDuration } from "../../src/wasi/clocks/monotonic.ts";
import { atOnce, isTrap, later, settled } from "./support.ts";

class Switch implements Waitable {
  readonly signal = new Signal();
  on = false;
  looks = 0;
  ready(): boolean {
    this.looks++;
    return this.on;
  }
  watch(wake: () => void): () => void {
    return this.signal.watch(wake);
  }
  flip(): void {
    this.on = true;
    this.signal.fire();
  }
}

const switches = (count: number): [Switch[], Pollable[]] => {
  const all = Array.from({ length: count }, () => new Switch());
  return [all, all.map((one) => new Pollable(one))];
};

Deno.test("poll answers at once with all that are ready", () => {
  const [events, pollables] = switches(5);
  events[1]!.on = events[4]!.on = true;
  assert.deepEqual([...atOnce(poll(pollables))], [1, 4]);
});

Deno.test("poll waits for the first, and then tells all that are ready", async () => {
  const [events, pollables] = switches(3);
  const answer = later(poll(pollables));
  assert.equal(await settled(answer), false);
  events[2]!.flip();
  events[0]!.flip();
  assert.deepEqual([...await answer], [0, 2]);
});

Deno.test("poll on an empty list traps", () => {
  assert.throws(() => poll([]), isTrap(/empty/));
});

Deno.test("a pollable that is in the list twice is ready twice", async () => {
  const [events, pollables] = switches(2);
  const list = [pollables[0]!, pollables[1]!, pollables[0]!];
  const answer = later(poll(list));
  assert.equal(events[0]!.signal.size, 1);
  events[0]!.flip();
  assert.deepEqual([...await answer], [0, 2]);
});

Deno.test("polling leaves no watch behind, however often it is done", async () => {
  const [events, pollables] = switches(2);
  for (let round = 0; round < 1000; round++) {
    const answer = later(poll(pollables));
    events[1]!.flip();
    await answer;
    events[1]!.on = false;
  }
  assert.equal(events[0]!.signal.size, 0);
  assert.equal(events[1]!.signal.size, 0);
});

Deno.test("a wake in vain does not end the poll", async () => {
  const [events, pollables] = switches(1);
  const answer = later(poll(pollables));
  events[0]!.signal.fire();
  assert.equal(await settled(answer), false);
  events[0]!.flip();
  await answer;
});

Deno.test("ten thousand that fire together cost a few looks each", async () => {
  const [events, pollables] = switches(10_000);
  const answer = later(poll(pollables));
  for (const event of events) event.flip();
  assert.equal((await answer).length, 10_000);
  assert.ok(events[9_999]!.looks < 6, `${events[9_999]!.looks} looks`);
});

Deno.test("block returns at once when ready and otherwise waits", async () => {
  const event = new Switch();
  const pollable = new Pollable(event);
  const blocked = later(pollable.block());
  assert.equal(await settled(blocked), false);
  event.flip();
  await blocked;
  atOnce(pollable.block());
});

Deno.test("a guest that polls with a zero timeout in a loop lets the event loop run", async () => {
  const event = new Switch();
  setTimeout(() => event.flip(), 5);
  const list = [new Pollable(event)];
  let rounds = 0;
  for (;;) {
    rounds++;
    const ready = await poll([...list, subscribeDuration(0n)]);
    if (ready.length === 2) break;
    assert.ok(rounds < 1e7);
  }
});

Deno.test("most answers that need no waiting are given without a promise", () => {
  const [events, pollables] = switches(1);
  events[0]!.on = true;
  const promises = Array.from({ length: 63 }, () => poll(pollables)).filter((x) => x instanceof Promise);
  assert.ok(promises.length <= 1);
});

Deno.test("a pollable that was dropped traps", () => {
  const pollable = new Pollable(new Switch());
  pollable[Symbol.dispose]();
  assert.throws(() => pollable.ready(), isTrap(/dropped/));
  assert.throws(() => pollable.block(), isTrap(/dropped/));
  assert.throws(() => poll([pollable]), isTrap(/dropped/));
});

Deno.test("an event that throws rejects the wait and ends the other watches", async () => {
  const [events] = switches(1);
  const broken = new Switch();
  const answer = whenAny([events[0]!, broken]);
  broken.ready = () => {
    throw new Error("broken");
  };
  broken.signal.fire();
  await assert.rejects(answer, /broken/);
  assert.equal(events[0]!.signal.size, 0);
});
