/**
 * Directories that are made when they are first used: `auto_init` of an `fs.directory`.
 *
 * @module
 */
import { CapabilityError } from "../grant/error.ts";
import type { DirectoryEntry, WasmEntry } from "../registry/entry.ts";
import { checkWrite, may } from "../registry/permitted.ts";
import type { Registry } from "../registry/registry.ts";
import { linkInGuestsHands } from "./mounts.ts";

/**
 * Makes the mounted directories of an entry that ask to be made and are not there.
 *
 * @param writable Directories of the host that some guest may write to.
 * @throws {CapabilityError} Where a guest may have decided what would be made.
 * @throws {Deno.errors.NotCapable} Where this process may not.
 */
export function initMounts(entry: WasmEntry, registry: Registry, writable: readonly string[]): void {
  for (const { fs } of entry.wasi.mounts) {
    const directory = registry.get(fs);
    if (directory?.kind === "fs.directory") initDirectory(directory, writable);
  }
}

/**
 * Makes a directory that asks to be made and is not there, with those above it, and with the permission bits that it
 * declares; the process's umask takes from these.
 *
 * @param writable Directories of the host that some guest may write to.
 * @throws {CapabilityError} Where a guest may have decided what would be made.
 * @throws {Deno.errors.NotCapable} Where this process may not.
 */
export function initDirectory(directory: DirectoryEntry, writable: readonly string[]): void {
  const { autoInit, host, id, mode } = directory;
  if (!autoInit || isThere(host) !== false) return;
  const link = linkInGuestsHands(host, writable);
  if (link !== undefined) {
    const asked = `making ${host} for ${id}, which leads through the link ${link}`;
    const hint =
      "a guest may write where the link is, and may have made it; declare the directory it leads to";
    throw new CapabilityError({ asked, allowed: [], wall: "link", hint });
  }
  checkWrite(host);
  Deno.mkdirSync(host, { recursive: true, mode });
}

/** Whether something is at a path; `undefined` where this process may not look. */
export function isThere(path: string): boolean | undefined {
  if (!may({ name: "read", path })) return undefined;
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
