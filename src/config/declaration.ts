/**
 * Entries as their file declares them: typed, with defaults, not yet linked to one another.
 *
 * @module
 */

import type {
  ProcessHostDeclaration,
  ProcessServiceDeclaration,
  TerminalHostDeclaration,
} from "./declaration_host.ts";
import type {
  HttpEndpointDeclaration,
  HttpRouterDeclaration,
  HttpServiceDeclaration,
  HttpStaticDeclaration,
} from "./declaration_http.ts";
import type { Package } from "./imports.ts";
import type { NetworkRule } from "./network_rule.ts";
import type { Plain } from "./node.ts";
import type { Pool } from "./pool.ts";
import type { Lines, Position } from "./position.ts";

export type * from "./outline.ts";
export type * from "./declaration_host.ts";
export type * from "./declaration_http.ts";

/** What every entry has. */
export interface DeclarationBase {
  /** `namespace:name`. */
  readonly id: string;
  /** The namespace of its file. */
  readonly namespace: string;
  /** Its name within the namespace. */
  readonly name: string;
  /** The file's `meta` with the entry's own on top. */
  readonly meta: Readonly<Record<string, Plain>>;
  /** Where it starts. */
  readonly at: Position;
}

/** One item of `imports`. */
export interface ImportItem {
  /** As the file writes it. */
  readonly name: string;
  /** The package it enables. */
  readonly package: Package;
  /** Where it stands. */
  readonly at: Position;
}

/** One item of `wasi.env`. */
export interface EnvItem {
  /** Full id of the variable's entry. */
  readonly id: string;
  /** The name that the guest sees. */
  readonly name: string;
  /** Whether a call fails where the variable has no value. */
  readonly required: boolean;
  /** Where its `id` stands. */
  readonly at: Position;
}

/** One item of `wasi.mounts`. */
export interface MountItem {
  /** Full id of the file system's entry. */
  readonly fs: string;
  /** Absolute path in the guest, as the file writes it. */
  readonly guest: string;
  /** Whether the entry asks for no more than reading. */
  readonly readOnly: boolean;
  /** Where its `fs` stands. */
  readonly at: Position;
}

/** `wasi.network`. */
export interface NetworkRules {
  /** Hosts and ports that may be reached; `undefined`: all. */
  readonly allow: readonly NetworkRule[] | undefined;
  /** Whether names may resolve to private, loopback or link-local addresses. */
  readonly private: boolean;
}

/** `meta.command` of a process. */
export interface Command {
  /** The name under which the command line runs the entry. */
  readonly name: string;
  /** One line of help. */
  readonly short: string | undefined;
  /** Whether it is the application's main command. */
  readonly main: boolean;
  /** Where its name stands. */
  readonly at: Position;
}

/** How a `function.wasm`, `process.wasm` or `function.wat` entry is declared. */
export interface WasmDeclaration extends DeclarationBase {
  /**
   * A function is called, a process is started; apart from that they are the same. The module of a `function.wat` is given as
   * text, in place of the file that the others name.
   */
  readonly kind: "function.wasm" | "process.wasm" | "function.wat";
  /** The module's text of a `function.wat`; `undefined` for the other kinds. */
  readonly source: string | undefined;
  /** Where the lines of that text stand; absent where that is not known. */
  readonly lines?: Lines;
  /** Whether what a variable holds is in that text, which messages do not tell. */
  readonly concealed?: true;
  /** Full id of the file system that holds the module; empty for a `function.wat`. */
  readonly fs: string;
  /** The module's path in that file system, as the file writes it; empty for a `function.wat`. */
  readonly path: string;
  /** `sha256:` and 64 lower-case hexadecimal digits; empty for a `function.wat`. */
  readonly hash: string;
  /** The export to call. */
  readonly method: string;
  /** The signatures of a core module's exports. */
  readonly wit: string | undefined;
  /** How a caller's input becomes arguments. */
  readonly transport: "payload" | "wasi-http";
  /** The packages of host functions that it may use. */
  readonly imports: readonly ImportItem[];
  /** How many calls run at once. */
  readonly pool: Pool;
  /** Limits of one call and of one instance; `undefined`: none. */
  readonly limits: {
    readonly maxExecutionMs: number | undefined;
    readonly maxMemoryBytes: number | undefined;
  };
  /** What the guest sees of the world. */
  readonly wasi: {
    readonly args: readonly string[];
    readonly cwd: string;
    readonly env: readonly EnvItem[];
    readonly mounts: readonly MountItem[];
    readonly network: NetworkRules | undefined;
  };
  /** Which process it runs in. */
  readonly isolation: "auto" | "process" | "inline";
  /** The walls without which it does not run: Deno's scopes, the kernel's rules. */
  readonly require: readonly ("deno" | "os")[];
  /** Whether an undeclared import is a load error. */
  readonly strict: boolean;
  /** Whether its mounts may show the directories of the system itself: `/`, and all in `/proc`, `/sys` and `/dev`. */
  readonly allowSystem: boolean;
  /** Its command, if it has one. */
  readonly command: Command | undefined;
  /**
   * Where the values stand that later checks speak about. `fs`, `path` and `hash` of a `function.wat` are where its
   * `source` stands. `imports` and `wasi` are where the keys stand, or the entry;
   * `network` is where `wasi.network.allow` stands, or `wasi.network`, or `wasi`, or the entry.
   */
  readonly where: Readonly<
    Record<"fs" | "path" | "hash" | "method" | "wit" | "imports" | "wasi" | "network", Position>
  >;
}

