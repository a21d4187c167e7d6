/**
 * Builds core modules piece by piece, and components around them, for the tests of limits.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @module
 */
import { bytes, component, externName, name, type Part, section, types, u32, vec, vecOf } from "./bytes.ts";

/** A core module of sections. */
export function core(...sections: readonly Part[]): Uint8Array<ArrayBuffer> {
  return bytes("\0asm", 0x01, 0x00, 0x00, 0x00, sections) as Uint8Array<ArrayBuffer>;
}

/** A component that has a core module, and makes no instance of it. */
export function around(module: Part): Uint8Array {
  return component(section(1, module));
}

/** Least and most, of a memory or table. */
export interface Range {
  readonly min: number;
  readonly max: number | undefined;
}

/** `limits`. */
export function limits({ min, max }: Range): Part {
  return max === undefined ? [0x00, u32(min)] : [0x01, u32(min), u32(max)];
}

/** A core module that holds something, and exports functions that grow each memory and table and tell its size. */
export interface Holding {
  /** Memories that it imports: of which instance before it, and which of that one's exported memories. */
  readonly imports: readonly { readonly from: number; readonly memory: number }[];
  readonly memories: readonly Range[];
  readonly tables: readonly Range[];
  /** How many pages its start function grows its first memory by, if it has one. */
  readonly start: number | undefined;
}

const GROW = 0, SIZE = 1, START = 2;

/** `i32.const`. */
function constant(value: number): number[] {
  const out = [0x41];
  for (let rest = value | 0;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = rest === 0 && (low & 0x40) === 0 || rest === -1 && (low & 0x40) !== 0;
    out.push(done ? low : low | 0x80);
    if (done) return out;
  }
}

/** The core module. Its memories are exported as `m0`, `m1`…; its functions as `grow0`, `size0`… and `table0`…. */
function holdingModule({ imports, memories, tables, start }: Holding): Uint8Array {
  const count = imports.length + memories.length;
  // Bytes like those of `memory.grow` stand in other instructions too.
  const noise = [...constant(-64), 0x1a, 0x02, 0x40, 0x00, 0x0b, ...constant(0x2000), 0x1a];
  const noisy = (at: number): Part => at % 2 === 0 ? [] : [0x41, 0x01, 0x04, 0x40, 0x05, noise, 0x0b];
  const body = (...code: readonly Part[]): Part => {
    const inner = bytes(0x00, code, 0x0b);
    return [u32(inner.length), inner];
  };
  const indices = Array.from({ length: count }, (_, i) => i);
  const functions: { readonly name: string; readonly type: number; readonly body: Part }[] = [
    ...indices.map((i) => ({
      name: `grow${i}`,
      type: GROW,
      body: body(noisy(i), 0x20, 0x00, 0x40, u32(i)),
    })),
    ...indices.map((i) => ({ name: `size${i}`, type: SIZE, body: body(0x3f, u32(i)) })),
    ...tables.map((_, i) => ({
      name: `table${i}`,
      type: GROW,
      body: body(0xd0, 0x70, 0x20, 0x00, 0xfc, 0x0f, u32(i)),
    })),
    ...tables.map((_, i) => ({ name: `length${i}`, type: SIZE, body: body(0xfc, 0x10, u32(i)) })),
  ];
  const starting = start === undefined || count === 0 ? [] : [{
    name: "start",
    type: START,
    body: body(constant(start), 0x40, 0x00, 0x1a),
  }];
  const all = [...functions, ...starting];
  return core(
    section(1, vec([0x60, vec(0x7f), vec(0x7f)], [0x60, vec(), vec(0x7f)], [0x60, vec(), vec()])),
    section(
      2,
      vecOf(imports.map((from, i) => [name(`i${i}`), name(`m${from.memory}`), 0x02, 0x00, u32(0)])),
    ),
    section(3, vecOf(all.map(({ type }) => type))),
    section(4, vecOf(tables.map((range) => [0x70, limits(range)]))),
    section(5, vecOf(memories.map(limits))),
    section(
      7,
      vecOf([
        ...indices.map((i) => [name(`m${i}`), 0x02, u32(i)]),
        ...functions.map((f, i) => [name(f.name), 0x00, u32(i)]),
      ]),
    ),
    starting.length > 0 ? section(8, u32(functions.length)) : [],
    section(10, vecOf(all.map((f) => f.body))),
  );
}

/** A component of such modules, one instance of each; its exports are `<module>-<function>`. */
export function holding(modules: readonly Holding[]): Uint8Array {
  const aliases: Part[] = [], lifts: Part[] = [], exports: Part[] = [];
  modules.forEach((m, i) => {
    const count = m.imports.length + m.memories.length;
    const add = (func: string, type: number) => {
      const index = aliases.length;
      aliases.push([0x00, 0x00, 0x01, u32(i), name(func)]);
      lifts.push([0x00, 0x00, u32(index), vec(), type]);
      exports.push([externName(`m${i}-${func}`), 0x01, u32(index), 0x00]);
    };
    for (let k = 0; k < count; k++) add(`grow${k}`, 0), add(`size${k}`, 1);
    m.tables.forEach((_, k) => (add(`table${k}`, 0), add(`length${k}`, 1)));
  });
  return component(
    modules.map((m) => section(1, holdingModule(m))),
    section(
      2,
      vecOf(modules.map((m, i) => [
        0x00,
        u32(i),
        vecOf(m.imports.map(({ from }, k) => [name(`i${k}`), 0x12, u32(from)])),
      ])),
    ),
    // (func (param "n" u32) (result s32)), (func (result s32))
    types([0x40, vec([name("n"), 0x79]), 0x00, 0x7a], [0x40, vec(), 0x00, 0x7a]),
    section(6, vecOf(aliases)),
    section(8, vecOf(lifts)),
    section(11, vecOf(exports)),
  );
}
