import assert from "node:assert/strict";
import fc from "fast-check";
import { ComponentError, type Exports, type FuncType } from "../../src/component/mod.ts";
import { argumentsOf, cases } from "./arbitrary.ts";
import { camel, functionsOf, guest } from "./guests.ts";

const ECHO = "test:kinds/echo@0.1.0";
const functions = functionsOf(guest("kinds/kinds"), ECHO);
const echoes = functions.filter(([name]) => name.startsWith("echo-"));

const direct: Exports = guest("kinds/kinds").instantiateSync().exports[ECHO];
const through: Exports = guest("kinds/through").instantiateSync().exports[ECHO];
const forward: Exports = guest("kinds/forward").instantiateSync({ [ECHO]: hostEchoes() }).exports[ECHO];

/** What an instance of each kind hands the values on to. */
const ways: [way: string, echo: Exports][] = [
  ["to a guest and back", direct],
  ["through a guest to a guest and back", through],
  ["through a guest to the host and back", forward],
];

const person = { id: 7, name: "Ada", tags: ["x", ""], active: true, nickName: "Countess" };
const nobody = { id: 0, name: "", tags: [], active: false, nickName: undefined };
const padded = { a: 255, b: 2n ** 64n - 1n, c: 1, d: -0.5, e: 65535, f: true, g: "\u{10ffff}", h: -128 };
const noFlags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`b${i}`, false]));
const allFlags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`b${i}`, true]));
const ok = (val: unknown) => ({ tag: "ok", val });
const err = (val: unknown) => ({ tag: "err", val });
const STRINGS = [
  "",
  "a",
  "\0",
  "é",
  "Ω",
  "漢",
  "😀",
  "\u{10ffff}",
  "\ufeffx",
  "x".repeat(24),
  "x".repeat(25),
];