/** How an `fs.directory` entry is declared. */
export interface DirectoryDeclaration extends DeclarationBase {
  /** A directory of the host. */
  readonly kind: "fs.directory";
  /** The directory, as the file writes it. */
  readonly directory: string;
  /** Whether to create it where it is missing. */
  readonly autoInit: boolean;
  /** Permission bits that no access exceeds; the owner's bits count. */
  readonly mode: number;
  /** What a relative `directory` is relative to: the project's root, or that of the module which the entry is of. */
  readonly base: "project" | "module";
  /** Where the values stand that later checks speak about. */
  readonly where: Readonly<Record<"directory" | "mode" | "base", Position>>;
}

/** How a storage without fields of its own is declared. */
export interface BareStorageDeclaration extends DeclarationBase {
  /** Values in memory, none at the start; or the variables of the host's process. */
  readonly kind: "env.storage.memory" | "env.storage.os";
}

/** How an `env.storage.static` entry is declared. */
export interface StaticStorageDeclaration extends DeclarationBase {
  /** Values that the declaration itself gives. */
  readonly kind: "env.storage.static";
  /** The values by key. */
  readonly values: Readonly<Record<string, string>>;
}

/** How an `env.storage.file` entry is declared. */
export interface FileStorageDeclaration extends DeclarationBase {
  /** A file with one `KEY=VALUE` a line. */
  readonly kind: "env.storage.file";
  /** The file, as the entry writes it. */
  readonly filePath: string;
  /** Whether a first write creates the file. */
  readonly autoCreate: boolean;
  /** Permission bits of a file that is created. */
  readonly fileMode: number;
  /** Permission bits of directories that are created. */
  readonly dirMode: number;
}

/** How an `env.storage.router` entry is declared. */
export interface RouterStorageDeclaration extends DeclarationBase {
  /** Other storages, of which the first that has a key gives its value. */
  readonly kind: "env.storage.router";
  /** Full ids of the storages' entries, in the order in which they are asked. */
  readonly storages: readonly string[];
}

/** How an `env.storage.*` entry is declared. */
export type StorageDeclaration =
  | BareStorageDeclaration
  | StaticStorageDeclaration
  | FileStorageDeclaration
  | RouterStorageDeclaration;

/** How an `env.variable` entry is declared. */
export interface VariableDeclaration extends DeclarationBase {
  /** A variable that entries may give to their guests. */
  readonly kind: "env.variable";
  /** What its storage knows it by: its public name (`variable`), or its id where it has none. */
  readonly key: string;
  /** Full id of the entry of its storage. */
  readonly storage: string;
  /** Its value where the storage has none. */
  readonly default: string | undefined;
  /** Whether nothing may write it. */
  readonly readonly: boolean;
}

/** An entry of a kind that works. */
export type Declaration =
  | WasmDeclaration
  | DirectoryDeclaration
  | StorageDeclaration
  | VariableDeclaration
  | HttpServiceDeclaration
  | HttpRouterDeclaration
  | HttpEndpointDeclaration
  | HttpStaticDeclaration
  | ProcessHostDeclaration
  | TerminalHostDeclaration
  | ProcessServiceDeclaration;
