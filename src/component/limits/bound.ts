/**
 * Rewrites a core module so that the host can bound what its instances hold.
 *
 * The engine below bounds a memory by the maximum that it was declared with, and tells nobody when one grows; but a
 * limit is for all memories of an instance together. So each memory is made by the host and imported, and each
 * `memory.grow` becomes a call that asks the account of the instance first:
 *
 * ```wat
 * memory.grow $m   →   global.get $account_of_m   global.get $grow   call_ref (param i32 externref) (result i32)
 * ```
 *
 * Both globals are new ones behind those of the module, which the host sets as soon as there is an instance: so no
 * index changes anywhere, and only the few functions that grow a memory are written anew. A start function becomes
 * an export, called once the globals are set. Tables keep the size that they begin with.
 *
 * @module
 */
import {
  append,
  freeName,
  leb,
  nameBytes,
  putTogether,
  replace,
  type Section,
  takeApart,
  typeIndex,
} from "../binary/sections.ts";
import { LimitError } from "../error.ts";
import { exportStart } from "../link/start.ts";
import { type Declared, type MemoryImport, readDeclared } from "./declared.ts";
import { type Calls, replaceGrows } from "./grow.ts";

/** The name of the option. */
export const MAX_MEMORY_BYTES = "maxMemoryBytes";

/** What an element of a table takes: measured, 24 bytes for a function and 8 for any other reference. */
export const BYTES_PER_ELEMENT = 24;

/** A memory that the host makes, in pages. */
export interface MemoryShape {
  readonly initial: number;
  readonly maximum: number | undefined;
}

/** A memory that the module grows: one that the host made, by its place, or one that is imported. */
export interface Grown {
  /** The exported global that takes its account. */
  readonly global: string;
  readonly memory: number | MemoryImport;
}

/** How to instantiate a core module that was rewritten. Plain data: it can be sent to a worker. */
export interface Bounds {
  /** What to make its memories of. */
  readonly memories: readonly MemoryShape[];
  /** The module name under which it imports them; each has its place as its name. */
  readonly from: string;
  readonly grown: readonly Grown[];
  /** The exported global that takes the function that grows, if any memory is grown. */
  readonly grow: string;
  /** The export that was its start function. */
  readonly start: string | undefined;
}

/** What an instance of a core module takes of the host. */
export interface Weight {
  /** Its memories and tables as they begin, in bytes. */
  readonly initial: number;
  /** Everything else, roughly, in bytes. */
  readonly own: number;
}