/** The edges of each type. */
const table: Record<string, readonly unknown[]> = {
  "echo-bool": [false, true],
  "echo-s8": [0, 1, -1, 127, -128],
  "echo-u8": [0, 1, 128, 255],
  "echo-s16": [0, -1, 0x7fff, -0x8000],
  "echo-u16": [0, 0x8000, 0xffff],
  "echo-s32": [0, -1, 0x7fffffff, -0x80000000],
  "echo-u32": [0, 0x80000000, 0xffffffff],
  "echo-s64": [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)],
  "echo-u64": [0n, 2n ** 63n, 2n ** 64n - 1n],
  "echo-f32": [0, -0, 1.5, Infinity, -Infinity, NaN, 2 ** -149, Math.fround(3.4e38)],
  "echo-f64": [0, -0, 0.1, Infinity, -Infinity, NaN, Number.MIN_VALUE, Number.MAX_VALUE],
  "echo-char": ["\0", "a", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}"],
  "echo-string": STRINGS,
  "echo-padded": [padded],
  "echo-one": [{ only: 255 }],
  "echo-person": [person, nobody],
  "echo-mixed": [
    { tag: "none" },
    { tag: "float", val: -1.5 },
    { tag: "long", val: 2n ** 64n - 1n },
    { tag: "text", val: "漢" },
    { tag: "numbers", val: Uint32Array.of(0, 0xffffffff) },
    { tag: "someone", val: person },
    { tag: "double", val: -0 },
    { tag: "letter", val: "😀" },
    { tag: "small", val: -128 },
    { tag: "both", val: [NaN, 2n ** 63n] },
  ],
  "echo-words": [{ tag: "float", val: -0 }, { tag: "int", val: -1 }, { tag: "byte", val: 255 }, {
    tag: "yes",
    val: true,
  }],
  "echo-doubles": [{ tag: "double", val: NaN }, { tag: "long", val: -1n }, { tag: "int", val: 0xffffffff }, {
    tag: "float",
    val: -Infinity,
  }],
  "echo-bare": [{ tag: "a" }, { tag: "c" }],
  "echo-nest": [
    { tag: "leaf", val: 0 },
    { tag: "inner", val: { tag: "long", val: 1n } },
    { tag: "maybe", val: undefined },
    { tag: "maybe", val: { tag: "float", val: 0.5 } },
  ],
  "echo-many": [{ tag: "v0", val: 1 }, { tag: "v255" }, { tag: "v256", val: 0.1 }, { tag: "v259" }],
  "echo-color": ["red", "dark-slate-gray"],
  "echo-single": ["alone"],
  "echo-big": ["e0", "e255", "e256", "e299"],
  "echo-flags1": [noFlags(1), allFlags(1)],
  "echo-flags8": [noFlags(8), allFlags(8)],
  "echo-flags9": [noFlags(9), allFlags(9), { ...noFlags(9), b8: true }],
  "echo-flags16": [noFlags(16), allFlags(16)],
  "echo-flags17": [noFlags(17), allFlags(17), { ...noFlags(17), b16: true }],
  "echo-flags32": [noFlags(32), allFlags(32), { ...noFlags(32), b31: true }],
  "echo-option-u64": [undefined, 0n],
  "echo-option-string": [undefined, ""],
  "echo-option-person": [undefined, nobody],
  "echo-option-option": [{ tag: "none" }, { tag: "some", val: undefined }, { tag: "some", val: 0 }],
  "echo-option-option-option": [
    { tag: "none" },
    { tag: "some", val: { tag: "none" } },
    { tag: "some", val: { tag: "some", val: undefined } },
    { tag: "some", val: { tag: "some", val: "" } },
  ],
  "echo-option-result": [undefined, ok(1), err("no")],
  "echo-result": [ok(0xffffffff), err("")],
  "echo-result-ok": [ok("yes"), err(undefined)],
  "echo-result-err": [ok(undefined), err(-0)],
  "echo-result-none": [ok(undefined), err(undefined)],
  "echo-result-mixed": [ok(-0.5), err(2n ** 64n - 1n)],
  "echo-result-result": [ok(undefined), ok("x"), err(ok(255)), err(err("blue"))],
  "echo-list-result": [[], [ok(0), err(""), ok(255)]],
  "echo-tuple1": [[255]],
  "echo-tuple5": [[true, -0, "😀", Uint8Array.of(), "green"]],
  "echo-list-bool": [[], [true, false, true]],
  "echo-list-u8": [Uint8Array.of(), Uint8Array.of(0, 255), new Uint8Array(100_000).fill(7)],
  "echo-list-s64": [BigInt64Array.of(), BigInt64Array.of(-1n, 2n ** 63n - 1n)],
  "echo-list-f32": [Float32Array.of(), Float32Array.of(NaN, -0, Infinity)],
  "echo-list-char": [[], ["a", "\u{10ffff}"]],
  "echo-list-string": [[], STRINGS],
  "echo-list-list-u8": [[], [Uint8Array.of(), Uint8Array.of(1)]],
  "echo-list-person": [[], [person, nobody, person]],
  "echo-list-big": [["e0", "e256"]],
  "echo-list-flags9": [[noFlags(9), allFlags(9)]],
};

/** An echo that has a `result` returns its ok side or throws its err side: as the value that was given. */
function call(echo: Exports, name: string, type: FuncType, args: readonly unknown[]): unknown {
  if (type.result?.kind !== "result") return echo[camel(name)](...args);
  try {
    return ok(echo[camel(name)](...args));
  } catch (error) {
    if (error instanceof ComponentError) return err(error.payload);
    throw error;
  }
}

/** Host functions that hand back what they are given. */
function hostEchoes(): Record<string, unknown> {
  const host: Record<string, unknown> = {
    nothing: () => {},
    sixteen: (...args: unknown[]) => args.map(String).join(" "),
    seventeen: (...args: unknown[]) => args.map(String).join(" "),
    strings: (...args: unknown[]) => args,
  };
  for (const [name, type] of echoes) {
    host[camel(name)] = type.result?.kind !== "result"
      ? (v: unknown) => v
      : (v: { tag: string; val: unknown }) => {
        if (v.tag === "err") throw new ComponentError(v.val);
        return v.val;
      };
  }
  return host;
}

Deno.test("there are echoes of all kinds", () => {
  assert.equal(echoes.length, 81);
  for (const name of Object.keys(table)) assert.ok(echoes.some(([echo]) => echo === name), name);
});

