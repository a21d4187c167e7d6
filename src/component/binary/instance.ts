/**
 * Core instances and instances.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#instance-definitions
 * @module
 */
import type { CoreSort, DefinitionBody, Sort, SortIndex } from "./definition.ts";
import { readExternName } from "./extern.ts";
import type { Reader } from "./reader.ts";

const CORE_SORTS: ReadonlyMap<number, CoreSort> = new Map([
  [0x00, "func"],
  [0x01, "table"],
  [0x02, "memory"],
  [0x03, "global"],
  [0x04, "tag"],
  [0x10, "type"],
  [0x11, "module"],
  [0x12, "instance"],
]);
const SORTS: ReadonlyMap<number, Sort> = new Map([
  [0x01, "func"],
  [0x02, "value"],
  [0x03, "type"],
  [0x04, "component"],
  [0x05, "instance"],
]);

/** `core:sort`. */
export function readCoreSort(reader: Reader): CoreSort {
  const byte = reader.byte("core sort");
  return CORE_SORTS.get(byte) ?? reader.unexpected(byte, "core sort");
}

/** `sort`. */
export function readSort(reader: Reader): Sort {
  const byte = reader.byte("sort");
  if (byte === 0) return `core ${readCoreSort(reader)}`;
  return SORTS.get(byte) ?? reader.unexpected(byte, "sort");
}

/** `sortidx`. */
export function readSortIndex(reader: Reader): SortIndex {
  return { sort: readSort(reader), index: reader.u32("index") };
}

/** `core:instance`. */
export function readCoreInstance(reader: Reader): DefinitionBody {
  const tag = reader.byte("core instance");
  switch (tag) {
    case 0x00:
      return {
        kind: "core instantiate",
        module: reader.u32("core module index"),
        args: reader.vec("instantiation arguments", () => {
          const name = reader.name("instantiation argument name");
          reader.expect(0x12, "instantiation argument sort (core instance)");
          return { name, instance: reader.u32("core instance index") };
        }),
      };
    case 0x01:
      return {
        kind: "core inline",
        exports: reader.vec("core inline exports", () => {
          const name = reader.name("core export name");
          return { name, sort: readCoreSort(reader), index: reader.u32("index") };
        }),
      };
    default:
      return reader.unexpected(tag, "core instance");
  }
}

/** `instance`. */
export function readInstance(reader: Reader): DefinitionBody {
  const tag = reader.byte("instance");
  switch (tag) {
    case 0x00:
      return {
        kind: "instantiate",
        component: reader.u32("component index"),
        args: reader.vec("instantiation arguments", () => {
          const name = reader.name("instantiation argument name");
          return { name, ...readSortIndex(reader) };
        }),
      };
    case 0x01:
      return {
        kind: "inline",
        exports: reader.vec("inline exports", () => {
          const name = readExternName(reader);
          return { ...name, ...readSortIndex(reader) };
        }),
      };
    default:
      return reader.unexpected(tag, "instance");
  }
}
