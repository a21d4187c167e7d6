/**
 * What each entry may touch, and which walls hold it.
 *
 * @module
 */
import { at } from "../config/position.ts";
import { explain, type Line } from "../grant/explain.ts";
import { grantOf } from "../grant/from_entry.ts";
import type { Grant } from "../grant/grant.ts";
import type { Entry, WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import {
  denoJsonOf,
  flagsOf,
  type Needs,
  type PermissionSet,
  type Scope,
  scopeOf,
  shellLine,
  union,
} from "../scope/mod.ts";
import { callsOthers } from "./callables.ts";
import { startedProgram } from "../compartment/start.ts";
import { isFunction } from "./funcs.ts";
import { followed, type Loading, needsOf } from "./needs.ts";
import type { OsWall } from "./os_wall.ts";
import { isolationAsked } from "./spec.ts";

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
  readonly kind: Entry["kind"];
  /** Where it is declared: `file:line:column`. */
  readonly at: string;
  /** Which process its guest gets: one of its own, the one that runs it, or that only where it can do no more. */
  readonly isolation: WasmEntry["isolation"];
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
  const grant: Grant = { ...followed(grantOf(entry, registry)), env };
  const isolation = isolationOf(entry);
  const all = [entry, ...functionsFor(entry, registry)].map((one) => {
    const own = one === entry ? grant : followed(grantOf(one, registry));
    return {
      isolation: isolationOf(one),
      guest: scopeOf(own),
      run: scopeOf(own, needsOf(one, registry, loading)),
    };
  });
  return {
    id: entry.id,
    kind: entry.kind,
    at: at(entry.at),
    isolation,
    permissions: explain(grant).map((line) => ({
      what: line.what,
      where: line.where,
      walls: {
        link: "exact",
        deno: heldByDeno(line),
        // Nobody confines a process for one of its guests.
        os: isolation === "inline" ? "none" : heldByKernel(line, os),
      },
    })),
    guest: scopeOf(grant),
    run: scopeToRun(all),
  };
}

/** As it is declared; what no shared process could hold takes one of the guest's own. */
function isolationOf(entry: WasmEntry): EntryPermissions["isolation"] {
  const asked = isolationAsked(entry);
  const takes = entry.limits.maxExecutionMs !== undefined || entry.require.length > 0;
  return asked === "auto" && takes ? "process" : asked;
}

/**
 * What a process may do that runs any of some entries. Where a guest gets one of its own, that is to start it: Deno itself,
 * which is given no more than the guest may.
 */
export function scopeToRun(all: readonly Pick<EntryPermissions, "isolation" | "guest" | "run">[]): Scope {
  const together = union(all.map(({ run }) => run));
  const starts = all.some(({ isolation, guest }) =>
    // One that may reach everybody can do more than a guest that may not.
    isolation === "process" || (isolation === "auto" && together.net === true && guest.net !== true)
  );
  return starts ? union([together, { ...NOTHING, run: [startedProgram()] }]) : together;
}

/** A scope, and what the runtime itself must do. */
export function serving(scope: Scope, needs: Needs): Scope {
  const lists = Object.fromEntries(Object.entries(needs).map(([kind, values]) => [kind, values ?? []]));
  return union([scope, { ...NOTHING, ...lists }]);
}

const NOTHING: Scope = {
  ...{ read: [], write: [], net: [], env: [], sys: [], run: [], ffi: [], import: [] },
  ...{ wider: [], narrower: [] },
};

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
  const argv = flagsOf(scopeToRun(all));
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
