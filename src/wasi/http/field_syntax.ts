/**
 * What a field may look like, and which ones are not a guest's to set.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5
 * @module
 */

/** A method or the name of a field. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** The largest length that can be said: a `u64`. */
const MAX_LENGTH = (1n << 64n) - 1n;

/**
 * Fields that belong to the connection and not to the message (RFC 9110, section 7.6.1), and `host`, which is the
 * authority's: another value would address another server than the one that was checked.
 */
const FORBIDDEN: ReadonlySet<string> = new Set([
  "connection",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

/** Whether a text is a token: the name of a method or of a field. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Whether a name is one that guests neither set nor see. */
export function isForbidden(name: string): boolean {
  return FORBIDDEN.has(name.toLowerCase());
}

/**
 * Whether bytes can be the value of a field. No control characters but the tab: one of them ends the field. Bytes
 * above 127 are opaque, as the RFC says. A length must be a number, or two readers see two ends of one message.
 */
export function isValue(name: string, value: Uint8Array): boolean {
  for (const byte of value) {
    if (byte < 0x20 ? byte !== 0x09 : byte === 0x7f) return false;
  }
  return name.toLowerCase() !== "content-length" || lengthOf(value) !== undefined;
}

/** The number that a `content-length` says; `undefined` where it is none, or no `u64`. */
export function lengthOf(value: Uint8Array): bigint | undefined {
  if (value.length === 0 || value.length > 20) return undefined;
  for (const byte of value) if (byte < 0x30 || byte > 0x39) return undefined;
  const length = BigInt(String.fromCharCode(...value));
  return length <= MAX_LENGTH ? length : undefined;
}

/** The one `content-length` among fields; `undefined` where there is none, or where they do not say one thing. */
export function declaredLength(fields: readonly (readonly [string, Uint8Array])[]): bigint | undefined {
  const lengths = fields.filter(([name]) => name.toLowerCase() === "content-length");
  return lengths.length === 1 ? lengthOf(lengths[0]![1]) : undefined;
}
