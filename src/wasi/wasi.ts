/**
 * WASI for one guest, every package of it at hand: what the library offers.
 *
 * @module
 */
import type { Grant } from "../grant/grant.ts";
import { assemble, type WasiOptions } from "./assemble.ts";
import * as cli from "./cli/mod.ts";
import * as clocks from "./clocks/mod.ts";
import * as filesystem from "./filesystem/mod.ts";
import type { Hosts } from "./hosts.ts";
import * as http from "./http/mod.ts";
import type { WasiImports } from "./imports.ts";
import * as network from "./network/reach.ts";
import type { Watcher } from "./network/watcher.ts";
import * as random from "./random/mod.ts";
import { SIGNATURES } from "./signatures.ts";
import * as sockets from "./sockets/mod.ts";

const ALL: Hosts = { cli, clocks, random, filesystem, http, sockets, network, signatures: SIGNATURES };

/**
 * The host functions of one guest. Everything that is state (what was read ahead from standard input, output that is
 * not out yet, generators) belongs to this call alone: call it once for every instance.
 *
 * @param grant What the guest may use. Interfaces of packages that it does not name are absent.
 * @param options Where the standard streams lead.
 * @returns Interfaces by full name, each with the functions and resource classes of the JavaScript mapping. Functions
 * that can block suspend the guest and return a promise only when they must wait.
 *
 * @example
 * ```ts
 * import { wasi, WASI_VERSION } from "@airlock/runtime/wasi";
 *
 * const imports = wasi({
 *   holder: "demo",
 *   packages: new Set(["wasi:cli", "wasi:io"]),
 *   args: ["demo", "Ada"],
 *   env: [["LANG", "C"]],
 *   cwd: "/",
 *   mounts: [],
 *   network: { rules: [], private: false },
 * });
 * imports[`wasi:cli/environment@${WASI_VERSION}`]; // { getArguments, … }
 * ```
 */
export function wasi(grant: Grant, options: WasiOptions = {}): WasiImports {
  return watchedWasi(grant, options, undefined);
}

/**
 * The same as {@linkcode wasi}.
 *
 * @param watcher Told where the guest goes on the network, if anybody is.
 */
export function watchedWasi(grant: Grant, options: WasiOptions, watcher: Watcher | undefined): WasiImports {
  return assemble(ALL, grant, options, watcher);
}
