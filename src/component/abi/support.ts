/**
 * What generated code calls by name (`$.…`): conversions of scalars with their checks, and traps.
 *
 * @module
 */
import { ComponentError, Trap } from "../error.ts";
import type { BoundResource, Fate } from "./context.ts";
import { Fill, storeFill } from "./fill.ts";
import type { BorrowScope, Handle, HandleTable } from "./handles.ts";
import { budget, charge, type Flags, MAX_BYTES, type Memory } from "./memory.ts";
import { camelCase } from "./names.ts";

/** A JavaScript value that does not fit the WIT type it was given for. Generated code throws it bare. */
export class BadValue extends TypeError {}

/** Lenders and borrows to give back when a call ends. */
export interface Lends {
  /** Handles of the guest that are lent. */
  readonly handles: Handle[];
  /** Ends what was lent to the host. */
  readonly expire: (() => void)[];
}

/** An object of the host's that was given to a guest, and the handle it got. */
export interface Given {
  readonly resource: BoundResource;
  readonly index: number;
  readonly value: unknown;
}

const buffer = new DataView(new ArrayBuffer(8));
const encoder = new TextEncoder();

function bad(value: unknown): never {
  throw new BadValue(`unexpected value of type ${typeof value}`);
}

function bigint(value: unknown, signed: boolean): bigint {
  if (typeof value === "number" && Number.isSafeInteger(value) && (signed || value >= 0)) {
    return BigInt(value);
  }
  return bad(value);
}

/** The error for a host function that is not marked as suspending and returned a promise. */
export function unmarkedPromise(): TypeError {
  return new TypeError(
    "a host function returned a promise but is not marked as suspending: make it an async function, or mark it with suspending()",
  );
}

