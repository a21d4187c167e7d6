/** What reads the instructions of core functions, held against V8 and against what real toolchains wrote. */
import assert from "node:assert/strict";
import { decode } from "../../src/component/binary/decode.ts";
import type { ComponentDefinition } from "../../src/component/binary/definition.ts";
import { Reader } from "../../src/component/binary/reader.ts";
import { takeApart } from "../../src/component/binary/sections.ts";
import { DecodeError } from "../../src/component/mod.ts";
import { bound } from "../../src/component/limits/bound.ts";
import { growSites } from "../../src/component/limits/instructions.ts";
import { bytes, name, type Part, section, u32, vec, vecOf } from "./bytes.ts";
import { core } from "./cores.ts";

/** An index that is no instruction of its own accord: read as one, it spoils what follows. */
const INDEX = 6;
const seven = (part: Part): Part => vecOf(Array.from({ length: 7 }, () => part));

/** What may follow an opcode. */
const IMMEDIATES: readonly (readonly [what: string, part: Part])[] = [
  ["nothing", []],
  ["an index", INDEX],
  ["a long index", [0x80 | INDEX, 0x80, 0x00]],
  ["two indices", [INDEX, INDEX]],
  ["a type of functions and an index", [0x05, INDEX]],
  ["a heap type", 0x70],
  ["an index of 33 bits", [0x80 | INDEX, 0x80, 0x80, 0x80, 0x00]],
  ["a lane", 0x01],
  ["a byte", 0x00],
  ["4 bytes", [INDEX, INDEX, INDEX, INDEX]],
  ["8 bytes", Array.from({ length: 8 }, () => INDEX)],
  ["16 bytes", Array.from({ length: 16 }, () => INDEX)],
  ...[0, 1, 2, 3, 4].flatMap((align): [string, Part][] => [
    [`memory, aligned to 2^${align}`, [align, INDEX]],
    [`memory, aligned to 2^${align}, and a lane`, [align, INDEX, 0x01]],
    [`another memory, aligned to 2^${align}`, [0x40 | align, INDEX, 0x80, 0x40]],
  ]),
  ["a block without values", [0x40, 0x0b]],
  ["a block with a value", [0x7f, 0x00, 0x0b]],
  ["a block with a reference", [0x63, 0x70, 0x00, 0x0b]],
  ["a block of a type", [0x80, 0x00, 0x00, 0x0b]],
  ["a block with two branches", [0x40, 0x05, 0x0b]],
  ["labels", [vec(INDEX, INDEX), INDEX]],
  ["types", vec(0x7f)],
  ["types of references", vec([0x63, 0x70])],
  ["a block of old with an arm", [0x40, 0x07, INDEX, 0x0b]],
  ["a block of old with an arm for all", [0x40, 0x19, 0x0b]],
  ["a block of old that hands on", [0x40, 0x18, 0x00]],
  ["a block of old that throws again", [0x40, 0x07, INDEX, 0x09, 0x00, 0x0b]],
  ["a block with handlers", [0x40, vec([0x00, INDEX, INDEX], [0x02, INDEX]), 0x0b]],
  ["flags, a label and two heap types", [0x03, 0x07, 0x70, 0x70]],
];

/** Blocks that are opened and closed: whoever takes bytes of the beginning for something else has ends left over. */
const TAIL: Part = [Array.from({ length: 12 }, () => [0x02, 0x40]), Array.from({ length: 12 }, () => 0x0b)];
/** One `memory.grow`, where it can be reached by nothing. */
const GROW: Part = [0x00, 0x41, 0x01, 0x40, 0x05, 0x1a];

/** A module with seven of everything, and one function of this code. */
function moduleOf(code: Part): Uint8Array<ArrayBuffer> {
  // In seven blocks, so that there are seven labels, and in one more that takes a reference; with seven locals.
  const blocks = Array.from({ length: 7 }, () => [0x02, 0x40]), ends = blocks.map(() => 0x0b);
  const body = bytes([0x01, 0x07, 0x7f], [0x02, 0x70], blocks, code, ends, [0xd0, 0x70, 0x0b, 0x1a], 0x0b);
  return core(
    section(1, seven([0x60, vec(), vec()])),
    section(3, seven(0x00)),
    section(4, seven([0x70, 0x00, 0x08])),
    section(5, seven([0x00, 0x01])),
    section(13, seven([0x00, 0x00])),
    section(6, seven([0x7f, 0x01, 0x41, 0x00, 0x0b])),
    section(7, vec([name("f"), 0x00, 0x06])),
    section(9, seven([0x01, 0x00, vec(0x06)])),
    section(12, 0x07),
    section(10, vecOf([...Array.from({ length: 6 }, () => [0x02, 0x00, 0x0b]), [u32(body.length), body]])),
    section(11, seven([0x01, 0x00])),
  );
}

