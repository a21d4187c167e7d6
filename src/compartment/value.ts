/**
 * Values on their way between processes: those of the JavaScript mapping, as bytes and back.
 *
 * Not `node:v8`'s serializer: what a process that ran hostile code says is read here, so the format has exactly the
 * values that WIT has, and every length is checked against the bytes that are there.
 *
 * @module
 */
import { ChannelError } from "./error.ts";

/** How deep values may nest: a list of lists of lists … */
const MAX_DEPTH = 512;

const enum Tag {
  Undefined,
  Null,
  False,
  True,
  Number,
  BigInt,
  String,
  Array,
  Object,
  Typed,
}

const TYPED = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  BigUint64Array,
  BigInt64Array,
  Float32Array,
  Float64Array,
] as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * A value as bytes.
 *
 * @param value Anything that a WIT value of the JavaScript mapping is, but no resource.
 * @throws {TypeError} For a resource, a function, or values nested without end.
 */
export function encodeValue(value: unknown): Uint8Array {
  const writer = new Writer();
  writer.value(value, 0);
  return writer.bytes.subarray(0, writer.length);
}

/**
 * The value that {@linkcode encodeValue} made the bytes of.
 *
 * @throws {ChannelError} If they are not such bytes.
 */
export function decodeValue(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (!reader.done) throw new ChannelError("bytes after the value");
  return value;
}

class Writer {
  bytes = new Uint8Array(256);
  length = 0;

  value(value: unknown, depth: number): void {
    switch (typeof value) {
      case "undefined":
        return this.#byte(Tag.Undefined);
      case "boolean":
        return this.#byte(value ? Tag.True : Tag.False);
      case "number":
        this.#byte(Tag.Number);
        this.#room(8);
        new DataView(this.bytes.buffer).setFloat64(this.length, value);
        this.length += 8;
        return;
      case "bigint":
        this.#byte(Tag.BigInt);
        return this.#text(value.toString(16));
      case "string":
        this.#byte(Tag.String);
        return this.#text(value);
      case "object":
        return value === null ? this.#byte(Tag.Null) : this.#object(value, depth);
      default:
        throw new TypeError(`a ${typeof value} is no value that can leave its process`);
    }
  }

  #object(value: object, depth: number): void {
    if (depth > MAX_DEPTH) throw new TypeError(`a value nests deeper than ${MAX_DEPTH} levels`);
    if (Array.isArray(value)) {
      this.#byte(Tag.Array);
      this.#u32(value.length);
      for (const item of value) this.value(item, depth + 1);
      return;
    }
    if (ArrayBuffer.isView(value)) {
      const kind = TYPED.findIndex((type) => value instanceof type);
      if (kind < 0) throw new TypeError(`a ${value.constructor.name} is no value that can leave its process`);
      this.#byte(Tag.Typed);
      this.#byte(kind);
      return this.#raw(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    }
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      const name = prototype.constructor?.name ?? "resource";
      throw new TypeError(`a resource (${name}) cannot leave its process: it lives where its owner runs`);
    }
    const entries = Object.entries(value);
    this.#byte(Tag.Object);
    this.#u32(entries.length);
    for (const [key, item] of entries) {
      this.#text(key);
      this.value(item, depth + 1);
    }
  }

  #byte(byte: number): void {
    this.#room(1);
    this.bytes[this.length++] = byte;
  }

  #u32(value: number): void {
    this.#room(4);
    new DataView(this.bytes.buffer).setUint32(this.length, value);
    this.length += 4;
  }

  #text(text: string): void {
    this.#raw(encoder.encode(text));
  }

  #raw(bytes: Uint8Array): void {
    this.#u32(bytes.length);
    this.#room(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  #room(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH + 1) throw new ChannelError(`a value nests deeper than ${MAX_DEPTH} levels`);
    switch (this.#take(1)[0] as Tag) {
      case Tag.Undefined:
        return undefined;
      case Tag.Null:
        return null;
      case Tag.False:
        return false;
      case Tag.True:
        return true;
      case Tag.Number: {
        const at = this.#at;
        this.#take(8);
        return this.#view.getFloat64(at);
      }
      case Tag.BigInt:
        return this.#bigint();
      case Tag.String:
        return this.#text();
      case Tag.Array:
        return this.#array(depth);
      case Tag.Object:
        return this.#object(depth);
      case Tag.Typed:
        return this.#typed();
      default:
        throw new ChannelError("an unknown kind of value");
    }
  }

  #bigint(): bigint {
    const text = this.#text();
    if (!/^-?[0-9a-f]{1,16}$/.test(text)) throw new ChannelError("an integer of more than 64 bits");
    return text.startsWith("-") ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
  }

  #array(depth: number): unknown[] {
    const count = this.#count();
    const items: unknown[] = [];
    for (let i = 0; i < count; i++) items.push(this.value(depth + 1));
    return items;
  }

  #object(depth: number): Record<string, unknown> {
    const count = this.#count();
    const object: Record<string, unknown> = {};
    for (let i = 0; i < count; i++) {
      const key = this.#text();
      // No WIT name is spelled like this, and assigning it would change what the object inherits.
      if (key === "__proto__") throw new ChannelError("a field that no record has");
      object[key] = this.value(depth + 1);
    }
    return object;
  }

  #typed(): unknown {
    const type = TYPED[this.#take(1)[0]!];
    const bytes = this.#take(this.#u32());
    if (type === undefined || bytes.length % type.BYTES_PER_ELEMENT !== 0) {
      throw new ChannelError("a list of an unknown kind");
    }
    return new type(bytes.slice().buffer);
  }

  /** A number of items. Each takes a byte at least: what claims more than there are bytes is refused unread. */
  #count(): number {
    const count = this.#u32();
    if (count > this.#bytes.length - this.#at) throw new ChannelError("more items than bytes");
    return count;
  }

  #u32(): number {
    const at = this.#at;
    this.#take(4);
    return this.#view.getUint32(at);
  }

  #text(): string {
    try {
      return decoder.decode(this.#take(this.#u32()));
    } catch (error) {
      if (error instanceof ChannelError) throw error;
      throw new ChannelError("text that is not UTF-8");
    }
  }

  #take(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw new ChannelError("a value that is cut short");
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}
