/**
 * Type definitions.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#type-definitions
 * @module
 */
import { readAlias } from "./alias.ts";
import { readCoreType } from "./core_type.ts";
import type {
  DefinedValueTypeRef,
  Definition,
  DefinitionBody,
  FieldRef,
  FuncTypeRef,
  TypeRef,
  ValueTypeRef,
} from "./definition.ts";
import { readExternName, readExternType, readImport } from "./extern.ts";
import type { PrimitiveKind } from "../wit/types.ts";
import type { Reader } from "./reader.ts";

const PRIMITIVES: ReadonlyMap<number, { readonly kind: PrimitiveKind }> = new Map(
  ([
    [0x7f, "bool"],
    [0x7e, "s8"],
    [0x7d, "u8"],
    [0x7c, "s16"],
    [0x7b, "u16"],
    [0x7a, "s32"],
    [0x79, "u32"],
    [0x78, "s64"],
    [0x77, "u64"],
    [0x76, "f32"],
    [0x75, "f64"],
    [0x74, "char"],
    [0x73, "string"],
    [0x64, "error-context"],
  ] as const).map(([byte, kind]) => [byte, Object.freeze({ kind })]),
);

/** Types nest by declarations; a bound keeps hostile input off the end of the JavaScript stack. */
const MAX_DEPTH = 100;

/** `valtype`: a type index, or the negative SLEB128 of a primitive. */
export function readValueType(reader: Reader): ValueTypeRef {
  const at = reader.offset;
  const first = reader.peek("value type");
  // A single byte with bit 6 set is a negative SLEB128; indices are nonnegative, thus padded to more bytes.
  if ((first & 0xc0) === 0x40) {
    reader.offset++;
    return PRIMITIVES.get(first) ?? reader.unexpected(first, "value type");
  }
  const index = reader.u32("type index");
  if (reader.offset - at === 5 && reader.bytes[at + 4]! & 0x78) {
    reader.fail("integer too large", "type index", at);
  }
  return { kind: "index", index };
}

/** `deftype`. */
export function readType(reader: Reader, depth = 0): TypeRef {
  if (depth > MAX_DEPTH) reader.fail(`types nested more than ${MAX_DEPTH} deep`, "type");
  const tag = reader.peek("type");
  switch (tag) {
    case 0x40:
    case 0x43:
      return readFuncType(reader);
    case 0x41:
    case 0x42:
      reader.offset++;
      return {
        kind: tag === 0x41 ? "component-type" : "instance-type",
        declarations: reader.vec("type declarations", (): Definition => {
          const offset = reader.offset;
          return { offset, ...readDeclaration(reader, tag === 0x41, depth) };
        }),
      };
    case 0x3f: {
      reader.offset++;
      const rep = reader.byte("resource representation");
      if (rep !== 0x7f && rep !== 0x7e) reader.unexpected(rep, "resource representation");
      return {
        kind: "resource",
        rep: rep === 0x7f ? "i32" : "i64",
        dtor: reader.optional("resource destructor", () => reader.u32("core function index")),
      };
    }
    default:
      return readDefinedValueType(reader);
  }
}

function readDeclaration(reader: Reader, inComponent: boolean, depth: number): DefinitionBody {
  const tag = reader.byte("type declaration");
  switch (tag) {
    case 0x00:
      return { kind: "core type", type: readCoreType(reader) };
    case 0x01:
      return { kind: "type", type: readType(reader, depth + 1) };
    case 0x02: {
      const at = reader.offset;
      const alias = readAlias(reader);
      if (alias.kind === "alias core export") reader.fail("a type has no core instances", "alias", at);
      return alias;
    }
    case 0x03:
      if (!inComponent) reader.unexpected(tag, "instance type declaration");
      return readImport(reader);
    case 0x04:
      return { kind: "export declaration", ...readExternName(reader), type: readExternType(reader) };
    default:
      return reader.unexpected(tag, "type declaration");
  }
}

function readFuncType(reader: Reader): FuncTypeRef {
  const async = reader.byte("function type") === 0x43;
  const params = reader.vec("parameters", () => readField(reader, "parameter"));
  const tag = reader.byte("result list");
  if (tag > 1) reader.unexpected(tag, "result list");
  if (tag === 1) reader.expect(0x00, "number of results");
  return { kind: "func", params, result: tag === 0 ? readValueType(reader) : undefined, async };
}

function readField(reader: Reader, what: string): FieldRef {
  return { name: reader.name(`${what} name`), type: readValueType(reader) };
}

function readDefinedValueType(reader: Reader): DefinedValueTypeRef {
  const tag = reader.byte("type");
  const primitive = PRIMITIVES.get(tag);
  if (primitive) return primitive;
  switch (tag) {
    case 0x72:
      return { kind: "record", fields: reader.vec("record fields", () => readField(reader, "field")) };
    case 0x71:
      return {
        kind: "variant",
        cases: reader.vec("variant cases", () => {
          const name = reader.name("case name");
          const type = reader.optional("case type", () => readValueType(reader));
          reader.expect(0x00, "end of case");
          return { name, type };
        }),
      };
    case 0x70:
      return { kind: "list", element: readValueType(reader) };
    case 0x67:
      return { kind: "list", element: readValueType(reader), length: reader.u32("list length") };
    case 0x6f:
      return { kind: "tuple", types: reader.vec("tuple types", () => readValueType(reader)) };
    case 0x6e:
      return { kind: "flags", names: reader.vec("flags", () => reader.name("flag name")) };
    case 0x6d:
      return { kind: "enum", names: reader.vec("enum cases", () => reader.name("enum case name")) };
    case 0x6b:
      return { kind: "option", type: readValueType(reader) };
    case 0x6a:
      return {
        kind: "result",
        ok: reader.optional("result ok type", () => readValueType(reader)),
        err: reader.optional("result error type", () => readValueType(reader)),
      };
    case 0x69:
      return { kind: "own", index: reader.u32("resource type index") };
    case 0x68:
      return { kind: "borrow", index: reader.u32("resource type index") };
    case 0x66:
    case 0x65:
      return {
        kind: tag === 0x66 ? "stream" : "future",
        type: reader.optional("element type", () => readValueType(reader)),
      };
    case 0x63:
      return { kind: "map", key: readValueType(reader), value: readValueType(reader) };
    default:
      return reader.unexpected(tag, "type");
  }
}
