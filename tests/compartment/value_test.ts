// What crosses the channel to a guest's process, and what a process that ran hostile code may send instead.
import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeValue, encodeValue } from "../../src/compartment/value.ts";
import { encodeFrame, FrameReader, MAX_BODY } from "../../src/compartment/frame.ts";
import { ChannelError } from "../../src/compartment/error.ts";

/** Values as the JavaScript mapping has them. */
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(undefined),
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.integer(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
    fc.string({ unit: "grapheme" }),
    fc.uint8Array(),
    fc.int32Array(),
    fc.float64Array(),
    fc.bigUint64Array(),
    fc.array(tie("value")),
    fc.dictionary(fc.stringMatching(/^[a-z][A-Za-z0-9]*$/), tie("value"), { noNullPrototype: true }),
  ),
})).value;

Deno.test("a value arrives as it was sent", () => {
  fc.assert(fc.property(values, (value) => assert.deepStrictEqual(decodeValue(encodeValue(value)), value)));
});

Deno.test("bytes that are no value are refused, whatever they are", () => {
  let refused = 0;
  fc.assert(
    fc.property(values, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, at, flip) => {
      const bytes = encodeValue(value).slice();
      bytes[at % bytes.length]! ^= flip;
      try {
        decodeValue(bytes);
      } catch (error) {
        assert.ok(error instanceof ChannelError, String(error));
        refused++;
      }
    }),
    { numRuns: 2000 },
  );
  assert.ok(refused > 100, `only ${refused} of the changed values were refused`);
});

const HOSTILE: readonly [string, number[]][] = [
  ["nothing", []],
  ["an unknown kind", [99]],
  ["a text longer than the bytes", [6, 0xff, 0xff, 0xff, 0xff, 65]],
  ["a list of four billion items", [7, 0xff, 0xff, 0xff, 0xff]],
  ["a record of four billion fields", [8, 0xff, 0xff, 0xff, 0xff]],
  ["text that is not UTF-8", [6, 0, 0, 0, 1, 0xff]],
  ["an integer of 68 bits", [5, 0, 0, 0, 17, ...new TextEncoder().encode("fffffffffffffffff")]],
  ["a field named __proto__", [8, 0, 0, 0, 1, 0, 0, 0, 9, ...new TextEncoder().encode("__proto__"), 1]],
  ["a list of an unknown element type", [9, 42, 0, 0, 0, 0]],
  ["a list of numbers cut in the middle of one", [9, 4, 0, 0, 0, 3, 1, 2, 3]],
  ["a number cut short", [4, 0, 0]],
  ["lists nested without end", new Array(5 * 600).fill(0).map((_, i) => [7, 0, 0, 0, 1][i % 5]!)],
  ["a second value after the first", [1, 1]],
];

for (const [what, bytes] of HOSTILE) {
  Deno.test(`a channel refuses ${what}`, () => {
    assert.throws(() => decodeValue(Uint8Array.from(bytes)), ChannelError);
  });
}

Deno.test("resources, functions and endless nesting do not leave their process", () => {
  class Descriptor {}
  const ring: unknown[] = [];
  ring.push(ring);
  assert.throws(() => encodeValue([new Descriptor()]), /a resource \(Descriptor\) cannot leave its process/);
  assert.throws(() => encodeValue(() => 1), /a function is no value/);
  assert.throws(() => encodeValue(ring), /nests deeper than 512/);
});

Deno.test("frames are put together from any pieces", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.nat(), fc.uint8Array({ maxLength: 400 }))),
    fc.infiniteStream(fc.integer({ min: 1, max: 50 })),
    (frames, sizes) => {
      const bytes = frames.flatMap(([kind, call, body]) => [...encodeFrame(kind, call, body)]);
      const reader = new FrameReader();
      const got = [];
      for (let at = 0; at < bytes.length;) {
        const size = sizes.next().value!;
        got.push(...reader.push(Uint8Array.from(bytes.slice(at, at + size))));
        at += size;
      }
      assert.deepEqual(
        got.map(({ kind, call, body }) => [kind, call, [...body]]),
        frames.map(([kind, call, body]) => [kind, call, [...body]]),
      );
    },
  ));
});

Deno.test("a frame that claims to be larger than any may be is refused before its bytes come", () => {
  const head = encodeFrame(1, 1);
  new DataView(head.buffer).setUint32(0, MAX_BODY + 6);
  assert.throws(() => new FrameReader().push(head.subarray(0, 5)), /a frame of 67108870 bytes/);
  new DataView(head.buffer).setUint32(0, 1);
  assert.throws(() => new FrameReader().push(head), ChannelError);
});

Deno.test("a frame that comes byte by byte takes no more room than its bytes", () => {
  const frame = encodeFrame(1, 1, new Uint8Array(200_000));
  const reader = new FrameReader();
  const got = [];
  for (const byte of frame) got.push(...reader.push(Uint8Array.of(byte)));
  assert.equal(got.length, 1);
  assert.equal(got[0]!.body.length, 200_000);
});
