/**
 * Replaces every `memory.grow` in the code section of a core module.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#code-section
 * @module
 */
import { DecodeError } from "../error.ts";
import { Reader } from "../binary/reader.ts";
import { leb, replace, type Section } from "../binary/sections.ts";
import { type GrowSite, growSites, MEMORY_GROW } from "./instructions.ts";

/** What the calls that take their place refer to, as indices. */
export interface Calls {
  /** The global that holds the function. */
  readonly grow: number;
  /** Its type. */
  readonly type: number;
  /** The global that holds the account of a memory. */
  account(memory: number): number;
}

/**
 * Replaces them.
 *
 * @param sections The module.
 * @param memories How many memories it has.
 * @param calls What to write.
 * @param base Where the module starts in the file, for offsets in errors.
 * @returns Whether there was any.
 */
export function replaceGrows(sections: Section[], memories: number, calls: Calls, base: number): boolean {
  const section = sections.find(({ id }) => id === 10);
  const code = section?.parts[0];
  if (!section || !code || memories === 0) return false;
  const at = base + section.offset!;
  const reader = new Reader(code, 0, code.length, at);
  const parts: Uint8Array[] = [];
  let done = 0;
  let hit = 0;
  for (let functions = reader.u32("core functions"); functions > 0; functions--) {
    const before = reader.offset;
    const size = reader.u32("function size"), from = reader.offset;
    reader.take(size, "function");
    const end = from + size;
    if (hit < from) hit = candidate(code, from, memories);
    // Few functions have the bytes at all, and only those are read.
    if (hit >= end) continue;
    const sites = growSites(code, from, end, at);
    if (sites.length === 0) continue;
    const unknown = sites.find(({ memory }) => memory >= memories);
    if (unknown) {
      throw new DecodeError(`unknown memory ${unknown.memory}`, at + unknown.at, "memory.grow", "invalid");
    }
    const body = rewrite(code, from, end, sites, calls);
    parts.push(code.subarray(done, before), Uint8Array.from(leb(body.length)), body);
    done = end;
  }
  if (parts.length === 0) return false;
  parts.push(code.subarray(done));
  replace(sections, { id: 10, parts });
  // Hints for a compiler that name offsets within functions.
  const hints = (s: Section) => s.id === 0 && customName(s).startsWith("metadata.code.");
  for (let i = sections.length; i-- > 0;) if (hints(sections[i]!)) sections.splice(i, 1);
  return true;
}

/** Where the next bytes are that may be a `memory.grow`, or may be anything else. */
function candidate(code: Uint8Array, from: number, memories: number): number {
  for (let i = code.indexOf(MEMORY_GROW, from); i >= 0; i = code.indexOf(MEMORY_GROW, i + 1)) {
    const next = code[i + 1];
    if (next !== undefined && (next < memories || next >= 0x80)) return i;
  }
  return Infinity;
}

function rewrite(
  code: Uint8Array,
  from: number,
  end: number,
  sites: readonly GrowSite[],
  calls: Calls,
): Uint8Array {
  const body: Uint8Array[] = [];
  let done = from;
  for (const site of sites) {
    const account = leb(calls.account(site.memory));
    body.push(
      code.subarray(done, site.at),
      // global.get, global.get, call_ref
      Uint8Array.of(0x23, ...account, 0x23, ...leb(calls.grow), 0x14, ...leb(calls.type)),
    );
    done = site.end;
  }
  body.push(code.subarray(done, end));
  const bytes = new Uint8Array(body.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of body) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function customName({ parts: [contents] }: Section): string {
  try {
    return new Reader(contents!).name("custom section name");
  } catch {
    return "";
  }
}
