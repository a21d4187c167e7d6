/**
 * What the process may do with a mount, asked before a guest tries it: at a terminal, Deno would ask whoever sits there,
 * and it would be the guest that made it ask.
 *
 * @module
 */
import { translated } from "./error_code.ts";

/** Whether the process may read a path. Never asks anybody. */
export function mayRead(path: string): boolean {
  return granted({ name: "read", path });
}

/** Whether the process may write a path. Never asks anybody. */
export function mayWrite(path: string): boolean {
  return granted({ name: "write", path });
}

/** Whether the process may write a directory and all below it: no --deny flag names a part. Never asks anybody. */
export function mayWriteBelow(path: string): boolean {
  const { state, partial } = Deno.permissions.querySync({ name: "write", path });
  return state === "granted" && !partial;
}

/** Whether the process may read and write everything, for which Deno wants flags without a list. */
export function mayAll(): boolean {
  return granted({ name: "read" }) && granted({ name: "write" });
}

/** What a call ends with that the process may not make: what it would end with if Deno refused it. */
export function refused(): unknown {
  return translated(new Deno.errors.NotCapable());
}

function granted(asked: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(asked).state === "granted";
}
