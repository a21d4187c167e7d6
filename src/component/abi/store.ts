/**
 * Storing: a value into guest memory.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#storing
 * @module
 */
import type { ListType, MapType, PrimitiveType, ValueType } from "../wit/types.ts";
import { type Body, type Emitter, plus, quote, unsupported } from "./emit.ts";
import { casesOf, layoutOf, offsetsOf, variantLayout } from "./layout.ts";
import { isNested, mapAsList, TYPED_ARRAYS } from "./load.ts";
import { camelCase } from "./names.ts";

/** Writes `value` (a name) at `pointer + offset`, which is aligned and in bounds. */
export function store(body: Body, type: ValueType, value: string, pointer: string, offset: number): void {
  const { emitter } = body;
  const at = plus(pointer, offset);
  switch (type.kind) {
    case "bool":
    case "u8":
      return body.line(`M.u8[${at}] = ${lowerScalar(type.kind, value)};`);
    case "s8":
      return body.line(`M.dv.setInt8(${at}, $.s8(${value}));`);
    case "u16":
    case "s16":
      return body.line(`M.dv.setUint16(${at}, ${lowerScalar(type.kind, value)}, true);`);
    case "u32":
    case "s32":
    case "char":
      return body.line(`M.dv.setUint32(${at}, ${lowerScalar(type.kind, value)}, true);`);
    case "u64":
    case "s64":
      return body.line(`M.dv.setBigInt64(${at}, ${lowerScalar(type.kind, value)}, true);`);
    case "f32":
      return body.line(`M.dv.setFloat32(${at}, $.float(${value}), true);`);
    case "f64":
      return body.line(`M.dv.setFloat64(${at}, $.float(${value}), true);`);
    case "own":
    case "borrow":
      return body.line(`M.dv.setUint32(${at}, ${lowerHandle(emitter, type, value)}, true);`);
    case "enum": {
      const size = layoutOf(type).size;
      return body.line(setInteger(size, at, lowerEnum(emitter, type, value)));
    }
    case "flags":
      return body.line(setInteger(layoutOf(type).size, at, `${lowerFlags(emitter, type)}(${value})`));
    case "string":
    case "map":
    case "list":
      if (type.kind !== "list" || type.length === undefined) {
        const n = body.hold(storeDynamic(emitter, type, value), "n");
        // The pointer must be read before anything else is stored; the view after the allocation.
        body.line(`M.dv.setUint32(${at}, P.pointer, true);`);
        return body.line(`M.dv.setUint32(${plus(pointer, offset + 4)}, ${n}, true);`);
      }
  }
  body.line(`${storeHelper(emitter, type)}(${value}, ${at});`);
}

/** Expression that stores a string, list or map, leaves its pointer in `P` and returns its length. */
export function storeDynamic(
  emitter: Emitter,
  type: PrimitiveType | ListType | MapType,
  value: string,
): string {
  if (type.kind !== "list" && type.kind !== "map") return `put(M, A, $.string(${value}))`;
  return `${storeList(emitter, type.kind === "map" ? mapAsList(type) : type)}(${value})`;
}

function storeHelper(emitter: Emitter, type: ValueType): string {
  return emitter.helper("store", type, "v, p", (body) => {
    switch (type.kind) {
      case "record": {
        const offsets = offsetsOf(type.fields.map((f) => f.type));
        body.line(`$.object(v, "record");`);
        type.fields.forEach((f, i) =>
          store(body, f.type, body.hold(`v[${quote(camelCase(f.name))}]`), "p", offsets[i]!)
        );
        return;
      }
      case "tuple": {
        const offsets = offsetsOf(type.types);
        body.line(`$.arrayOf(v, ${type.types.length});`);
        type.types.forEach((t, i) => store(body, t, body.hold(`v[${i}]`), "p", offsets[i]!));
        return;
      }
      case "list":
        body.line(`$.arrayOf(v, ${type.length});`);
        return storeElements(body, type, `${type.length}`);
      case "variant":
      case "option":
      case "result": {
        const cases = casesOf(type);
        const { discriminant, payload } = variantLayout(cases);
        switchCases(body, type, "v", (i, value) => {
          body.line(setInteger(discriminant, "p", `${i}`));
          const t = cases[i];
          if (t) store(body, t, body.hold(value), "p", payload);
        });
        return;
      }
      default:
        return unsupported(type.kind);
    }
  });
}

