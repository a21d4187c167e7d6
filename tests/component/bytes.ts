/**
 * Builds component binaries piece by piece, right or wrong, for tests of what the decoder says of them.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
 * @module
 */

/** Bytes, or parts that are put one after the other. */
export type Part = number | string | readonly Part[] | Uint8Array;

/** Puts parts together; a string is its UTF-8, without a length. */
export function bytes(...parts: readonly Part[]): Uint8Array {
  const out: number[] = [];
  const add = (part: Part) => {
    if (typeof part === "number") out.push(part);
    else if (typeof part === "string") add(new TextEncoder().encode(part));
    else for (const p of part) add(p);
  };
  for (const part of parts) add(part);
  return Uint8Array.from(out);
}

/** LEB128. */
export function u32(value: number): number[] {
  const out: number[] = [];
  do {
    const rest = Math.floor(value / 128);
    out.push((value % 128) | (rest > 0 ? 0x80 : 0));
    value = rest;
  } while (value > 0);
  return out;
}

/** A count and as many items. */
export function vec(...items: readonly Part[]): Part {
  return [u32(items.length), items];
}

/** The same of a list that may be long. */
export function vecOf(items: readonly Part[]): Part {
  return [u32(items.length), items];
}

/** A type index where a value type may stand: signed, so that it is not mistaken for a primitive. */
export function typeIndex(index: number): Part {
  const digits = u32(index), last = digits.length - 1;
  return digits[last]! < 0x40 ? digits : [...digits.slice(0, last), digits[last]! | 0x80, 0x00];
}

/** A length and UTF-8. */
export function name(text: string): Part {
  const utf8 = new TextEncoder().encode(text);
  return [u32(utf8.length), utf8];
}

/** A plain import or export name. */
export function externName(text: string): Part {
  return [0x00, name(text)];
}

/** A section with its size. */
export function section(id: number, ...contents: readonly Part[]): Part {
  const inner = bytes(contents);
  return [id, u32(inner.length), inner];
}

/** The first eight bytes of a component. */
export const PREAMBLE: Part = ["\0asm", 0x0d, 0x00, 0x01, 0x00];

/** A component of sections. */
export function component(...sections: readonly Part[]): Uint8Array {
  return bytes(PREAMBLE, sections);
}

/** A type section. */
export function types(...items: readonly Part[]): Part {
  return section(7, vec(...items));
}

/** The same of a list that may be long. */
export function typesOf(items: readonly Part[]): Part {
  return section(7, vecOf(items));
}

/** `(func)`, and what other types are used often. */
export const FUNC: Part = [0x40, vec(), 0x01, 0x00];
export const U8 = 0x7d;
export const U32 = 0x79;
export const STRING = 0x73;
/** `(resource (rep i32))`. */
export const RESOURCE: Part = [0x3f, 0x7f, 0x00];

/** `(list t)` of a type index or a primitive. */
export const list = (type: Part): Part => [0x70, type];
/** `(record (field …)…)`. */
export const record = (...fields: readonly (readonly [string, Part])[]): Part => [
  0x72,
  vec(...fields.map(([label, type]) => [name(label), type])),
];
/** `(instance …)`. */
export const instanceType = (...declarations: readonly Part[]): Part => [0x42, vec(...declarations)];
/** `(export "…" …)` inside a type. */
export const exportDecl = (text: string, type: Part): Part => [0x04, externName(text), type];
/** `(alias outer 1 i (type))` inside a type. */
export const outerType = (index: number): Part => [0x02, 0x03, 0x02, 0x01, u32(index)];
