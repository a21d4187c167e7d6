/**
 * Which hosts the process's own Deno permissions cover. Asked before anything that would make Deno prompt.
 *
 * @module
 */
import { hostText, type Ip } from "../../grant/network.ts";

/** A host as `--allow-net` writes it. */
export function scopeOf(host: Ip | string, port?: number): string {
  return port === undefined ? hostText(host) : `${hostText(host)}:${port}`;
}

/**
 * Whether the process may connect to a host. Asking takes some 3 microseconds.
 *
 * @param port `undefined`: whether it may look the name up, for which Deno wants the scope of all its ports.
 */
export function inScope(host: Ip | string, port?: number): boolean {
  return Deno.permissions.querySync({ name: "net", host: scopeOf(host, port) }).state === "granted";
}
