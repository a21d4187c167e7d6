/**
 * One rule of `wasi.network.allow`: text → what it covers.
 *
 * @module
 */
import { formatIp, type Ip, parseIp, type Prefix, unmappedPrefix, WIDTH } from "./ip.ts";

/** What a connection is used for. `tcp` and `udp` are sockets. */
export type Scheme = "http" | "https" | "tcp" | "udp";

/** The hosts that a rule covers. */
export type HostRule =
  | { readonly kind: "name"; /** Lower case, no dot at the end. */ readonly name: string }
  | { readonly kind: "below"; /** Every name that ends in a dot and this one. */ readonly name: string }
  | { readonly kind: "any" /** Every name, but no address. */ }
  | { readonly kind: "address"; readonly prefix: Prefix };

/** One rule. */
export interface NetworkRule {
  /** As the declaration writes it. */
  readonly text: string;
  /** What for; `undefined`: everything. */
  readonly scheme: Scheme | undefined;
  /** Which hosts. */
  readonly host: HostRule;
  /** Which ports, both included. */
  readonly ports: { readonly from: number; readonly to: number };
}

const SCHEMES: readonly string[] = ["http", "https", "tcp", "udp"];
const NO_PATH = "a rule has no path; only an address has something after a /, the length of its prefix";
const DEFAULT_PORT: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** What is wrong with a rule: the end of a sentence. */
interface Wrong {
  readonly wrong: string;
}

/**
 * Reads a rule: `[scheme://]host[:port[-port]]`, where the host is a name, `*.name`, `*`, or an address with or without
 * a prefix length (IPv6 in brackets where a port follows: `[fd00::]/8:53`).
 *
 * @param text The rule.
 * @returns The rule, or what is wrong with the text.
 */
export function networkRule(text: string): NetworkRule | Wrong {
  const prefix = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  const scheme = prefix?.[1]?.toLowerCase();
  if (scheme !== undefined && !SCHEMES.includes(scheme)) {
    return { wrong: `the scheme ${scheme} is none of ${SCHEMES.join(", ")}` };
  }
  const parts = partsOf(text.slice(prefix?.[0].length ?? 0));
  if ("wrong" in parts) return parts;
  const host = hostOf(parts);
  if ("wrong" in host) return host;
  const ports = portsOf(parts.ports, scheme);
  if ("wrong" in ports) return ports;
  if (ports.to === 0 && (host.kind !== "address" || (scheme !== undefined && scheme in DEFAULT_PORT))) {
    // Only who binds a socket says 0: the system chooses.
    return { wrong: "nothing is reached at port 0" };
  }
  return Object.freeze({
    text,
    scheme: scheme as Scheme | undefined,
    host: Object.freeze(host),
    ports: Object.freeze(ports),
  });
}

/** A rule's text after its scheme, cut at its separators. */
interface Parts {
  readonly host: string;
  readonly brackets: boolean;
  readonly length: string | undefined;
  readonly ports: string | undefined;
}

