/**
 * Loading: a value out of guest memory.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#loading
 * @module
 */
import type { ListType, MapType, ValueType } from "../wit/types.ts";
import { type Body, type Emitter, plus, quote, unsupported } from "./emit.ts";
import { casesOf, contains, layoutOf, offsetsOf, variantLayout } from "./layout.ts";
import { BYTES_PER_VALUE, MAX_LIFTED } from "./memory.ts";
import { camelCase } from "./names.ts";

/** Lists of numbers are typed arrays, as everywhere in this ecosystem. */
export const TYPED_ARRAYS: Readonly<Partial<Record<ValueType["kind"], string>>> = {
  u8: "Uint8Array",
  s8: "Int8Array",
  u16: "Uint16Array",
  s16: "Int16Array",
  u32: "Uint32Array",
  s32: "Int32Array",
  u64: "BigUint64Array",
  s64: "BigInt64Array",
  f32: "Float32Array",
  f64: "Float64Array",
};

/** Reads one value at `pointer + offset`, which is aligned and in bounds; returns an expression for it. */
export function load(body: Body, type: ValueType, pointer: string, offset: number): string {
  const { emitter } = body;
  const at = plus(pointer, offset);
  switch (type.kind) {
    case "bool":
      return `M.u8[${at}] !== 0`;
    case "u8":
      return `M.u8[${at}]`;
    case "s8":
      return `M.dv.getInt8(${at})`;
    case "u16":
      return `M.dv.getUint16(${at}, true)`;
    case "s16":
      return `M.dv.getInt16(${at}, true)`;
    case "u32":
      return `M.dv.getUint32(${at}, true)`;
    case "s32":
      return `M.dv.getInt32(${at}, true)`;
    case "u64":
      return `M.dv.getBigUint64(${at}, true)`;
    case "s64":
      return `M.dv.getBigInt64(${at}, true)`;
    case "f32":
      return `M.dv.getFloat32(${at}, true)`;
    case "f64":
      return `M.dv.getFloat64(${at}, true)`;
    case "char":
      return `$.liftChar(M.dv.getUint32(${at}, true))`;
    case "string":
      return `str(M, M.dv.getUint32(${at}, true), M.dv.getUint32(${plus(pointer, offset + 4)}, true))`;
    case "own":
    case "borrow":
      return liftHandle(emitter, type, `M.dv.getUint32(${at}, true)`);
    case "enum":
      return `$.liftCase(${emitter.constant(type.names)}, ${discriminant(type.names.length, at)})`;
    case "list":
      if (type.length === undefined) {
        return `${loadList(emitter, type)}(M.dv.getUint32(${at}, true), M.dv.getUint32(${
          plus(pointer, offset + 4)
        }, true))`;
      }
      break;
    case "map":
      return `${loadList(emitter, mapAsList(type))}(M.dv.getUint32(${at}, true), M.dv.getUint32(${
        plus(pointer, offset + 4)
      }, true))`;
  }
  return `${loadHelper(emitter, type)}(${at})`;
}

function loadHelper(emitter: Emitter, type: ValueType): string {
  return emitter.helper("load", type, "p", (body) => {
    switch (type.kind) {
      case "record": {
        const offsets = offsetsOf(type.fields.map((f) => f.type));
        const parts = type.fields.map((f, i) => `${key(f.name)}: ${load(body, f.type, "p", offsets[i]!)}`);
        return body.line(`return { ${parts.join(", ")} };`);
      }
      case "tuple": {
        const offsets = offsetsOf(type.types);
        return body.line(`return [${type.types.map((t, i) => load(body, t, "p", offsets[i]!)).join(", ")}];`);
      }
      case "list":
        body.line(`const n = ${type.length};`);
        return elements(body, type);
      case "flags": {
        const { size } = layoutOf(type);
        body.line(`const x = ${integer(size, "p")};`);
        return body.line(`return ${flagsObject(type.names, "x")};`);
      }
      case "variant":
      case "option":
      case "result": {
        const cases = casesOf(type);
        const { discriminant: size, payload } = variantLayout(cases);
        body.line(`switch (${integer(size, "p")}) {`);
        cases.forEach((t, i) => {
          body.line(`case ${i}: {`);
          body.line(`return ${wrapCase(type, i, t && load(body, t, "p", payload))}; }`);
        });
        body.line(`default: return $.badCase(${integer(size, "p")}, ${cases.length}); }`);
        return;
      }
      default:
        return unsupported(type.kind);
    }
  });
}

/** The JavaScript value of one case, its payload given as an expression. */
export function wrapCase(
  type: Extract<ValueType, { kind: "variant" | "option" | "result" }>,
  index: number,
  payload: string | undefined,
): string {
  switch (type.kind) {
    case "variant": {
      const tag = quote(type.cases[index]!.name);
      return payload === undefined ? `{ tag: ${tag} }` : `{ tag: ${tag}, val: ${payload} }`;
    }
    case "option":
      if (isNested(type)) return index === 0 ? `{ tag: "none" }` : `{ tag: "some", val: ${payload} }`;
      return index === 0 ? "undefined" : payload!;
    case "result":
      return `{ tag: ${index === 0 ? '"ok"' : '"err"'}, val: ${payload ?? "undefined"} }`;
  }
}

