/** Values as JSON, both ways, for every WIT type. */
import assert from "node:assert/strict";
import type { ValueType } from "../../src/component/wit/types.ts";
import { ArgumentError, fromJson, fromWord, type Json, parseJson, toJson } from "../../src/transport/json.ts";
import {
  bool,
  borrow,
  char,
  enumOf,
  f32,
  f64,
  flags,
  list,
  option,
  own,
  record,
  result,
  s16,
  s32,
  s64,
  s8,
  string,
  tuple,
  u16,
  u32,
  u64,
  u8,
  variant,
} from "./types.ts";

const person = record({ "id": u32, "nick-name": option(string) });
const shape = variant({ circle: f64, "bounding-box": tuple(f64, f64), empty: undefined });
const color = enumOf("red", "dark-blue");
const style = flags("sign", "all-caps");
/** Names that every object has by nature, or that the encoding itself uses. */
const odd = record({
  "constructor": option(u8),
  "to-string": option(u8),
  "has-own-property": option(string),
});
const tagged = variant({ tag: string, val: u8, other: undefined });
const bytes = (...items: number[]) => Uint8Array.from(items);

/** Type, JSON, and the JavaScript value that it stands for: the one spelling that comes out, and goes in. */
const BOTH: readonly (readonly [type: ValueType, json: Json, value: unknown])[] = [
  [bool, true, true],
  [u8, 255, 255],
  [s8, -128, -128],
  [u16, 65535, 65535],
  [s16, -32768, -32768],
  [u32, 4294967295, 4294967295],
  [s32, -2147483648, -2147483648],
  [u64, 0, 0n],
  [u64, 9007199254740991, 9007199254740991n],
  [u64, "9007199254740992", 9007199254740992n],
  [u64, "18446744073709551615", 18446744073709551615n],
  [s64, -9007199254740991, -9007199254740991n],
  [s64, "-9223372036854775808", -9223372036854775808n],
  [f32, 1.5, 1.5],
  [f64, 0.1, 0.1],
  [f64, -0, -0],
  [f64, 1e308, 1e308],
  [f64, "NaN", NaN],
  [f64, "Infinity", Infinity],
  [f32, "-Infinity", -Infinity],
  [char, "😀", "😀"],
  [char, "\u0000", "\u0000"],
  [string, "", ""],
  [string, "null", "null"],
  [list(u8), [0, 255], bytes(0, 255)],
  [list(u8), [], bytes()],
  [list(s32), [1, -1], [1, -1]],
  [list(u64), [1, "18446744073709551615"], [1n, 18446744073709551615n]],
  [list(string), ["a", ""], ["a", ""]],
  [list(list(bool)), [[], [true]], [[], [true]]],
  [tuple(string, u8), ["a", 1], ["a", 1]],
  [person, { "id": 1, "nick-name": "a" }, { id: 1, nickName: "a" }],
  [person, { "id": 1, "nick-name": null }, { id: 1, nickName: undefined }],
  [odd, { "constructor": 1, "to-string": 2, "has-own-property": "x" }, {
    constructor: 1,
    toString: 2,
    hasOwnProperty: "x",
  }],
  [record({ "HTTP-status": u8 }), { "HTTP-status": 1 }, { httpStatus: 1 }],
  [style, { "sign": true, "all-caps": false }, { sign: true, allCaps: false }],
  [color, "dark-blue", "dark-blue"],
  [shape, { circle: 1.5 }, { tag: "circle", val: 1.5 }],
  [shape, { "bounding-box": [1, 2] }, { tag: "bounding-box", val: [1, 2] }],
  [shape, { empty: null }, { tag: "empty" }],
  [tagged, { tag: "circle" }, { tag: "tag", val: "circle" }],
  [tagged, { tag: "other" }, { tag: "tag", val: "other" }],
  [tagged, { val: 3 }, { tag: "val", val: 3 }],
  [tagged, { other: null }, { tag: "other" }],
  [option(u8), null, undefined],
  [option(u8), 0, 0],
  [option(option(u8)), null, { tag: "none" }],
  [option(option(u8)), { some: null }, { tag: "some", val: undefined }],
  [option(option(u8)), { some: 3 }, { tag: "some", val: 3 }],
  [option(option(option(u8))), { some: { some: null } }, {
    tag: "some",
    val: { tag: "some", val: undefined },
  }],
  [result(u8, string), { ok: 1 }, { tag: "ok", val: 1 }],
  [result(u8, string), { err: "no" }, { tag: "err", val: "no" }],
  [result(undefined, string), { ok: null }, { tag: "ok" }],
  [result(undefined, undefined), { err: null }, { tag: "err" }],
  [option(result(u8, undefined)), { err: null }, { tag: "err" }],
];

