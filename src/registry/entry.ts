/**
 * Entries whose references are resolved.
 *
 * @module
 */

import type {
  BareStorageDeclaration,
  DirectoryDeclaration,
  FileStorageDeclaration,
  RouterStorageDeclaration,
  StaticStorageDeclaration,
  VariableDeclaration,
  WasmDeclaration,
} from "../config/declaration.ts";

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

/** An `env.storage.file` entry. */
export interface FileStorageEntry extends FileStorageDeclaration {
  /** The file on the host, absolute. */
  readonly file: string;
}

/** An `env.storage.*` entry. */
export type StorageEntry =
  | BareStorageDeclaration
  | StaticStorageDeclaration
  | FileStorageEntry
  | RouterStorageDeclaration;

/** An `env.variable` entry. */
export type VariableEntry = VariableDeclaration;

/** Any entry; `kind` tells which. Deep-frozen. */
export type Entry = WasmEntry | DirectoryEntry | StorageEntry | VariableEntry;

/** Whether an entry can be called or started. */
export function isWasm(entry: Entry): entry is WasmEntry {
  return entry.kind === "function.wasm" || entry.kind === "process.wasm";
}

/** Whether an entry holds values of variables. */
export function isStorage(entry: Entry): entry is StorageEntry {
  return isStorageKind(entry.kind);
}

/** Whether entries of a kind hold values of variables. */
export function isStorageKind(kind: string): boolean {
  return kind.startsWith("env.storage.");
}