/** Whether an option must be tagged, because `undefined` is already taken by the option inside. */
export function isNested(type: Extract<ValueType, { kind: "option" }>): boolean {
  return type.type.kind === "option";
}

/** A property of an object literal. */
export function key(name: string): string {
  return quote(camelCase(name));
}

/** An object of booleans from the bits of an expression. */
export function flagsObject(names: readonly string[], bits: string): string {
  return `{ ${names.map((n, i) => `${key(n)}: (${bits} & ${1 << i}) !== 0`).join(", ")} }`;
}

/** `map<K, V>` is stored as the list of its pairs. */
export function mapAsList(type: MapType): ListType {
  let list = maps.get(type);
  if (!list) {
    maps.set(type, list = { kind: "list", element: { kind: "tuple", types: [type.key, type.value] } });
  }
  return list;
}
const maps = new WeakMap<MapType, ListType>();

/** Lifts a handle. A borrow lent to the host ends with the call. */
export function liftHandle(
  emitter: Emitter,
  type: Extract<ValueType, { kind: "own" | "borrow" }>,
  index: string,
): string {
  const r = emitter.resource(type.resource.slot);
  if (type.kind === "own") {
    const rep = `T.takeOwn(${index}, ${r})`;
    return emitter.boundary === "host" ? `${r}.ownToHost(${rep})` : rep;
  }
  emitter.lends = true;
  // While the host is called nothing else runs in the guest, so a lender could only be taken away by an own of the
  // same call: most such calls need no count. A host's resource is its object.
  const plain = `T.get(${index}, ${r}).rep`;
  const lent = emitter.countLends ? `$.lend(T.get(${index}, ${r}), L)` : plain;
  return emitter.boundary === "host" ? `(${r}.host ? ${lent} : ${r}.borrowToHost(${lent}, L))` : lent;
}

/** A helper `(pointer, length) → array` for a list type. */
export function loadList(emitter: Emitter, type: ListType): string {
  return emitter.helper("list", type, "p, n", (body) => {
    const { size, align } = layoutOf(type.element);
    body.line(`$.checkList(M, p, n, ${size}, ${align});`);
    elements(body, type);
  });
}

function elements(body: Body, type: ListType): void {
  const { kind } = type.element;
  const { size } = layoutOf(type.element);
  const array = TYPED_ARRAYS[kind];
  if (kind === "u8") return body.line("return M.u8.slice(p, p + n);");
  if (array) return body.line(`return new ${array}(M.u8.buffer.slice(p, p + n * ${size}));`);
  // Not `new Array(n)`: a guest may announce more elements than it has bytes for the host to hold.
  body.line(`$.charge(n * ${hostCost(type.element)});`);
  body.line("const a = [];");
  body.line(`for (let i = 0; i < n; i++, p += ${size}) a.push(${load(body, type.element, "p", 0)});`);
  body.line("return a;");
}

function discriminant(count: number, at: string): string {
  return integer(count <= 0x100 ? 1 : count <= 0x10000 ? 2 : 4, at);
}

function integer(size: number, at: string): string {
  if (size === 1) return `M.u8[${at}]`;
  return size === 2 ? `M.dv.getUint16(${at}, true)` : `M.dv.getUint32(${at}, true)`;
}

/** The line that opens the budget for the values of these types, where any of them can be of any size. */
export function openBudget(types: readonly ValueType[]): string {
  const dynamic = (t: ValueType) => t.kind === "string" || t.kind === "list" || t.kind === "map";
  return types.some((type) => contains(type, dynamic)) ? `$.budget.left = ${MAX_LIFTED};` : "";
}

const costs = new WeakMap<ValueType, number>();

/** Roughly the bytes that the JavaScript value of a type takes, what it holds of any size not counted. */
function hostCost(type: ValueType): number {
  const known = costs.get(type);
  if (known !== undefined) return known;
  const cost = computeCost(type);
  costs.set(type, cost);
  return cost;
}

function computeCost(type: ValueType): number {
  const sum = (types: readonly ValueType[]) =>
    types.reduce((all, t) => all + 8 + hostCost(t), BYTES_PER_VALUE);
  switch (type.kind) {
    case "record":
      return sum(type.fields.map((f) => f.type));
    case "tuple":
      return sum(type.types);
    case "flags":
      return BYTES_PER_VALUE + 8 * type.names.length;
    case "variant":
    case "option":
    case "result":
      return BYTES_PER_VALUE + Math.max(0, ...casesOf(type).map((t) => t ? hostCost(t) : 0));
    case "list":
      return type.length === undefined
        ? BYTES_PER_VALUE
        : BYTES_PER_VALUE + type.length * hostCost(type.element);
    default:
      return BYTES_PER_VALUE;
  }
}