/** Bytes may be held as an array of numbers too. */
const held = (found: unknown, like: unknown) =>
  Array.isArray(found) && like instanceof Uint8Array ? Uint8Array.from(found) : found;

Deno.test("toJson() and fromJson() agree on one spelling of each value", () => {
  for (const [type, json, value] of BOTH) {
    const what = `${type.kind} ${JSON.stringify(json)}`;
    assert.deepEqual(toJson(type, value), json, what);
    assert.deepEqual(held(fromJson(type, json, "v"), value), value, what);
  }
});

/** Other JSON that is accepted. */
const ALSO: readonly (readonly [type: ValueType, json: unknown, value: unknown])[] = [
  [u64, "7", 7n],
  [u64, 18446744073709551615n, 18446744073709551615n],
  [s64, "-0", 0n],
  [f64, 9007199254740993n, 9007199254740992],
  [char, 65, "A"],
  [char, 0x1f600, "😀"],
  [list(u8), "é", bytes(0xc3, 0xa9)],
  [person, { id: 1 }, { id: 1, nickName: undefined }],
  [person, { id: 1, nickName: "a" }, { id: 1, nickName: "a" }],
  [odd, {}, { constructor: undefined, toString: undefined, hasOwnProperty: undefined }],
  [style, [], {}],
  [style, {}, {}],
  [style, ["all-caps"], { allCaps: true }],
  [style, ["allCaps", "sign"], { allCaps: true, sign: true }],
  [style, { allCaps: true }, { allCaps: true }],
  [shape, "empty", { tag: "empty" }],
  [shape, { tag: "circle", val: 1 }, { tag: "circle", val: 1 }],
  [shape, { tag: "empty" }, { tag: "empty" }],
  [tagged, { tag: "val", val: 3 }, { tag: "val", val: 3 }],
  [tagged, "other", { tag: "other" }],
  [result(undefined, string), "ok", { tag: "ok" }],
  [result(u8, string), { tag: "err", val: "no" }, { tag: "err", val: "no" }],
];

Deno.test("fromJson() takes the other spellings too", () => {
  for (const [type, json, value] of ALSO) {
    assert.deepEqual(fromJson(type, json, "v"), value, `${type.kind} ${String(json)}`);
  }
});

