/**
 * Facts about types that several rules ask for, each worked out once per type object. Types share their
 * parts, so a few bytes can describe a tree of astronomic size: whatever walks types does it here, or
 * remembers where it has been.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#element-size
 * @module
 */
import type { DefinedType, ExternType, ValueType } from "../wit/types.ts";
import { invalid } from "./invalid.ts";

/** What is known of a type. */
export interface Measure {
  /** How many types are nested in it, itself included. */
  readonly depth: number;
  /** Nodes of the tree that it is when nothing is shared. */
  readonly size: number;
  /** `elem_size(t, 'i64')`; 0 for types that are not value types. */
  readonly bytes: number;
  /** `alignment(t, 'i64')`. */
  readonly align: number;
  /** Contains a `borrow`. */
  readonly borrows: boolean;
  /** Contains a handle. */
  readonly handles: boolean;
  /** Contains a string, or a list whose length is not fixed: its values need a memory of their own. */
  readonly pointers: boolean;
}

/** No value may need more in linear memory. */
const MAX_BYTES = 2 ** 28;
/** Deeper types could exhaust the JavaScript stack; other engines have the same bound. */
const MAX_DEPTH = 100;
/** Larger types take too long to look at; other engines have the same bound. */
const MAX_SIZE = 1_000_000;

const measured = new WeakMap<object, Measure>();

/** Measures a type; its parts first, each only once. */
export function measure(type: DefinedType | ExternType): Measure {
  const leaf = LEAVES.get(type.kind);
  if (leaf) return leaf;
  let found = measured.get(type);
  if (!found) measured.set(type, found = work(type));
  return found;
}

/** Measures a type that becomes part of an index space, and refuses one that is too deep or too large. */
export function checkSize(type: DefinedType | ExternType, offset: number): void {
  const result = measure(type);
  if (result.depth > MAX_DEPTH) invalid(`types nested more than ${MAX_DEPTH} deep`, offset, "type");
  if (result.size > MAX_SIZE) {
    invalid(`effective type size exceeds the limit of ${MAX_SIZE}`, offset, "type");
  }
  if (result.bytes >= MAX_BYTES) {
    invalid(`type exceeds maximum byte size of a value, 2^28: it has ${result.bytes}`, offset, "type");
  }
}

const LEAF = { depth: 1, size: 1, borrows: false, handles: false, pointers: false };
const scalar = (bytes: number): Measure => ({ ...LEAF, bytes, align: bytes });
const NOTHING: Measure = { ...LEAF, bytes: 0, align: 1 };
const HANDLE: Measure = { ...scalar(4), handles: true };

/** Types without parts. */
const LEAVES: ReadonlyMap<string, Measure> = new Map([
  ...["bool", "s8", "u8"].map((kind) => [kind, scalar(1)] as const),
  ...["s16", "u16"].map((kind) => [kind, scalar(2)] as const),
  ...["s32", "u32", "f32", "char", "error-context"].map((kind) => [kind, scalar(4)] as const),
  ...["s64", "u64", "f64"].map((kind) => [kind, scalar(8)] as const),
  ["string", { ...LEAF, bytes: 16, align: 8, pointers: true }],
  ["own", HANDLE],
  ["borrow", { ...HANDLE, borrows: true }],
  ["resource", NOTHING],
]);

function work(type: DefinedType | ExternType): Measure {
  switch (type.kind) {
    case "list":
      if (type.length === undefined) return around([type.element], 16, 8, true);
      return around([type.element], measure(type.element).bytes * type.length, measure(type.element).align);
    case "map":
      return around([type.key, type.value], 16, 8, true);
    case "record":
      return sequence(type.fields.map((f) => f.type));
    case "tuple":
      return sequence(type.types);
    case "variant":
      return choice(type.cases.map((c) => c.type));
    case "option":
      return choice([undefined, type.type]);
    case "result":
      return choice([type.ok, type.err]);
    case "enum":
      return { ...scalar(discriminant(type.names.length)), size: 1 + type.names.length };
    case "flags":
      return {
        ...scalar(type.names.length <= 8 ? 1 : type.names.length <= 16 ? 2 : 4),
        size: 1 + type.names.length,
      };
    case "stream":
    case "future":
      // The element is not part of the value, so what it needs of memory does not count.
      return { ...around([type.type], 4, 4), pointers: false };
    case "func":
      return around([...type.params.map((p) => p.type), type.result]);
    case "type":
    case "value":
      return { ...measure(type.type), bytes: 0 };
    case "instance":
      return around(type.exports.values());
    case "component":
      return around([...type.imports.values(), ...type.exports.values()]);
    case "core-module":
      return { ...NOTHING, size: 1 + type.imports.length + type.exports.size };
    default:
      return LEAVES.get(type.kind)!;
  }
}

/** What a type inherits from its parts, whatever it does with them. */
function around(
  parts: Iterable<DefinedType | ExternType | undefined>,
  bytes = 0,
  align = 1,
  pointers = false,
): Measure {
  let depth = 0, size = 1, borrows = false, handles = false;
  for (const part of parts) {
    size++;
    if (!part) continue;
    const m = measure(part);
    depth = Math.max(depth, m.depth);
    size += m.size;
    borrows ||= m.borrows;
    handles ||= m.handles;
    pointers ||= m.pointers;
  }
  return { depth: depth + 1, size, bytes, align, borrows, handles, pointers };
}

function sequence(types: readonly ValueType[]): Measure {
  let bytes = 0, align = 1;
  for (const type of types) {
    const m = measure(type);
    bytes = alignTo(bytes, m.align) + m.bytes;
    align = Math.max(align, m.align);
  }
  return around(types, alignTo(bytes, align), align);
}

function choice(types: readonly (ValueType | undefined)[]): Measure {
  let payload = 0, align = 1;
  for (const type of types) {
    if (!type) continue;
    payload = Math.max(payload, measure(type).bytes);
    align = Math.max(align, measure(type).align);
  }
  const tag = discriminant(types.length);
  const whole = Math.max(tag, align);
  return around(types, alignTo(alignTo(tag, align) + payload, whole), whole);
}

function discriminant(cases: number): number {
  return cases <= 0x100 ? 1 : cases <= 0x10000 ? 2 : 4;
}

function alignTo(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}
