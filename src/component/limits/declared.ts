/**
 * What a core module declares, as far as it decides how much an instance of it takes.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @module
 */
import { skipExpression } from "../binary/core_module.ts";
import { readCoreExtern, readCoreType } from "../binary/core_type.ts";
import type { CoreTypeRef } from "../binary/definition.ts";
import { Reader } from "../binary/reader.ts";
import type { Section } from "../binary/sections.ts";
import type { Limits } from "../wit/types.ts";

/** A table, and where its limits stand in the contents of its section. */
export interface DeclaredTable {
  readonly limits: Limits;
  /** First byte of its limits. */
  readonly from: number;
  /** First byte after them. */
  readonly to: number;
}

/** A memory of the module's own. */
export interface DeclaredMemory extends Limits {
  readonly pageSizeLog2: number | undefined;
}

/** A memory that is imported. */
export interface MemoryImport {
  readonly module: string;
  readonly name: string;
}

/** The declarations of a core module. */
export interface Declared {
  readonly types: readonly CoreTypeRef[];
  /** Names of the modules that it imports from. */
  readonly importModules: Set<string>;
  readonly memoryImports: MemoryImport[];
  readonly exportNames: Set<string>;
  /** Tables of its own. */
  readonly tables: DeclaredTable[];
  /** Memories of its own. */
  readonly memories: DeclaredMemory[];
  /** Types of the elements of tables, imported ones too. */
  readonly elements: string[];
  /** Types of globals, imported ones first. */
  readonly globals: string[];
  /** Types of tags, as indices. */
  readonly tags: number[];
  imports: number;
  functions: number;
}

/**
 * Reads the declarations of a core module.
 *
 * @param sections The module.
 * @param base Where it starts in the file, for offsets in errors.
 * @throws {DecodeError} If they cannot be read.
 */
export function readDeclared(sections: readonly Section[], base: number): Declared {
  const types: CoreTypeRef[] = [];
  const declared: Declared = {
    types,
    importModules: new Set(),
    memoryImports: [],
    exportNames: new Set(),
    tables: [],
    memories: [],
    elements: [],
    globals: [],
    tags: [],
    imports: 0,
    functions: 0,
  };
  for (const { id, offset = 0, parts } of sections) {
    const contents = parts[0] ?? new Uint8Array();
    readSection(id, new Reader(contents, 0, contents.length, base + offset), declared, types);
  }
  return declared;
}

function readSection(id: number, r: Reader, into: Declared, types: CoreTypeRef[]): void {
  switch (id) {
    case 1:
      r.vec("core types", () => {
        if (r.peek("core type") !== 0x4e) return void types.push(readCoreType(r, true));
        r.offset++;
        r.vec("recursion group", () => types.push(readCoreType(r, true)));
      });
      return;
    case 2:
      into.imports = r.vec("core imports", () => readImport(r, into)).length;
      return;
    case 3:
      into.functions = r.u32("core functions");
      return;
    case 4:
      r.vec("tables", () => readTable(r, into));
      return;
    case 5:
      r.vec("memories", () => {
        const type = readCoreExtern(r, 2);
        if (type.kind === "memory") into.memories.push({ ...type.limits, pageSizeLog2: type.pageSizeLog2 });
      });
      return;
    case 6:
      r.vec("globals", () => {
        const type = readCoreExtern(r, 3);
        if (type.kind === "global") into.globals.push(type.type);
        skipExpression(r);
      });
      return;
    case 7:
      r.vec("core exports", () => {
        into.exportNames.add(r.name("export name"));
        r.byte("export kind");
        r.u32("export index");
      });
      return;
    case 13:
      r.vec("tags", () => {
        const type = readCoreExtern(r, 4);
        if (type.kind === "tag") into.tags.push(type.index);
      });
  }
}

function readImport(r: Reader, into: Declared): void {
  const module = r.name("import module name"), name = r.name("import name");
  into.importModules.add(module);
  const type = readCoreExtern(r);
  if (type.kind === "memory") into.memoryImports.push({ module, name });
  else if (type.kind === "global") into.globals.push(type.type);
  else if (type.kind === "table") into.elements.push(type.element);
  else if (type.kind === "tag") into.tags.push(type.index);
}

function readTable(r: Reader, into: Declared): void {
  // A table with an initializer: 0x40 0x00 tabletype expr.
  const initialized = r.peek("table") === 0x40;
  if (initialized) r.offset += 2;
  const start = r.offset;
  const type = readCoreExtern(r, 1);
  if (type.kind !== "table") return;
  into.elements.push(type.element);
  into.tables.push({ limits: type.limits, from: start + referenceLength(r, start), to: r.offset });
  if (initialized) skipExpression(r);
}

/** How many bytes a reference type has. */
function referenceLength({ bytes }: Reader, at: number): number {
  if (bytes[at] !== 0x63 && bytes[at] !== 0x64) return 1;
  let length = 2;
  while (bytes[at + length - 1]! >= 0x80) length++;
  return length;
}
