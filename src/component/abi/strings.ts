/**
 * Strings in the three encodings of the canonical ABI.
 *
 * Short ASCII strings are done by hand: calling a TextDecoder costs more than 16 characters do.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#loading
 * @module
 */
import { Trap } from "../error.ts";
import { type Allocate, charge, MAX_BYTES, type Memory } from "./memory.ts";

/** `string-encoding`. */
export type Encoding = "utf8" | "utf16" | "latin1+utf16";

/** Set in a length in code units where a `latin1+utf16` string is UTF-16. */
const UTF16_TAG = 0x80000000;
/** Up to this many bytes, a loop beats the decoder. */
const SHORT = 24;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf16Decoder = new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Reads a string: `load_string_from_range`. */
export type LoadString = (memory: Memory, pointer: number, length: number) => string;
/** Writes a string and returns its length in code units, tagged where need be; the pointer is left in `stored`. */
export type StoreString = (memory: Memory, allocate: Allocate, value: string) => number;

/** Where the last stored string begins: a second return value without an allocation. */
export const stored = { pointer: 0 };

function inBounds(memory: Memory, pointer: number, bytes: number, align: number): void {
  if (bytes > MAX_BYTES) throw new Trap(`string of ${bytes} bytes is longer than ${MAX_BYTES}`);
  memory.check(pointer, bytes, align, "string");
  charge(bytes);
}

function loadUtf8(memory: Memory, pointer: number, length: number): string {
  const { u8 } = memory;
  if (length <= SHORT && pointer + length <= u8.length) {
    let text = "";
    let i = 0;
    for (; i < length; i++) {
      const byte = u8[pointer + i]!;
      if (byte >= 0x80) break;
      text += String.fromCharCode(byte);
    }
    if (i === length) return text;
  }
  inBounds(memory, pointer, length, 1);
  try {
    return decoder.decode(u8.subarray(pointer, pointer + length));
  } catch {
    throw new Trap("string is not valid UTF-8");
  }
}

function loadUtf16(memory: Memory, pointer: number, length: number): string {
  inBounds(memory, pointer, length * 2, 2);
  try {
    return utf16Decoder.decode(memory.u8.subarray(pointer, pointer + length * 2));
  } catch {
    throw new Trap("string is not valid UTF-16");
  }
}

function loadLatin1(memory: Memory, pointer: number, length: number): string {
  inBounds(memory, pointer, length, 2);
  const { u8 } = memory;
  let text = "";
  // TextDecoder's "latin1" is windows-1252, which differs between 0x80 and 0x9f.
  for (let at = pointer; at < pointer + length; at += 0x2000) {
    const bytes = u8.subarray(at, Math.min(at + 0x2000, pointer + length));
    // `apply` reads an array-like ten times as fast as a spread iterates it.
    text += String.fromCharCode.apply(undefined, bytes as unknown as number[]);
  }
  return text;
}

/** Readers by encoding. */
export const loadString: Readonly<Record<Encoding, LoadString>> = {
  utf8: loadUtf8,
  utf16: loadUtf16,
  "latin1+utf16": (memory, pointer, length) =>
    length >= UTF16_TAG
      ? loadUtf16(memory, pointer, length - UTF16_TAG)
      : loadLatin1(memory, pointer, length),
};

function tooLong(bytes: number): never {
  throw new Trap(`string of ${bytes} bytes is longer than ${MAX_BYTES}`);
}

function storeUtf8(memory: Memory, allocate: Allocate, value: string): number {
  const { length } = value;
  if (length <= SHORT) {
    let i = 0;
    while (i < length && value.charCodeAt(i) < 0x80) i++;
    if (i === length) {
      const pointer = stored.pointer = allocate(0, 0, 1, length);
      const { u8 } = memory;
      for (i = 0; i < length; i++) u8[pointer + i] = value.charCodeAt(i);
      return length;
    }
  }
  // Lone surrogates become U+FFFD, as everywhere JavaScript strings leave the language.
  const bytes = encoder.encode(value);
  if (bytes.length > MAX_BYTES) tooLong(bytes.length);
  const pointer = stored.pointer = allocate(0, 0, 1, bytes.length);
  memory.u8.set(bytes, pointer);
  return bytes.length;
}

/** The string without lone surrogates, which no encoding of the ABI may hold. */
function wellFormed(value: string): string {
  return value.isWellFormed() ? value : value.toWellFormed();
}

function writeUtf16(memory: Memory, pointer: number, value: string): void {
  const units = new Uint16Array(memory.u8.buffer, pointer, value.length);
  for (let i = 0; i < value.length; i++) units[i] = value.charCodeAt(i);
}

function storeUtf16(memory: Memory, allocate: Allocate, input: string): number {
  const value = wellFormed(input);
  if (value.length * 2 > MAX_BYTES) tooLong(value.length * 2);
  const pointer = stored.pointer = allocate(0, 0, 2, value.length * 2);
  writeUtf16(memory, pointer, value);
  return value.length;
}

function storeLatin1OrUtf16(memory: Memory, allocate: Allocate, input: string): number {
  const value = wellFormed(input);
  let i = 0;
  while (i < value.length && value.charCodeAt(i) < 0x100) i++;
  if (i < value.length) return UTF16_TAG + storeUtf16(memory, allocate, value);
  if (value.length > MAX_BYTES) tooLong(value.length);
  const pointer = stored.pointer = allocate(0, 0, 2, value.length);
  const { u8 } = memory;
  for (i = 0; i < value.length; i++) u8[pointer + i] = value.charCodeAt(i);
  return value.length;
}

/** Writers by encoding. */
export const storeString: Readonly<Record<Encoding, StoreString>> = {
  utf8: storeUtf8,
  utf16: storeUtf16,
  "latin1+utf16": storeLatin1OrUtf16,
};
