/**
 * Paths of the machine that a program is compiled on, and of the one that it runs on.
 *
 * @module
 */
import { UnsupportedError } from "../compartment/error.ts";
import { at } from "../config/position.ts";
import { isAtOrBelow } from "../grant/below.ts";
import { absolute, isAbsolute } from "../registry/host_path.ts";
import type { Registry } from "../registry/registry.ts";
import type { Permissions } from "./manifest.ts";

/** Stands for the directory that a program is started in, while that is not known. */
export const STARTED_IN = "/started-in.airlock.invalid";

/** How a file of a configuration is called wherever its project is: relative to the root; absolute if it is not in there. */
export function keyOf(path: string, root: string): string {
  if (path === root) return ".";
  return isAtOrBelow(path, root) ? path.slice(root === "/" ? 1 : root.length + 1) : path;
}

/** Where such a file is kept. */
export function placeOf(key: string): string {
  return isAbsolute(key) ? `outside/${key.replaceAll(/[:\\]/g, "_").replace(/^[/_]+/, "")}` : key;
}

/**
 * Makes sure that what an application declares relative to its root stays below it: above the directory that a program is
 * started in, there is nothing that could be meant.
 *
 * @throws {UnsupportedError} For what does not.
 */
export function fixed(registry: Registry): void {
  for (const entry of registry.entries()) {
    const named = entry.kind === "fs.directory"
      ? { declared: entry.directory, path: entry.host }
      : entry.kind === "env.storage.file"
      ? { declared: entry.filePath, path: entry.file }
      : undefined;
    if (named === undefined) continue;
    const { declared, path } = named;
    if (isAbsolute(declared) || isAtOrBelow(path, STARTED_IN)) continue;
    throw new UnsupportedError(
      `${
        at(entry.at)
      }: ${entry.id} names ${declared}, outside of the project: with --at . that would be anywhere`,
    );
  }
}

/** Permissions with paths relative to the directory that the program is started in, where they were below its stand-in. */
export function relocated(permissions: Permissions): Permissions {
  const paths = (list: readonly string[]) =>
    list.map((path) => isAtOrBelow(path, STARTED_IN) ? `.${path.slice(STARTED_IN.length)}` : path);
  return { ...permissions, read: paths(permissions.read), write: paths(permissions.write) };
}

/** The same permissions where a program has been started. */
export function located(permissions: Permissions): Permissions {
  const paths = (list: readonly string[]) => list.map((path) => absolute(path, () => Deno.cwd()));
  return { ...permissions, read: paths(permissions.read), write: paths(permissions.write) };
}
