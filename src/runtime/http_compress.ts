/**
 * The middleware `compress`: answers as gzip, where the client takes it and it is worth the work.
 *
 * @module
 */
import { hasNoContent } from "../wasi/http/incoming_exchange.ts";
import type { HttpExchange } from "./http_exchange.ts";
import { fieldOf, withField, withName } from "./http_fields.ts";
import type { Middleware } from "./http_middleware.ts";
import type { OptionReader } from "./http_options.ts";

/** Kinds of contents that get smaller. Images, films and archives are compressed already. */
const WORTH =
  /^(text\/|application\/(json|javascript|xml|xhtml\+xml|wasm|manifest\+json|ld\+json|x-ndjson)\b|image\/svg\+xml\b)|\+(json|xml)\b/i;

/** Events are to arrive when they happen: gzip here keeps them until it has a block of them. */
const LIVE = /^text\/event-stream\b/i;

/** Makes it. */
export function compress(options: OptionReader): Middleware {
  const least = options.count("min.length", 0, 1024);
  const level = options.text("level") ?? "default";
  if (!["fastest", "default", "best"].includes(level)) {
    options.wrong("level", level, "fastest, default, best");
  } else if (level !== "default") {
    options.warn(`compress.level ${level}: this platform has one level only, its default`);
  }
  return {
    after(exchange, head) {
      const { status, body } = head;
      let { headers } = head;
      if (hasNoContent(exchange.method, status) || status === 206) return head;
      if (fieldOf(headers, "content-encoding") !== undefined) return head;
      const type = fieldOf(headers, "content-type") ?? "";
      if (!WORTH.test(type) || LIVE.test(type)) return head;
      if (/\bno-transform\b/i.test(fieldOf(headers, "cache-control") ?? "")) return head;
      const declared = fieldOf(headers, "content-length");
      // Contents of unknown length are sent as they are made, and would wait for one another.
      const length = body.state === "finished" ? body.waiting : declared === undefined ? 0 : Number(declared);
      if (length < Math.max(1, least)) return head;
      headers = withName(headers, "vary", "Accept-Encoding");
      if (!takesGzip(exchange)) return { ...head, headers };
      const tag = fieldOf(headers, "etag");
      // Other bytes, the same meaning (RFC 9110, section 8.8.3).
      if (tag?.startsWith('"')) headers = withField(headers, "etag", `W/${tag}`);
      headers = withField(withField(headers, "content-length"), "accept-ranges");
      exchange.gzip = true;
      return { ...head, headers: withField(headers, "content-encoding", "gzip") };
    },
  };
}

/** RFC 9110, section 12.5.3. */
function takesGzip(exchange: HttpExchange): boolean {
  let any = false;
  for (const item of (exchange.field("accept-encoding") ?? "").split(",")) {
    const [name = "", ...params] = item.toLowerCase().split(";").map((part) => part.trim());
    if (name !== "gzip" && name !== "x-gzip" && name !== "*") continue;
    const refused = params.some((param) => /^q\s*=\s*0(\.0*)?$/.test(param));
    if (name !== "*") return !refused;
    any = !refused;
  }
  return any;
}
