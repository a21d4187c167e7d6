/** How many slots an adaptive pool has: tick by tick, as a table. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { nextSizing, type Observation, type Sizing, smallest } from "../../src/pool/sizing.ts";

/** What is seen at so many ticks, and the sizes after each of them. */
type Row = [ticks: number, seen: (size: number) => Observation, sizes: string];

/** All slots are taken, and so many wait; so many calls end in each tick. */
const busy = (waiting: number, ended: number) => (size: number) => ({ running: size, waiting, ended });
/** Each slot gets so many calls done, and more wait. */
const scales = (waiting: number, each: number) => (size: number) => ({
  running: size,
  waiting,
  ended: size * each,
});
const runs = (running: number, waiting = 0) => () => ({ running, waiting, ended: running });
const idle = runs(0);

const CASES: [title: string, most: number, from: number, rows: Row[]][] = [
  ["nothing waits: nothing is tried", 16, 1, [[4, busy(0, 1), "1 1 1 1"]]],
  ["calls wait, but a slot is free: nothing is tried", 16, 4, [[3, runs(3, 2), "4 4 4"]]],
  ["calls wait: as many more as there are for each slot", 16, 1, [[1, busy(3, 5), "4"]]],
  ["a quarter more where fewer than that wait", 64, 16, [[1, busy(1, 5), "20"]]],
  ["never more than a quarter of the most at once", 16, 1, [[1, busy(1000, 5), "5"]]],
  ["but one, where a quarter of the most is less than that", 2, 1, [[1, busy(9, 5), "2"]]],
  ["never more than the most", 16, 15, [[1, busy(1000, 5), "16"]]],
  ["and no trial there", 16, 16, [[6, busy(1000, 5), "16 16 16 16 16 16"]]],
  [
    "what helps is kept, and the next trial follows",
    16,
    1,
    [[1, scales(2, 3), "3"], [4, scales(2, 3), "3 3 3 3"], [1, scales(3, 3), "4"]],
  ],
  [
    "what does not help is taken back after four ticks; the next trial comes after four more",
    16,
    1,
    [[1, busy(2, 3), "3"], [4, busy(2, 3), "3 3 3 1"], [4, busy(2, 3), "1 1 1 3"]],
  ],
  [
    "and the one after that after eight, and then sixteen",
    16,
    1,
    [
      [1, busy(1, 3), "2"],
      [4, busy(1, 3), "2 2 2 1"],
      [8, busy(1, 3), "1 1 1 2 2 2 2 1"],
      [12, busy(1, 3), "1 1 1 1 1 1 1 2 2 2 2 1"],
      [20, busy(1, 3), "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 2 2 2 2 1"],
    ],
  ],
  [
    "a trial that helps ends the penalty",
    16,
    1,
    [
      [5, busy(1, 3), "2 2 2 2 1"],
      [8, busy(1, 3), "1 1 1 2 2 2 2 1"],
      [8, scales(1, 3), "1 1 1 1 1 1 1 2"],
      [4, scales(1, 3), "2 2 2 2"],
      [5, busy(1, 6), "3 3 3 3 2"],
      [4, busy(1, 6), "2 2 2 3"],
    ],
  ],
  [
    "guests that sleep for long: nothing ends, and nothing speaks against more",
    4,
    1,
    [[5, busy(8, 0), "2 2 2 2 2"], [5, busy(8, 0), "3 3 3 3 3"], [5, busy(8, 0), "4 4 4 4 4"]],
  ],
  [
    "eight ticks with less than half busy: a quarter fewer",
    16,
    16,
    [[8, runs(7), "16 16 16 16 16 16 16 12"], [8, runs(5), "12 12 12 12 12 12 12 9"]],
  ],
  ["half is not less than half", 16, 16, [[20, runs(8), Array(20).fill(16).join(" ")]]],
  [
    "a busy tick begins the count anew",
    16,
    4,
    [[7, idle, "4 4 4 4 4 4 4"], [1, runs(4), "4"], [8, idle, "4 4 4 4 4 4 4 3"]],
  ],
  ["never less than one", 16, 2, [[24, idle, "2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"]]],
];

for (const [title, most, from, rows] of CASES) {
  Deno.test(title, () => {
    let sizing: Sizing = { ...smallest, size: from };
    for (const [ticks, seen, expected] of rows) {
      const sizes: number[] = [];
      for (let tick = 0; tick < ticks; tick++) {
        sizing = nextSizing(sizing, seen(sizing.size), most);
        sizes.push(sizing.size);
      }
      assert.equal(sizes.join(" "), expected);
    }
  });
}

Deno.test("whatever is seen: from 1 to the most, never a step of more than a quarter of it upwards", () => {
  const observation = fc.record({ running: fc.nat(50), waiting: fc.nat(5000), ended: fc.nat(1000) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.array(observation, { maxLength: 200 }), (most, seen) => {
      let sizing = smallest;
      for (const one of seen) {
        const next = nextSizing(sizing, one, most);
        assert.ok(next.size >= 1 && next.size <= most);
        assert.ok(next.size - sizing.size <= Math.max(1, Math.floor(most / 4)));
        sizing = next;
      }
    }),
  );
});

Deno.test("a load that eight slots carry: it gets there, and stays about there", () => {
  // Each slot gets 10 calls done in a tick, up to 80 in all: what more slots do is wait for the same processors.
  let sizing = smallest;
  const sizes: number[] = [];
  for (let tick = 0; tick < 400; tick++) {
    const { size } = sizing;
    sizing = nextSizing(sizing, { running: size, waiting: 100, ended: Math.min(size * 10, 80) }, 64);
    sizes.push(size);
  }
  const later = sizes.slice(100);
  assert.ok(Math.min(...later) >= 8, "it serves what there is");
  const mean = later.reduce((sum, size) => sum + size, 0) / later.length;
  assert.ok(mean < 20, `it tries more now and then, and goes back: ${mean} on average`);
});
