/**
 * The shapes of `http.*`.
 *
 * @module
 */

import * as v from "valibot";
import { about, count, duration, filled, flag, id, lazy, lifecycle, MAP, text, texts } from "./common.ts";

const timeout = (what: string) => v.optional(v.pipe(duration, about(`${what}; 0 or absent: no limit`)));

/** The fields of `http.service`. */
export const httpServiceSchema = lazy(() =>
  v.object({
    addr: v.pipe(filled, about('the address to listen on, like ":8080" or "127.0.0.1:9090"')),
    timeouts: v.optional(v.object({
      read: timeout("time for a request, from its first byte to its last"),
      write: timeout("time for an answer"),
      idle: timeout("time between two requests of a connection"),
    }, MAP)),
    host: v.optional(v.object({
      buffer_size: v.optional(v.pipe(count, about("part of the original's relay; it has no meaning here"))),
      worker_count: v.optional(v.pipe(count, about("part of the original's relay; it has no meaning here"))),
    }, MAP)),
    tls: v.optional(v.object({
      mode: v.optional(v.pipe(
        v.picklist(["", "auto", "manual"], "must be a known mode"),
        about("manual: with cert and key; empty: no TLS"),
      )),
      cert: v.optional(v.pipe(text, about("the certificate as PEM text, or the file:// that holds it"))),
      key: v.optional(v.pipe(text, about("its key as PEM text, or the file:// that holds it"))),
      client_ca: v.optional(v.pipe(text, about("not supported: certificates of clients"))),
      client_auth: v.optional(v.pipe(
        v.picklist(
          ["", "request", "require_any", "verify_if_given", "require_and_verify"],
          "must be a known way",
        ),
        about("not supported: certificates of clients"),
      )),
      cert_env: v.optional(v.pipe(text, about("not supported: write cert: ${env:NAME}"))),
      key_env: v.optional(v.pipe(text, about("not supported: write key: ${env:NAME}"))),
      client_ca_env: v.optional(v.pipe(text, about("not supported: certificates of clients"))),
    }, MAP)),
    network: v.optional(v.pipe(v.union([v.literal(""), id], "must be an id"), about("not supported"))),
    lifecycle: v.optional(lifecycle()),
  }, MAP)
);

const middleware = v.optional(v.pipe(texts, about("names of what every request passes, in order")));
const options = v.optional(
  v.pipe(v.record(text, text, MAP), about("options of the middleware by full name")),
);

/** The fields of `http.router`. */
export const httpRouterSchema = lazy(() =>
  v.object({
    prefix: v.optional(v.pipe(
      text,
      v.regex(/^(?:\/[\s\S]*)?$/, 'must begin with a slash, like "/api"'),
      about("what the paths of its endpoints begin with"),
    )),
    middleware,
    options,
    post_middleware: middleware,
    post_options: options,
    server: v.optional(v.pipe(v.unknown(), about("has no effect: the service is meta.server"))),
  }, MAP)
);

/** The fields of `http.endpoint`. */
export const httpEndpointSchema = lazy(() =>
  v.object({
    func: v.pipe(id, about("the function to call")),
    path: v.pipe(
      filled,
      v.regex(/^\/[\s\S]*$/, 'must begin with a slash, like "/users/{id}"'),
      about('the pattern of paths, like "/users/{id}"'),
    ),
    method: v.pipe(
      v.picklist(
        ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"],
        "must be a known method",
      ),
      about("the method of the requests, like GET"),
    ),
  }, MAP)
);

/** The fields of `http.static`. */
export const httpStaticSchema = lazy(() =>
  v.object({
    path: v.pipe(
      filled,
      v.regex(/^\/[\s\S]*$/, 'must begin with a slash, like "/static"'),
      about('what the paths of its files begin with, like "/static"'),
    ),
    fs: v.pipe(id, about("the fs.directory entry that holds the files")),
    directory: v.optional(v.pipe(text, about("the directory within fs; by default all of it"))),
    static_options: v.optional(v.object({
      spa: v.optional(v.pipe(flag, about("whether a path without a file is answered with index"))),
      index: v.optional(v.pipe(text, about("the file that stands for its directory, by default index.html"))),
      cache: v.optional(v.pipe(text, about("what cache-control says of every file"))),
    }, MAP)),
    middleware,
    // Older files have the static options among these, as values of any kind.
    options: v.optional(v.pipe(
      v.record(text, v.union([text, flag, v.number()], "must be a string"), MAP),
      about("options of the middleware by full name"),
    )),
  }, MAP)
);

/** What of `meta` a router and static files need. */
export const serverMetaSchema = lazy(() =>
  v.object({ server: v.pipe(id, about("the http.service entry that it belongs to")) }, MAP)
);

/** What of `meta` an endpoint needs. */
export const routerMetaSchema = lazy(() =>
  v.object({ router: v.pipe(id, about("the http.router entry that it belongs to")) }, MAP)
);
