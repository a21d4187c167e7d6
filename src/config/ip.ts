/**
 * IP addresses as text and as numbers.
 *
 * Only the two forms that cannot be read in two ways are addresses here: dotted decimal without leading zeroes, and
 * RFC 4291. What some libraries also take for one (`2130706433`, `0177.0.0.1`, `127.1`) is neither address nor name.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4291#section-2.2
 * @module
 */

/** An IP address. */
export interface Ip {
  /** Its version. */
  readonly family: 4 | 6;
  /** Its 32 or 128 bits. */
  readonly bits: bigint;
}

/** A range of addresses: all that begin with the same bits. */
export interface Prefix extends Ip {
  /** How many leading bits count. */
  readonly length: number;
}

/** How many bits an address of a family has. */
export const WIDTH: Readonly<Record<4 | 6, number>> = { 4: 32, 6: 128 };

/** Characters of the longest address: six groups of four digits, and an IPv4 address. */
const LONGEST = 45;

/** Reads an address; `undefined` where the text is none. Zones (`fe80::1%eth0`) and brackets are not part of one. */
export function parseIp(text: string): Ip | undefined {
  if (text.length > LONGEST) return undefined;
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): Ip | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return { family: 4, bits: join(parts.map(Number), 8n) };
}

function parseIpv6(text: string): Ip | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const shortened = halves.length === 2;
  // An embedded IPv4 address stands last only: not in the half before "::".
  if (shortened && halves[0]!.includes(".")) return undefined;
  const head = groups(halves[0]!);
  const tail = groups(halves[1] ?? "");
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  // "::" stands for at least one group.
  if (shortened ? missing < 1 : missing !== 0) return undefined;
  return { family: 6, bits: join([...head, ...new Array<number>(missing).fill(0), ...tail], 16n) };
}

/** The 16-bit groups of one half of an IPv6 address; the last may be two groups written as an IPv4 address. */
function groups(text: string): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const result: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (i === parts.length - 1 && part.includes(".")) {
      const last = parseIpv4(part);
      if (last === undefined) return undefined;
      result.push(Number(last.bits >> 16n), Number(last.bits & 0xffffn));
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) result.push(parseInt(part, 16));
    else return undefined;
  }
  return result;
}

/** An address as text, in the one form that RFC 5952 recommends. */
export function formatIp(ip: Ip): string {
  if (ip.family === 4) return split(ip, 8n).join(".");
  const groups = split(ip, 16n);
  let [start, length] = [0, 1];
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && groups[i + run] === 0) run++;
    if (run > length) [start, length] = [i, run];
  }
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

/** The parts of an address as WASI has them: four octets, or eight groups of 16 bits. */
export function partsOf(ip: Ip): number[] {
  return split(ip, ip.family === 4 ? 8n : 16n);
}

/** An address of four octets or eight groups, the other way round. */
export function ipOf(parts: readonly number[]): Ip {
  return parts.length === 4 ? { family: 4, bits: join(parts, 8n) } : { family: 6, bits: join(parts, 16n) };
}

/** The IPv4 address that an IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) stands for; any other as it is. */
export function unmapped(ip: Ip): Ip {
  return ip.family === 6 && ip.bits >> 32n === 0xffffn ? { family: 4, bits: ip.bits & 0xffff_ffffn } : ip;
}

/** A range as addresses are compared: one of IPv4-mapped addresses is that of the IPv4 addresses. */
export function unmappedPrefix(prefix: Prefix): Prefix {
  const { family, bits } = unmapped(prefix);
  return family === prefix.family || prefix.length < 96
    ? prefix
    : { family, bits, length: prefix.length - 96 };
}

/**
 * Whether an address lies in a range. A mapped address is the IPv4 address that it leads to: it lies in ranges of
 * those, and in none of IPv6, not even in `::/0`.
 */
export function covers(prefix: Prefix, ip: Ip): boolean {
  const plain = unmapped(ip);
  if (plain.family !== prefix.family) return false;
  const drop = BigInt(WIDTH[prefix.family] - prefix.length);
  return plain.bits >> drop === prefix.bits >> drop;
}

function prefixOf(text: string): Prefix {
  const [address, length] = text.split("/");
  return { ...parseIp(address!)!, length: Number(length) };
}

/**
 * Addresses that are not somewhere on the public internet: private, loopback, link-local, shared, reserved,
 * documentation, multicast.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
// deno-fmt-ignore
const NOT_PUBLIC: readonly string[] = [
  "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
  "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
  "224.0.0.0/4", "240.0.0.0/4",
];

/** Of IPv6, only what is handed out for the public (2000::/3) can be public; these parts of it are not. */
const NOT_PUBLIC_6: readonly string[] = ["2001::/23", "2001:db8::/32", "3fff::/20"];

/** What `isPrivate` compares with, made when it is first asked: most programs never ask. */
let ranges: ReturnType<typeof makeRanges> | undefined;

function makeRanges() {
  return {
    notPublic: NOT_PUBLIC.map(prefixOf),
    notPublic6: NOT_PUBLIC_6.map(prefixOf),
    global6: prefixOf("2000::/3"),
    sixToFour: prefixOf("2002::/16"),
    nat64: prefixOf("64:ff9b::/96"),
  };
}

/** Whether an address is private, loopback, link-local or otherwise not one of the public internet. */
export function isPrivate(ip: Ip): boolean {
  const { notPublic, notPublic6, global6, sixToFour, nat64 } = ranges ??= makeRanges();
  const plain = unmapped(ip);
  if (plain.family === 4) return notPublic.some((prefix) => covers(prefix, plain));
  // Translators and tunnels lead to the IPv4 address that is written in the address.
  if (covers(nat64, plain)) return isPrivate({ family: 4, bits: plain.bits & 0xffff_ffffn });
  if (covers(sixToFour, plain)) return isPrivate({ family: 4, bits: plain.bits >> 80n & 0xffff_ffffn });
  return !covers(global6, plain) || notPublic6.some((prefix) => covers(prefix, plain));
}

function join(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((bits, part) => bits << width | BigInt(part), 0n);
}

function split(ip: Ip, width: bigint): number[] {
  const count = WIDTH[ip.family] / Number(width);
  const mask = (1n << width) - 1n;
  return Array.from({ length: count }, (_, i) => Number(ip.bits >> width * BigInt(count - 1 - i) & mask));
}
