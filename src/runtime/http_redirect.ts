/**
 * Answers that lead to another path of the same server.
 *
 * @module
 */
import type { ResponseHead } from "../wasi/http/incoming_exchange.ts";
import { ResponseBody } from "../wasi/http/response_body.ts";
import { field } from "./http_fields.ts";

/**
 * Leads to a path, for this time, by the same method: 307, as Go's server says since version 1.26.
 *
 * @param path Clean and escaped: it begins with one slash, so that no client takes its beginning for a host.
 * @param query Without the question mark.
 */
export function redirectTo(path: string, query: string): ResponseHead {
  const search = query.replace(/[^\x21-\x7e]+/gu, encodeURIComponent);
  const location = search === "" ? path : `${path}?${search}`;
  return {
    status: 307,
    headers: [field("location", location)],
    body: ResponseBody.of(new Uint8Array(0)),
  };
}