/** JSON that does not fit, and all that is said of it after the path. */
const WRONG: readonly (readonly [type: ValueType, json: unknown, said: string])[] = [
  [bool, 1, "v is bool, got 1"],
  [bool, "true", 'v is bool, got "true"'],
  [u8, 256, "v is u8, got 256"],
  [u8, -1, "v is u8, got -1"],
  [s8, 128, "v is s8, got 128"],
  [u16, 1.5, "v is u16, got 1.5"],
  [s16, "1", 'v is s16, got "1"'],
  [u32, 4294967296, "v is u32, got 4294967296"],
  [u32, null, "v is u32, got null"],
  [s32, 99999999999999999999n, "v is s32, got 99999999999999999999"],
  [u64, -1, "v is u64, got -1"],
  [u64, 18446744073709551616n, "v is u64, got 18446744073709551616"],
  [u64, "1e3", 'v is u64, got "1e3"'],
  [u64, "9".repeat(100_000), `v is u64, got "${"9".repeat(76)}...`],
  [u64, 1e300, "v is u64, got 1e+300"],
  [s64, 9223372036854775808n, "v is s64, got 9223372036854775808"],
  [s64, "", 'v is s64, got ""'],
  [f64, "1", 'v is f64, got "1"'],
  [f32, null, "v is f32, got null"],
  [char, "", 'v is char, got ""'],
  [char, "ab", 'v is char, got "ab"'],
  [char, 65.5, "v is char, got 65.5"],
  [char, 0xd800, 'v is char, got "\\ud800"'],
  [char, 0x110000, "v is char, got 1114112"],
  [string, 1, "v is string, got 1"],
  [list(u8), 1, "v is list<u8>, got 1"],
  [list(u8), [256], "v[0] is u8, got 256"],
  [list(string), "ab", 'v is list<string>, got "ab"'],
  [list(string), { length: 1 }, 'v is list<string>, got {"length":1}'],
  [list(list(u8)), [[], [1, null]], "v[1][1] is u8, got null"],
  [list(u8, 2), [1], "v is list<u8, 2>, got [1]"],
  [tuple(u8, u8), [1], "v is tuple<u8, u8>, got [1]"],
  [tuple(u8, u8), [1, 2, 3], "v is tuple<u8, u8>, got [1,2,3]"],
  [tuple(u8, u64), [1, "x"], 'v[1] is u64, got "x"'],
  [person, null, "v is record { id: u32, nick-name: option<string> }, got null"],
  [person, [1], "v is record { id: u32, nick-name: option<string> }, got [1]"],
  [person, {}, "v.id is u32, got nothing"],
  [person, { id: 1, "nick-name": 2 }, "v.nick-name is string, got 2"],
  [
    person,
    { id: 1, nick: "a" },
    'v is record { id: u32, nick-name: option<string> }, got {"id":1,"nick":"a"}: it has no field nick (fields: id, nick-name)',
  ],
  [style, "sign", 'v is flags { sign, all-caps }, got "sign"'],
  [
    style,
    ["bold"],
    'v is flags { sign, all-caps }, got ["bold"]: it has no flag "bold" (flags: sign, all-caps)',
  ],
  [
    style,
    [["sign"]],
    'v is flags { sign, all-caps }, got [["sign"]]: it has no flag ["sign"] (flags: sign, all-caps)',
  ],
  [
    style,
    ["constructor"],
    'v is flags { sign, all-caps }, got ["constructor"]: it has no flag "constructor" (flags: sign, all-caps)',
  ],
  [style, { sign: 1 }, "v.sign is bool, got 1"],
  [color, "blue", 'v is enum { red, dark-blue }, got "blue"'],
  [color, 0, "v is enum { red, dark-blue }, got 0"],
  [
    shape,
    "square",
    'v is variant { circle(f64), bounding-box(tuple<f64, f64>), empty }, got "square": cases are circle, bounding-box, empty',
  ],
  [
    shape,
    {},
    'v is variant { circle(f64), bounding-box(tuple<f64, f64>), empty }, got {}: expected one case as {"case": payload}',
  ],
  [shape, "circle", "v.circle is f64, got null"],
  [
    shape,
    { empty: 1 },
    'v is variant { circle(f64), bounding-box(tuple<f64, f64>), empty }, got {"empty":1}: case empty has no payload',
  ],
  [shape, { "bounding-box": [1, "2"] }, 'v.bounding-box[1] is f64, got "2"'],
  [option(u8), 256, "v is u8, got 256"],
  [option(option(u8)), 1, 'v is option<option<u8>>, got 1: a nested option is null or {"some": …}'],
  [option(option(u8)), { some: "x" }, 'v is u8, got "x"'],
  [result(u8, string), 1, "v is result<u8, string>, got 1"],
  [
    result(u8, string),
    { ok: 1, err: "" },
    'v is result<u8, string>, got {"ok":1,"err":""}: expected one case as {"case": payload}',
  ],
  [result(u8, string), { ok: "x" }, 'v.ok is u8, got "x"'],
  [result(u8, string), { maybe: 1 }, 'v is result<u8, string>, got {"maybe":1}: cases are ok, err'],
  [own, 1, "v is thing, got 1: a resource cannot be written as JSON"],
  [borrow, {}, "v is borrow<thing>, got {}: a resource cannot be written as JSON"],
];

const said = (run: () => unknown): string => {
  try {
    return `nothing: it returned ${String(run())}`;
  } catch (error) {
    assert.ok(error instanceof ArgumentError, String(error));
    assert.deepEqual([error.name, error.code], ["ArgumentError", "argument"]);
    return error.message;
  }
};

