/**
 * Directories that are declared and not there.
 *
 * @module
 */
import type { DirectoryEntry } from "../registry/entry.ts";
import { checkRead } from "../registry/permitted.ts";
import type { Registry } from "../registry/registry.ts";
import type { Finding } from "./check.ts";

/** Errors about the file systems of an application. Nothing is made here: that is for a run. */
export function checkDirectories(registry: Registry): Finding[] {
  return registry.entries().flatMap((entry) => {
    const wrong = entry.kind === "fs.directory" ? wrongWith(entry) : undefined;
    if (entry.kind !== "fs.directory" || wrong === undefined) return [];
    return [{ at: entry.where.directory, message: `${entry.id}: ${wrong}`, severity: "error" as const }];
  });
}

function wrongWith({ autoInit, host }: DirectoryEntry): string | undefined {
  try {
    checkRead(host);
    return Deno.statSync(host).isDirectory ? undefined : `${host} is no directory`;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      return `this process may not look at ${host}: add --allow-read=${host.replaceAll(",", ",,")}`;
    }
    if (!(error instanceof Deno.errors.NotFound)) return `${host} cannot be opened`;
    return autoInit ? undefined : `there is no directory ${host}; make it, or declare auto_init: true`;
  }
}
