/** Random values of random types through JSON and back. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { mismatchOf } from "../../src/component/abi/check.ts";
import type { ValueType } from "../../src/component/wit/types.ts";
import { ArgumentError, fromJson, fromWord, parseJson, toJson } from "../../src/transport/json.ts";
import { cases, valueOf } from "../component/arbitrary.ts";
import { enumOf, flags, list, option, record, result, tuple, variant } from "./types.ts";

const PRIMITIVES = [
  "bool",
  "u8",
  "s8",
  "u16",
  "s16",
  "u32",
  "s32",
  "u64",
  "s64",
  "f32",
  "f64",
  "char",
  "string",
] as const;

/** Labels of WIT, those among them that mean something to JavaScript or to the encoding. */
const label = fc.constantFrom(
  ...[
    "a",
    "b-c",
    "x1",
    "some-field",
    "constructor",
    "to-string",
    "value-of",
    "tag",
    "val",
    "ok",
    "err",
    "some",
  ],
  ...["none", "true", "null", "length", "has-own-property", "then", "is-prototype-of"],
);
const labels = (minLength: number) =>
  fc.uniqueArray(label, { minLength, maxLength: 6, selector: (name) => name.toLowerCase() });

/** Any type whose values JSON can hold. */
const anyType: fc.Arbitrary<ValueType> =
  fc.letrec<{ type: ValueType; part: ValueType | undefined }>((tie) => ({
    part: fc.option(tie("type"), { nil: undefined, freq: 3 }),
    type: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      fc.constantFrom(...PRIMITIVES).map((kind): ValueType => ({ kind })),
      tie("type").map((element) => list(element)),
      tie("type").map(option),
      fc.array(tie("type"), { minLength: 1, maxLength: 4 }).map((types) => tuple(...types)),
      labels(1).chain((names) =>
        fc.tuple(...names.map(() => tie("type"))).map((types) => record(zip(names, types)))
      ),
      labels(1).chain((names) =>
        fc.tuple(...names.map(() => tie("part"))).map((types) => variant(zip(names, types)))
      ),
      labels(1).map((names) => enumOf(...names)),
      labels(1).map((names) => flags(...names)),
      fc.tuple(tie("part"), tie("part")).map(([ok, err]) => result(ok, err)),
    ),
  })).type;

function zip<T>(names: readonly string[], values: readonly T[]): Record<string, T> {
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
}

const typed = anyType.chain((type) => valueOf(type).map((value) => ({ type, value })));

/** Equal for a guest: a list is a list however JavaScript holds it, and an absent payload is `undefined`. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([, v]) => v !== undefined).map(([k, v]) => [k, plain(v)]),
  );
}

/** The same, where text lies between: JSON text has no -0. */
function written(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, written(v)]));
}

Deno.test("fromJson(toJson(v)) is v, for values of any type", () => {
  fc.assert(
    fc.property(typed, ({ type, value }) => {
      assert.equal(mismatchOf(type, value, "v"), undefined, "the value is one of the type");
      assert.deepEqual(plain(fromJson(type, toJson(type, value), "v")), plain(value));
    }),
    { numRuns: cases(3000) },
  );
});

Deno.test("the same holds through text, which stays JSON", () => {
  fc.assert(
    fc.property(typed, ({ type, value }) => {
      const text = JSON.stringify(toJson(type, value));
      assert.deepEqual(plain(fromJson(type, parseJson(text), "v")), written(plain(value)));
      assert.doesNotThrow(() => JSON.parse(text));
    }),
    { numRuns: cases(2000) },
  );
});

Deno.test("a value written as JSON is also a word of a command line, where the type is no text", () => {
  // Text is taken as it is: a quoted string is a string with quotes.
  const typedWord = typed.filter(({ type }) => type.kind !== "string" && type.kind !== "char");
  fc.assert(
    fc.property(typedWord, ({ type, value }) => {
      const word = JSON.stringify(toJson(type, value));
      // One character is a character, whatever JSON makes of it.
      fc.pre(!(type.kind === "option" && type.type.kind === "char" && [...word].length === 1));
      assert.deepEqual(plain(fromWord(type, word, "v")), written(plain(value)));
    }),
    { numRuns: cases(2000) },
  );
});

const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, true, 0, -1, "a", "", [], {}, ["a"], [0], { ok: null }, { err: 1 }, { a: 1 }, {
    tag: "a",
  }),
);

/** A type, and JSON that is right for it, or right but for one part, or anything at all. */
const nearly = fc.oneof(
  fc.tuple(anyType, anyJson),
  fc.tuple(typed, anyJson, fc.nat(12)).map(([{ type, value }, other, at]): [ValueType, unknown] => {
    let part = 0;
    const text = JSON.stringify(toJson(type, value));
    return [type, JSON.parse(text, (_, right) => part++ === at ? other : right)];
  }),
);

Deno.test("any JSON for any type gives a value of that type or an ArgumentError", () => {
  let fits = 0;
  fc.assert(
    fc.property(nearly, ([type, json]) => {
      try {
        const value = fromJson(type, json, "v");
        assert.equal(mismatchOf(type, value, "v"), undefined);
        fits++;
      } catch (error) {
        assert.ok(error instanceof ArgumentError, String(error));
        assert.match(error.message, /^v.* is .*, got /s);
      }
    }),
    { numRuns: cases(3000) },
  );
  assert.ok(fits > cases(3000) / 10, `only ${fits} values fit`);
});

Deno.test("any word for any type gives a value of that type or an ArgumentError", () => {
  const word = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.json({ maxDepth: 2 }),
    fc.constantFrom(
      "null",
      "true",
      "-1",
      "NaN",
      "18446744073709551616",
      '{"tag":"ok"}',
      '{"__proto__":1}',
      "ok",
      "a",
    ),
  );
  fc.assert(
    fc.property(anyType, word, (type, word) => {
      try {
        assert.equal(mismatchOf(type, fromWord(type, word, "v"), "v"), undefined);
      } catch (error) {
        assert.ok(error instanceof ArgumentError, String(error));
      }
    }),
    { numRuns: cases(3000) },
  );
});
