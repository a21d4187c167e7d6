/**
 * Start functions, moved to exports: V8 cannot suspend one, nor run a suspending import under it, since
 * `new WebAssembly.Instance` is a JavaScript frame. As an export it is called like any other function.
 *
 * @module
 */
import { Reader } from "../binary/reader.ts";
import {
  append,
  freeName,
  leb,
  nameBytes,
  putTogether,
  replace,
  type Section,
  takeApart,
} from "../binary/sections.ts";

/** A core module without a start function, and the name of the export that it has become. */
export interface Moved {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly start: string;
}

/**
 * Moves a module's start function to an export.
 *
 * @param bytes A valid core module.
 * @returns The rewritten module, or `undefined` if it has no start function.
 */
export function moveStart(bytes: Uint8Array): Moved | undefined {
  const sections = takeApart(bytes);
  const start = exportStart(sections);
  return start === undefined ? undefined : { bytes: putTogether(sections), start };
}

/**
 * Does so in a module that was taken apart.
 *
 * @returns The name of the export, or `undefined` if there is no start function.
 */
export function exportStart(sections: Section[]): string | undefined {
  const [index] = sections.find(({ id }) => id === 8)?.parts ?? [];
  if (!index) return undefined;
  const taken = new Set<string>();
  const [exports] = sections.find(({ id }) => id === 7)?.parts ?? [];
  if (exports) {
    const reader = new Reader(exports);
    reader.vec("core exports", () => {
      taken.add(reader.name("export name"));
      reader.byte("export kind");
      reader.u32("export index");
    });
  }
  // No toolchain writes such a name; an attacker may.
  const name = freeName("\u0000airlock start", taken);
  append(sections, 7, [[...nameBytes(name), 0x00, ...leb(new Reader(index).u32("start function"))]]);
  replace(sections, { id: 8, parts: [] });
  return name;
}
