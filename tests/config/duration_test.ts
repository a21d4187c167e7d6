import assert from "node:assert/strict";
import fc from "fast-check";
import { DURATION, durationMs } from "../../src/config/duration.ts";

const CASES: [text: string | number, ms: number | undefined][] = [
  ["0", 0],
  ["-0", 0],
  [0, 0],
  ["500ms", 500],
  ["1m30s", 90_000],
  ["1h1m1s1ms", 3_661_001],
  ["1.5h", 5_400_000],
  [".5s", 500],
  ["1.s", 1_000],
  ["+2s", 2_000],
  ["1us", 0.001],
  ["1µs", 0.001],
  ["1μs", 0.001],
  ["1000000ns", 1],
  ["2562047h", 2_562_047 * 3_600_000],
  // Go holds no more than 63 bits of nanoseconds.
  ["2562048h", undefined],
  ["9".repeat(400) + "h", undefined],
  ["", undefined],
  ["5", undefined],
  [5, undefined],
  ["s", undefined],
  [".s", undefined],
  ["-1s", undefined],
  ["1 s", undefined],
  ["1d", undefined],
  ["1S", undefined],
  ["1s ", undefined],
  ["1e3s", undefined],
  ["1..5s", undefined],
];

for (const [text, ms] of CASES) {
  Deno.test(`the duration ${JSON.stringify(text).slice(0, 20)} is ${ms === undefined ? "none" : `${ms} ms`}`, () => {
    assert.equal(durationMs(text), ms);
  });
}

Deno.test("a duration is the sum of its parts, in any order and repeated", () => {
  const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
  const part = fc.tuple(fc.nat(1_000), fc.constantFrom(...Object.keys(units)));
  fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
    const text = parts.map(([n, unit]) => `${n}${unit}`).join("");
    assert.equal(durationMs(text), parts.reduce((sum, [n, unit]) => sum + n * units[unit]!, 0));
  }));
});

Deno.test("what is no duration is read as none, soon", () => {
  const piece = fc.constantFrom("1", "0", ".", "s", "m", "h", "ms", "µ", "n", "-", "+", " ", "9".repeat(50));
  fc.assert(fc.property(fc.array(piece, { maxLength: 200 }).map((parts) => parts.join("")), (text) => {
    const start = performance.now();
    const ms = durationMs(text);
    assert(ms === undefined || (DURATION.test(text) && ms >= 0));
    assert(performance.now() - start < 1_000);
  }));
});
