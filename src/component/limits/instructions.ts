/**
 * Finds every `memory.grow` in the body of a function. An instruction can only be told from the immediates of
 * another by reading all that stand before it.
 *
 * @see https://webassembly.github.io/spec/core/binary/instructions.html
 * @module
 */
import { DecodeError } from "../error.ts";
import { hex } from "../binary/reader.ts";

/** A `memory.grow`. */
export interface GrowSite {
  /** Its opcode. */
  readonly at: number;
  /** The first byte after its immediate. */
  readonly end: number;
  /** Index of the memory. */
  readonly memory: number;
}

/** `memory.grow`. */
export const MEMORY_GROW = 0x40;

// What follows an opcode. 0 is an opcode that is not known.
const NONE = 1;
/** LEB128 integers: indices, labels, constants, heap types. */
const ONE = 2;
const TWO = 3;
/** So many bytes. */
const BYTE = 4;
const BYTES_4 = 5;
const BYTES_8 = 6;
const BYTES_16 = 7;
/** Alignment, memory, offset. */
const MEMORY = 8;
const MEMORY_LANE = 9;
const BLOCK = 10;
/** Labels, and one more. */
const LABELS = 11;
const TYPES = 12;
const TRY_TABLE = 13;
/** Flags, a label, two heap types. */
const CAST = 14;

type Row = readonly [from: number, to: number, immediate: number];

function table(size: number, rows: readonly Row[]): Uint8Array {
  const immediates = new Uint8Array(size);
  for (const [from, to, immediate] of rows) immediates.fill(immediate, from, to + 1);
  return immediates;
}

const PLAIN = table(0x100, [
  [0x00, 0x01, NONE], // unreachable, nop
  [0x02, 0x04, BLOCK],
  [0x05, 0x05, NONE], // else
  [0x06, 0x06, BLOCK], // try
  [0x07, 0x09, ONE], // catch, throw, rethrow
  [0x0a, 0x0b, NONE], // throw_ref, end
  [0x0c, 0x0d, ONE], // br, br_if
  [0x0e, 0x0e, LABELS],
  [0x0f, 0x0f, NONE], // return
  [0x10, 0x10, ONE], // call
  [0x11, 0x11, TWO], // call_indirect
  [0x12, 0x12, ONE], // return_call
  [0x13, 0x13, TWO], // return_call_indirect
  [0x14, 0x15, ONE], // call_ref, return_call_ref
  [0x18, 0x18, ONE], // delegate
  [0x19, 0x1b, NONE], // catch_all, drop, select
  [0x1c, 0x1c, TYPES],
  [0x1f, 0x1f, TRY_TABLE],
  [0x20, 0x26, ONE], // local, global, table.get, table.set
  [0x28, 0x3e, MEMORY],
  [0x3f, MEMORY_GROW, ONE],
  [0x41, 0x42, ONE], // constants
  [0x43, 0x43, BYTES_4],
  [0x44, 0x44, BYTES_8],
  [0x45, 0xc4, NONE],
  [0xd0, 0xd0, ONE], // ref.null
  [0xd1, 0xd1, NONE],
  [0xd2, 0xd2, ONE], // ref.func
  [0xd3, 0xd4, NONE],
  [0xd5, 0xd6, ONE], // br_on_null, br_on_non_null
]);

/** Those behind a prefix. Instructions that need a type of garbage-collected objects are left out with the types. */
const PREFIXED: ReadonlyMap<number, Uint8Array> = new Map([
  [
    0xfb,
    table(0x20, [
      [0x0f, 0x0f, NONE], // array.len
      [0x14, 0x17, ONE], // ref.test, ref.cast
      [0x18, 0x19, CAST],
      [0x1a, 0x1e, NONE],
    ]),
  ],
  [
    0xfc,
    table(0x20, [
      [0x00, 0x07, NONE],
      [0x08, 0x08, TWO], // memory.init
      [0x09, 0x09, ONE],
      [0x0a, 0x0a, TWO], // memory.copy
      [0x0b, 0x0b, ONE],
      [0x0c, 0x0c, TWO], // table.init
      [0x0d, 0x0d, ONE],
      [0x0e, 0x0e, TWO], // table.copy
      [0x0f, 0x11, ONE],
      [0x13, 0x16, NONE], // 128-bit arithmetic
    ]),
  ],
  [
    0xfd,
    table(0x140, [
      [0x00, 0x0b, MEMORY],
      [0x0c, 0x0d, BYTES_16],
      [0x0e, 0x14, NONE],
      [0x15, 0x22, BYTE],
      [0x23, 0x53, NONE],
      [0x54, 0x5b, MEMORY_LANE],
      [0x5c, 0x5d, MEMORY],
      [0x5e, 0x13f, NONE],
    ]),
  ],
  [
    0xfe,
    table(0x50, [
      [0x00, 0x02, MEMORY],
      [0x03, 0x03, BYTE],
      [0x10, 0x4e, MEMORY],
    ]),
  ],
]);

