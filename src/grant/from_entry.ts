/**
 * Entry → grant: what its declaration allows, and nothing else.
 *
 * @module
 */

import type { WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import type { Grant, Mount, Package } from "./grant.ts";

const OWNER_WRITE = 0o200;

/**
 * The grant that an entry's declaration amounts to.
 *
 * Its variables are empty: which ones there are is fixed, but their values are of one call (`environmentOf`).
 *
 * @param entry A linked entry.
 * @param registry The registry that holds it and the directories it mounts.
 * @returns The grant, frozen.
 */
export function grantOf(entry: WasmEntry, registry: Registry): Grant {
  return Object.freeze({
    holder: entry.id,
    packages: packagesOf(entry),
    args: entry.wasi.args,
    env: Object.freeze([]),
    cwd: entry.wasi.cwd,
    mounts: mountsOf(entry, registry),
    network: networkOf(entry),
  });
}

/** Without `wasi.network`, everybody: `check` says so. */
function networkOf(entry: WasmEntry): Grant["network"] {
  const { network } = entry.wasi;
  return network && Object.freeze({ rules: network.allow, private: network.private });
}

/** `wasi:io` is error, streams and poll. */
function packagesOf(entry: WasmEntry): ReadonlySet<Package> {
  const packages = new Set<Package>(entry.imports.map((item) => item.package));
  if (packages.has("wasi:io")) packages.add("wasi:poll");
  return Object.freeze(packages);
}

function mountsOf(entry: WasmEntry, registry: Registry): readonly Mount[] {
  const mounts = entry.wasi.mounts.map((mount): Mount => {
    const directory = registry.get(mount.fs);
    if (directory?.kind !== "fs.directory") {
      // The link has resolved it: only an entry of another registry comes here.
      throw new TypeError(`${entry.id} mounts ${mount.fs}, which is no fs.directory of this registry`);
    }
    // A mount never allows more than the directory's own mode does.
    const readOnly = mount.readOnly || (directory.mode & OWNER_WRITE) === 0;
    return Object.freeze({ guest: mount.guest, host: directory.host, readOnly });
  });
  return Object.freeze(mounts.sort((a, b) => a.guest < b.guest ? -1 : a.guest > b.guest ? 1 : 0));
}
