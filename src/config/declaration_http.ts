/**
 * What answers HTTP requests, as its file declares it: a service listens, routers belong to it, endpoints and directories of
 * files belong to those.
 *
 * @module
 */

import type { DeclarationBase } from "./declaration.ts";
import type { Lifecycle } from "./declaration_host.ts";
import type { Position } from "./position.ts";

/** How an `http.service` entry is declared. */
export interface HttpServiceDeclaration extends DeclarationBase {
  /** A server of HTTP. */
  readonly kind: "http.service";
  /** The address to listen on, without brackets; `0.0.0.0` where `addr` names none, as in `:8080`. */
  readonly hostname: string;
  /** The port to listen on; 0: any that is free. */
  readonly port: number;
  /** How long things may take, in milliseconds; `undefined`: as long as they like. */
  readonly timeouts: {
    /** A request, from its first byte to its last. */
    readonly readMs: number | undefined;
    /** The answer, from the end of the request's head to its own last byte. */
    readonly writeMs: number | undefined;
    /** The time between two requests of one connection. */
    readonly idleMs: number | undefined;
  };
  /** A certificate and its key, both as PEM text, whose file `file://` names; `undefined`: no TLS. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** The network overlay that it is to listen on, which nothing here can; `undefined`: the machine's own network. */
  readonly network: string | undefined;
  /** When it starts. */
  readonly lifecycle: Lifecycle;
  /** Where the values stand that later checks speak about. */
  readonly where: Readonly<Record<"addr" | "network", Position>>;
}

/** How an `http.router` entry is declared. */
export interface HttpRouterDeclaration extends DeclarationBase {
  /** A group of endpoints below one prefix, with middleware in common. */
  readonly kind: "http.router";
  /** Full id of the service that it belongs to: `meta.server`. */
  readonly server: string;
  /** What the paths of its endpoints begin with; empty, or with a slash in front and none at the end. */
  readonly prefix: string;
  /** Names of what every request passes before its route is known, in order. */
  readonly middleware: readonly string[];
  /** Options of these, by their full names: `cors.allow.origins`. */
  readonly options: Readonly<Record<string, string>>;
  /** Names of what every request passes after its route is known, in order. */
  readonly postMiddleware: readonly string[];
  /** Options of these. */
  readonly postOptions: Readonly<Record<string, string>>;
  /** What messages say in place of values that the file itself does not hold, by the paths of their fields. */
  readonly shown: Readonly<Record<string, string>>;
  /** Where the values stand that later checks speak about. */
  readonly where: Readonly<Record<"server" | "prefix" | "middleware", Position>>;
}

/** How an `http.endpoint` entry is declared. */
export interface HttpEndpointDeclaration extends DeclarationBase {
  /** A function that answers requests of one method and one pattern of paths. */
  readonly kind: "http.endpoint";
  /** Full id of the router that it belongs to: `meta.router`. */
  readonly router: string;
  /** Full id of the function that is called. */
  readonly func: string;
  /** The pattern of paths, as the file writes it, without the router's prefix. */
  readonly path: string;
  /** `GET`, `POST`, `PUT`, `DELETE`, `PATCH`, `HEAD`, `OPTIONS` or `TRACE`. */
  readonly method: string;
  /** What messages say in place of values that the file itself does not hold, by the paths of their fields. */
  readonly shown: Readonly<Record<string, string>>;
  /** Where the values stand that later checks speak about. */
  readonly where: Readonly<Record<"router" | "func" | "path" | "method", Position>>;
}

/** How an `http.static` entry is declared. */
export interface HttpStaticDeclaration extends DeclarationBase {
  /** A directory whose files are served. */
  readonly kind: "http.static";
  /** Full id of the service that it belongs to: `meta.server`. */
  readonly server: string;
  /** Full id of the file system that holds the files. */
  readonly fs: string;
  /** What the URLs' paths begin with: absolute. */
  readonly path: string;
  /** The directory within the file system; empty: all of it. */
  readonly directory: string;
  /** Whether a path that leads to no file is answered with the index file. */
  readonly spa: boolean;
  /** The name of the file that stands for its directory. */
  readonly index: string;
  /** What the answers' `cache-control` says; `undefined`: nothing. */
  readonly cache: string | undefined;
  /** Names of what every request passes, in order. */
  readonly middleware: readonly string[];
  /** Options of these. */
  readonly options: Readonly<Record<string, string>>;
  /** What messages say in place of values that the file itself does not hold, by the paths of their fields. */
  readonly shown: Readonly<Record<string, string>>;
  /** Where the values stand that later checks speak about. */
  readonly where: Readonly<Record<"server" | "fs" | "path" | "directory" | "middleware", Position>>;
}
