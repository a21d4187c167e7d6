/**
 * What a compiled program knows of itself: `manifest.json`, which lies beside it.
 *
 * @module
 */
import { flagsOf, type Scope } from "../scope/mod.ts";

/** A manifest. All paths in it are relative to the folder that holds it, except where it says otherwise. */
export interface Manifest {
  /** The version of Airlock that made it. */
  readonly airlock: string;
  /** The configuration: a key of `files`, or a directory of such. */
  readonly config: string;
  /** The project root where the program runs, absolute; `.`: the directory that it is started in. */
  readonly root: string;
  /** Values that take the place of what entries say. */
  readonly overrides: readonly string[];
  /** The files of the configuration, each by its path relative to the project root, or absolute. */
  readonly files: Readonly<Record<string, string>>;
  /** Modules, by the digest of their bytes; of a text, by that of the text. */
  readonly modules: Readonly<Record<string, string>>;
  /** The ids of what can be called and served. */
  readonly entries: readonly string[];
  /** Where an entry that answers requests itself listens, if nobody says. */
  readonly listen: { readonly hostname: string; readonly port: number };
  /** What the program may do, whatever it is asked for. */
  readonly permissions: Permissions;
}

/** Lists, as Deno's flags have them. Paths below `.` are below the directory that the program is started in. */
export interface Permissions extends Pick<Scope, "read" | "write" | "net" | "env" | "run"> {
  /** Whether it may load native code, to confine itself. It gives that up before anything of a guest is loaded. */
  readonly ffi: boolean;
}

/** A folder of the program, and the two names that it has in it. */
export const FOLDERS = { airlock: "airlock", config: "config", modules: "modules" } as const;

/**
 * The flags of `deno` that a program is compiled with, beside `--no-prompt`. Nothing else is allowed to it, but to read what
 * is compiled into it.
 *
 * @throws {ScopeError} For a value with a comma.
 */
export function flagsOfPermissions({ ffi, ...lists }: Permissions): string[] {
  const scope: Scope = { ...lists, sys: [], ffi: [], import: [], wider: [], narrower: [] };
  return [...flagsOf(scope), ...(ffi ? ["--allow-ffi"] : [])];
}
