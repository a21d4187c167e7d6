/**
 * An entry, called by a compiled program: the same as `run`, in a process that gives up what the entry does not need.
 *
 * @module
 */
import { grantedBy, STARTING, toCall, together } from "../compile/needs.ts";
import type { Program } from "../compile/program.ts";
import { withCallees } from "../compile/selection.ts";
import { isolationOf } from "../compartment/isolation.ts";
import { bytesOf } from "../compartment/module.ts";
import type { GuestSpec } from "../compartment/spec.ts";
import { at } from "../config/position.ts";
import { environmentOf } from "../grant/environment.ts";
import type { Grant } from "../grant/grant.ts";
import { isWasm, type WasmEntry } from "../registry/entry.ts";
import { callsOthers } from "../runtime/callables.ts";
import { processSources } from "../runtime/env_sources.ts";
import { isolationAsked, specOfEntry } from "../runtime/spec.ts";
import { UsageError } from "./exit_code.ts";

/**
 * Calls an entry and prints its result.
 *
 * @param name Its id, its command's name, or its name.
 * @param words The words after it.
 * @param overrides Values in the place of those that entries have.
 * @returns The exit code.
 */
export async function call(
  program: Program,
  name: string | undefined,
  words: readonly string[],
  overrides: readonly string[],
): Promise<number> {
  const registry = await program.load(overrides);
  if (name === undefined) {
    const ids = registry.entries().filter(isWasm).map(({ id }) => id);
    throw new UsageError(`missing <entry>; there are ${ids.join(", ")}`);
  }
  const entry = registry.findWasm(name);
  const scope = toCall(entry, registry);
  const callees = withCallees(registry, [entry]);
  const starts = program.starts(callees, registry);
  program.check(scope, starts, `${at(entry.at)}: ${entry.id}`);
  if (callsOthers(entry)) {
    for (const callee of callees) program.checkMounts(callee, registry);
    // This process makes the calls, and starts the processes, of any of them.
    program.narrow(together([scope, program.own, ...(starts ? [STARTING] : [])]));
    const { callWithOthers } = await import("./call_funcs.ts");
    return await callWithOthers(entry, registry, words, undefined);
  }
  program.checkMounts(entry, registry);
  const spec = specOfEntry(entry, registry);
  const env = environmentOf(entry, registry, processSources);
  if (!starts) return await callHere(program, entry, spec, words, env);
  const { limits: { maxExecutionMs }, require } = entry;
  // It starts the guest's process and keeps the time. Otherwise it becomes that process.
  if (maxExecutionMs !== undefined) program.narrow(together([program.own, STARTING]));
  const { callOnce } = await import("./call.ts");
  return await callOnce({ spec, isolation: "process", require, maxExecutionMs, words, env });
}

/** In this process, which from then on can do what the guest is granted and nothing else. */
async function callHere(
  program: Program,
  entry: WasmEntry,
  spec: GuestSpec,
  words: readonly string[],
  env: Grant["env"],
): Promise<number> {
  const { limits: { maxExecutionMs }, require } = entry;
  const of = `${at(entry.at)}: ${entry.id}`;
  const [bytes, { Guest }, { callGuest }] = await Promise.all([
    bytesOf(spec),
    import("../compartment/guest.ts"),
    import("./guest.ts"),
  ]);
  program.narrow(grantedBy(spec));
  // What contradicts itself is refused here as everywhere.
  isolationOf({ isolation: isolationAsked(entry), grant: spec.grant, maxExecutionMs, require, of });
  return await callGuest(await Guest.load({ ...spec, bytes }), words, env);
}
