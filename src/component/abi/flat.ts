/**
 * Flat lifting and lowering: values in core parameters and results.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#flat-lifting
 * @module
 */
import type { ValueType } from "../wit/types.ts";
import { type Body, quote, unsupported } from "./emit.ts";
import { casesOf, type Flat, flatten } from "./layout.ts";
import { flagsObject, key, liftHandle, loadList, mapAsList, wrapCase } from "./load.ts";
import { lowerEnum, lowerFlags, lowerHandle, lowerScalar, storeDynamic, switchCases } from "./store.ts";
import { camelCase } from "./names.ts";

/** One core value: an expression and its core type. */
export interface FlatValue {
  readonly text: string;
  readonly type: Flat;
}

/** Takes core values one by one, each as the type that is wanted of it. */
export class FlatCursor {
  readonly values: readonly FlatValue[];
  /** Index of the next value. */
  next = 0;

  /** @param values All core values. */
  constructor(values: readonly FlatValue[]) {
    this.values = values;
  }

  /** The next value, reinterpreted where a variant joined it with another type. */
  take(want: Flat): string {
    const { text, type } = this.values[this.next++]!;
    if (type === want) return text;
    switch (`${type}>${want}`) {
      case "i32>f32":
        return `$.f32FromBits(${text})`;
      case "i64>i32":
        return `Number(BigInt.asIntN(32, ${text}))`;
      case "i64>f32":
        return `$.f32FromBits(Number(BigInt.asIntN(32, ${text})))`;
      case "i64>f64":
        return `$.f64FromBits(${text})`;
      default:
        throw new TypeError(`no core value of type ${type} holds a ${want}`);
    }
  }
}

/** Lifts one value out of core values; returns an expression for it. */
export function liftFlat(body: Body, type: ValueType, from: FlatCursor): string {
  const { emitter } = body;
  switch (type.kind) {
    case "bool":
      return `${from.take("i32")} !== 0`;
    case "u8":
      return `${from.take("i32")} & 0xff`;
    case "s8":
      return `${from.take("i32")} << 24 >> 24`;
    case "u16":
      return `${from.take("i32")} & 0xffff`;
    case "s16":
      return `${from.take("i32")} << 16 >> 16`;
    case "u32":
      return `${from.take("i32")} >>> 0`;
    case "s32":
      return from.take("i32");
    case "u64":
      return `BigInt.asUintN(64, ${from.take("i64")})`;
    case "s64":
      return from.take("i64");
    case "f32":
    case "f64":
      return from.take(type.kind);
    case "char":
      return `$.liftChar(${from.take("i32")} >>> 0)`;
    case "string":
      return `str(M, ${from.take("i32")} >>> 0, ${from.take("i32")} >>> 0)`;
    case "own":
    case "borrow":
      return liftHandle(emitter, type, `${from.take("i32")} >>> 0`);
    case "enum":
      return `$.liftCase(${emitter.constant(type.names)}, ${from.take("i32")} >>> 0)`;
    case "flags":
      return flagsObject(type.names, body.hold(from.take("i32")));
    case "map":
    case "list": {
      const list = type.kind === "map" ? mapAsList(type) : type;
      if (list.length === undefined) {
        return `${loadList(emitter, list)}(${from.take("i32")} >>> 0, ${from.take("i32")} >>> 0)`;
      }
      const parts = Array.from({ length: list.length }, () => liftFlat(body, list.element, from));
      return `$.listOf(${quote(list.element.kind)}, [${parts.join(", ")}])`;
    }
    case "record": {
      // Held one by one: the order of evaluation is the order of the fields, also where a field needs statements.
      const parts = type.fields.map((f) => `${key(f.name)}: ${body.hold(liftFlat(body, f.type, from))}`);
      return `{ ${parts.join(", ")} }`;
    }
    case "tuple":
      return `[${type.types.map((t) => body.hold(liftFlat(body, t, from))).join(", ")}]`;
    case "variant":
    case "option":
    case "result": {
      const cases = casesOf(type);
      const tag = body.hold(`${from.take("i32")} >>> 0`);
      const result = emitter.name("x");
      body.line(`let ${result};`);
      body.line(`switch (${tag}) {`);
      const start = from.next;
      cases.forEach((t, i) => {
        from.next = start;
        body.line(`case ${i}: {`);
        body.line(`${result} = ${wrapCase(type, i, t && liftFlat(body, t, from))};`);
        body.line("break; }");
      });
      from.next = start + flatten(type).length - 1;
      body.line(`default: $.badCase(${tag}, ${cases.length}); }`);
      return result;
    }
    default:
      return unsupported(type.kind);
  }
}

