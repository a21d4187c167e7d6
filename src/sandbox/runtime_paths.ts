/**
 * What Deno itself must read and execute to start a script, each with its reason. Found by trying: everything that is not
 * here was refused to Deno 2.9, which starts, runs WebAssembly, reads files, opens sockets and looks names up without it.
 *
 * Refused without harm: the rest of `/proc` (memory size, processor counts, control groups: there are system calls for
 * these), `/sys`, `/etc/localtime` (its link is read, not the file), `/dev/null`, `/tmp`, the home directory, certificates
 * (Deno carries its own), and the databases of `DENO_DIR` (kept in memory instead).
 *
 * @module
 */
import { SandboxError } from "./confinement.ts";
import { loadKernel } from "./libc.ts";
import { realPathOf, textOf } from "./look.ts";
import { checkRead } from "./permitted.ts";
import type { Needs } from "./rules.ts";

/** What is to be started. */
export interface Starting {
  /** The script's directory and other sources; files or directories, absolute. */
  readonly sources: readonly string[];
  /** A `DENO_DIR` that holds nothing but what may be read. Without one, the script is transpiled at each start. */
  readonly cache?: string | undefined;
  /** Whether names are looked up. */
  readonly names?: boolean;
}

/** What the C library reads to look a name up. The modules that `nsswitch.conf` may name are left out: `files` and `dns` are built in. */
const RESOLVER = ["/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf"];

/**
 * What a process must read and execute to become `deno run`.
 *
 * @param starting What is to be started.
 * @returns Real paths. They are of this very process, which becomes the other by `execve`.
 * @throws {SandboxError} If they cannot be found out.
 */
export function runtimePaths({ sources, cache, names = false }: Starting): Needs {
  const code = mappedCode();
  const execute = [
    // This program itself. A compiled one reads what is baked into it from there.
    Deno.execPath(),
    // The kernel executes the dynamic loader too.
    ...code.filter((path) => /^ld(-|\.|64\.)/.test(path.slice(path.lastIndexOf("/") + 1))),
  ];
  const read = [
    // The libraries it is linked with: libc, libm, libgcc_s…
    ...code,
    // Where the loader finds them, if it is not in its default directories.
    "/etc/ld.so.cache",
    // The seed of V8's random numbers. Refused, it falls back to the time of day.
    "/dev/urandom",
    // The extent of the main thread's stack. Refused, Deno's parser panics. A process sees its own memory anyway.
    `/proc/${Deno.pid}/maps`,
    ...(names ? RESOLVER : []),
    ...sources,
    ...(cache === undefined ? [] : [cache]),
  ];
  return { read: Object.freeze(read.flatMap(realPath)), execute: Object.freeze(execute.flatMap(realPath)) };
}

/**
 * Where its databases cannot be opened, Deno says so twice at each start, if its standard error is a terminal: noise of
 * ours in between what the guest prints. Errors of everything else are still shown.
 */
const LOG = { DENO_LOG: "error,deno::cache::cache_db=off" };

/**
 * Variables that Deno needs to start under such rules.
 *
 * @param cache As in {@linkcode Starting}.
 */
export function runtimeVariables(cache?: string): Readonly<Record<string, string>> {
  return cache !== undefined ? { ...LOG, DENO_DIR: cache } : {
    ...LOG,
    // It must be set; nothing need be there, and below a device nothing can be made, by the superuser either.
    DENO_DIR: "/dev/null/deno",
    // Otherwise Deno tries to write its first emit for 150 ms.
    DENO_EMIT_CACHE_MODE: "disable",
  };
}

/**
 * Whether {@linkcode runtimePaths} can be found out by this process. Deno shows most of `/proc` only to one that was
 * started with `--allow-all`, whatever else that may read and whatever it answers when asked about the path: so it is
 * tried. Who may load native code asks the kernel instead.
 */
export function knowsItself(): boolean {
  try {
    maps = readMaps();
    return true;
  } catch {
    return false;
  }
}

/** What was found when that was asked. The program and its libraries were there before, and stay. */
let maps: string | undefined;

const MAPS = "/proc/self/maps";

function readMaps(): string {
  try {
    checkRead(MAPS);
    return Deno.readTextFileSync(MAPS);
  } catch (error) {
    const loaded = loadKernel();
    if (!("kernel" in loaded)) throw error;
    return textOf(loaded.kernel, MAPS);
  }
}

/** The files that this process executes from: the program, the loader, the libraries. */
function mappedCode(): string[] {
  try {
    maps ??= readMaps();
  } catch (error) {
    throw new SandboxError("what this process is made of cannot be read", { cause: error });
  }
  const paths = maps.split("\n")
    // address, rights, offset, device, inode, path
    .map((line) => /^\S+ ..x. \S+ \S+ \S+ +(\/.*)$/.exec(line)?.[1])
    .filter((path) => path !== undefined);
  return [...new Set(paths)];
}

function realPath(path: string): string[] {
  try {
    checkRead(path);
    return [Deno.realPathSync(path)];
  } catch (error) {
    // What is not there is not needed, and allows nothing.
    if (error instanceof Deno.errors.NotFound) return [];
    const loaded = loadKernel();
    if (!("kernel" in loaded)) throw new SandboxError(`${path} cannot be found`, { cause: error });
    return [realPathOf(loaded.kernel, path) ?? []].flat();
  }
}
