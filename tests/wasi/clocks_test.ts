import assert from "node:assert/strict";
import { Deadline } from "../../src/wasi/clocks/deadline.ts";
import { datetime } from "../../src/wasi/clocks/wall.ts";
import { atOnce, host, later } from "./support.ts";

const clock = () => host("wasi:clocks/monotonic-clock");

Deno.test("the monotonic clock never goes back, in nanoseconds", async () => {
  const { now } = clock();
  let last = now();
  for (let i = 0; i < 10_000; i++) {
    const next = now();
    assert.equal(typeof next, "bigint");
    assert.ok(next >= last);
    last = next;
  }
  const before = now();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const passed = now() - before;
  assert.ok(passed >= 19_000_000n && passed < 5_000_000_000n, `${passed} ns for 20 ms`);
});

Deno.test("every difference of two readings is a whole number of ticks", () => {
  const { now, resolution } = clock();
  const tick = resolution();
  assert.ok(tick >= 1n && tick <= 20_000_000n, `${tick} ns`);
  assert.equal(resolution(), tick);
  const start = now();
  for (let i = 0; i < 100; i++) assert.equal((now() - start) % tick, 0n);
});

Deno.test("a duration is over when it is over, never before", async () => {
  const { now, subscribeDuration } = clock();
  for (const ns of [1n, 999n, 500_000n, 1_000_001n, 7_654_321n, 30_000_000n]) {
    const deadline = now() + ns;
    await subscribeDuration(ns).block();
    assert.ok(now() >= deadline, `${ns} ns`);
  }
});

Deno.test("an instant that has passed, and a duration of 0, are ready at once", () => {
  const { now, subscribeDuration, subscribeInstant } = clock();
  for (const pollable of [subscribeDuration(0n), subscribeInstant(0n), subscribeInstant(now())]) {
    assert.equal(pollable.ready(), true);
    atOnce(pollable.block());
  }
});

Deno.test("subscribe-instant waits until then", async () => {
  const { now, subscribeInstant } = clock();
  const when = now() + 10_000_000n;
  const pollable = subscribeInstant(when);
  assert.equal(pollable.ready(), false);
  await later(pollable.block());
  assert.ok(now() >= when);
});

Deno.test("the longest duration and the last instant are never ready, and hold no timer when unwatched", () => {
  const { subscribeDuration, subscribeInstant } = clock();
  for (const pollable of [subscribeDuration(2n ** 64n - 1n), subscribeInstant(2n ** 64n - 1n)]) {
    assert.equal(pollable.ready(), false);
    const stop = pollable.watch(() => assert.fail("woken"));
    stop();
    stop();
    pollable[Symbol.dispose]();
  }
});

Deno.test("a deadline beyond the longest timer is reached in steps, and not early", () => {
  let time = 0n;
  const delays: number[] = [];
  const timers: (() => void)[] = [];
  const { setTimeout: real } = globalThis;
  // deno-lint-ignore no-explicit-any -- a clock that the test turns by hand
  (globalThis as any).setTimeout = (fire: () => void, ms: number) => {
    delays.push(ms);
    timers.push(fire);
    return 0;
  };
  try {
    const day = 86_400_000_000_000n;
    let woken = 0;
    new Deadline(30n * day, () => time).watch(() => woken++);
    while (timers.length > 0) {
      // Half a millisecond early, as timers sometimes are.
      time += BigInt(delays.at(-1)!) * 1_000_000n - 500_000n;
      timers.shift()!();
    }
    assert.equal(woken, 1);
    assert.ok(time >= 30n * day);
    assert.ok(delays.every((ms) => ms <= 2 ** 31 - 1), delays.join());
    assert.ok(delays.length >= 2 && delays.length < 10);
  } finally {
    globalThis.setTimeout = real;
  }
});

Deno.test("ten thousand sleepers wake together", async () => {
  const { now, subscribeDuration } = clock();
  const start = now();
  await Promise.all(Array.from({ length: 10_000 }, () => subscribeDuration(50_000_000n).block()));
  const passed = now() - start;
  assert.ok(passed >= 50_000_000n && passed < 2_000_000_000n, `${passed} ns`);
});

Deno.test("the wall clock tells the time", () => {
  const { now, resolution } = host("wasi:clocks/wall-clock");
  const before = Date.now();
  const { seconds, nanoseconds } = now();
  const after = Date.now();
  const ms = Number(seconds) * 1000 + nanoseconds / 1e6;
  assert.ok(ms >= before && ms <= after + 1, `${before} ≤ ${ms} ≤ ${after + 1}`);
  assert.equal(typeof seconds, "bigint");
  assert.ok(Number.isInteger(nanoseconds) && nanoseconds < 1e9);
  assert.deepEqual(resolution(), { seconds: 0n, nanoseconds: 1000 });
});

Deno.test("the wall clock moves in steps of about its resolution", () => {
  const { now } = host("wasi:clocks/wall-clock");
  const seen = new Set<number>();
  const end = performance.now() + 5;
  while (performance.now() < end) seen.add(now().nanoseconds);
  assert.ok(seen.size > 20, `${seen.size} different times in 5 ms`);
});

Deno.test("a time before 1970 is 1970", () => {
  assert.deepEqual(datetime(-1n), { seconds: 0n, nanoseconds: 0 });
  assert.deepEqual(datetime(1_500_000_000n), { seconds: 1n, nanoseconds: 500_000_000 });
});

const zones: [zone: string | undefined, seconds: bigint, offset: number, dst: boolean][] = [
  [undefined, 1_690_000_000n, 0, false],
  ["UTC", 1_690_000_000n, 0, false],
  ["No/Such", 1_690_000_000n, 0, false],
  ["../../etc/passwd", 1_690_000_000n, 0, false],
  ["Europe/Berlin", 1_690_000_000n, 7200, true],
  ["Europe/Berlin", 1_700_000_000n, 3600, false],
  ["America/New_York", 1_690_000_000n, -14400, true],
  ["Australia/Sydney", 1_700_000_000n, 39600, true],
  ["Asia/Kolkata", 1_690_000_000n, 19800, false],
  ["Europe/Berlin", 2n ** 64n - 1n, 0, false],
];

for (const [zone, seconds, offset, dst] of zones) {
  Deno.test(`the zone ${zone} at ${seconds} is ${offset} s from UTC${dst ? " in summer" : ""}`, () => {
    const env: [string, string][] = zone === undefined ? [] : [["TZ", zone]];
    const timezone = host("wasi:clocks/timezone", { env });
    const when = { seconds, nanoseconds: 0 };
    const display = timezone.display(when);
    assert.equal(timezone.utcOffset(when), offset);
    assert.equal(display.utcOffset, offset);
    assert.equal(display.inDaylightSavingTime, dst);
    assert.equal(typeof display.name, "string");
    if (offset === 0) assert.equal(display.name, "UTC");
  });
}
