/**
 * One request and its response, as a handler's host sees them: no server and no client in particular, and nothing but
 * data and bytes, so that it can as well come from another process.
 *
 * @module
 */
import type { Source } from "../io/source.ts";
import type { Field } from "./fields.ts";
import type { ResponseBody } from "./response_body.ts";

/** A response, as far as it is known when it begins. */
export interface ResponseHead {
  /** 200 to 599. */
  readonly status: number;
  /** Names and values in the order in which they are to be sent. */
  readonly headers: readonly Readonly<Field>[];
  /** The contents. Those of a response that has none are finished and empty. */
  readonly body: ResponseBody;
}

/** A request that came in, and the way back. */
export interface IncomingExchange {
  /** As the client wrote it: `GET`. */
  readonly method: string;
  /** How it came. */
  readonly scheme: "HTTP" | "HTTPS";
  /** Whom it is addressed to: `example.com:8080`. */
  readonly authority: string | undefined;
  /** What of: `/search?q=1`; `undefined` where the request has no path, as `CONNECT`. */
  readonly pathWithQuery: string | undefined;
  /** Names and values. */
  readonly headers: readonly Field[];
  /**
   * The contents. Nothing is read from the client before the guest reads; what `read` throws is an `HttpError`, again
   * at every read. Closing it twice does no harm.
   */
  readonly body: Source;
  /** What comes after the contents; `undefined` where there is nothing. */
  trailers(): Promise<readonly Field[] | undefined>;
  /** Begins the response. Called once. */
  respond(response: ResponseHead): void;
}

/** Whether a response to a method, with a status, has no content whatever its fields say (RFC 9110, section 6.4.1). */
export function hasNoContent(method: string, status: number): boolean {
  return method === "HEAD" || status === 204 || status === 205 || status === 304;
}