/** Reads one function body. */
class BodyReader {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #base: number;

  constructor(bytes: Uint8Array, at: number, end: number, base: number) {
    this.#bytes = bytes;
    this.at = at;
    this.#end = end;
    this.#base = base;
  }

  get done(): boolean {
    return this.at >= this.#end;
  }

  byte(): number {
    if (this.at >= this.#end) this.fail("unexpected end", this.at);
    return this.#bytes[this.at++]!;
  }

  u32(): number {
    let value = 0;
    for (let scale = 1;; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  leb(): void {
    while (this.byte() >= 0x80);
  }

  /** A value type, or the type of a block. */
  type(): void {
    const first = this.byte();
    if (first === 0x63 || first === 0x64) this.leb();
    else if (first >= 0x80) this.leb();
  }

  locals(): void {
    for (let n = this.u32(); n > 0; n--) {
      this.leb();
      this.type();
    }
  }

  immediate(kind: number): void {
    switch (kind) {
      case NONE:
        return;
      case ONE:
        return this.leb();
      case TWO:
        this.leb();
        return this.leb();
      case BYTE:
        return this.#skip(1);
      case BYTES_4:
        return this.#skip(4);
      case BYTES_8:
        return this.#skip(8);
      case BYTES_16:
        return this.#skip(16);
      case MEMORY:
        return this.#memory();
      case MEMORY_LANE:
        this.#memory();
        return this.#skip(1);
      case BLOCK:
        return this.type();
      case LABELS:
        for (let n = this.u32() + 1; n > 0; n--) this.leb();
        return;
      case TYPES:
        for (let n = this.u32(); n > 0; n--) this.type();
        return;
      case TRY_TABLE:
        return this.#tryTable();
      case CAST:
        this.#skip(1);
        for (let n = 3; n > 0; n--) this.leb();
        return;
    }
  }

  #memory(): void {
    // Bit 6 of the alignment says that a memory index follows.
    if ((this.u32() & 0x40) !== 0) this.leb();
    this.leb();
  }

  #tryTable(): void {
    this.type();
    for (let n = this.u32(); n > 0; n--) {
      const kind = this.byte();
      if (kind < 2) this.leb();
      this.leb();
    }
  }

  #skip(bytes: number): void {
    this.at += bytes;
    if (this.at > this.#end) this.fail("unexpected end", this.#end);
  }

  fail(message: string, at: number): never {
    throw new DecodeError(message, this.#base + at, "core function body", "invalid");
  }
}

/**
 * The `memory.grow`s of a function, in order.
 *
 * @param bytes What holds the body: its locals and its instructions.
 * @param at Where it starts.
 * @param end Where it ends.
 * @param base Added to offsets in errors.
 * @throws {DecodeError} If it has an instruction that is not known here.
 */
export function growSites(bytes: Uint8Array, at: number, end: number, base: number): GrowSite[] {
  const sites: GrowSite[] = [];
  const reader = new BodyReader(bytes, at, end, base);
  reader.locals();
  while (!reader.done) {
    const from = reader.at, op = reader.byte();
    if (op === MEMORY_GROW) {
      const memory = reader.u32();
      sites.push({ at: from, end: reader.at, memory });
      continue;
    }
    const prefixed = PREFIXED.get(op);
    const sub = prefixed ? reader.u32() : 0;
    const immediate = (prefixed ? prefixed[sub] : PLAIN[op]) ?? 0;
    if (immediate === 0) {
      reader.fail(`unknown instruction ${hex(op)}${prefixed ? ` ${hex(sub)}` : ""}`, from);
    }
    reader.immediate(immediate);
  }
  return sites;
}
