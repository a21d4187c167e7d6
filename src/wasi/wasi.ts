/**
 * The import objects of one guest, put together from the hosts of each package.
 *
 * @module
 */
import type { Grant } from "../grant/grant.ts";
import { cliInterfaces } from "./cli/mod.ts";
import { processStdio, type Stdio } from "./cli/stdio.ts";
import { monotonicClockInterface, timezoneInterface, wallClockInterface } from "./clocks/mod.ts";
import { preopensInterface, typesInterface } from "./filesystem/mod.ts";
import { outgoingHandlerInterface, typesInterface as httpTypesInterface } from "./http/mod.ts";
import type { HostInterface, WasiImports } from "./imports.ts";
import { errorInterface, pollInterface, streamsInterface } from "./io/mod.ts";
import { Reach } from "./network/reach.ts";
import type { Watcher } from "./network/watcher.ts";
import { insecureInterface, insecureSeedInterface, randomInterface } from "./random/mod.ts";
import { SIGNATURES } from "./signatures.ts";
import { socketsInterfaces } from "./sockets/mod.ts";
import { withSignatures } from "../component/link/signatures.ts";

/** The newest 0.2 whose functions are all here. Every import of an 0.2.x is served by it. */
export const WASI_VERSION = "0.2.12";

/** What a guest's hosts need beside the grant. */
export interface WasiOptions {
  /** Its standard streams. Each that is absent is the process's own, touched when the guest first uses it. */
  readonly stdio?: Partial<Stdio>;
}

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
  const imports: Record<string, HostInterface> = {};
  const add = (name: string, host: HostInterface) => {
    imports[`${name}@${WASI_VERSION}`] = withSignatures(host, SIGNATURES[name] ?? {});
  };
  const addShared = (name: string, make: () => HostInterface) => {
    imports[`${name}@${WASI_VERSION}`] = shared[name] ??= Object.freeze(
      withSignatures(make(), SIGNATURES[name] ?? {}),
    );
  };
  const atEnd: (() => void)[] = [];
  const { packages } = grant;
  let made: Reach | undefined;
  const reach = () => {
    if (made !== undefined) return made;
    const way = made = new Reach(grant.network, {}, watcher);
    atEnd.push(() => way.close());
    return way;
  };
  if (packages.has("wasi:io") || packages.has("wasi:poll")) addShared("wasi:io/poll", pollInterface);
  if (packages.has("wasi:io")) {
    addShared("wasi:io/error", errorInterface);
    addShared("wasi:io/streams", streamsInterface);
  }
  if (packages.has("wasi:cli")) {
    const stdio = options.stdio === undefined ? processStdio : withDefaults(options.stdio);
    for (const [name, host] of Object.entries(cliInterfaces(grant, stdio))) add(`wasi:cli/${name}`, host);
  }
  if (packages.has("wasi:clocks")) {
    add("wasi:clocks/monotonic-clock", monotonicClockInterface(atEnd));
    addShared("wasi:clocks/wall-clock", wallClockInterface);
    add("wasi:clocks/timezone", timezoneInterface(grant));
  }
  if (packages.has("wasi:random")) {
    addShared("wasi:random/random", randomInterface);
    add("wasi:random/insecure", insecureInterface());
    add("wasi:random/insecure-seed", insecureSeedInterface());
  }
  if (packages.has("wasi:filesystem")) {
    addShared("wasi:filesystem/types", typesInterface);
    add("wasi:filesystem/preopens", preopensInterface(grant, atEnd));
  }
  if (packages.has("wasi:http")) {
    addShared("wasi:http/types", httpTypesInterface);
    add("wasi:http/outgoing-handler", outgoingHandlerInterface(reach()));
  }
  if (packages.has("wasi:sockets")) {
    for (const [name, host] of Object.entries(socketsInterfaces(reach))) add(`wasi:sockets/${name}`, host);
  }
  releases.set(imports, () => {
    for (const end of atEnd) end();
    return made === undefined || made.leaving.size === 0
      ? undefined
      : Promise.all(made.leaving).then(() => {});
  });
  return imports;
}

/** Hosts without anything of one guest's. They cannot change, so that the engine links them once for each component. */
const shared: Record<string, HostInterface> = {};

const releases = new WeakMap<WasiImports, () => Promise<void> | undefined>();

/**
 * Closes what a guest left open: files, sockets and requests that it did not drop. To be called once its instance is
 * not used any more; without it they are closed when the garbage collector finds them, or when they time out.
 *
 * @param imports What `wasi()` returned for the instance.
 * @returns Nothing, mostly. A promise where the guest has sent datagrams that are still to leave: whoever ends the
 * process waits for it. It takes a moment, and never rejects.
 */
export function release(imports: WasiImports): Promise<void> | void {
  return releases.get(imports)?.();
}

/** Getters, as in `processStdio`: what is not used is not touched. */
function withDefaults(given: Partial<Stdio>): Stdio {
  return {
    get stdin() {
      return given.stdin ?? processStdio.stdin;
    },
    get stdout() {
      return given.stdout ?? processStdio.stdout;
    },
    get stderr() {
      return given.stderr ?? processStdio.stderr;
    },
  };
}
