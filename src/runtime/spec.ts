/**
 * An entry → what a compartment is told of its guest.
 *
 * @module
 */
import type { GuestSpec } from "../compartment/spec.ts";
import { at } from "../config/position.ts";
import { grantOf } from "../grant/from_entry.ts";
import { isWasm, type WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { settleMounts } from "./mounts.ts";

/**
 * What a compartment is told of an entry's guest.
 *
 * @throws {NotFound} If a mounted directory is not there.
 * @throws {CapabilityError} If a mount leads where none may.
 */
export function specOfEntry(entry: WasmEntry, registry: Registry): GuestSpec {
  const grant = grantOf(entry, registry);
  const mounts = settleMounts(grant.mounts, {
    writable: writableMounts(registry),
    system: entry.allowSystem
      ? undefined
      : `to allow it, declare allow_system: true in ${entry.id} (${at(entry.at)})`,
    of: `${at(entry.where.wasi)}: ${entry.id}`,
  });
  return {
    file: entry.file,
    hash: entry.hash,
    method: entry.method,
    program: entry.command?.name ?? entry.name,
    grant: { ...grant, mounts },
    strict: entry.strict,
    maxMemoryBytes: entry.limits.maxMemoryBytes,
    where: {
      file: entry.where.path,
      hash: entry.where.hash,
      method: entry.where.method,
      imports: entry.where.imports,
    },
  };
}

/** Directories that some entry's guest may write to. */
function writableMounts(registry: Registry): string[] {
  return registry.entries().filter(isWasm)
    .flatMap((entry) => grantOf(entry, registry).mounts)
    .filter((mount) => !mount.readOnly).map((mount) => mount.host);
}
