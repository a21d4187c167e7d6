/**
 * An entry → what a compartment is told of its guest.
 *
 * @module
 */
import type { GuestSpec } from "../compartment/spec.ts";
import { at } from "../config/position.ts";
import { grantOf } from "../grant/from_entry.ts";
import { isWasm, type WasmEntry } from "../registry/entry.ts";
import { checkRead } from "../registry/permitted.ts";
import type { Registry } from "../registry/registry.ts";
import { initMounts, isThere } from "./auto_init.ts";
import { settleMounts } from "./mounts.ts";

/**
 * What a compartment is told of an entry's guest.
 *
 * @param options With `init: false` nothing is made on the host: mounted directories that are not there are left out.
 * @throws {NotFound} If a mounted directory is not there.
 * @throws {CapabilityError} If a mount leads where none may.
 */
export function specOfEntry(
  entry: WasmEntry,
  registry: Registry,
  { init = true }: { readonly init?: boolean } = {},
): GuestSpec {
  const grant = grantOf(entry, registry);
  const writable = writableMounts(registry);
  if (init) initMounts(entry, registry, writable);
  const asked = init ? grant.mounts : grant.mounts.filter(({ host }) => isThere(host) !== false);
  const mounts = settleMounts(asked, {
    writable,
    system: entry.allowSystem
      ? undefined
      : `to allow it, declare allow_system: true in ${entry.id} (${at(entry.at)})`,
    of: `${at(entry.where.wasi)}: ${entry.id}`,
  });
  return {
    ...entry.source === undefined ? { file: realFile(entry.file), hash: entry.hash } : {
      file: entry.id,
      hash: undefined,
      source: entry.source,
      lines: entry.lines,
      concealed: entry.concealed,
    },
    method: entry.method,
    wit: entry.wit,
    program: entry.command?.name ?? entry.name,
    grant: { ...grant, mounts },
    strict: entry.strict,
    osRequired: entry.require.includes("os"),
    maxMemoryBytes: entry.limits.maxMemoryBytes,
    where: {
      file: entry.where.path,
      hash: entry.where.hash,
      method: entry.where.method,
      wit: entry.where.wit,
      imports: entry.where.imports,
    },
  };
}

/** Directories that some entry's guest may write to. */
export function writableMounts(registry: Registry): string[] {
  return registry.entries().filter(isWasm)
    .flatMap((entry) => grantOf(entry, registry).mounts)
    .filter((mount) => !mount.readOnly).map((mount) => mount.host);
}

/** Which process an entry asks for. A class of workers is a process of its own here. */
export function isolationAsked({ isolation, pool }: WasmEntry): WasmEntry["isolation"] {
  return pool.workerClass === undefined ? isolation : "process";
}

/** Where a module really is: its process may read that file, and none of the links to it. */
function realFile(file: string): string {
  try {
    checkRead(file);
    return Deno.realPathSync(file);
  } catch {
    // Whoever reads it says what is wrong with it.
    return file;
  }
}