/** A `switch` over the case that a JavaScript value is of; `write` fills each with its payload expression. */
export function switchCases(
  body: Body,
  type: Extract<ValueType, { kind: "variant" | "option" | "result" }>,
  value: string,
  write: (index: number, payload: string) => void,
): void {
  if (type.kind === "option" && !isNested(type)) {
    body.line(`if (${value} === undefined || ${value} === null) {`);
    write(0, "undefined");
    body.line("} else {");
    write(1, value);
    return body.line("}");
  }
  const names = type.kind === "variant"
    ? type.cases.map((c) => c.name)
    : type.kind === "option"
    ? ["none", "some"]
    : ["ok", "err"];
  body.line(`$.object(${value}, "variant");`);
  body.line(`switch (${value}.tag) {`);
  names.forEach((name, i) => {
    body.line(`case ${quote(name)}: {`);
    write(i, `${value}.val`);
    body.line("break; }");
  });
  body.line(`default: $.bad(${value}); }`);
}

/** Lowers a handle. A borrow of the callee's own resource is its representation. */
export function lowerHandle(
  emitter: Emitter,
  type: Extract<ValueType, { kind: "own" | "borrow" }>,
  value: string,
): string {
  const r = emitter.resource(type.resource.slot);
  const host = emitter.boundary === "host";
  if (type.kind === "own") {
    if (!host) return `T.addOwn(${r}, ${value})`;
    if (!emitter.undoes) return `T.addOwn(${r}, ${r}.ownFromHost(${value}))`;
    emitter.owns = true;
    return `$.give(T, ${r}, ${value}, U)`;
  }
  emitter.borrows = true;
  const rep = host ? `${r}.borrowFromHost(${value}, L)` : value;
  return `(${r}.impl === I ? ${rep} : T.addBorrow(${r}, ${rep}, B))`;
}

/** A helper `value → length` for a list type; the pointer is left in `P`. */
export function storeList(emitter: Emitter, type: ListType): string {
  return emitter.helper("puts", type, "v", (body) => {
    const { size, align } = layoutOf(type.element);
    if (type.element.kind === "u8") {
      body.line("if (v instanceof $.Fill) return $.storeFill(M, A, v);");
      body.line("if (typeof v === 'string') v = $.utf8(v);");
    }
    body.line(`const n = $.listLength(v, ${size});`);
    body.line(`const q = A(0, 0, ${align}, n * ${size});`);
    body.line("let p = q;");
    storeElements(body, type, "n");
    body.line("P.pointer = q;");
    body.line("return n;");
  });
}

function storeElements(body: Body, type: ListType, count: string): void {
  const { kind } = type.element;
  const { size } = layoutOf(type.element);
  const array = TYPED_ARRAYS[kind];
  if (array) {
    const target = kind === "u8" ? "M.u8.set(v, p);" : `new ${array}(M.u8.buffer, p, ${count}).set(v);`;
    body.line(`if (v instanceof ${array}) ${target} else`);
  }
  body.line(`for (let i = 0; i < ${count}; i++, p += ${size}) { const e = v[i];`);
  store(body, type.element, "e", "p", 0);
  body.line("}");
}

/** Integers, booleans and characters as core numbers. */
export function lowerScalar(kind: ValueType["kind"], value: string): string {
  switch (kind) {
    case "f32":
    case "f64":
      return `$.float(${value})`;
    default:
      return `$.${kind}(${value})`;
  }
}

/** The index of an enum's case. */
export function lowerEnum(
  emitter: Emitter,
  type: Extract<ValueType, { kind: "enum" }>,
  value: string,
): string {
  return `$.lowerCase(${emitter.constant(new Map(type.names.map((n, i) => [n, i])))}, ${value})`;
}

/** A helper `object → bits`. Names not given are false, or all; a list of names will do as well. */
export function lowerFlags(emitter: Emitter, type: Extract<ValueType, { kind: "flags" }>): string {
  return emitter.helper("flags", type, "v", (body) => {
    body.line("if (v === undefined || v === null) return 0;");
    body.line(`if (Array.isArray(v)) v = $.flagsFrom(${emitter.constant(type.names)}, v);`);
    body.line(`$.object(v, "flags");`);
    const bits = type.names.map((n, i) => `($.flag(v[${quote(camelCase(n))}]) ? ${1 << i} : 0)`);
    body.line(`return ${bits.join(" | ")};`);
  });
}

function setInteger(size: number, at: string, value: string): string {
  if (size === 1) return `M.u8[${at}] = ${value};`;
  return `M.dv.setUint${size * 8}(${at}, ${value}, true);`;
}
