/**
 * What reading one index file gives: its entries, and what is known of those that are wrong.
 *
 * @module
 */

import type { Declaration } from "./declaration.ts";
import type { Plain } from "./node.ts";
import type { Position } from "./position.ts";
import type { Module } from "./raw.ts";

export type { Module } from "./raw.ts";

/** An id that an entry names. */
export interface Reference {
  /** The field that names it: `fs`, `wasi.mounts[0].fs`, `wasi.env[0].id`, `storage`, `meta.server`. */
  readonly field: string;
  /**
   * What the entry wants of it: its module's file, a mount, a variable it needs or can do without, values; the service or
   * router that it belongs to, what answers a request, files to serve; the process to start, the host to run on, a service
   * that must run first.
   */
  readonly use:
    | "module"
    | "mount"
    | "required variable"
    | "optional variable"
    | "storage"
    | "server"
    | "router"
    | "function"
    | "files"
    | "process"
    | "host"
    | "requirement";
  /** The full id. */
  readonly target: string;
  /** Where it stands. */
  readonly at: Position;
}

/**
 * What is known of an entry whatever its state. A file with errors is still checked against the others, so
 * that all problems come at once, and a reference to a broken entry is not called unknown.
 */
export interface Outline {
  /** `namespace:name`. */
  readonly id: string;
  /** Its kind, as the file writes it. */
  readonly kind: string;
  /** Where it starts. */
  readonly at: Position;
  /** The ids that it names. */
  readonly references: readonly Reference[];
  /** The command that it declares. */
  readonly command: { readonly name: string; readonly at: Position } | undefined;
  /** The public name of the variable that it declares. */
  readonly variable: { readonly name: string; readonly at: Position } | undefined;
}

/** One index file. */
export interface Document {
  /** The file's name as it was given. */
  readonly file: string;
  /** The namespace of its entries. */
  readonly namespace: string;
  /** `version`, which nothing checks. */
  readonly version: string | undefined;
  /** The file's own `meta`. */
  readonly meta: Readonly<Record<string, Plain>>;
  /** Entries of supported kinds that have no errors. */
  readonly entries: readonly Declaration[];
  /** Every entry that has a name and a kind, in the order of the file. */
  readonly outlines: readonly Outline[];
  /** The installed module that the file belongs to; `undefined`: it is of the application itself. */
  readonly module: Module | undefined;
}
