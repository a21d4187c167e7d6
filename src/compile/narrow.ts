/**
 * A process that gives up what it does not need, for good.
 *
 * @module
 */
import { CompartmentError } from "../compartment/error.ts";
import { lackingOf } from "../runtime/lacking_of.ts";
import { narrowing, type Revocation, type Scope, shellLine } from "../scope/mod.ts";

/**
 * Gives up what is beyond a scope.
 *
 * @param from What this process was started with: all of it, or what is not named remains.
 * @param to What is to remain.
 * @returns What remains beside that, since Deno has no way to take it back: a sentence for each.
 * @throws {CompartmentError} If something was not given up, or too much was. The process must not go on then.
 */
export function narrow(from: Scope, to: Scope): readonly string[] {
  const { revoke, wider } = narrowing(from, to);
  for (const one of revoke) Deno.permissions.revokeSync(descriptor(one));
  for (const one of revoke) {
    const { state, partial } = Deno.permissions.querySync(descriptor(one));
    if (state !== "granted" && !partial) continue;
    throw new CompartmentError(`this process could not give up ${JSON.stringify(one)}`);
  }
  const lacking = lackingOf(to);
  if (lacking.length === 0) return wider;
  throw new CompartmentError(`this process has given up more than it should have: ${shellLine(lacking)}`);
}

/** A descriptor of imports is none of those that Deno's types know. */
function descriptor(one: Revocation): Deno.PermissionDescriptor {
  return one as Deno.PermissionDescriptor;
}
