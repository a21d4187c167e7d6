/**
 * All that can be known of a loaded application without running anything of it.
 *
 * @module
 */
import { Guest } from "../compartment/guest.ts";
import { isCore } from "../compartment/method.ts";
import { withModule } from "../compartment/wat.ts";
import { ConfigError } from "../config/issue.ts";
import { at, type Position } from "../config/position.ts";
import { DecodeError } from "../component/mod.ts";
import { WitError } from "../preview1/error.ts";
import { isWasm, type WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { checkDirectories } from "./check_directories.ts";
import { checkFuncs } from "./check_funcs.ts";
import { checkImports } from "./check_imports.ts";
import { checkMounts } from "./check_mounts.ts";
import { checkNetwork } from "./check_network.ts";
import { checkPreview1 } from "./check_preview1.ts";
import { checkServices } from "./check_services.ts";
import { checkUnused } from "./check_unused.ts";
import { IntegrityError, MethodError } from "./error.ts";
import { specOfEntry } from "./spec.ts";

/** One thing that was found. */
export interface Finding {
  /** Where the declaration stands that it is about. */
  readonly at: Position;
  /** What was found, and what to do. */
  readonly message: string;
  /** With an error, the entry would not run. */
  readonly severity: "error" | "warning";
}

/** `file:line:column: message`. */
export function printFinding({ at: place, message, severity }: Finding): string {
  return `${at(place)}: ${severity === "warning" ? "warning: " : ""}${message}`;
}

/** Everything found about the entries of an application, in their order. */
export async function check(registry: Registry): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const entry of registry.entries()) {
    if (isWasm(entry)) findings.push(...await checkEntry(entry, registry));
  }
  return [...findings, ...checkDirectories(registry), ...checkMounts(registry), ...checkServices(registry)];
}

async function checkEntry(entry: WasmEntry, registry: Registry): Promise<Finding[]> {
  try {
    // What `run` does up to the call, so that the two never disagree.
    const { component } = await Guest.load(await withModule(specOfEntry(entry, registry, { init: false })));
    return [
      ...isCore(component) ? checkPreview1(entry, component) : checkImports(entry, component),
      ...checkUnused(entry),
      ...checkNetwork(entry, component),
      ...isCore(component) ? [] : checkFuncs(entry, component, registry),
    ];
  } catch (error) {
    const { message } = error as Error;
    const finding: Finding = { at: placeOf(entry, error), message: withoutPlace(message), severity: "error" };
    return [finding, ...checkNetwork(entry, undefined)];
  }
}

/** The field that an error is about. */
function placeOf({ where, at: entry }: WasmEntry, error: unknown): Position {
  if (error instanceof IntegrityError) return where.hash;
  if (error instanceof MethodError) return where.method;
  if (error instanceof WitError) return where.wit;
  if (error instanceof ConfigError && error.issues[0]) return error.issues[0];
  if (error instanceof DecodeError || error instanceof Deno.errors.NotFound) return where.path;
  return entry;
}

/** Errors of a run begin with the place themselves. */
function withoutPlace(message: string): string {
  return message.replace(/^[^\s:]+:\d+:\d+: /, "");
}
