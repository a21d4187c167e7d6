/**
 * What keeps another version of an application from being put in force, beside what its files say.
 *
 * @module
 */
import { digest } from "../compartment/module.ts";
import { at } from "../config/position.ts";
import { isWasm, type WasmEntry } from "../registry/entry.ts";
import { reasonOf } from "../registry/files.ts";
import { checkRead } from "../registry/permitted.ts";
import type { Registry } from "../registry/registry.ts";
import { IntegrityError } from "./error.ts";
import { checkPermissions } from "./lacking.ts";
import type { Changes } from "./reload_changes.ts";

/**
 * Makes sure that this process may do what entries declare that are new or changed, and that the files of their modules, and
 * of others, are those that are declared.
 *
 * @param registry The application, as it will be.
 * @param more Ids of entries whose modules are looked at though nothing has changed about them.
 * @throws {Deno.errors.NotCapable} With the flags that this process would have to be started with.
 * @throws {IntegrityError} If a module's file is not the declared one.
 * @throws {AggregateError} With all of them, if there are several.
 */
export async function checkReload(
  registry: Registry,
  { changed, added }: Changes,
  more: Iterable<string>,
): Promise<void> {
  const differ = new Set([...changed, ...added]);
  const looked = new Set([...differ, ...more]);
  const errors: Error[] = [];
  for (const entry of registry.entries()) {
    if (!isWasm(entry) || !looked.has(entry.id)) continue;
    try {
      if (differ.has(entry.id)) await checkPermissions(entry, registry);
      if (entry.source === undefined) await checkModule(entry);
    } catch (error) {
      errors.push(error as Error);
    }
  }
  const [first, second] = errors;
  if (first === undefined) return;
  if (second === undefined) throw first;
  const lines = errors.map(({ name, message }) => `${name}: ${message}`);
  throw new AggregateError(errors, `${errors.length} entries cannot be put in force:\n${lines.join("\n")}`);
}

async function checkModule({ id, file, hash, where }: WasmEntry): Promise<void> {
  let actual: string;
  try {
    checkRead(file);
    actual = await digest(await Deno.readFile(file));
  } catch (error) {
    const message = `${at(where.path)}: ${id} names ${file}, which cannot be read: ${reasonOf(error)}`;
    throw error instanceof Deno.errors.NotCapable
      ? new Deno.errors.NotCapable(message, { cause: error })
      : new Deno.errors.NotFound(message, { cause: error });
  }
  if (actual !== hash) throw new IntegrityError(`${at(where.hash)}: ${id}`, file, hash, actual);
}
