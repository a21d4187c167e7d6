/**
 * The middleware `ratelimit`: so many requests of one client in so much time.
 *
 * @module
 */
import { formatIp, type Ip, parseIp, unmapped } from "../config/ip.ts";
import { hostResponse } from "../wasi/http/error_status.ts";
import type { HttpExchange } from "./http_exchange.ts";
import type { Middleware } from "./http_middleware.ts";
import type { OptionReader } from "./http_options.ts";

/** Clients choose fields and queries: what is kept of one has a bound. */
const MAX_KEY = 256;

/** A bucket of tokens: each request takes one, and they come back with time. */
interface Bucket {
  tokens: number;
  /** When they were counted, in milliseconds. */
  at: number;
}

/** Buckets by client, those that were used last at the end. */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #perMs: number;
  readonly #burst: number;
  readonly #most: number;
  readonly #ttl: number;

  /**
   * @param perMs How many tokens come back in a millisecond.
   * @param burst How many a bucket holds.
   * @param most How many buckets there are; with one more, that goes which was used least lately.
   * @param ttl After how long a bucket goes that nobody uses, in milliseconds.
   */
  constructor(perMs: number, burst: number, most: number, ttl: number) {
    this.#perMs = perMs;
    this.#burst = burst;
    this.#most = most;
    this.#ttl = ttl;
  }

  /** How many there are. */
  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Takes a token.
   *
   * @param key Whose.
   * @param now In milliseconds.
   * @returns 0, or in how many milliseconds there will be one.
   */
  take(key: string, now: number): number {
    const { tokens, at } = this.#buckets.get(key) ?? { tokens: this.#burst, at: now };
    const filled = Math.min(this.#burst, tokens + (now - at) * this.#perMs);
    const left = filled >= 1 ? filled - 1 : filled;
    this.#buckets.delete(key);
    this.#expire(now);
    this.#buckets.set(key, { tokens: left, at: now });
    return filled >= 1 ? 0 : (1 - filled) / this.#perMs;
  }

  #expire(now: number): void {
    for (const [key, { at }] of this.#buckets) {
      if (this.#buckets.size < this.#most && now - at <= this.#ttl) return;
      this.#buckets.delete(key);
    }
  }
}

/** Makes it. */
export function rateLimit(options: OptionReader): Middleware {
  const requests = options.count("requests", 1, 100);
  const windowText = options.text("window") ?? "1m";
  const window = options.duration("window", "1m");
  const burst = options.count("burst", 1, 20);
  const most = options.count("max_entries", 1, 100_000);
  const ttl = options.duration("entry_ttl", "10m");
  // Buckets go with the requests that come; there is nothing to do at times.
  options.duration("cleanup_interval", "5m");
  const keyOf = keyStrategy(options);
  const buckets = new Buckets(requests / window, burst, most, ttl);
  return {
    before(exchange) {
      const key = keyOf(exchange);
      if (key === undefined || key === "") return hostResponse(400);
      const wait = buckets.take(key.slice(0, MAX_KEY), performance.now());
      if (wait === 0) return undefined;
      return hostResponse(429, [
        ["retry-after", String(Math.max(1, Math.ceil(wait / 1000)))],
        ["x-ratelimit-limit", String(requests)],
        ["x-ratelimit-window", windowText],
      ]);
    },
  };
}

/** What tells clients apart. */
function keyStrategy(options: OptionReader): (exchange: HttpExchange) => string | undefined {
  const text = options.text("key") ?? "ip";
  const [, kind, name] = /^(header|query):(.+)$/.exec(text) ?? [];
  if (kind === "header" && /^[\w!#$%&'*+.^`|~-]+$/.test(name!)) return (exchange) => exchange.field(name!);
  if (kind === "query") {
    return (exchange) => new URLSearchParams(exchange.query).get(name!) ?? undefined;
  }
  if (text !== "ip") options.wrong("key", text, "ip, header:NAME, query:NAME");
  return (exchange) => networkOf(exchange.client);
}

/** One client has one address of IPv4, and all the addresses of one network of IPv6 (RFC 6177). */
function networkOf(address: string): string {
  const ip = parseIp(address);
  if (ip === undefined) return address;
  const plain: Ip = unmapped(ip);
  return plain.family === 4 ? formatIp(plain) : formatIp({ family: 6, bits: plain.bits >> 64n << 64n });
}
