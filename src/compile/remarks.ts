/**
 * What cannot be compiled, and what whoever compiles should know.
 *
 * @module
 */
import { UnsupportedError } from "../compartment/error.ts";
import { at } from "../config/position.ts";
import { isAtOrBelow } from "../grant/below.ts";
import { grantOf } from "../grant/from_entry.ts";
import type { WasmEntry } from "../registry/entry.ts";
import { narrowing, type Scope, scopeOf } from "../scope/mod.ts";
import { hasOwnProcess, NOTHING } from "./needs.ts";
import type { Staged } from "./stage.ts";

/**
 * Makes sure that a program can hold what its entries ask for.
 *
 * @param staged The program.
 * @param target What it is for.
 * @returns Where a wall will be wider than what is granted, and the like.
 * @throws {UnsupportedError} If a program cannot be what was asked for.
 */
export function remarksOf({ selection: { entries }, registry, manifest }: Staged, target: string): string[] {
  const { ffi, ...lists } = manifest.permissions;
  const all: Scope = { ...NOTHING, ...lists, ffi: ffi ? ["native code"] : [] };
  const remarks: string[] = [];
  for (const entry of entries) {
    const grant = grantOf(entry, registry);
    const of = `${at(entry.at)}: ${entry.id}`;
    if (hasOwnProcess(entry, registry, all.net) && !target.includes("linux")) {
      throw new UnsupportedError(
        `${of} ${whyOwnProcess(entry)}, and a compiled program starts itself on Linux only, not on ${target}`,
      );
    }
    for (const { host, guest } of grant.mounts) {
      const shown = `the mount of ${host} at ${guest}`;
      if (host === "/") throw new UnsupportedError(`${of}: ${shown} shows the program's own files`);
      if (target.includes("linux") && isAtOrBelow("/tmp", host)) {
        remarks.push(
          `${of}: ${shown} works only where TMPDIR is elsewhere: there the program's own files are seen`,
        );
      }
    }
    const { wider } = narrowing(all, scopeOf(grant));
    if (wider.length === 0) continue;
    const why = `${of}: its process may do more than is granted (Deno's wall): ${wider.join("; ")}`;
    if (entry.require.includes("deno")) throw new UnsupportedError(`${why}; it requires that wall`);
    remarks.push(why);
  }
  return remarks;
}

function whyOwnProcess({ isolation, limits, require, pool }: WasmEntry): string {
  if (isolation === "process") return "asks for isolation: process";
  if (pool.workerClass !== undefined) return "asks for a pool.worker_class, which is processes of its own";
  if (limits.maxExecutionMs !== undefined) {
    return "has a limits.max_execution_ms, which takes a process of its own";
  }
  if (require.length > 0) return `requires walls (${require.join(", ")}), which takes a process of its own`;
  return "may not reach everybody, as another entry may, which takes a process of its own";
}
