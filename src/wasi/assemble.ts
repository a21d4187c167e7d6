/**
 * The import objects of one guest, put together from the hosts of each package.
 *
 * @module
 */
import { withSignatures } from "../component/link/signatures.ts";
import type { Grant } from "../grant/grant.ts";
import { processStdio, type Stdio } from "./cli/stdio.ts";
import type { Hosts } from "./hosts.ts";
import type { HostInterface, WasiImports } from "./imports.ts";
import { errorInterface, pollInterface, streamsInterface } from "./io/mod.ts";
import type { Reach } from "./network/reach.ts";
import type { Watcher } from "./network/watcher.ts";

/** The newest 0.2 whose functions are all here. Every import of an 0.2.x is served by it. */
export const WASI_VERSION = "0.2.12";

/** What a guest's hosts need beside the grant. */
export interface WasiOptions {
  /** Its standard streams. Each that is absent is the process's own, touched when the guest first uses it. */
  readonly stdio?: Partial<Stdio>;
}

/**
 * The host functions of one guest.
 *
 * @param hosts What serves the packages of the grant; one that is not loaded is absent.
 * @param grant What the guest may use.
 * @param options Where the standard streams lead.
 * @param watcher Told where the guest goes on the network, if anybody is.
 */
export function assemble(
  hosts: Hosts,
  grant: Grant,
  options: WasiOptions,
  watcher: Watcher | undefined,
): WasiImports {
  const { cli, clocks, random, filesystem, http, sockets, network, signatures } = hosts;
  const imports: Record<string, HostInterface> = {};
  const add = (name: string, host: HostInterface) => {
    imports[`${name}@${WASI_VERSION}`] = withSignatures(host, signatures[name] ?? {});
  };
  const addShared = (name: string, make: () => HostInterface) => {
    imports[`${name}@${WASI_VERSION}`] = shared[name] ??= Object.freeze(
      withSignatures(make(), signatures[name] ?? {}),
    );
  };
  const atEnd: (() => void)[] = [];
  const { packages } = grant;
  let made: Reach | undefined;
  const reach = () => {
    if (made !== undefined) return made;
    const way = made = new network!.Reach(grant.network, {}, watcher);
    atEnd.push(() => way.close());
    return way;
  };
  if (packages.has("wasi:io") || packages.has("wasi:poll")) addShared("wasi:io/poll", pollInterface);
  if (packages.has("wasi:io")) {
    addShared("wasi:io/error", errorInterface);
    addShared("wasi:io/streams", streamsInterface);
  }
  if (cli && packages.has("wasi:cli")) {
    const stdio = options.stdio === undefined ? processStdio : withDefaults(options.stdio);
    for (const [name, host] of Object.entries(cli.cliInterfaces(grant, stdio))) add(`wasi:cli/${name}`, host);
  }
  if (clocks && packages.has("wasi:clocks")) {
    add("wasi:clocks/monotonic-clock", clocks.monotonicClockInterface(atEnd));
    addShared("wasi:clocks/wall-clock", clocks.wallClockInterface);
    add("wasi:clocks/timezone", clocks.timezoneInterface(grant));
  }
  if (random && packages.has("wasi:random")) {
    addShared("wasi:random/random", random.randomInterface);
    add("wasi:random/insecure", random.insecureInterface());
    add("wasi:random/insecure-seed", random.insecureSeedInterface());
  }
  if (filesystem && packages.has("wasi:filesystem")) {
    addShared("wasi:filesystem/types", filesystem.typesInterface);
    add("wasi:filesystem/preopens", filesystem.preopensInterface(grant, atEnd));
  }
  if (http && packages.has("wasi:http")) {
    addShared("wasi:http/types", http.typesInterface);
    add("wasi:http/outgoing-handler", http.outgoingHandlerInterface(reach()));
  }
  if (sockets && packages.has("wasi:sockets")) {
    for (const [name, host] of Object.entries(sockets.socketsInterfaces(reach))) {
      add(`wasi:sockets/${name}`, host);
    }
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