/** See the module. */
export const support = {
  bad,
  ComponentError,
  budget,
  charge,
  Fill,
  storeFill,
  bool: (v: unknown): number => v === true ? 1 : v === false ? 0 : bad(v),
  u8: (v: number): number => (v & 0xff) === v ? v : bad(v),
  s8: (v: number): number => (v << 24 >> 24) === v ? v : bad(v),
  u16: (v: number): number => (v & 0xffff) === v ? v : bad(v),
  s16: (v: number): number => (v << 16 >> 16) === v ? v : bad(v),
  u32: (v: number): number => (v >>> 0) === v ? v : bad(v),
  s32: (v: number): number => (v | 0) === v ? v : bad(v),
  u64: (v: bigint): bigint => {
    if (typeof v !== "bigint") return bigint(v, false);
    return BigInt.asUintN(64, v) === v ? v : bad(v);
  },
  s64: (v: bigint): bigint => {
    if (typeof v !== "bigint") return bigint(v, true);
    return BigInt.asIntN(64, v) === v ? v : bad(v);
  },
  float: (v: number): number => typeof v === "number" ? v : bad(v),
  string: (v: string): string => typeof v === "string" ? v : bad(v),
  utf8: (v: string): Uint8Array => encoder.encode(v),
  char: (v: string): number => {
    if (typeof v !== "string") return bad(v);
    const code = v.codePointAt(0);
    if (code === undefined || (code >= 0xd800 && code <= 0xdfff)) return bad(v);
    return v.length === (code > 0xffff ? 2 : 1) ? code : bad(v);
  },
  flag: (v: unknown): boolean => v === true || (v !== false && v !== undefined && bad(v)),
  object: (v: unknown): void => {
    if (typeof v !== "object" || v === null) bad(v);
  },
  arrayOf: (v: ArrayLike<unknown>, length: number): void => {
    if (typeof v !== "object" || v === null || v.length !== length) bad(v);
  },
  listLength: (v: ArrayLike<unknown>, size: number): number => {
    if (typeof v !== "object" || v === null || !Number.isInteger(v.length) || v.length < 0) return bad(v);
    if (v.length * size > MAX_BYTES) {
      throw new Trap(`list of ${v.length} elements of ${size} bytes is longer than ${MAX_BYTES} bytes`);
    }
    return v.length;
  },
  lowerCase: (indices: ReadonlyMap<string, number>, v: string): number => indices.get(v) ?? bad(v),
  flagsFrom: (names: readonly string[], v: readonly string[]): Record<string, boolean> => {
    for (const name of v) if (!names.includes(name)) bad(name);
    return Object.fromEntries(v.map((name) => [camelCase(name), true]));
  },
  liftCase: (names: readonly string[], index: number): string =>
    names[index] ?? support.badCase(index, names.length),
  badCase: (index: number, count: number): never => {
    throw new Trap(`invalid variant discriminant ${index}: there are ${count} cases`);
  },
  liftChar: (code: number): string => {
    if (code >= 0x110000 || (code >= 0xd800 && code <= 0xdfff)) {
      throw new Trap(`converting to a char: 0x${code.toString(16)} is not a Unicode scalar value`);
    }
    return String.fromCodePoint(code);
  },
  checkList: (memory: Memory, pointer: number, length: number, size: number, align: number): void => {
    if (length * size > MAX_BYTES) {
      throw new Trap(`list of ${length} elements of ${size} bytes is longer than ${MAX_BYTES} bytes`);
    }
    memory.check(pointer, length * size, align, "list");
    charge(length * size);
  },
  /** A fixed-length list that came in core values, in the array type of its elements. */
  listOf: (kind: string, items: readonly never[]): unknown => {
    const from = ARRAYS[kind];
    return from ? from(items) : items;
  },
  /** A handle is lent until the call under way returns. */
  lend: (handle: Handle, lends: Lends): unknown => {
    handle.lends++;
    lends.handles.push(handle);
    return handle.rep;
  },
  giveBack: (lends: Lends): void => {
    for (const handle of lends.handles) handle.lends--;
    for (const expire of lends.expire) expire();
    lends.handles.length = lends.expire.length = 0;
  },
  checkBorrows: (scope: BorrowScope): void => {
    if (scope.borrows !== 0) {
      throw new Trap(`borrow handles still remain at the end of the call: ${scope.borrows}`);
    }
  },
  /** An own is handed to a guest; `given` remembers it until the call begins. */
  give: (table: HandleTable, resource: BoundResource, value: unknown, given: Given[]): number => {
    const index = table.addOwn(resource, resource.ownFromHost(value));
    given.push({ resource, index, value });
    return index;
  },
  /** A call did not come about: the handles made for it are taken back. */
  undo: (table: HandleTable, given: Given[], borrows: BorrowScope): void => {
    table.forget(borrows);
    for (const { resource, index, value } of given) {
      table.takeOwn(index, resource);
      resource.ownBackToHost(value);
    }
    given.length = 0;
  },
  /** A function that returns a promise does not throw besides. */
  rejecting: (f: (...args: unknown[]) => unknown) => (...args: unknown[]): unknown => {
    try {
      return f(...args);
    } catch (error) {
      return Promise.reject(error);
    }
  },
  cannotLeave: (fate: Fate, flags: Flags): never => {
    throw fate.kill(
      fate.dead ?? new Trap("cannot leave component instance: a call out of realloc or post-return"),
      flags,
    );
  },
  /** Whether what a host function threw is the err side of its `result`, as other runtimes see it too. */
  isErr: (error: unknown): boolean =>
    error instanceof ComponentError || !(error instanceof Error) || Object.hasOwn(error, "payload"),
  errOf: (error: unknown): unknown => error instanceof Error ? (error as ComponentError).payload : error,
  unmarkedPromise: (): never => {
    throw unmarkedPromise();
  },
  f32FromBits: (bits: number): number => {
    buffer.setInt32(0, bits);
    return buffer.getFloat32(0);
  },
  f64FromBits: (bits: bigint): number => {
    buffer.setBigInt64(0, bits);
    return buffer.getFloat64(0);
  },
  f32ToBits: (value: number): number => {
    buffer.setFloat32(0, value);
    return buffer.getInt32(0);
  },
  f64ToBits: (value: number): bigint => {
    buffer.setFloat64(0, value);
    return buffer.getBigInt64(0);
  },
};

const ARRAYS: Readonly<Record<string, ((items: readonly never[]) => unknown) | undefined>> = {
  u8: (items) => Uint8Array.from(items),
  s8: (items) => Int8Array.from(items),
  u16: (items) => Uint16Array.from(items),
  s16: (items) => Int16Array.from(items),
  u32: (items) => Uint32Array.from(items),
  s32: (items) => Int32Array.from(items),
  u64: (items) => BigUint64Array.from(items as readonly bigint[]),
  s64: (items) => BigInt64Array.from(items as readonly bigint[]),
  f32: (items) => Float32Array.from(items),
  f64: (items) => Float64Array.from(items),
};
