/**
 * Core types: function types and module types.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#type-definitions
 * @module
 */
import type { CoreDeclaration, CoreExternRef, CoreTypeRef } from "./definition.ts";
import type { CoreFuncType, Limits } from "../wit/types.ts";
import type { Reader } from "./reader.ts";
import { DecodeError } from "../error.ts";

const VALUE_TYPES: ReadonlyMap<number, string> = new Map([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
]);
const HEAP_TYPES: ReadonlyMap<number, string> = new Map([
  [0x74, "noexn"],
  [0x73, "nofunc"],
  [0x72, "noextern"],
  [0x71, "none"],
  [0x70, "func"],
  [0x6f, "extern"],
  [0x6e, "any"],
  [0x6d, "eq"],
  [0x6c, "i31"],
  [0x6b, "struct"],
  [0x6a, "array"],
  [0x69, "exn"],
]);

/** `core:valtype`, spelled as in the text format. */
export function readCoreValueType(reader: Reader): string {
  const byte = reader.byte("core value type");
  return VALUE_TYPES.get(byte) ?? readReferenceType(reader, byte);
}

function readReferenceType(reader: Reader, byte: number): string {
  const short = HEAP_TYPES.get(byte);
  if (short !== undefined) return `${short}ref`;
  if (byte !== 0x63 && byte !== 0x64) return reader.unexpected(byte, "core value type");
  const heap = reader.peek("heap type");
  const name = HEAP_TYPES.get(heap);
  if (name !== undefined) reader.offset++;
  const target = name ?? String(reader.u32("heap type index"));
  if (byte === 0x63 && name !== undefined) return `${name}ref`;
  return byte === 0x63 ? `(ref null ${target})` : `(ref ${target})`;
}

/** `core:type`. */
export function readCoreType(reader: Reader, inModule = false): CoreTypeRef {
  const tag = reader.byte("core type");
  // Inside a module 0x50 is what the core specification says it is: a non-final subtype.
  if (inModule && tag === 0x50) return readSubtype(reader);
  switch (tag) {
    case 0x60:
      return readCoreFuncType(reader);
    case 0x50:
      return {
        kind: "core-module",
        declarations: reader.vec("module type declarations", () => readCoreDeclaration(reader)),
      };
    case 0x00:
      reader.expect(0x50, "core subtype");
      return readSubtype(reader);
    case 0x4f:
      return readSubtype(reader);
    case 0x5e:
    case 0x5f:
      return readAggregateType(reader, tag);
    default:
      return reader.unexpected(tag, "core type");
  }
}

function readCoreFuncType(reader: Reader): CoreFuncType {
  return {
    kind: "core-func",
    params: reader.vec("core parameters", () => readCoreValueType(reader)),
    results: reader.vec("core results", () => readCoreValueType(reader)),
  };
}

function readSubtype(reader: Reader): CoreTypeRef {
  const supertypes = reader.vec("core supertypes", () => reader.u32("core type index"));
  const tag = reader.byte("core composite type");
  const type = tag === 0x60 ? readCoreFuncType(reader) : readAggregateType(reader, tag);
  return supertypes.length === 0 && type.kind === "core-func" ? type : { kind: "other", name: "sub" };
}

function readAggregateType(reader: Reader, tag: number): CoreTypeRef {
  const field = () => {
    const packed = reader.peek("field type");
    if (packed === 0x78 || packed === 0x77) reader.offset++;
    else readCoreValueType(reader);
    const mutable = reader.byte("field mutability");
    if (mutable > 1) reader.unexpected(mutable, "field mutability");
  };
  if (tag === 0x5e) field();
  else if (tag === 0x5f) reader.vec("struct fields", field);
  else reader.unexpected(tag, "core composite type");
  return { kind: "other", name: tag === 0x5e ? "array" : "struct" };
}

function readCoreDeclaration(reader: Reader): CoreDeclaration {
  const tag = reader.byte("module type declaration");
  switch (tag) {
    case 0x00: {
      const module = reader.name("import module name");
      return { kind: "import", module, name: reader.name("import name"), type: readCoreExtern(reader) };
    }
    case 0x01:
      if (reader.peek("core type") === 0x50) {
        // The byte has a meaning here, so the bytes are not malformed.
        const message = "a module type may not define module types";
        throw new DecodeError(message, reader.base + reader.offset, "module type declaration", "invalid");
      }
      return { kind: "type", type: readCoreType(reader) };
    case 0x02:
      reader.expect(0x10, "core alias sort (type)");
      reader.expect(0x01, "core alias target (outer)");
      return {
        kind: "alias",
        count: reader.u32("outer alias count"),
        index: reader.u32("outer alias index"),
      };
    case 0x03:
      return { kind: "export", name: reader.name("export name"), type: readCoreExtern(reader) };
    default:
      return reader.unexpected(tag, "module type declaration");
  }
}

/** `core:externtype`. */
export function readCoreExtern(reader: Reader, tag: number = reader.byte("core extern type")): CoreExternRef {
  switch (tag) {
    case 0x00:
      return { kind: "func", index: reader.u32("core type index") };
    case 0x01:
      return {
        kind: "table",
        element: readReferenceType(reader, reader.byte("table type")),
        limits: readLimits(reader).limits,
      };
    case 0x02: {
      const { limits, pageSizeLog2 } = readLimits(reader);
      return pageSizeLog2 === undefined
        ? { kind: "memory", limits }
        : { kind: "memory", limits, pageSizeLog2 };
    }
    case 0x03: {
      const type = readCoreValueType(reader);
      const mutable = reader.byte("global mutability");
      if (mutable > 1) reader.unexpected(mutable, "global mutability");
      return { kind: "global", type, mutable: mutable === 1 };
    }
    case 0x04:
      reader.expect(0x00, "tag attribute");
      return { kind: "tag", index: reader.u32("core type index") };
    default:
      return reader.unexpected(tag, "core extern type");
  }
}

function readLimits(reader: Reader): { limits: Limits; pageSizeLog2?: number } {
  const flags = reader.byte("limits");
  if (flags > 0x0f) reader.unexpected(flags, "limits");
  const limits: Limits = {
    min: reader.u64("minimum"),
    max: flags & 1 ? reader.u64("maximum") : undefined,
    shared: (flags & 2) !== 0,
    address: flags & 4 ? "i64" : "i32",
  };
  return flags & 8 ? { limits, pageSizeLog2: reader.u32("page size") } : { limits };
}

/** Skips a heap type: the immediate of `ref.null`. */
export function skipReferenceType(reader: Reader): void {
  if (HEAP_TYPES.has(reader.peek("heap type"))) reader.offset++;
  else reader.u32("heap type index");
}
