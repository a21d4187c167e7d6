/**
 * Entries whose references are resolved.
 *
 * @module
 */

import type { DirectoryDeclaration, WasmDeclaration } from "../config/declaration.ts";

/** A `function.wasm` or `process.wasm` entry. Every id in it names an entry of the registry. */
export interface WasmEntry extends WasmDeclaration {
  /** The module's file on the host, absolute. */
  readonly file: string;
}

/** An `fs.directory` entry. */
export interface DirectoryEntry extends DirectoryDeclaration {
  /** The directory on the host, absolute. */
  readonly host: string;
}

/** Any entry; `kind` tells which. Deep-frozen. */
export type Entry = WasmEntry | DirectoryEntry;

/** Whether an entry can be called or started. */
export function isWasm(entry: Entry): entry is WasmEntry {
  return entry.kind !== "fs.directory";
}
