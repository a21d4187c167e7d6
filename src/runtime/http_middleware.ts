/**
 * What requests pass on the way to an endpoint: the middleware of a router, by the names of the format.
 *
 * @module
 */
import type { Issues } from "../config/issue.ts";
import { didYouMean } from "../config/nearest.ts";
import { quote } from "../config/node.ts";
import type { Position } from "../config/position.ts";
import type { ResponseHead } from "../wasi/http/incoming_exchange.ts";
import { compress } from "./http_compress.ts";
import { cors } from "./http_cors.ts";
import type { HttpExchange } from "./http_exchange.ts";
import { OptionReader } from "./http_options.ts";
import { rateLimit } from "./http_rate_limit.ts";
import { realIp } from "./http_real_ip.ts";

/** One thing that requests pass. */
export interface Middleware {
  /** Looks at a request before its endpoint does; what it returns is the answer. */
  readonly before?: (exchange: HttpExchange) => ResponseHead | undefined;
  /** Changes an answer, of whoever made it, before it is sent. */
  readonly after?: (exchange: HttpExchange, head: ResponseHead) => ResponseHead;
}

/** Makes one. */
type Make = (options: OptionReader) => Middleware;

const MAKERS: Readonly<Record<string, Make>> = {
  cors,
  real_ip: realIp,
  compress,
  ratelimit: rateLimit,
};

/** Names of the format whose work needs services that are not here. A fence among them must not silently be absent. */
const ABSENT: Readonly<Record<string, string>> = {
  token_auth: "it needs a store of tokens",
  endpoint_firewall: "it needs actors and policies",
  resource_firewall: "it needs actors and policies",
  websocket_relay: "it needs processes with mailboxes",
  sse_relay: "it needs processes with mailboxes",
  metrics: "it needs a collector of metrics",
  otel: "it needs a collector of metrics",
  sendfile: "it needs functions that set fields of responses",
};

/** A list of middleware as an entry declares it. */
export interface DeclaredChain {
  /** Their names, in order. */
  readonly names: readonly string[];
  /** Their options, by full names. */
  readonly options: Readonly<Record<string, string>>;
  /** What messages say in place of values that may be secrets: by names of options, and of names by `[i]`. */
  readonly shown: Readonly<Record<string, string>>;
  /** The entry's id. */
  readonly of: string;
  /** Where the list stands. */
  readonly at: Position;
  /** Whether a request may pass it. */
  readonly used: boolean;
}

/**
 * Makes the middleware of an entry.
 *
 * @param issues Receives names that are none, those that are not supported, and options with something wrong.
 */
export function middlewareOf(declared: DeclaredChain, issues: Issues): Middleware[] {
  const { names, options, shown, of, at, used } = declared;
  const chain: Middleware[] = [];
  for (const [i, name] of names.entries()) {
    const make = Object.hasOwn(MAKERS, name) ? MAKERS[name] : undefined;
    if (make !== undefined) {
      const reader = new OptionReader(name, declared, issues);
      chain.push(make(reader));
      reader.finish();
    } else if (Object.hasOwn(ABSENT, name)) {
      const message = `${of}: middleware ${name} is not supported: ${ABSENT[name]}`;
      if (used) issues.error("unsupported", at, message);
      else issues.warn("unsupported", at, `${message}; no route leads through it here`);
    } else {
      const known = Object.keys(MAKERS);
      const message = `${of}: there is no middleware ${quote(shown[`[${i}]`] ?? name)}; allowed: ${
        known.join(", ")
      }`;
      issues.error("value", at, message + didYouMean(name, [...known, ...Object.keys(ABSENT)]));
    }
  }
  for (const key of Object.keys(options)) {
    const [owner] = key.split(".");
    if (!key.includes(".") || names.includes(owner!)) continue;
    issues.warn(
      "unknown-field",
      at,
      `${of}: option ${quote(key)} is ignored: no middleware ${quote(owner!)} is named`,
    );
  }
  return chain;
}
