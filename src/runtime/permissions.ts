/**
 * What each entry may touch, and which walls hold it.
 *
 * @module
 */
import { at } from "../config/position.ts";
import { explain, type Line } from "../grant/explain.ts";
import { grantOf } from "../grant/from_entry.ts";
import type { Grant } from "../grant/grant.ts";
import type { WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import {
  denoJsonOf,
  flagsOf,
  type PermissionSet,
  type Scope,
  scopeOf,
  shellLine,
  union,
} from "../scope/mod.ts";
import { callsOthers } from "./callables.ts";
import { isFunction } from "./funcs.ts";
import { type Loading, needsOf } from "./needs.ts";
import type { OsWall } from "./os_wall.ts";

/** How well a wall holds one thing: exactly what is granted, that and more, or not at all. */
export type Hold = "exact" | "wider" | "none";

/** One thing that an entry may do. */
export interface Permission {
  /** What may be done. */
  readonly what: string;
  /** To what; empty where it is nothing outside of the process. */
  readonly where: string;
  /** How well each wall holds it. The second and third ones only where the process is started accordingly. */
  readonly walls: { readonly link: Hold; readonly deno: Hold; readonly os: Hold };
}

/** What one entry may do. */
export interface EntryPermissions {
  /** Its id. */
  readonly id: string;
  /** Its kind. */
  readonly kind: WasmEntry["kind"];
  /** Where it is declared: `file:line:column`. */
  readonly at: string;
  /** What it may do, in words. */
  readonly permissions: readonly Permission[];
  /** What a process may do that serves its guest and gets everything else from another one. */
  readonly guest: Scope;
  /** What a process may do that runs it alone: the guest's scope, and what `run` itself must do. */
  readonly run: Scope;
}

/**
 * What an entry may do.
 *
 * @param entry A linked entry.
 * @param registry The registry that holds it.
 * @param loading How that was loaded.
 * @param os What is known of the third wall.
 * @throws {ScopeError} For something that no permission of Deno can name.
 */
export function permissionsOfEntry(
  entry: WasmEntry,
  registry: Registry,
  loading: Loading,
  os: OsWall,
): EntryPermissions {
  // Values of variables are secrets, and of one call.
  const env = entry.wasi.env.map(({ name }) => [name, ""] as const);
  const grant: Grant = { ...grantOf(entry, registry), env };
  return {
    id: entry.id,
    kind: entry.kind,
    at: at(entry.at),
    permissions: explain(grant).map((line) => ({
      what: line.what,
      where: line.where,
      walls: { link: "exact", deno: heldByDeno(line), os: heldByKernel(line, os) },
    })),
    guest: scopeOf(grant),
    run: union([entry, ...functionsFor(entry, registry)].map((one) => {
      const own = one === entry ? grant : grantOf(one, registry);
      return scopeOf(own, needsOf(one, registry, loading));
    })),
  };
}

/** The entries that this one may call: whoever runs it runs them. */
function functionsFor(entry: WasmEntry, registry: Registry): WasmEntry[] {
  return callsOthers(entry) ? registry.entries().filter(isFunction).filter((one) => one !== entry) : [];
}

/**
 * The flags of a process that runs some entries: items of argv, and the same as a line for a shell.
 *
 * @throws {ScopeError} For a value that Deno's flags cannot name.
 */
export function flagsOfEntries(all: readonly EntryPermissions[]): { argv: readonly string[]; line: string } {
  const argv = flagsOf(union(all.map(({ run }) => run)));
  return { argv, line: shellLine(argv) };
}

/** The `permissions` of a `deno.json`: a set for each entry, by its id. */
export function setsOfEntries(all: readonly EntryPermissions[]): Readonly<Record<string, PermissionSet>> {
  return Object.fromEntries(all.map(({ id, run }) => [id, denoJsonOf(run)]));
}

function heldByDeno({ walls, only }: Line): Hold {
  if (!walls.includes("deno")) return "none";
  return scopeOf(only).wider.length > 0 ? "wider" : "exact";
}

/** The kernel knows files by what they are, and of the network the ports. */
function heldByKernel({ walls, only }: Line, { raised }: OsWall): Hold {
  if (!walls.includes("os")) return "none";
  if (only.mounts.length > 0) return raised.includes("files") ? "exact" : "none";
  const reaches = only.network === undefined || only.network.rules?.length !== 0;
  if (reaches) return raised.includes("tcp-ports") ? "wider" : "none";
  return raised.includes("files") && raised.includes("tcp-ports") ? "exact" : "none";
}
