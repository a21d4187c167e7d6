/**
 * Reads the primitives of the binary format, and says where and what when it cannot.
 *
 * @see https://webassembly.github.io/spec/core/binary/values.html
 * @module
 */
import { DecodeError } from "../error.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A window of bytes with a position; offsets in errors count from the start of the whole file. */
export class Reader {
  /** The whole file. */
  readonly bytes: Uint8Array;
  /** Next byte to read. */
  offset: number;
  /** First byte that is not ours. */
  readonly end: number;
  /** Where `bytes` start in the file; added to offsets in errors. */
  readonly base: number;

  /**
   * @param bytes The whole file, or a part of it.
   * @param offset First byte of the window.
   * @param end First byte after the window.
   * @param base Where `bytes` start in the file.
   */
  constructor(bytes: Uint8Array, offset = 0, end: number = bytes.length, base = 0) {
    this.base = base;
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  /** Whether everything was read. */
  get done(): boolean {
    return this.offset >= this.end;
  }

  /** Throws a `DecodeError` at `offset`. */
  fail(message: string, reading: string, offset: number = this.offset): never {
    throw new DecodeError(message, this.base + offset, reading);
  }

  /** One byte. */
  byte(reading: string): number {
    if (this.offset >= this.end) this.fail("unexpected end", reading);
    return this.bytes[this.offset++]!;
  }

  /** The next byte, without taking it. */
  peek(reading: string): number {
    if (this.offset >= this.end) this.fail("unexpected end", reading);
    return this.bytes[this.offset]!;
  }

  /** A byte that must have one value. */
  expect(value: number, reading: string): void {
    const at = this.offset, found = this.byte(reading);
    if (found !== value) this.fail(`expected byte ${hex(value)}, found ${hex(found)}`, reading, at);
  }

  /** A byte that is none of those expected. */
  unexpected(found: number, reading: string): never {
    this.fail(`unknown leading byte ${hex(found)}`, reading, this.offset - 1);
  }

  /** LEB128 `u32`. */
  u32(reading: string): number {
    const at = this.offset;
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte(reading);
      if (shift === 28 && (byte & 0xf0) !== 0) {
        this.fail((byte & 0x80) !== 0 ? "integer representation too long" : "integer too large", reading, at);
      }
      result += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) return result;
    }
    return this.fail("integer representation too long", reading, at);
  }

  /** LEB128 `u64`. */
  u64(reading: string): bigint {
    const at = this.offset;
    if (at < this.end && this.bytes[at]! < 0x80) return BigInt(this.byte(reading));
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte(reading);
      if (shift === 63n && (byte & 0xfe) !== 0) this.fail("integer too large", reading, at);
      result |= BigInt(byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return result;
    }
    return this.fail("integer representation too long", reading, at);
  }

  /** A view of the next `length` bytes. */
  take(length: number, reading: string): Uint8Array {
    if (length > this.end - this.offset) {
      this.fail(`unexpected end: ${length} bytes announced, ${this.end - this.offset} left`, reading);
    }
    return this.bytes.subarray(this.offset, this.offset += length);
  }

  /** A reader of the next `length` bytes, which are skipped here. */
  window(length: number, reading: string): Reader {
    const at = this.offset;
    this.take(length, reading);
    return new Reader(this.bytes, at, at + length, this.base);
  }

  /** `core:name`: a length and UTF-8. */
  name(reading: string): string {
    const at = this.offset;
    const bytes = this.take(this.u32(reading), reading);
    if (isShortAscii(bytes)) return String.fromCharCode.apply(null, bytes as unknown as number[]);
    try {
      return utf8.decode(bytes);
    } catch {
      return this.fail("malformed UTF-8 encoding", reading, at);
    }
  }

  /** `vec(item)`. A count larger than the bytes left can only be a lie, so it fails before any loop. */
  vec<T>(reading: string, item: () => T): T[] {
    const at = this.offset;
    const count = this.u32(reading);
    if (count > this.end - this.offset) {
      this.fail(
        `unexpected end: ${count} items announced, ${this.end - this.offset} bytes left`,
        reading,
        at,
      );
    }
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(item());
    return items;
  }

  /** `<T>?`: 0x00, or 0x01 and the item. */
  optional<T>(reading: string, item: () => T): T | undefined {
    const tag = this.byte(reading);
    if (tag === 0) return undefined;
    if (tag === 1) return item();
    return this.unexpected(tag, reading);
  }
}

/** Whether a string needs no decoder, which takes twice as long to call as a name takes to read. */
function isShortAscii(bytes: Uint8Array): boolean {
  if (bytes.length > 100) return false;
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! >= 0x80) return false;
  return true;
}

/** `0x2a`. */
export function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
