/**
 * Entries whose references are resolved.
 *
 * @module
 */

import type {
  BareStorageDeclaration,
  DirectoryDeclaration,
  FileStorageDeclaration,
  HttpEndpointDeclaration,
  HttpRouterDeclaration,
  HttpServiceDeclaration,
  HttpStaticDeclaration,
  ProcessHostDeclaration,
  ProcessServiceDeclaration,
  RouterStorageDeclaration,
  StaticStorageDeclaration,
  TerminalHostDeclaration,
  VariableDeclaration,
  WasmDeclaration,
} from "../config/declaration.ts";

/** A `function.wasm`, `process.wasm` or `function.wat` entry. Every id in it names an entry of the registry. */
export interface WasmEntry extends WasmDeclaration {
  /** The module's file on the host, absolute; empty for a `function.wat`, whose module is its `source`. */
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

/** An `http.service` entry. */
export type HttpServiceEntry = HttpServiceDeclaration;

/** An `http.router` entry. Its `server` names an `http.service` entry of the registry. */
export type HttpRouterEntry = HttpRouterDeclaration;

/** An `http.endpoint` entry. Its `router` names an `http.router` entry, its `func` one that `isWasm`. */
export type HttpEndpointEntry = HttpEndpointDeclaration;

/** An `http.static` entry. */
export interface HttpStaticEntry extends HttpStaticDeclaration {
  /** The directory on the host whose files are served, absolute. */
  readonly host: string;
}

/** A `process.host` entry. */
export type ProcessHostEntry = ProcessHostDeclaration;

/** A `terminal.host` entry. */
export type TerminalHostEntry = TerminalHostDeclaration;

/** A `process.service` entry. Its `process` names a `process.wasm` entry, its `host` a host of the registry. */
export type ProcessServiceEntry = ProcessServiceDeclaration;

/** An entry that is started and stopped, and has a `lifecycle` that says when. */
export type ServiceEntry = HttpServiceEntry | ProcessHostEntry | TerminalHostEntry | ProcessServiceEntry;

/** Any entry; `kind` tells which. Deep-frozen. */
export type Entry =
  | WasmEntry
  | DirectoryEntry
  | StorageEntry
  | VariableEntry
  | HttpServiceEntry
  | HttpRouterEntry
  | HttpEndpointEntry
  | HttpStaticEntry
  | ProcessHostEntry
  | TerminalHostEntry
  | ProcessServiceEntry;

/** Whether an entry can be called or started. */
export function isWasm(entry: Entry): entry is WasmEntry {
  return entry.kind === "function.wasm" || entry.kind === "process.wasm" || entry.kind === "function.wat";
}

/** Whether an entry has a `lifecycle`. */
export function isService(entry: Entry): entry is ServiceEntry {
  return "lifecycle" in entry;
}

/** Whether an entry holds values of variables. */
export function isStorage(entry: Entry): entry is StorageEntry {
  return isStorageKind(entry.kind);
}

/** Whether entries of a kind hold values of variables. */
export function isStorageKind(kind: string): boolean {
  return kind.startsWith("env.storage.");
}
