/**
 * Where a request goes: `host[:port]`, and nothing else that a URI's authority could hold.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-4.2
 * @module
 */
import { formatIp, type Ip, parseIp, parseName } from "../../grant/network.ts";

/** A host, and perhaps a port. */
export interface Authority {
  /** An address, or a name in the form in which rules compare them. */
  readonly host: Ip | string;
  /** The port, if one is said. */
  readonly port: number | undefined;
  /** The same as text, for the `host` field. */
  readonly text: string;
}

/** Long enough for every name, in any alphabet, and a port. */
const MAX_LENGTH = 1024;

/**
 * Reads an authority. What another reader could take for another host is none: users, escapes, backslashes, numbers
 * in place of addresses.
 *
 * @returns `undefined` where the text is none.
 */
export function parseAuthority(text: string): Authority | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const match = /^(\[[^[\]]*\]|[^:[\]]*)(?::(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const port = match[2] === undefined ? undefined : Number(match[2]);
  if (port !== undefined && (port < 1 || port > 65535)) return undefined;
  const host = parseHost(match[1]!);
  if (host === undefined) return undefined;
  const name = typeof host === "string" ? host : host.family === 4 ? formatIp(host) : `[${formatIp(host)}]`;
  return { host, port, text: port === undefined ? name : `${name}:${port}` };
}

function parseHost(text: string): Ip | string | undefined {
  if (!text.startsWith("[")) return parseIp(text) ?? parseName(text);
  const ip = parseIp(text.slice(1, -1));
  return ip?.family === 6 ? ip : undefined;
}
