/**
 * A core module taken apart into its sections, and put together again with some of them changed.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @module
 */
import { Reader } from "./reader.ts";

/** Sections in the order in which they must stand. Custom sections (0) may stand anywhere. */
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** A section: what it contains, in one piece or several. */
export interface Section {
  readonly id: number;
  /** Where its contents stand in the module that it was taken from. */
  readonly offset?: number;
  readonly parts: readonly Uint8Array[];
}

/**
 * Takes a core module apart. The contents are views of its bytes.
 *
 * @param bytes The module.
 * @throws {DecodeError} If a section is longer than the module.
 */
export function takeApart(bytes: Uint8Array): Section[] {
  const reader = new Reader(bytes, 8);
  const sections: Section[] = [];
  while (!reader.done) {
    const id = reader.byte("core section id");
    const size = reader.u32("core section size");
    sections.push({ id, offset: reader.offset, parts: [reader.take(size, "core section")] });
  }
  return sections;
}

/** Puts a core module together. */
export function putTogether(sections: readonly Section[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)];
  for (const section of sections) {
    parts.push(Uint8Array.of(section.id, ...leb(lengthOf(section.parts))), ...section.parts);
  }
  const bytes = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** Puts a section in the place of the one with its id, or where it must stand. Without parts, takes it out. */
export function replace(sections: Section[], section: Section): void {
  const old = sections.findIndex(({ id }) => id === section.id);
  if (old >= 0) {
    sections.splice(old, 1, ...section.parts.length > 0 ? [section] : []);
    return;
  }
  const place = ORDER.indexOf(section.id);
  const after = sections.findIndex(({ id }) => ORDER.indexOf(id) > place);
  if (section.parts.length > 0) sections.splice(after < 0 ? sections.length : after, 0, section);
}

/** Adds items to the end of a section that is a vector; makes the section if there is none. */
export function append(sections: Section[], id: number, items: readonly (readonly number[])[]): void {
  if (items.length === 0) return;
  const old = sections.find((section) => section.id === id);
  let count = 0;
  const rest: Uint8Array[] = [];
  if (old) {
    const [first, ...more] = old.parts as [Uint8Array, ...Uint8Array[]];
    const reader = new Reader(first);
    count = reader.u32("count");
    rest.push(first.subarray(reader.offset), ...more);
  }
  const parts = [Uint8Array.from(leb(count + items.length)), ...rest, Uint8Array.from(items.flat())];
  replace(sections, { id, parts });
}

/** A name that is not taken: the one that is wanted, or that with a number. */
export function freeName(wanted: string, taken: { has(name: string): boolean }): string {
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted} ${i}`;
  return name;
}

/** LEB128 of an unsigned integer. */
export function leb(value: number): number[] {
  const bytes: number[] = [];
  do {
    const low = value % 128;
    value = Math.floor(value / 128);
    bytes.push(value > 0 ? low | 0x80 : low);
  } while (value > 0);
  return bytes;
}

/** LEB128 of a type index where a signed integer stands, so that it is not mistaken for a type without index. */
export function typeIndex(value: number): number[] {
  const bytes = leb(value);
  const last = bytes.length - 1;
  return bytes[last]! < 0x40 ? bytes : [...bytes.slice(0, last), bytes[last]! | 0x80, 0x00];
}

/** A name: its length and its UTF-8. */
export function nameBytes(text: string): number[] {
  const utf8 = new TextEncoder().encode(text);
  return [...leb(utf8.length), ...utf8];
}
