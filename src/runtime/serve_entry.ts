/**
 * An entry that is served: which one, and how much of it at once.
 *
 * @module
 */
import { openHandler } from "../compartment/handler.ts";
import { isHandler } from "../compartment/method.ts";
import type { Start } from "../compartment/process.ts";
import { at } from "../config/position.ts";
import { environmentOf } from "../grant/environment.ts";
import { isWasm, type WasmEntry } from "../registry/entry.ts";
import { EntryError } from "../registry/error.ts";
import type { Registry } from "../registry/registry.ts";
import type { Stdio } from "../wasi/mod.ts";
import { processSources } from "./env_sources.ts";
import type { Served } from "./serve.ts";
import { isolationAsked, specOfEntry } from "./spec.ts";
import { refuseUnsupported } from "./unsupported.ts";

/**
 * The entry to serve.
 *
 * @param name Its id or name; `undefined`: the only one that can be served.
 * @throws {EntryError} Where there is none, there are several, or the name is of another kind of entry.
 */
export function findServed(registry: Registry, name: string | undefined): WasmEntry {
  const all = registry.entries().filter(isWasm).filter(({ method }) => isHandler(method));
  const ids = all.map(({ id }) => id);
  const known = ids.join(", ") || "none";
  if (name !== undefined) {
    const entry = registry.findWasm(name);
    if (isHandler(entry.method)) return entry;
    const message = `${entry.id} cannot be served: its method is ${entry.method}, not ` +
      `wasi:http/incoming-handler#handle; entries that can: ${known}`;
    throw new EntryError("wrong-kind", name, ids, message);
  }
  const [entry, second] = all;
  if (entry === undefined) {
    const message = "no entry can be served: none has the method wasi:http/incoming-handler#handle";
    throw new EntryError("unknown", "", ids, message);
  }
  if (second !== undefined) {
    const message = `${ids.length} entries can be served; name the one to serve: ${ids.join(" or ")}`;
    throw new EntryError("ambiguous", "", ids, message);
  }
  return entry;
}

/**
 * Makes an entry ready to be served: its mounts settled, its module compiled.
 *
 * @param stdio Where the guest's standard streams lead.
 * @param start How processes of guests are started.
 * @throws {ConfigError | IntegrityError | DecodeError | LinkError | MethodError | CapabilityError | CompartmentError}
 */
export async function servedEntry(
  entry: WasmEntry,
  registry: Registry,
  stdio: Partial<Stdio>,
  start: () => Promise<Start>,
): Promise<Served> {
  refuseUnsupported(entry);
  const { limits: { maxExecutionMs }, pool, require } = entry;
  const of = `${at(entry.at)}: ${entry.id}`;
  const wanted = { isolation: isolationAsked(entry), maxExecutionMs, require, of };
  return {
    handler: await openHandler(specOfEntry(entry, registry), wanted, start),
    workers: pool.workers,
    maxWaiting: pool.buffer || undefined,
    stdio,
    env: () => environmentOf(entry, registry, processSources),
  };
}
