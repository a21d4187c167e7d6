/**
 * `wasi:http/outgoing-handler`:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/handler.wit}
 *
 * @module
 */
import { mayReachName } from "../../grant/network.ts";
import type { Reach } from "../network/reach.ts";
import { parseAuthority } from "./authority.ts";
import { Connections } from "./connections.ts";
import { refused } from "./error_code.ts";
import { OutgoingExchange, type Sendable } from "./outgoing_exchange.ts";
import { lengthOf } from "./field_syntax.ts";
import { Fields } from "./fields.ts";
import { FutureIncomingResponse } from "./future_incoming_response.ts";
import { OutgoingRequest, type RequestParts } from "./outgoing_request.ts";
import type { RequestOptions } from "./request_options.ts";
import { methodWord, transportOf } from "./target.ts";
import { milliseconds } from "./watchdog.ts";

/** Ports where none is said. */
const PORTS = { http: 80, https: 443 } as const;

/** Requests of one guest that are under way: those that wait for a connection cost the host about 14 KiB each. */
const MAX_UNDER_WAY = 4096;

/** `handle: func(request, options) -> result<future-incoming-response, error-code>` */
export type Handle = (
  request: OutgoingRequest,
  options: RequestOptions | undefined,
) => FutureIncomingResponse;

/**
 * Makes `handle`.
 *
 * @param reach The guest's way out.
 */
export function handleOf(reach: Reach): Handle {
  const sender = { reach, connections: new Connections(reach) };
  let underWay = 0;
  return (request, options) => {
    const parts = OutgoingRequest.partsOf(request);
    let sendable: Omit<Sendable, "release">;
    try {
      if (underWay >= MAX_UNDER_WAY) throw refused({ tag: "connection-limit-reached" });
      sendable = sendableOf(parts, reach);
    } catch (error) {
      parts.body?.close();
      parts.release();
      throw error;
    }
    const timeouts = {
      connect: milliseconds(options?.connectTimeout()),
      firstByte: milliseconds(options?.firstByteTimeout()),
      betweenBytes: milliseconds(options?.betweenBytesTimeout()),
    };
    underWay++;
    const release = () => {
      underWay--;
      parts.release();
    };
    const exchange = new OutgoingExchange({ ...sendable, release }, timeouts, sender);
    return new FutureIncomingResponse(exchange.outcome, () => exchange.abort());
  };
}

/**
 * What may be sent of what a guest asks for.
 *
 * @throws {ComponentError} With an `error-code`.
 */
function sendableOf(parts: RequestParts, reach: Reach): Omit<Sendable, "release"> {
  const method = methodWord(parts.method);
  // A tunnel is no request with a response; and node:http, which sends them, knows only capital letters.
  if (method.toUpperCase() !== method || method === "CONNECT") {
    throw refused({ tag: "HTTP-request-method-invalid" });
  }
  const scheme = transportOf(parts.scheme);
  if (scheme === undefined) throw refused({ tag: "HTTP-protocol-error" });
  const authority = parts.authority === undefined ? undefined : parseAuthority(parts.authority);
  if (authority === undefined) throw refused({ tag: "HTTP-request-URI-invalid" });
  const path = pathOf(parts.pathWithQuery ?? "");
  if (path === "*" && method !== "OPTIONS") throw refused({ tag: "HTTP-request-URI-invalid" });
  const port = authority.port ?? PORTS[scheme];
  // Addresses are judged where they are dialled, and names again with the addresses that they lead to.
  if (typeof authority.host === "string" && !mayReachName(reach.network, [scheme], authority.host, port)) {
    throw refused({ tag: "HTTP-request-denied" });
  }
  const fields = Fields.entriesOf(parts.headers);
  return {
    method,
    scheme,
    authority,
    port,
    path,
    fields,
    declared: lengthIn(fields, parts),
    body: parts.body,
  };
}

/** No path is the root's. */
function pathOf(pathWithQuery: string): string {
  return pathWithQuery === "" || pathWithQuery.startsWith("?") ? `/${pathWithQuery}` : pathWithQuery;
}

function lengthIn(fields: ReturnType<typeof Fields.entriesOf>, { body }: RequestParts): bigint | undefined {
  const lengths = fields.filter(([name]) => name.toLowerCase() === "content-length");
  if (lengths.length === 0) return undefined;
  const length = lengthOf(lengths[0]![1]);
  // Two lengths are two ends of one request: whoever reads the other one takes the rest for another request.
  if (length === undefined || lengths.length > 1) throw refused({ tag: "HTTP-protocol-error" });
  if (length > 0n && body === undefined) throw refused({ tag: "HTTP-request-body-size", val: 0n });
  return length;
}
