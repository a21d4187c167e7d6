/** Random JavaScript values of a WIT type, in the engine's mapping. */
import fc from "fast-check";
import type { FuncType, ValueType } from "../../src/component/mod.ts";
import { camel } from "./guests.ts";

const TYPED = {
  s8: fc.int8Array,
  u8: fc.uint8Array,
  s16: fc.int16Array,
  u16: fc.uint16Array,
  s32: fc.int32Array,
  u32: fc.uint32Array,
  s64: fc.bigInt64Array,
  u64: fc.bigUint64Array,
} as const;

/** Strings as guests may hold them: any Unicode scalar values, and now and then long ones. */
const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  { weight: 2, arbitrary: fc.string({ unit: "binary-ascii", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom("a", "é", "Ω", "漢", "😀"), maxLength: 300 }) },
);

/** Values of a type. Lists are short; they nest. */
export function valueOf(type: ValueType): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case "bool":
      return fc.boolean();
    case "u8":
      return fc.integer({ min: 0, max: 0xff });
    case "u16":
      return fc.integer({ min: 0, max: 0xffff });
    case "u32":
      return fc.integer({ min: 0, max: 0xffffffff });
    case "s8":
      return fc.integer({ min: -0x80, max: 0x7f });
    case "s16":
      return fc.integer({ min: -0x8000, max: 0x7fff });
    case "s32":
      return fc.integer({ min: -0x80000000, max: 0x7fffffff });
    case "u64":
      return fc.bigInt({ min: 0n, max: 0xffffffffffffffffn });
    case "s64":
      return fc.bigInt({ min: -0x8000000000000000n, max: 0x7fffffffffffffffn });
    case "f32":
      return fc.float();
    case "f64":
      return fc.double();
    case "char":
      return fc.string({ unit: "binary", minLength: 1, maxLength: 1 }).map((s) =>
        String.fromCodePoint(s.codePointAt(0)!)
      );
    case "string":
      return text;
    case "list": {
      const { kind } = type.element;
      if (kind === "f32") {
        return fc.float32Array({ maxLength: 6 });
      }
      if (kind === "f64") return fc.float64Array({ maxLength: 6 });
      if (kind in TYPED) return TYPED[kind as keyof typeof TYPED]({ maxLength: 40 });
      return fc.array(valueOf(type.element), { maxLength: 5 });
    }
    case "record":
      return object(type.fields.map((f) => [camel(f.name), valueOf(f.type)]));
    case "tuple":
      return fc.tuple(...type.types.map(valueOf));
    case "enum":
      return fc.constantFrom(...type.names);
    case "flags":
      return object(type.names.map((n) => [camel(n), fc.boolean()]));
    case "option":
      if (type.type.kind !== "option") return fc.option(valueOf(type.type), { nil: undefined });
      return fc.oneof(
        fc.constant({ tag: "none" }),
        valueOf(type.type).map((val) => ({ tag: "some", val })),
      );
    case "result": {
      const side = (tag: string, t: ValueType | undefined) =>
        t ? valueOf(t).map((val) => ({ tag, val })) : fc.constant({ tag, val: undefined });
      return fc.oneof(side("ok", type.ok), side("err", type.err));
    }
    case "variant":
      return fc.oneof(
        ...type.cases.map(({ name, type: t }) =>
          t ? valueOf(t).map((val) => ({ tag: name, val })) : fc.constant({ tag: name })
        ),
      );
    default:
      throw new TypeError(`no random values of type ${type.kind}`);
  }
}

function object(properties: readonly [string, fc.Arbitrary<unknown>][]): fc.Arbitrary<unknown> {
  return fc.record(Object.fromEntries(properties), { noNullPrototype: true });
}

/** Arguments of a function. */
export function argumentsOf(type: FuncType): fc.Arbitrary<unknown[]> {
  return fc.tuple(...type.params.map((p) => valueOf(p.type)));
}

/** How many random cases each function gets: `AIRLOCK_CASES`, or a number that keeps the tests quick. */
export function cases(few: number): number {
  return Number(Deno.env.get("AIRLOCK_CASES") ?? few);
}