/** A core module whose instances can be bounded. */
export interface Bounded {
  /** The module, rewritten; `undefined` if there was nothing to rewrite. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  readonly bounds: Bounds;
  readonly weight: Weight;
}

const PAGE = 65536;
/** `(func (param i32 externref) (result i32))`. */
const GROW_TYPE = [0x60, 0x02, 0x7f, 0x6f, 0x01, 0x7f];
/** `(mut externref) (ref.null extern)`. */
const ACCOUNT_GLOBAL = [0x6f, 0x01, 0xd0, 0x6f, 0x0b];
/** More parameters of an exception than this make a weapon of it: each may be kept, and takes its own memory. */
const MAX_TAG_PARAMS = 16;

/**
 * Rewrites a core module.
 *
 * @param bytes The module.
 * @param base Where it starts in the file, for offsets in errors.
 * @param limit The limit that is asked for, for errors.
 * @throws {LimitError} If no limit can hold for it.
 * @throws {DecodeError} If it cannot be read.
 */
export function bound(bytes: Uint8Array, base: number, limit: number): Bounded {
  const sections = takeApart(bytes);
  const declared = readDeclared(sections, base);
  refuse(declared, base, limit);
  // It may grow a memory, so it has to wait until it can.
  const start = exportStart(sections);
  const memories = importMemories(sections, declared);
  const tables = fixTables(sections, declared);
  const growing = growByCall(sections, declared, base);
  const changed = memories.memories.length > 0 || tables || growing.grown.length > 0 || start !== undefined;
  return {
    bytes: changed ? putTogether(sections) : undefined,
    bounds: { ...memories, ...growing, start },
    weight: weigh(declared),
  };
}

/** What takes memory of the host that nothing here could count. */
function refuse(declared: Declared, base: number, limit: number): void {
  const fail = (what: string): never => {
    const message = `the core module at byte ${base} ${what}, which cannot be bounded`;
    throw new LimitError(message, MAX_MEMORY_BYTES, limit);
  };
  const other = declared.types.findIndex((type) => type.kind !== "core-func");
  if (other >= 0) fail(`has types of garbage-collected objects (type ${other})`);
  if (declared.memories.some(({ address }) => address !== "i32")) fail("has a 64-bit memory");
  if (declared.memories.some(({ shared }) => shared)) fail("has a shared memory");
  if (declared.memories.some(({ pageSizeLog2 }) => pageSizeLog2 !== undefined)) {
    fail("has pages of another size");
  }
  const tags = declared.tags.map((index) => declared.types[index]);
  const params = tags.map((type) => type?.kind === "core-func" ? type.params : []);
  // An exception that may hold another makes lists of them, without end.
  const kept = [...declared.elements, ...declared.globals, ...params.flat()];
  if (kept.some((type) => type.includes("exn"))) {
    fail("keeps exceptions in tables, globals or other exceptions");
  }
  if (params.some((types) => types.length > MAX_TAG_PARAMS)) {
    fail(`has exceptions of more than ${MAX_TAG_PARAMS} values`);
  }
}

/** Memories become imports. They stand behind the memories that are imported anyway, so none changes its index. */
function importMemories(sections: Section[], declared: Declared): Pick<Bounds, "memories" | "from"> {
  const from = freeName("\u0000airlock memory", declared.importModules);
  const memories = declared.memories.map(({ min, max }) => ({
    initial: Number(min),
    maximum: max === undefined ? undefined : Number(max),
  }));
  const imports = memories.map(({ initial, maximum }, i) => [
    ...nameBytes(from),
    ...nameBytes(String(i)),
    0x02,
    ...(maximum === undefined ? [0x00, ...leb(initial)] : [0x01, ...leb(initial), ...leb(maximum)]),
  ]);
  append(sections, 2, imports);
  replace(sections, { id: 5, parts: [] });
  return { memories, from };
}

/** Tables keep their size: no toolchain grows one, and what a table takes could not be told from outside. */
function fixTables(sections: Section[], { tables }: Declared): boolean {
  const growing = tables.filter(({ limits }) => limits.max !== limits.min);
  if (growing.length === 0) return false;
  const old = sections.find(({ id }) => id === 4)!.parts[0]!;
  const parts: Uint8Array[] = [];
  let done = 0;
  for (const { from, to } of growing) {
    const flags = old[from]!, min = [...old.subarray(from + 1, to)];
    const size = min.slice(0, min.findIndex((byte) => byte < 0x80) + 1);
    parts.push(old.subarray(done, from), Uint8Array.of(flags | 1, ...size, ...size));
    done = to;
  }
  parts.push(old.subarray(done));
  replace(sections, { id: 4, parts });
  return true;
}

/** Each `memory.grow` becomes a call of the host. */
function growByCall(sections: Section[], declared: Declared, base: number): Pick<Bounds, "grow" | "grown"> {
  const memories = [...declared.memoryImports, ...declared.memories.keys()];
  const grow = freeName("\u0000airlock grow", declared.exportNames);
  const accounts = new Map<number, number>();
  const calls: Calls = {
    grow: declared.globals.length,
    type: declared.types.length,
    account: (memory) => {
      let global = accounts.get(memory);
      if (global === undefined) {
        accounts.set(memory, global = declared.globals.length + 1 + accounts.size);
      }
      return global;
    },
  };
  if (!replaceGrows(sections, memories.length, calls, base)) return { grow, grown: [] };
  const grown = [...accounts].map(([memory, global]) => ({
    global: freeName(`\u0000airlock account ${memory}`, declared.exportNames),
    memory: memories[memory]!,
    index: global,
  }));
  append(sections, 1, [GROW_TYPE]);
  // `(mut (ref null $type)) (ref.null $type)`.
  const type = typeIndex(calls.type);
  append(sections, 6, [[0x63, ...type, 0x01, 0xd0, ...type, 0x0b], ...grown.map(() => ACCOUNT_GLOBAL)]);
  const exported = [{ global: grow, index: calls.grow }, ...grown];
  append(sections, 7, exported.map(({ global, index }) => [...nameBytes(global), 0x03, ...leb(index)]));
  return { grow, grown: grown.map(({ global, memory }) => ({ global, memory })) };
}

/** Bytes of the host's for each declaration of an instance, as measured on V8. */
const OWN = { instance: 1024, import: 120, function: 80, other: 32, table: 256 };

function weigh(declared: Declared): Weight {
  const elements = declared.tables.reduce((sum, { limits }) => sum + Number(limits.min), 0);
  const pages = declared.memories.reduce((sum, { min }) => sum + Number(min), 0);
  const others = declared.globals.length + declared.exportNames.size + declared.tags.length;
  return {
    initial: pages * PAGE + elements * BYTES_PER_ELEMENT,
    own: OWN.instance + declared.imports * OWN.import + declared.functions * OWN.function +
      declared.tables.length * OWN.table + others * OWN.other,
  };
}