function partsOf(text: string): Parts | Wrong {
  if (/[^\x21-\x7e\u0080-\u{10ffff}]|[\s@?#\\%]/u.test(text)) {
    return { wrong: "a rule is a host and a port: no user, query, fragment, zone or space" };
  }
  const bracketed = /^\[([^[\]]*)\](?:\/([^:]*))?(?::(.*))?$/.exec(text);
  if (bracketed) {
    return { host: bracketed[1]!, brackets: true, length: bracketed[2], ports: bracketed[3] };
  }
  if (/[[\]]/.test(text)) return { wrong: "brackets enclose an IPv6 address: [fd00::1]:53" };
  // Two colons outside brackets are an IPv6 address without a port.
  const [host, ports] = /:.*:/.test(text) ? [text] : text.split(":") as [string, string?];
  const slash = host.indexOf("/");
  if (slash < 0) return { host, brackets: false, length: undefined, ports };
  return { host: host.slice(0, slash), brackets: false, length: host.slice(slash + 1), ports };
}

function hostOf({ host, brackets, length }: Parts): HostRule | Wrong {
  if (host === "") return { wrong: "the host is missing" };
  const ip = parseIp(host);
  if (brackets && ip?.family !== 6) return { wrong: `${host} is no IPv6 address` };
  if (ip !== undefined) return addressRule(ip, length);
  if (host.includes(":")) {
    return { wrong: `${host} is no IPv6 address; before a port, it stands in brackets: [fd00::1]:53` };
  }
  if (length !== undefined) return { wrong: NO_PATH };
  if (host === "*") return { kind: "any" };
  const below = host.startsWith("*.");
  const name = parseName(below ? host.slice(2) : host);
  if (name !== undefined) return { kind: below ? "below" : "name", name };
  return {
    wrong: host.includes("*")
      ? "* stands for every name (*) or all below one (*.example.com)"
      : `${host} is neither an address nor a name`,
  };
}

function addressRule(ip: Ip, text: string | undefined): HostRule | Wrong {
  const width = WIDTH[ip.family];
  const length = text === undefined ? width : /^(0|[1-9]\d{0,2})$/.test(text) ? Number(text) : Infinity;
  if (length > width) {
    const hint = text!.includes(":") ? "; before a port, the address stands in brackets: [fd00::]/8:53" : "";
    return { wrong: `a prefix length is a number from 0 to ${width}, found ${text || "nothing"}${hint}` };
  }
  const drop = BigInt(width - length);
  if (ip.bits >> drop << drop !== ip.bits) {
    const first = formatIp({ family: ip.family, bits: ip.bits >> drop << drop });
    return { wrong: `the address has bits beyond its prefix length: the range is ${first}/${length}` };
  }
  return { kind: "address", prefix: Object.freeze(unmappedPrefix({ ...ip, length })) };
}

function portsOf(text: string | undefined, scheme: string | undefined): NetworkRule["ports"] | Wrong {
  if (text === undefined) {
    const port = scheme === undefined ? undefined : DEFAULT_PORT[scheme];
    return port === undefined ? { from: 0, to: 65535 } : { from: port, to: port };
  }
  const range = /^(0|[1-9]\d{0,4})(?:-(0|[1-9]\d{0,4}))?$/.exec(text);
  const from = Number(range?.[1]);
  const to = Number(range?.[2] ?? from);
  if (range && from <= to && to <= 65535) return { from, to };
  if (text.includes("/")) return { wrong: NO_PATH };
  return { wrong: `${text === "" ? "nothing" : text} is no port and no range of ports (0 to 65535)` };
}

/** Characters of the longest text that may be a name: international names become shorter in their ASCII form. */
const LONGEST = 1000;

/**
 * A host name in the form in which names are compared: ASCII (international names in their `xn--` form), lower case,
 * without the dot at the end. `undefined` where the text is no name, or some library could take it for an address.
 *
 * @see https://url.spec.whatwg.org/#ends-in-a-number-checker
 */
export function parseName(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  let name = text.toLowerCase();
  // deno-lint-ignore no-control-regex -- everything but ASCII
  if (/[^\x00-\x7f]/.test(name)) {
    // What a URL would cut off, or take for another part of itself.
    // deno-lint-ignore no-control-regex -- some of it
    if (/[\x00-\x20\x7f\s/:?#@\\[\]%]/.test(name)) return undefined;
    try {
      name = new URL(`http://${name}`).hostname;
    } catch {
      return undefined;
    }
  }
  if (name.endsWith(".")) name = name.slice(0, -1);
  if (name.length > 253) return undefined;
  const labels = name.split(".");
  if (!labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))) return undefined;
  // What ends in a number is an address to URL parsers and to inet_aton, in one of its old forms.
  return /^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1)!) ? undefined : name;
}
