/**
 * The middleware `cors`: which pages of other origins may read answers.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 * @module
 */
import type { ResponseHead } from "../wasi/http/incoming_exchange.ts";
import { ResponseBody } from "../wasi/http/response_body.ts";
import type { HttpExchange } from "./http_exchange.ts";
import { field, fieldOf, withName } from "./http_fields.ts";
import type { Middleware } from "./http_middleware.ts";
import type { OptionReader } from "./http_options.ts";

const METHODS = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
const HEADERS = ["Origin", "Content-Type", "Accept", "Authorization", "X-Requested-With"];
const ALLOW_ORIGIN = "access-control-allow-origin";

/** Makes it. */
export function cors(options: OptionReader): Middleware {
  const origins = options.list("allow.origins", "allow_origins") ?? ["*"];
  const methods = options.list("allow.methods", "allow_methods") ?? METHODS;
  const headers = options.list("allow.headers", "allow_headers") ?? HEADERS;
  const exposed = options.list("expose.headers", "expose_headers") ?? [];
  const withCredentials = options.flag("allow.credentials", "allow_credentials");
  const maxAge = options.count("max.age", 0, 86400, "max_age");
  const privateNetwork = options.flag("allow.private.network", "allow_private_network");
  const lists = [["allow.methods", methods], ["allow.headers", headers], [
    "expose.headers",
    exposed,
  ]] as const;
  for (const [key, values] of lists) {
    const wrong = values.find((value) => !/^[\w!#$%&'*+.^`|~-]+$/.test(value));
    if (wrong !== undefined) options.wrong(key, wrong, "names with commas between");
  }
  const any = origins.includes("*");
  if (any && withCredentials) {
    // Whoever answers credentials to every origin that asks, lets every page on the web act as its visitors.
    options.warn(
      "cors.allow.credentials is true and cors.allow.origins is *: browsers give credentials to origins that are named " +
        "only; name them",
    );
  }
  const patterns = origins.filter((origin) => origin !== "*").map((text) => originPattern(text, options));
  const allows = (origin: string) => any || patterns.some((pattern) => pattern?.(origin));

  /** The fields of an answer that a page of an origin may read. */
  const readable = (origin: string) => {
    const fields = [field(ALLOW_ORIGIN, any ? "*" : origin)];
    if (withCredentials && !any) fields.push(field("access-control-allow-credentials", "true"));
    return fields;
  };

  const preflight = (origin: string, exchange: HttpExchange): ResponseHead => {
    const fields = [
      ...readable(origin),
      field("access-control-allow-methods", methods.join(", ")),
      field("access-control-allow-headers", headers.join(", ")),
      field("access-control-max-age", String(maxAge)),
      field("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
    ];
    if (privateNetwork && exchange.field("access-control-request-private-network") === "true") {
      fields.push(field("access-control-allow-private-network", "true"));
    }
    return { status: 204, headers: fields, body: ResponseBody.of(new Uint8Array(0)) };
  };

  return {
    before(exchange) {
      if (exchange.method !== "OPTIONS" || !exchange.field("access-control-request-method")) return undefined;
      const origin = exchange.field("origin");
      return origin !== undefined && allows(origin) ? preflight(origin, exchange) : undefined;
    },
    after(exchange, head) {
      const origin = exchange.field("origin");
      // A guest that says itself who may read its answer knows better.
      if (fieldOf(head.headers, ALLOW_ORIGIN) !== undefined) return head;
      // Caches keep an answer for one origin apart from that for another, or for none.
      const headers = any ? head.headers : withName(head.headers, "vary", "Origin");
      if (origin === undefined || !allows(origin)) return { ...head, headers };
      const more = [...headers, ...readable(origin)];
      if (exposed.length > 0) more.push(field("access-control-expose-headers", exposed.join(", ")));
      return { ...head, headers: more };
    },
  };
}

/**
 * Which origins an item of the list stands for: `https://a.example` for itself, `*.a.example` for all hosts below, at the
 * usual port, `https://*.a.example:8443` for those of one scheme and port.
 */
function originPattern(text: string, options: OptionReader): ((origin: string) => boolean) | undefined {
  const parts = /^(?:([a-z][a-z\d+.-]*):\/\/)?(\*\.)?([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i.exec(text);
  if (text === "null" || (parts === null && !text.includes("*"))) return (origin) => origin === text;
  if (parts === null) {
    options.wrong(
      "allow.origins",
      text,
      "origins as https://a.example or *.a.example, with commas between, or *",
    );
    return undefined;
  }
  const [, scheme, wild, host, port = ""] = parts;
  if (wild === undefined) return (origin) => origin === text;
  const end = `.${host!.toLowerCase()}${port}`;
  return (origin) => {
    const [, its, authority] = /^([a-z][a-z\d+.-]*):\/\/([^/?#@]+)$/i.exec(origin) ?? [];
    return authority !== undefined && authority.length > end.length &&
      authority.toLowerCase().endsWith(end) &&
      (scheme === undefined || its!.toLowerCase() === scheme.toLowerCase());
  };
}
