/**
 * What an entry declares and no package that it declares could use.
 *
 * @module
 */
import type { WasmEntry } from "../registry/entry.ts";
import type { Finding } from "./check.ts";

/** Mounts without a file system, variables without an environment. */
export function checkUnused({ id, imports, wasi: { mounts, env } }: WasmEntry): Finding[] {
  const packages = new Set(imports.map((item) => item.package));
  const without = (
    first: { readonly at: Finding["at"] } | undefined,
    field: string,
    name: "wasi:filesystem" | "wasi:cli",
  ) =>
    first === undefined || packages.has(name) || packages.has("wasi1") ? [] : [{
      at: first.at,
      message: `${id} declares wasi.${field}, but not ${name}, which would use it`,
      severity: "warning" as const,
    }];
  return [...without(mounts[0], "mounts", "wasi:filesystem"), ...without(env[0], "env", "wasi:cli")];
}
