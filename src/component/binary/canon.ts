/**
 * Canonical definitions. Those of the async proposal are read to their end and kept by name, so that a
 * component that uses them is refused by name and not as garbage.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#canonical-definitions
 * @module
 */
import { DecodeError } from "../error.ts";
import type { AsyncCanonRef, CanonOptions, CanonRef } from "./definition.ts";
import { readCoreValueType } from "./core_type.ts";
import type { Reader } from "./reader.ts";
import { readValueType } from "./type.ts";

/** Immediates of a built-in, as they are read. */
type Immediates = { -readonly [K in keyof AsyncCanonRef]?: AsyncCanonRef[K] };
type Immediate = (r: Reader, into: Immediates) => void;

const type: Immediate = (r, into) => into.type = r.u32("type index");
const coreType: Immediate = (r, into) => into.coreType = r.u32("core type index");
const table: Immediate = (r, into) => into.table = r.u32("core table index");
const memory: Immediate = (r, into) => into.memory = r.u32("core memory index");
const valueType: Immediate = (r, into) => into.valueType = readCoreValueType(r);
const slot: Immediate = (r, into) => into.slot = r.u32("context slot");
const options: Immediate = (r, into) => into.options = readOptions(r);
const flag: Immediate = (r) => {
  const byte = r.byte("canonical built-in flag");
  if (byte > 1) r.unexpected(byte, "canonical built-in flag");
};
const result: Immediate = (r, into) => {
  const tag = r.byte("result list");
  if (tag === 0) into.result = readValueType(r);
  else if (tag === 1) r.expect(0x00, "number of results");
  else r.unexpected(tag, "result list");
};

/** Built-ins of the async, threads and error-context proposals, and their immediates. */
const ASYNC: ReadonlyMap<number, readonly [string, ...Immediate[]]> = new Map([
  [0x05, ["task.cancel"]],
  [0x06, ["subtask.cancel", flag]],
  [0x09, ["task.return", result, options]],
  [0x0a, ["context.get", valueType, slot]],
  [0x0b, ["context.set", valueType, slot]],
  [0x0c, ["thread.yield", flag]],
  [0x0d, ["subtask.drop"]],
  [0x0e, ["stream.new", type]],
  [0x0f, ["stream.read", type, options]],
  [0x10, ["stream.write", type, options]],
  [0x11, ["stream.cancel-read", type, flag]],
  [0x12, ["stream.cancel-write", type, flag]],
  [0x13, ["stream.drop-readable", type]],
  [0x14, ["stream.drop-writable", type]],
  [0x15, ["future.new", type]],
  [0x16, ["future.read", type, options]],
  [0x17, ["future.write", type, options]],
  [0x18, ["future.cancel-read", type, flag]],
  [0x19, ["future.cancel-write", type, flag]],
  [0x1a, ["future.drop-readable", type]],
  [0x1b, ["future.drop-writable", type]],
  [0x1c, ["error-context.new", options]],
  [0x1d, ["error-context.debug-message", options]],
  [0x1e, ["error-context.drop"]],
  [0x1f, ["waitable-set.new"]],
  [0x20, ["waitable-set.wait", flag, memory]],
  [0x21, ["waitable-set.poll", flag, memory]],
  [0x22, ["waitable-set.drop"]],
  [0x23, ["waitable.join"]],
  [0x24, ["backpressure.inc"]],
  [0x25, ["backpressure.dec"]],
  [0x26, ["thread.index"]],
  [0x27, ["thread.new-indirect", coreType, table]],
  [0x28, ["thread.resume-later"]],
  [0x29, ["thread.suspend", flag]],
  [0x2a, ["thread.suspend-then-resume", flag]],
  [0x2b, ["thread.yield-then-resume", flag]],
  [0x2c, ["thread.suspend-then-promote", flag]],
  [0x2d, ["thread.yield-then-promote", flag]],
  [0x40, ["thread.spawn-ref", flag, coreType]],
  [0x41, ["thread.spawn-indirect", flag, coreType, table]],
  [0x42, ["thread.available-parallelism", flag]],
]);

/** `canon`. */
export function readCanon(reader: Reader): CanonRef {
  const tag = reader.byte("canonical function");
  switch (tag) {
    case 0x00: {
      reader.expect(0x00, "canonical function lift");
      const func = reader.u32("core function index");
      const options = readOptions(reader);
      return { op: "lift", func, options, type: reader.u32("type index") };
    }
    case 0x01: {
      reader.expect(0x00, "canonical function lower");
      const func = reader.u32("function index");
      return { op: "lower", func, options: readOptions(reader) };
    }
    case 0x02:
      return { op: "resource.new", type: reader.u32("type index") };
    case 0x03:
      return { op: "resource.drop", type: reader.u32("type index") };
    case 0x04:
      return { op: "resource.rep", type: reader.u32("type index") };
  }
  const builtin = ASYNC.get(tag);
  if (!builtin) return reader.unexpected(tag, "canonical function");
  const [name, ...immediates] = builtin;
  const found: Immediates = {};
  for (const read of immediates) read(reader, found);
  return { ...found, op: "async", name };
}

const ENCODINGS = ["utf8", "utf16", "latin1+utf16"] as const;

/** `opts`: each option at most once. */
function readOptions(reader: Reader): CanonOptions {
  const found: Record<string, number | undefined> = {};
  let encoding: CanonOptions["encoding"] | undefined;
  reader.vec("canonical options", () => {
    const at = reader.offset;
    const tag = reader.byte("canonical option");
    const name = tag < 3
      ? "string-encoding"
      : ["memory", "realloc", "post-return", "async", "callback"][tag - 3];
    if (name === undefined) return reader.unexpected(tag, "canonical option");
    if (name in found) {
      throw new DecodeError(
        `canonical option \`${name}\` is specified more than once`,
        reader.base + at,
        "canonical options",
        "invalid",
      );
    }
    found[name] = tag < 3 || name === "async" ? 1 : reader.u32(name);
    if (tag < 3) encoding = ENCODINGS[tag as 0 | 1 | 2];
  });
  return {
    encoding: encoding ?? "utf8",
    encodingGiven: encoding !== undefined,
    memory: found["memory"],
    realloc: found["realloc"],
    postReturn: found["post-return"],
    async: "async" in found,
    callback: found["callback"],
  };
}