for (const [way, echo] of ways) {
  Deno.test(`boundary values come back as they were: ${way}`, () => {
    for (const [name, values] of Object.entries(table)) {
      const type = functions.find(([f]) => f === name)![1];
      for (const value of values) assert.deepEqual(call(echo, name, type, [value]), value, name);
    }
  });

  Deno.test(`random values come back as they were: ${way}`, () => {
    for (const [name, type] of echoes) {
      fc.assert(
        fc.property(
          argumentsOf(type),
          (args) => assert.deepEqual(call(echo, name, type, args), args[0], name),
        ),
        { numRuns: cases(40) },
      );
    }
  });
}

Deno.test("functions of 0, 16 and 17 flat parameters and of many strings get them in order", () => {
  const sixteen = [1, 2, 3, 4n, -5, -6, -7, -8n, 0.5, 1.5, true, "x", 9, 10n, 2.5, 3.5];
  const joined = "1 2 3 4 -5 -6 -7 -8 0.5 1.5 true x 9 10 2.5 3.5";
  const texts = ["", "b", "ccc", "é", "漢", "😀", "g", "h".repeat(1000), "i"];
  for (const [way, echo] of ways) {
    assert.equal(echo["nothing"](), undefined, way);
    assert.equal(echo["sixteen"](...sixteen), joined, way);
    assert.equal(echo["seventeen"](...sixteen, 255), `${joined} 255`, way);
    assert.deepEqual(echo["strings"](...texts), texts, way);
  }
});

Deno.test("what is not the mapping but stands for one value of it is taken", () => {
  const taken: [name: string, given: unknown, back: unknown][] = [
    ["echo-u64", 5, 5n],
    ["echo-s64", -5, -5n],
    ["echo-option-u8", null, undefined],
    ["echo-list-u8", [1, 2], Uint8Array.of(1, 2)],
    ["echo-list-u8", "é", Uint8Array.of(0xc3, 0xa9)],
    ["echo-list-u32", Uint8Array.of(1, 2), Uint32Array.of(1, 2)],
    ["echo-list-u64", Uint8Array.of(1), BigUint64Array.of(1n)],
    ["echo-list-s64", [1n, -1n], BigInt64Array.of(1n, -1n)],
    ["echo-list-string", { length: 1, 0: "x" }, ["x"]],
    ["echo-flags9", ["b0", "b8"], { ...noFlags(9), b0: true, b8: true }],
    ["echo-flags9", {}, noFlags(9)],
    ["echo-flags9", undefined, noFlags(9)],
    ["echo-flags9", null, noFlags(9)],
    ["echo-flags9", { b3: true }, { ...noFlags(9), b3: true }],
    ["echo-person", { ...nobody, more: "is not looked at" }, nobody],
    ["echo-person", { id: 0, name: "", tags: [], active: false }, nobody],
    ["echo-u8", -0, 0],
    ["echo-f32", 0.1, Math.fround(0.1)],
  ];
  for (const [name, given, back] of taken) {
    const type = functions.find(([f]) => f === name)![1];
    for (const [way, echo] of ways) assert.deepEqual(call(echo, name, type, [given]), back, `${name} ${way}`);
  }
});

Deno.test("a value larger than the guest's memory makes the memory grow, and is read from where it then is", () => {
  const { exports } = guest("kinds/kinds").instantiateSync();
  const work = exports["test:kinds/work@0.1.0"];
  const big = new Uint8Array(8 << 20).fill(1);
  assert.equal(work.sum(big), 8n << 20n);
  assert.deepEqual(exports[ECHO].echoListU8(big), big);
  assert.equal(work.repeat("é", 3_000_000), "é".repeat(3_000_000));
  assert.equal(work.bytes(1_000_000)[999_999], 999_999 % 256);
  assert.ok(work.grow(1) > 100);
  assert.equal(exports[ECHO].echoString("after growth"), "after growth");
});

Deno.test("a list that comes back is the caller's own: the guest's next call does not change it", () => {
  const first: Uint8Array = direct["echoListU8"](Uint8Array.of(1, 2, 3));
  const copy = first.slice();
  direct["echoListU8"](Uint8Array.of(9, 9, 9));
  assert.deepEqual(first, copy);
  assert.equal(first.byteOffset, 0);
  assert.equal(first.buffer.byteLength, 3);
});
