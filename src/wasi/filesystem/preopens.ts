/**
 * `wasi:filesystem/preopens`:
 * {@link https://github.com/WebAssembly/wasi-filesystem/blob/v0.2.3/wit/preopens.wit}
 *
 * @module
 */
import type { Grant } from "../../grant/grant.ts";
import type { Descriptor } from "./descriptor.ts";

/**
 * `get-directories: func() -> list<tuple<descriptor, string>>` for one guest.
 *
 * @param grant Whose mounts. There may be none: mounts are not supported yet, and are refused, not left out.
 */
export function getDirectories(grant: Grant): () => [Descriptor, string][] {
  return () => {
    if (grant.mounts.length > 0) throw new Error("wasi:filesystem mounts are not supported yet");
    return [];
  };
}