Deno.test("fromJson() names the part that does not fit, its WIT type and what came", () => {
  for (const [type, json, message] of WRONG) assert.equal(said(() => fromJson(type, json, "v")), message);
});

/** Words of a command line. */
const WORDS: readonly (readonly [type: ValueType, word: string, value: unknown])[] = [
  [string, "null", "null"],
  [string, '"a"', '"a"'],
  [string, "", ""],
  [option(string), "null", undefined],
  [option(string), '"null"', "null"],
  [option(string), "a b", "a b"],
  [option(string), "7", "7"],
  [option(string), "[1]", "[1]"],
  [option(string), "", ""],
  [bool, "true", true],
  [u8, " 7 ", 7],
  [u64, "18446744073709551615", 18446744073709551615n],
  [u64, '"18446744073709551615"', 18446744073709551615n],
  [list(u64), "[9007199254740993]", [9007199254740993n]],
  [f64, "NaN", NaN],
  [option(f64), "-Infinity", -Infinity],
  [f64, "1e3", 1000],
  [char, "7", "7"],
  [char, '"', '"'],
  [char, '"7"', "7"],
  [char, "65", "A"],
  [option(char), "7", "7"],
  [option(char), "null", undefined],
  [color, "red", "red"],
  [color, '"red"', "red"],
  [enumOf("true", "null"), "true", "true"],
  [enumOf("true", "null"), "null", "null"],
  [option(color), "red", "red"],
  [shape, "empty", { tag: "empty" }],
  [shape, '{"circle": 1}', { tag: "circle", val: 1 }],
  [variant({ true: undefined }), "true", { tag: "true" }],
  [result(undefined, undefined), "ok", { tag: "ok" }],
  [list(u8), "text", bytes(116, 101, 120, 116)],
  [list(u8), "[1]", bytes(1)],
  [list(u8), "12", bytes(49, 50)],
  [list(u8), '"12"', bytes(49, 50)],
  [list(u8), "", bytes()],
  [list(string), '["a"]', ["a"]],
  [person, '{"id": 1}', { id: 1, nickName: undefined }],
];

Deno.test("fromWord() reads a string as it is, and anything else as JSON without needless quotes", () => {
  for (const [type, word, value] of WORDS) {
    assert.deepEqual(held(fromWord(type, word, "v"), value), value, `${type.kind} ${word}`);
  }
});

const NO_WORDS: readonly (readonly [type: ValueType, word: string, said: RegExp])[] = [
  [u8, "x", /^v is u8, to be given as JSON, got "x": .*not valid JSON$/],
  [u8, "", /^v is u8, to be given as JSON, got "": /],
  [u8, "NaN", /^v is u8, got "NaN"$/],
  [bool, "yes", /^v is bool, to be given as JSON, got "yes": /],
  [option(u8), "none", /^v is option<u8>, to be given as JSON, got "none": /],
  [list(u32), "1,2", /^v is list<u32>, to be given as JSON, got "1,2": /],
  [person, "{id: 1}", /^v is record .*, to be given as JSON, got "\{id: 1\}": /],
  [char, "ab", /^v is char, got "ab"$/],
  [color, "blue", /^v is enum .*, got "blue"$/],
  [shape, "3", /^v is variant .*, got "3": cases are circle, bounding-box, empty$/],
  [list(list(u8)), "[".repeat(100_000), /^v is list<list<u8>>, to be given as JSON, got /],
];

Deno.test("fromWord() says what a word should have been", () => {
  for (const [type, word, message] of NO_WORDS) assert.match(said(() => fromWord(type, word, "v")), message);
});

Deno.test("parseJson() keeps every digit of a whole number", () => {
  const { a, b, c } = parseJson(
    '{"a": [18446744073709551615], "b": 1e400, "c": -9007199254740993}',
  ) as Record<string, unknown>;
  assert.deepEqual([a, b, c], [[18446744073709551615n], Infinity, -9007199254740993n]);
});

Deno.test("a handle shows its type and nothing more", () => {
  assert.equal(toJson(own, {}), "<thing>");
});