/** Sites of all functions of a module; `all` reads those too that have no byte of the opcode. */
function sitesOf(module: Uint8Array): number {
  const code = takeApart(module).find(({ id }) => id === 10)?.parts[0];
  if (!code) return 0;
  const reader = new Reader(code);
  let sites = 0;
  for (let n = reader.u32("functions"); n > 0; n--) {
    const size = reader.u32("size"), from = reader.offset;
    reader.take(size, "body");
    sites += growSites(code, from, from + size, 0).length;
  }
  return sites;
}

const opcodes: Part[] = [];
for (let op = 0; op < 0x100; op++) if (op < 0xfb || op > 0xfe) opcodes.push([op]);
for (const prefix of [0xfb, 0xfc, 0xfd, 0xfe]) {
  for (let sub = 0; sub < (prefix === 0xfd ? 0x180 : 0x60); sub++) opcodes.push([prefix, u32(sub)]);
}

Deno.test("every instruction that V8 knows is read to its end, whatever its immediates", () => {
  const known = new Set<string>();
  const wrong: string[] = [];
  for (const opcode of opcodes) {
    const hex = [...bytes(opcode)].map((b) => b.toString(16)).join(" ");
    for (const [what, immediates] of IMMEDIATES) {
      // After `unreachable` any instruction has its operands; another one forgets its results.
      const module = moduleOf([0x00, opcode, immediates, TAIL, GROW]);
      if (!WebAssembly.validate(module)) continue;
      known.add(hex);
      const own = hex === "40" ? 1 : 0;
      try {
        const sites = sitesOf(module);
        if (sites !== 1 + own) wrong.push(`${hex} with ${what}: ${sites} sites`);
      } catch (error) {
        wrong.push(`${hex} with ${what}: ${error}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(known.size > 540, `only ${known.size} instructions were tried`);
});

Deno.test("what V8 does not know is not read either: nothing is skipped over blindly", () => {
  for (
    const opcode of [[0x16], [0x17], [0x27], [0xc7], [0xe0], [0xff], [0xfc, 0x7f], [0xfe, 0x7f], [0xfb, 0x02]]
  ) {
    const code = bytes(0x00, opcode, 0x00, 0x0b);
    assert.throws(() => growSites(code, 0, code.length, 100), (error: unknown) => {
      assert.ok(error instanceof DecodeError && error.offset === 101, String(error));
      assert.match(error.message, /unknown instruction/);
      return true;
    });
  }
});

Deno.test("a body that ends within an instruction is refused", () => {
  for (
    const code of [[0x00, 0x41], [0x00, 0x44, 0x00], [0x00, 0x0e, 0x05, 0x00], [0x01], [0x01, 0x02], [
      0x00,
      0x40,
    ], [
      0x00,
      0xfd,
      0x0c,
      0x00,
    ], [0xff, 0xff, 0xff, 0xff, 0x0f]]
  ) {
    assert.throws(() => growSites(Uint8Array.from(code), 0, code.length, 0), DecodeError);
  }
});

function* coresIn(component: ComponentDefinition): Generator<Uint8Array> {
  for (const d of component.definitions) {
    if (d.kind === "core module") yield d.bytes;
    if (d.kind === "component") yield* coresIn(d.component);
  }
}

const root = new URL("../../", import.meta.url);
const files = ["examples/", "tests/guests/"].flatMap((folder) =>
  [...Deno.readDirSync(new URL(folder, root))].filter((entry) => entry.isDirectory).flatMap(({ name }) =>
    [...Deno.readDirSync(new URL(`${folder}${name}/`, root))]
      .filter((entry) => entry.name.endsWith(".wasm"))
      .map((entry) => `${folder}${name}/${entry.name}`)
  )
).sort();

Deno.test("of every guest each core module is rewritten to one that V8 takes, with no memory.grow left", () => {
  let grown = 0, rewritten = 0;
  for (const file of files) {
    const bytes = Deno.readFileSync(new URL(file, root));
    // Core modules stand here too; they are for other tests.
    if (bytes[6] !== 1) continue;
    for (const module of coresIn(decode(bytes))) {
      const sites = sitesOf(module);
      const bounded = bound(module, 0, 0);
      if (!bounded.bytes) {
        assert.equal(sites, 0, file);
        continue;
      }
      rewritten++;
      grown += sites;
      const compiled = new WebAssembly.Module(bounded.bytes);
      assert.equal(sitesOf(bounded.bytes), 0, file);
      assert.equal(bounded.bounds.grown.length, sites > 0 ? 1 : 0, file);
      const names = (m: WebAssembly.Module) => WebAssembly.Module.exports(m).map((e) => e.name);
      const before = names(new WebAssembly.Module(module as Uint8Array<ArrayBuffer>));
      const added = bounded.bounds.grown.length > 0 ? 2 : 0;
      assert.deepEqual(names(compiled).slice(0, before.length), before, file);
      assert.equal(
        names(compiled).length,
        before.length + added + (bounded.bounds.start === undefined ? 0 : 1),
      );
    }
  }
  assert.ok(grown > 20 && rewritten > 40, `${grown}, ${rewritten}`);
});
