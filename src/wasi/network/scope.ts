/**
 * Which hosts the process's own Deno permissions cover. Asked before anything that would make Deno prompt.
 *
 * @module
 */
import { formatIp, type Ip, unmapped } from "../../grant/network.ts";

/** A host as `--allow-net` writes it: IPv6 in brackets. */
export function scopeOf(host: Ip | string, port?: number): string {
  const text = typeof host === "string" ? host : literal(host);
  return port === undefined ? text : `${text}:${port}`;
}

function literal(ip: Ip): string {
  const plain = unmapped(ip);
  return plain.family === 4 ? formatIp(plain) : `[${formatIp(plain)}]`;
}

/**
 * Whether the process may connect to a host: 3 microseconds.
 *
 * @param port `undefined`: whether it may look the name up, for which Deno wants the scope of all its ports.
 */
export function inScope(host: Ip | string, port?: number): boolean {
  return Deno.permissions.querySync({ name: "net", host: scopeOf(host, port) }).state === "granted";
}
