/**
 * The functions of `wasi_snapshot_preview1`, and the packages of an entry that allow them.
 *
 * @see https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#functions
 * @module
 */
import type { Package } from "../grant/grant.ts";
import { type CoreSignature, MODULE, SIGNATURES } from "./wasi/signatures.ts";

/** The module name of their imports. */
export const PREVIEW1: string = MODULE;

/** One function. */
export interface Preview1Function {
  /** Its type. */
  readonly type: CoreSignature;
  /** Any of these packages allows it; without any, it needs none. The first is the one to name in advice. */
  readonly packages: readonly Package[];
  /** Whether some argument is an address in the module's memory. */
  readonly memory: boolean;
}

/**
 * Descriptors are of all kinds, and a C library asks for what there is before it knows of any. What is not granted has
 * no descriptor: the standard streams are wasi:cli's, the directories wasi:filesystem's.
 */
const STREAMS: readonly Package[] = ["wasi:cli", "wasi:filesystem", "wasi:sockets"];
const OPENED: readonly Package[] = ["wasi:filesystem", "wasi:cli", "wasi:sockets"];

/** By what their names begin with; the first that fits. */
const PACKAGES: readonly (readonly [begin: RegExp, packages: readonly Package[]])[] = [
  [/^(args|environ|proc)_/, ["wasi:cli"]],
  [/^clock_/, ["wasi:clocks"]],
  [/^random_/, ["wasi:random"]],
  [/^poll_/, ["wasi:poll", "wasi:io"]],
  [/^sock_/, ["wasi:sockets"]],
  [/^path_/, ["wasi:filesystem"]],
  [/^fd_(read$|write$|close$|seek$|tell$|renumber$|fdstat_)/, STREAMS],
  [/^fd_/, OPENED],
  // Gives up nothing but the guest's own time.
  [/^sched_yield$/, []],
];

/** Those that take numbers and descriptors alone. */
const WITHOUT_MEMORY = new RegExp(
  "^(fd_(advise|allocate|close|datasync|sync|renumber|fdstat_set_.*|filestat_set_.*)|proc_.*|sched_.*|sock_shutdown)$",
);

/** All of them, by name. */
export const FUNCTIONS: ReadonlyMap<string, Preview1Function> = new Map(
  Object.entries(SIGNATURES).map(([name, type]) => {
    const packages = PACKAGES.find(([begin]) => begin.test(name))?.[1];
    // Whoever adds a function says what allows it.
    if (packages === undefined) throw new TypeError(`no package is said to allow ${name}`);
    return [name, { type, packages, memory: !WITHOUT_MEMORY.test(name) }];
  }),
);

/** What `wasi1` stands for in the `imports` of an entry: nothing in it reaches farther than `wasi:` of the entry says. */
const WASI1: readonly Package[] = [
  "wasi:cli",
  "wasi:io",
  "wasi:poll",
  "wasi:clocks",
  "wasi:random",
  "wasi:filesystem",
];

/** The packages that a declaration allows the functions of: `wasi1` written out. */
function preview1Packages(packages: ReadonlySet<Package>): ReadonlySet<Package> {
  return packages.has("wasi1") ? new Set([...packages, ...WASI1]) : packages;
}

/**
 * The package to declare for a function, where none is declared that allows it.
 *
 * @param packages What is declared.
 * @param name The function.
 * @returns `undefined` where nothing is lacking.
 */
export function lacking(packages: ReadonlySet<Package>, name: string): Package | undefined {
  const { packages: any = [] } = FUNCTIONS.get(name) ?? {};
  const all = preview1Packages(packages);
  return any.some((one) => all.has(one)) ? undefined : any[0];
}
