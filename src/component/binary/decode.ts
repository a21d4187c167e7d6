/**
 * Bytes → component: the preamble, and one branch per section of the format.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#component-definitions
 * @module
 */
import { DecodeError } from "../error.ts";
import { readAlias } from "./alias.ts";
import { readCanon } from "./canon.ts";
import { readCoreType } from "./core_type.ts";
import type { ComponentDefinition, Definition, DefinitionBody } from "./definition.ts";
import { readExport, readImport } from "./extern.ts";
import { readCoreInstance, readInstance } from "./instance.ts";
import { hex, Reader } from "./reader.ts";
import { readType, readValueType } from "./type.ts";

/** Components nest; a bound keeps hostile input off the end of the JavaScript stack. */
const MAX_DEPTH = 100;
const MODULE_PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/**
 * Whether bytes start like a component, like a core module, or like neither.
 *
 * @param bytes The file, or its first 8 bytes.
 */
export function layerOf(bytes: Uint8Array): "component" | "module" | undefined {
  if (bytes.length < 8 || !MODULE_PREAMBLE.slice(0, 4).every((b, i) => bytes[i] === b)) return undefined;
  if (bytes[6] === 1 && bytes[7] === 0) return "component";
  return MODULE_PREAMBLE.every((b, i) => bytes[i] === b) ? "module" : undefined;
}

/**
 * Decodes a component. Core modules inside are views of the same bytes, not copies.
 *
 * @param bytes A component binary.
 * @throws {DecodeError} With the byte offset and what was being read there.
 */
export function decode(bytes: Uint8Array): ComponentDefinition {
  return readComponent(new Reader(bytes), 0);
}

function readComponent(reader: Reader, depth: number): ComponentDefinition {
  const offset = reader.offset;
  if (depth > MAX_DEPTH) reader.fail(`components nested more than ${MAX_DEPTH} deep`, "component");
  readPreamble(reader);
  const definitions: Definition[] = [];
  const custom: { name: string; bytes: Uint8Array; offset: number }[] = [];
  while (!reader.done) {
    const at = reader.offset;
    const id = reader.byte("section id");
    const section = reader.window(reader.u32("section size"), "section contents");
    if (id === 0) {
      const name = section.name("custom section name");
      custom.push({ name, bytes: section.take(section.end - section.offset, name), offset: at });
    } else {
      readSection(id, section, definitions, depth);
    }
    if (!section.done) section.fail("section size mismatch: bytes left over", "section contents");
  }
  return { offset, definitions, custom };
}

function readPreamble(reader: Reader): void {
  for (const byte of MODULE_PREAMBLE.slice(0, 4)) reader.expect(byte, "magic header (\\0asm)");
  const at = reader.offset;
  const [v0, v1, l0, l1] = reader.take(4, "version and layer") as unknown as [number, number, number, number];
  if (l0 === 0 && l1 === 0 && v0 === 1 && v1 === 0) {
    throw new DecodeError("found a core module, expected a component", at, "version and layer");
  }
  if (l0 !== 1 || l1 !== 0) reader.fail(`unknown layer ${hex(l0)} ${hex(l1)}`, "layer", at + 2);
  if (v0 !== 0x0d || v1 !== 0) {
    reader.fail(`unknown binary version ${hex(v0)} ${hex(v1)}, expected 0x0d 0x00`, "version", at);
  }
}

function readSection(id: number, section: Reader, into: Definition[], depth: number): void {
  const each = (what: string, item: (reader: Reader) => DefinitionBody) => {
    section.vec(what, () => {
      const offset = section.offset;
      into.push({ offset, ...item(section) });
    });
  };
  const offset = section.offset;
  switch (id) {
    case 1: {
      const bytes = section.take(section.end - offset, "core module");
      if (layerOf(bytes) !== "module") {
        section.fail("expected a version header for a module", "core module", offset);
      }
      into.push({ offset, kind: "core module", bytes });
      return;
    }
    case 2:
      return each("core instance section", readCoreInstance);
    case 3:
      return each("core type section", (r) => ({ kind: "core type", type: readCoreType(r) }));
    case 4:
      into.push({ offset, kind: "component", component: readComponent(section, depth + 1) });
      return;
    case 5:
      return each("instance section", readInstance);
    case 6:
      return each("alias section", readAlias);
    case 7:
      return each("type section", (r) => ({ kind: "type", type: readType(r) }));
    case 8:
      return each("canonical function section", (r) => ({ kind: "canon", canon: readCanon(r) }));
    case 9:
      into.push({
        offset,
        kind: "start",
        func: section.u32("start function"),
        args: section.vec("start arguments", () => section.u32("start argument")),
        results: section.u32("start results"),
      });
      return;
    case 10:
      return each("import section", readImport);
    case 11:
      return each("export section", readExport);
    case 12:
      return each("value section", (r) => {
        const type = readValueType(r);
        return { kind: "value", type, bytes: r.take(r.u32("value size"), "value") };
      });
    default:
      section.fail(`malformed section id ${id}`, "section id", offset);
  }
}
