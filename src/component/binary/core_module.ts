/**
 * The type of a core module: what it imports and exports, read from its own sections. V8 checks the rest
 * when it compiles it; its reflection does not tell signatures.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @module
 */
import type { CoreExtern, CoreFuncType, CoreModuleType } from "../wit/types.ts";
import type { CoreExternRef } from "./definition.ts";
import { readCoreExtern, readCoreType, skipReferenceType } from "./core_type.ts";
import { Reader } from "./reader.ts";

/** Sections in the order in which they must stand. Custom sections (0) may stand anywhere. */
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];
const OTHER: CoreFuncType = { kind: "core-func", params: ["?"], results: ["?"] };

/**
 * Reads the type of a core module.
 *
 * @param bytes The module.
 * @param base Where it starts in the file, for offsets in errors.
 * @throws {DecodeError} If its import, function or export sections cannot be read.
 */
export function readCoreModule(bytes: Uint8Array, base: number): CoreModuleType {
  const reader = new Reader(bytes, 8, bytes.length, base);
  const types = new CoreTypes();
  const imports: { module: string; name: string; type: CoreExtern }[] = [];
  const exports = new Map<string, CoreExtern>();
  const spaces = {
    func: [] as CoreExtern[],
    table: [] as CoreExtern[],
    memory: [] as CoreExtern[],
    global: [] as CoreExtern[],
    tag: [] as CoreExtern[],
  };
  const extern = (ref: CoreExternRef): CoreExtern => {
    if (ref.kind === "func") return types.at(ref.index);
    if (ref.kind === "tag") return { kind: "tag", type: types.at(ref.index) };
    return ref;
  };
  // A large module defines tens of thousands of functions and exports a few: only those are looked up.
  let functions: ArrayLike<number> = [];
  const defined = (index: number): CoreExtern | undefined => {
    const type = functions[index - spaces.func.length];
    return type === undefined ? undefined : types.at(type);
  };
  const add = (kind: keyof typeof spaces, tag: number, r: Reader) =>
    spaces[kind].push(extern(readCoreExtern(r, tag)));
  let place = -1;
  while (!reader.done) {
    const at = reader.offset, id = reader.byte("core section id");
    if (id !== 0) {
      const next = ORDER.indexOf(id);
      if (next < 0) reader.fail(`malformed section id ${id}`, "core section id", at);
      if (next <= place) reader.fail(`section ${id} out of order`, "core section id", at);
      place = next;
    }
    const section = reader.window(reader.u32("core section size"), "core section");
    switch (id) {
      case 1:
        types.read(section);
        break;
      case 2:
        section.vec("core imports", () => {
          const module = section.name("import module name"), name = section.name("import name");
          const type = extern(readCoreExtern(section));
          imports.push({ module, name, type });
          spaces[type.kind === "core-func" ? "func" : type.kind].push(type);
        });
        break;
      case 3:
        functions = readIndices(section);
        break;
      case 4:
        section.vec("tables", () => {
          // A table with an initializer: 0x40 0x00 tabletype expr. Its expression ends the useful part.
          if (section.peek("table") !== 0x40) return add("table", 1, section);
          section.offset += 2;
          add("table", 1, section);
          return skipExpression(section);
        });
        break;
      case 5:
        section.vec("memories", () => add("memory", 2, section));
        break;
      case 6:
        section.vec("globals", () => {
          add("global", 3, section);
          skipExpression(section);
        });
        break;
      case 7:
        section.vec("core exports", () => {
          const name = section.name("export name");
          const kind = (["func", "table", "memory", "global", "tag"] as const)[section.byte("export kind")];
          const index = section.u32("export index");
          const type = kind && (spaces[kind][index] ?? (kind === "func" ? defined(index) : undefined));
          if (!type) return section.fail(`unknown ${kind ?? "export kind"} ${index}`, "core exports");
          return exports.set(name, type);
        });
        break;
      case 13:
        section.vec("tags", () => add("tag", 4, section));
        break;
    }
  }
  return { kind: "core-module", imports, exports };
}

/** The function section: the type index of each function. Nearly all are one byte, so those are read here. */
function readIndices(section: Reader): Uint32Array {
  const { bytes, end } = section;
  const count = section.u32("core functions");
  if (count > end - section.offset) section.fail("unexpected end", "core functions");
  const indices = new Uint32Array(count);
  let at = section.offset;
  for (let i = 0; i < count; i++) {
    const byte = at < end ? bytes[at]! : 0x80;
    if (byte < 0x80) {
      indices[i] = byte;
      at++;
    } else {
      section.offset = at;
      indices[i] = section.u32("type index");
      at = section.offset;
    }
  }
  return indices;
}

/** The type section. A large module has hundreds of types and needs few of them here: each is read when asked for. */
class CoreTypes {
  #section: Reader | undefined;
  /** Types, or where they start. */
  readonly #types: (CoreFuncType | number)[] = [];

  read(section: Reader): void {
    this.#section = section;
    section.vec("core types", () => {
      if (this.#skip(section)) return;
      if (section.peek("core type") !== 0x4e) return void this.#types.push(this.#one(section));
      section.offset++;
      section.vec("recursion group", () => this.#types.push(this.#one(section)));
    });
  }

  /** Passes over a function type of numbers only. */
  #skip(section: Reader): boolean {
    const { bytes, end } = section, start = section.offset;
    if (bytes[start] !== 0x60) return false;
    let at = start + 1;
    for (let list = 0; list < 2; list++) {
      if (at >= end) return false;
      const count = bytes[at++]!;
      if (count >= 0x80 || at + count >= end + list) return false;
      for (const stop = at + count; at < stop; at++) if (bytes[at]! < 0x7b || bytes[at]! > 0x7f) return false;
    }
    this.#types.push(start);
    section.offset = at;
    return true;
  }

  #one(section: Reader): CoreFuncType {
    const type = readCoreType(section, true);
    return type.kind === "core-func" ? type : OTHER;
  }

  at(index: number): CoreFuncType {
    const type = this.#types[index];
    if (typeof type !== "number") return type ?? OTHER;
    this.#section!.offset = type;
    return this.#types[index] = this.#one(this.#section!);
  }
}

/** Skips a constant expression: only the instructions that such an expression may have. */
export function skipExpression(r: Reader): void {
  for (;;) {
    const op = r.byte("constant expression");
    switch (op) {
      case 0x0b:
        return;
      case 0x41:
      case 0x42:
        while (r.byte("constant") & 0x80);
        break;
      case 0x43:
        r.take(4, "constant");
        break;
      case 0x44:
        r.take(8, "constant");
        break;
      case 0x23:
      case 0xd2:
        r.u32("index");
        break;
      case 0xd0:
        skipReferenceType(r);
        break;
      case 0xfd:
        r.u32("vector opcode");
        r.take(16, "constant");
        break;
      case 0xfb: {
        const sub = r.u32("opcode");
        if (sub <= 1 || (sub >= 6 && sub <= 7)) r.u32("index");
        else if (sub === 8) r.u32("index"), r.u32("count");
        break;
      }
      case 0x6a:
      case 0x6b:
      case 0x6c:
      case 0x7c:
      case 0x7d:
      case 0x7e:
        break;
      default:
        r.fail(`unknown instruction 0x${op.toString(16)} in a constant expression`, "constant expression");
    }
  }
}