/** Lowers `value` (a name) to core values. */
export function lowerFlat(body: Body, type: ValueType, value: string): FlatValue[] {
  const { emitter } = body;
  const one = (text: string, type: Flat): FlatValue[] => [{ text: body.hold(text), type }];
  switch (type.kind) {
    case "u64":
    case "s64":
      return one(lowerScalar(type.kind, value), "i64");
    case "f32":
    case "f64":
      return one(lowerScalar(type.kind, value), type.kind);
    case "own":
    case "borrow":
      return one(lowerHandle(emitter, type, value), "i32");
    case "enum":
      return one(lowerEnum(emitter, type, value), "i32");
    case "flags":
      return one(`${lowerFlags(emitter, type)}(${value})`, "i32");
    case "string":
    case "map":
    case "list": {
      if (type.kind === "list" && type.length !== undefined) {
        body.line(`$.arrayOf(${value}, ${type.length});`);
        return Array.from(
          { length: type.length },
          (_, i) => lowerFlat(body, type.element, body.hold(`${value}[${i}]`)),
        ).flat();
      }
      const length = body.hold(storeDynamic(emitter, type, value));
      return [{ text: body.hold("P.pointer"), type: "i32" }, { text: length, type: "i32" }];
    }
    case "record":
      body.line(`$.object(${value}, "record");`);
      return type.fields.flatMap((f) =>
        lowerFlat(body, f.type, body.hold(`${value}[${quote(camelCase(f.name))}]`))
      );
    case "tuple":
      body.line(`$.arrayOf(${value}, ${type.types.length});`);
      return type.types.flatMap((t, i) => lowerFlat(body, t, body.hold(`${value}[${i}]`)));
    case "variant":
    case "option":
    case "result": {
      const cases = casesOf(type);
      const flat = flatten(type);
      const names = flat.map((t) => {
        const name = emitter.name("x");
        body.line(`let ${name} = ${t === "i64" ? "0n" : "0"};`);
        return name;
      });
      switchCases(body, type, value, (i, payload) => {
        body.line(`${names[0]} = ${i};`);
        const t = cases[i];
        if (!t) return;
        lowerFlat(body, t, body.hold(payload)).forEach((have, j) => {
          body.line(`${names[j + 1]} = ${widen(have, flat[j + 1]!)};`);
        });
      });
      return names.map((text, i) => ({ text, type: flat[i]! }));
    }
    case "stream":
    case "future":
    case "error-context":
      return unsupported(type.kind);
    default:
      return one(lowerScalar(type.kind, value), "i32");
  }
}

/** A core value as the type that its variant joined it to. */
function widen({ text, type }: FlatValue, want: Flat): string {
  if (type === want) return text;
  switch (`${type}>${want}`) {
    case "f32>i32":
      return `$.f32ToBits(${text})`;
    case "i32>i64":
      return `BigInt(${text} >>> 0)`;
    case "f32>i64":
      return `BigInt($.f32ToBits(${text}) >>> 0)`;
    case "f64>i64":
      return `$.f64ToBits(${text})`;
    default:
      throw new TypeError(`no core value of type ${want} holds a ${type}`);
  }
}
