/**
 * `wasi_snapshot_preview1` for core modules, on the hosts that serve components:
 * {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md}
 *
 * @module
 */
import type { Observe } from "../../component/link/observe.ts";
import { suspending } from "../../component/link/suspending.ts";
import type { Grant } from "../../grant/grant.ts";
import type { Watcher } from "../../wasi/network/watcher.ts";
import type { WasiOptions } from "../../wasi/assemble.ts";
import { args } from "./args.ts";
import { clock } from "./clock.ts";
import { entering, type Work } from "./enter.ts";
import { fdFdstat } from "./fd_fdstat.ts";
import { fdFile } from "./fd_file.ts";
import { fdFilestat } from "./fd_filestat.ts";
import { fdRead } from "./fd_read.ts";
import { fdReaddir } from "./fd_readdir.ts";
import { fdSeek } from "./fd_seek.ts";
import { fdTable } from "./fd_table.ts";
import { fdWrite } from "./fd_write.ts";
import { Guest } from "./guest.ts";
import { type Refuse, refusing } from "./packages.ts";
import { pathChange } from "./path_change.ts";
import { pathFilestat } from "./path_filestat.ts";
import { pathLink } from "./path_link.ts";
import { pathOpen } from "./path_open.ts";
import { poll } from "./poll.ts";
import { proc } from "./proc.ts";
import { random } from "./random.ts";
import { sock } from "./sock.ts";

export type { Refuse } from "./packages.ts";
export { type CoreSignature, type CoreType, MODULE, SIGNATURES } from "./signatures.ts";

/** All functions of preview 1, in groups. */
// deno-fmt-ignore
const GROUPS: readonly ((guest: Guest) => Record<string, Work>)[] = [
  args, clock, fdFdstat, fdFile, fdFilestat, fdRead, fdReaddir, fdSeek, fdTable, fdWrite,
  pathChange, pathFilestat, pathLink, pathOpen, poll, proc, random, sock,
];

/** Those that may have to wait. */
const SUSPENDING: ReadonlySet<string> = new Set(["fd_read", "fd_write", "poll_oneoff", "sched_yield"]);

/** The functions of preview 1 for one instance of one module. */
export interface Preview1 {
  /** The functions by name. Those that may wait are marked by `suspending`, and return a promise only when they must. */
  // deno-lint-ignore ban-types -- what WebAssembly takes as an import
  readonly imports: Readonly<Record<string, Function>>;
  /** What the guest ended itself with, or was ended with: also where it caught that, and returned as if nothing had happened. */
  readonly ended: Error | undefined;
  /** Says which memory is the module's. No function but those without pointers works before. */
  bind(memory: WebAssembly.Memory): void;
  /** Closes what the guest left open. To be called once its instance is not used any more. */
  release(): Promise<void> | void;
}

/** Whoever watches a guest: on the network, and what it calls. */
export type Watching = Watcher & {
  /** Asked for each function of the hosts that the guest uses, by the names that components know it by. */
  readonly observe?: Observe | undefined;
};

/**
 * The functions of one guest. All state belongs to this call: call it once for every instance.
 *
 * @param grant What the guest may use. A function of a package that it does not name throws a `CapabilityError` when it is
 * called, except for those that every libc calls before the program begins: they find nothing.
 * @param options Where the standard streams lead.
 * @param watcher Told what the guest uses, if anybody is.
 * @param refuse Makes those errors, where more is known than the grant: the place of the declaration.
 */
export function preview1(
  grant: Grant,
  options: WasiOptions = {},
  watcher?: Watching,
  refuse: Refuse = refusing(grant),
): Preview1 {
  const guest = new Guest(grant, options, refuse, watcher?.observe);
  // deno-lint-ignore ban-types -- what WebAssembly takes as an import
  const imports: Record<string, Function> = {};
  for (const group of GROUPS) {
    for (const [name, work] of Object.entries(group(guest))) {
      const func = entering(guest, work);
      imports[name] = SUSPENDING.has(name) ? suspending(func) : func;
    }
  }
  return {
    imports: Object.freeze(imports),
    get ended() {
      return guest.ended;
    },
    bind: (memory) => guest.memory.bind(memory),
    release: () => guest.release(),
  };
}
