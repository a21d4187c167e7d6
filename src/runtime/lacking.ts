/**
 * What an entry asks for and this process may not do, said at once and before anything of the guest runs.
 *
 * @module
 */
import { at } from "../config/position.ts";
import { grantOf } from "../grant/from_entry.ts";
import type { WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { certainNeeds, followed } from "./needs.ts";

/**
 * Makes sure that this process may do what an entry declares.
 *
 * An entry that declares no `wasi.network` at all has an unrestricted one, but it asks for nobody in particular: then
 * whatever the process may reach is enough.
 *
 * @throws {Deno.errors.NotCapable} With all the flags that would have to be added.
 * @throws {ScopeError} For something that no permission of Deno can name.
 */
export async function checkPermissions(entry: WasmEntry, registry: Registry): Promise<void> {
  if (nothingLacks(entry, registry)) return;
  const { lackingOfEntry } = await import("./lacking_of.ts");
  const { flags, denied } = lackingOfEntry(entry, registry);
  if (flags === "" && denied === "") return;
  const advice = [
    ...flags === "" ? [] : [`add ${flags}`],
    // Beside a list, Deno ignores the flag without one.
    ...flags.split(" ").includes("--allow-net") ? ["give no --allow-net with a list"] : [],
    ...denied === "" ? [] : [`a --deny flag forbids it what ${denied} would allow`],
  ];
  throw new Deno.errors.NotCapable(
    `${at(entry.at)}: this process may not do all that ${entry.id} declares; ${advice.join("; and ")}`,
  );
}

/**
 * Whether that is so, asked in a tenth of a millisecond: what says what is lacking takes four to load. Hosts are for
 * that to look at, unless the process may reach everybody.
 */
function nothingLacks(entry: WasmEntry, registry: Registry): boolean {
  const { read = [], env = [] } = certainNeeds(entry, registry);
  const { mounts } = followed(grantOf(entry, registry));
  const write = mounts.filter(({ readOnly }) => !readOnly).flatMap(({ host, real = host }) => [host, real]);
  const { network } = entry.wasi;
  return may({ name: "read" }, read.map((path) => ({ name: "read", path }))) &&
    may({ name: "write" }, write.map((path) => ({ name: "write", path }))) &&
    may({ name: "env" }, env.map((variable) => ({ name: "env", variable }))) &&
    (network === undefined || network.allow?.length === 0 || may({ name: "net" }, undefined));
}

/** Whether the process may do all of a kind, without exceptions, or else each of some things. */
function may(
  all: Deno.PermissionDescriptor,
  each: readonly Deno.PermissionDescriptor[] | undefined,
): boolean {
  if (each?.length === 0) return true;
  const { state, partial } = Deno.permissions.querySync(all);
  if (state === "granted" && !partial) return true;
  return each?.every((asked) => Deno.permissions.querySync(asked).state === "granted") ?? false;
}
