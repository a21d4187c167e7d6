/**
 * The hosts of WASI's packages, loaded: all of them, or those that a grant has a use for. A guest that is granted no
 * network does not wait until what serves it is loaded.
 *
 * @module
 */
import type { Package } from "../grant/grant.ts";
import { LOCAL_SIGNATURES } from "./signatures/local.ts";

/** Signatures by interface and function. */
export type Signatures = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What serves each package; `undefined`: not loaded. `wasi:io` needs no loading, all others are made of it. */
export interface Hosts {
  /** `wasi:cli`. */
  readonly cli: typeof import("./cli/mod.ts") | undefined;
  /** `wasi:clocks`. */
  readonly clocks: typeof import("./clocks/mod.ts") | undefined;
  /** `wasi:random`. */
  readonly random: typeof import("./random/mod.ts") | undefined;
  /** `wasi:filesystem`. */
  readonly filesystem: typeof import("./filesystem/mod.ts") | undefined;
  /** `wasi:http`. */
  readonly http: typeof import("./http/mod.ts") | undefined;
  /** `wasi:sockets`. */
  readonly sockets: typeof import("./sockets/mod.ts") | undefined;
  /** The way out that both of them share. */
  readonly network: typeof import("./network/reach.ts") | undefined;
  /** Of all that is loaded. */
  readonly signatures: Signatures;
}

/**
 * Loads what serves some packages.
 *
 * @param packages Those of a grant.
 */
export async function loadHosts(packages: ReadonlySet<Package>): Promise<Hosts> {
  const wants = <Module>(name: Package, load: () => Promise<Module>) =>
    packages.has(name) ? load() : undefined;
  const http = packages.has("wasi:http"), sockets = packages.has("wasi:sockets");
  const [cli, clocks, random, filesystem] = await Promise.all([
    wants("wasi:cli", () => import("./cli/mod.ts")),
    wants("wasi:clocks", () => import("./clocks/mod.ts")),
    wants("wasi:random", () => import("./random/mod.ts")),
    wants("wasi:filesystem", () => import("./filesystem/mod.ts")),
  ]);
  const local = { cli, clocks, random, filesystem };
  if (!http && !sockets) {
    return {
      ...local,
      http: undefined,
      sockets: undefined,
      network: undefined,
      signatures: LOCAL_SIGNATURES,
    };
  }
  return {
    ...local,
    http: http ? await import("./http/mod.ts") : undefined,
    sockets: sockets ? await import("./sockets/mod.ts") : undefined,
    network: await import("./network/reach.ts"),
    signatures: {
      ...LOCAL_SIGNATURES,
      ...http ? (await import("./signatures/http.ts")).HTTP_SIGNATURES : {},
      ...sockets ? (await import("./signatures/sockets.ts")).SOCKETS_SIGNATURES : {},
    },
  };
}
