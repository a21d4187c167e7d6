/**
 * What one entry may touch: made once from its declaration, immutable, read by all three walls.
 *
 * @module
 */
import type { Package } from "../config/imports.ts";
import type { Network } from "./network.ts";

export type { Package };

/** A host directory that a guest sees under a path of its own. */
export interface Mount {
  /** The path in the guest, as the declaration writes it; absolute. */
  readonly guest: string;
  /** The directory on the host, absolute. */
  readonly host: string;
  /** Where the directory really was when the grant was settled; if given, a mount that leads elsewhere is not opened. */
  readonly real?: string;
  /** No call may change anything below it. */
  readonly readOnly: boolean;
}

/** What one entry may touch. Frozen; the empty grant (`denied`) allows nothing at all. */
export interface Grant {
  /** Who holds it, for messages: the entry's id, or the file name given to `exec`. */
  readonly holder: string;
  /** Packages whose functions work. Everything else refuses by name. */
  readonly packages: ReadonlySet<Package>;
  /** `wasi:cli/environment.get-arguments`, verbatim. */
  readonly args: readonly string[];
  /** `wasi:cli/environment.get-environment`: exactly these, none of the host's own. */
  readonly env: readonly (readonly [name: string, value: string])[];
  /** `wasi:cli/environment.initial-cwd`, absolute. */
  readonly cwd: string;
  /** Preopened directories, sorted by guest path. */
  readonly mounts: readonly Mount[];
  /** Whom its sockets and its HTTP may reach; `undefined`: everybody. */
  readonly network: Network | undefined;
}

/** The grant that allows nothing: what a grant is before the declaration adds to it. */
export const denied: Grant = Object.freeze({
  holder: "",
  packages: Object.freeze(new Set<Package>()),
  args: Object.freeze([]),
  env: Object.freeze([]),
  cwd: "/",
  mounts: Object.freeze([]),
  network: Object.freeze({ rules: Object.freeze([]), private: false }),
});
