/**
 * What a process gives up for good, beside its view of files and of the network.
 *
 * @module
 */
import { type Kernel, SystemCallError } from "./libc.ts";

const PR_SET_NO_NEW_PRIVS = 38, PR_SET_PDEATHSIG = 1, SIGKILL = 9;
const RLIMIT_CORE = 4;
const ITIMER_REAL = 0;
/** `_LINUX_CAPABILITY_VERSION_3`: two words of each set. */
const CAPABILITY_VERSION = 0x2008_0522;
const CAP_DAC_OVERRIDE = 1, CAP_DAC_READ_SEARCH = 2, CAP_FOWNER = 3, CAP_NET_BIND_SERVICE = 10;
/**
 * Of the superuser's powers, those over files: a mount may belong to somebody else, and Landlock says which files are meant;
 * and over low ports, which are listed too.
 */
const KEPT = [CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER, CAP_NET_BIND_SERVICE]
  .reduce((bits, capability) => bits | 1 << capability, 0);

/** From here on, executing a program gives no privilege, and this thread may restrict itself. */
export function noNewPrivileges(kernel: Kernel): void {
  kernel.call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/**
 * No image of this process's memory is written when it crashes. (`PR_SET_DUMPABLE` would be undone by `execve`.)
 *
 * This is of the whole process, not of the thread.
 */
export function noCoreDumps(kernel: Kernel): void {
  kernel.call("prlimit64", 0, RLIMIT_CORE, new BigUint64Array(2).buffer, 0);
}

/** Gives up this thread's capabilities but those that files and low ports need. Without any, it changes nothing. */
export function dropCapabilities(kernel: Kernel): void {
  const header = new Uint32Array([CAPABILITY_VERSION, 0]).buffer;
  // Effective, permitted, inheritable; then their upper halves.
  const sets = new Uint32Array(6);
  kernel.call("capget", header, sets.buffer);
  const kept = sets[1]! & KEPT;
  kernel.call("capset", header, new Uint32Array([kept, kept, 0, 0, 0, 0]).buffer);
}

/**
 * Makes the kernel kill this process when its parent ends. It outlasts `execve`.
 *
 * "Parent" is the thread that started it.
 *
 * @param kernel The kernel.
 * @param parent The parent's process id.
 * @returns Whether that parent is still there.
 */
export function dieWith(kernel: Kernel, parent: number): boolean {
  kernel.call("prctl", PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  // It may have ended before the line above.
  return kernel.call("getppid") === parent;
}

/**
 * Makes the kernel kill this process (SIGALRM) after some time. It outlasts `execve`.
 *
 * @param kernel The kernel.
 * @param milliseconds How long from now; 0 takes it back.
 */
export function dieAfter(kernel: Kernel, milliseconds: number): void {
  // struct itimerval: no interval; seconds and microseconds, both a long.
  const micros = Math.ceil(milliseconds * 1000);
  const value = [0, 0, Math.floor(micros / 1e6), micros % 1e6].map(BigInt);
  kernel.call("setitimer", ITIMER_REAL, new BigInt64Array(value).buffer, 0);
}

/** Closes everything but the standard streams when the next program is executed. @returns Whether the kernel can. */
export function closeOnExec(kernel: Kernel): boolean {
  const CLOSE_RANGE_CLOEXEC = 4;
  try {
    kernel.call("close_range", 3, 0xffff_ffff, CLOSE_RANGE_CLOEXEC);
    return true;
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    return false;
  }
}
