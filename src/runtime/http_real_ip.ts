/**
 * The middleware `real_ip`: who the client is, where a proxy says so that may.
 *
 * @module
 */
import {
  covers,
  formatIp,
  type Ip,
  parseIp,
  type Prefix,
  unmapped,
  unmappedPrefix,
  WIDTH,
} from "../config/ip.ts";
import type { HttpExchange } from "./http_exchange.ts";
import type { Middleware } from "./http_middleware.ts";
import type { OptionReader } from "./http_options.ts";

/** Loopback, private, link-local and shared addresses: proxies stand near. */
// deno-fmt-ignore
const NEAR = [
  "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "::1/128",
  "fc00::/7", "fe80::/10",
];

/**
 * Fields with the client's address alone. They count where no proxy has added to `X-Forwarded-For`: a proxy passes on what
 * it does not know, and so what a client wrote; `True-Client-IP` few of them set, so it counts where all are trusted.
 */
const SINGLE = "x-real-ip", TRUSTED = "true-client-ip";

/** Makes it. */
export function realIp(options: OptionReader): Middleware {
  const trustAll = options.flag("trust_all");
  const texts = options.list("trusted.subnets", "trusted_subnets") ?? NEAR;
  const subnets: Prefix[] = [];
  for (const text of texts) {
    const prefix = prefixOf(text);
    if (prefix === undefined) {
      options.wrong("trusted.subnets", text, "networks as 10.0.0.0/8, with commas between");
    } else subnets.push(prefix);
  }
  const trusts = (ip: Ip | undefined) =>
    trustAll || (ip !== undefined && subnets.some((net) => covers(net, ip)));
  return {
    before(exchange) {
      if (trusts(parseIp(exchange.client))) {
        const found = clientOf(exchange, trusts, trustAll);
        if (found !== undefined) exchange.client = formatIp(unmapped(found));
      }
      return undefined;
    },
  };
}

/** Whom the fields name. */
function clientOf(
  exchange: HttpExchange,
  trusts: (ip: Ip | undefined) => boolean,
  trustAll: boolean,
): Ip | undefined {
  const single = (name: string) => parseIp(exchange.field(name)?.trim() ?? "");
  if (trustAll) return single(TRUSTED) ?? single(SINGLE) ?? hopsOf(exchange)[0];
  // Each proxy adds whom it got the request from, at the end. What a client wrote itself stands before that: the first
  // from the end that is no proxy is the client.
  let client: Ip | undefined;
  for (const hop of hopsOf(exchange).reverse()) {
    if (hop === undefined) break;
    client = hop;
    if (!trusts(hop)) break;
  }
  return client ?? single(SINGLE);
}

function hopsOf(exchange: HttpExchange): (Ip | undefined)[] {
  return (exchange.field("x-forwarded-for") ?? "").split(",").map((hop) => parseIp(hop.trim()));
}

/** A network, or one address. */
function prefixOf(text: string): Prefix | undefined {
  const [address = "", length, ...rest] = text.split("/");
  const ip = parseIp(address);
  if (ip === undefined || rest.length > 0) return undefined;
  const width = WIDTH[ip.family];
  if (length === undefined) return unmappedPrefix({ ...ip, length: width });
  if (!/^\d{1,3}$/.test(length) || Number(length) > width) return undefined;
  return unmappedPrefix({ ...ip, length: Number(length) });
}
