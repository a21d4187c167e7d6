/**
 * Imports, exports, their names and types.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#import-and-export-definitions
 * @module
 */
import type { Attribute, DefinitionBody, ExternRef } from "./definition.ts";
import { readSortIndex } from "./instance.ts";
import type { Reader } from "./reader.ts";
import { readValueType } from "./type.ts";

const ATTRIBUTES = ["implements", "versionsuffix", "external-id"] as const;

/** `nameattributes`. */
export function readExternName(reader: Reader): { name: string; attributes: Attribute[] } {
  const tag = reader.byte("extern name");
  // 0x00 and 0x01 mean the same since plain and interface names share one space.
  if (tag > 2) reader.unexpected(tag, "extern name");
  const name = reader.name("extern name");
  const attributes = tag < 2 ? [] : reader.vec("name attributes", (): Attribute => {
    const kind = reader.byte("name attribute");
    return {
      kind: ATTRIBUTES[kind] ?? reader.unexpected(kind, "name attribute"),
      value: reader.name("name attribute value"),
    };
  });
  return { name, attributes };
}

/** `import`. */
export function readImport(reader: Reader): DefinitionBody {
  return { kind: "import", ...readExternName(reader), type: readExternType(reader) };
}

/** `export`. */
export function readExport(reader: Reader): DefinitionBody {
  return {
    kind: "export",
    ...readExternName(reader),
    target: readSortIndex(reader),
    type: reader.optional("export type", () => readExternType(reader)),
  };
}

/** `externtype`. */
export function readExternType(reader: Reader): ExternRef {
  const tag = reader.byte("extern type");
  switch (tag) {
    case 0x00:
      reader.expect(0x11, "extern type (core module)");
      return { kind: "core module", index: reader.u32("core type index") };
    case 0x01:
      return { kind: "func", index: reader.u32("type index") };
    case 0x02: {
      const bound = reader.byte("value bound");
      if (bound === 0) return { kind: "value", bound: "eq", index: reader.u32("value index") };
      if (bound === 1) return { kind: "value", bound: "type", type: readValueType(reader) };
      return reader.unexpected(bound, "value bound");
    }
    case 0x03: {
      const bound = reader.byte("type bound");
      if (bound === 0) return { kind: "type", bound: "eq", index: reader.u32("type index") };
      if (bound === 1) return { kind: "type", bound: "sub resource" };
      return reader.unexpected(bound, "type bound");
    }
    case 0x04:
      return { kind: "component", index: reader.u32("type index") };
    case 0x05:
      return { kind: "instance", index: reader.u32("type index") };
    default:
      return reader.unexpected(tag, "extern type");
  }
}
