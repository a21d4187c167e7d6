/**
 * Confining the current thread, and what it starts or becomes.
 *
 * @module
 */
import {
  type Confinement,
  type ConfineReport,
  type Measure,
  SandboxError,
  type Unavailable,
} from "./confinement.ts";
import { assemble } from "./bpf.ts";
import { exec, type Program } from "./exec.ts";
import { restrict } from "./landlock.ts";
import { type Kernel, loadKernel } from "./libc.ts";
import { policyOf } from "./policy.ts";
import { dieAfter, dieWith, dropCapabilities, noCoreDumps, noNewPrivileges } from "./privileges.ts";
import { install } from "./seccomp.ts";

const ALL: readonly Measure[] = [
  "no-new-privileges",
  "no-core-dumps",
  "capabilities",
  "files",
  "truncate",
  "devices",
  "tcp-ports",
  "signals",
  "abstract-sockets",
  "system-calls",
];

/** A confined thread. */
export interface Confined {
  /** What holds, and what does not. */
  readonly report: ConfineReport;
  /**
   * Becomes another program, which is confined as this thread is. Where processes are not allowed, this is the only way
   * to execute one, and the new program cannot do it again.
   *
   * @throws {SandboxError} If it does not become that program. It never returns otherwise.
   */
  exec(program: Program): never;
}

/** How long a confined process may live. The kernel sees to it, whatever the process does. */
export interface Life {
  /** The process whose end is its end: its parent. (More exactly, the thread that started it.) */
  readonly parent?: number | undefined;
  /** Milliseconds from now, after which SIGALRM ends it. Only native code could hold that up; JavaScript cannot. */
  readonly milliseconds?: number | undefined;
}

/**
 * Confines the current thread and what it starts or becomes: Landlock, a system call filter, no new privileges. It cannot
 * be taken back. Deno's other threads, which do much of its work, are not confined: only what comes of `exec`, which ends
 * them, is behind the wall.
 *
 * @param confinement What remains allowed.
 * @param life How long it may last; by default as long as it likes.
 * @returns What became of it. Whoever needs the whole wall must look whether `report.unavailable` is empty.
 * @throws {SandboxError} If the confinement itself cannot be made (a path leads through a link; the parent has
 * ended). The thread may then be confined in part, and should end.
 */
export function confine(confinement: Confinement, life: Life = {}): Confined {
  const loaded = loadKernel();
  if ("reason" in loaded) return unconfined(loaded.reason);
  const { kernel } = loaded;
  const raised: Measure[] = [];
  const unavailable: Unavailable[] = [];

  noNewPrivileges(kernel);
  raised.push("no-new-privileges");
  noCoreDumps(kernel);
  raised.push("no-core-dumps");

  // Before the filter, which forbids to take these back.
  if (life.parent !== undefined && !dieWith(kernel, life.parent)) {
    throw new SandboxError("the process that asked for this one has ended");
  }
  if (life.milliseconds !== undefined) dieAfter(kernel, life.milliseconds);

  const landlocked = restrict(kernel, confinement);
  raised.push(...landlocked.raised);
  unavailable.push(...landlocked.unavailable);

  // After Landlock, so that a superuser without rights to a path still makes the rules for it.
  dropCapabilities(kernel);
  raised.push("capabilities");

  const pass = crypto.getRandomValues(new BigInt64Array(3));
  const reason = filter(kernel, confinement, pass);
  if (reason === undefined) raised.push("system-calls");
  else unavailable.push({ measure: "system-calls", reason });

  const held = heldByTheFilter(raised, confinement);
  const report = Object.freeze({
    raised: Object.freeze([
      ...raised,
      ...unavailable.map(({ measure }) => measure).filter((it) => held.has(it)),
    ]),
    unavailable: Object.freeze(unavailable.filter(({ measure }) => !held.has(measure))),
    missing: Object.freeze(landlocked.missing),
    landlock: landlocked.abi,
  });
  return { report, exec: (program) => exec(kernel, program, [...pass]) };
}

function filter(kernel: Kernel, confinement: Confinement, pass: BigInt64Array): string | undefined {
  const [a, b, c] = pass as unknown as [bigint, bigint, bigint];
  const subject = { arch: kernel.arch, pid: kernel.call("getpid"), pass: [a, b, c] as const };
  return install(kernel, assemble(policyOf(confinement, subject)));
}

/** What the system call filter refuses altogether is held, even if Landlock is too old for it, or not there. */
function heldByTheFilter(
  raised: readonly Measure[],
  { tcpBind, tcpConnect, processes }: Confinement,
): ReadonlySet<Measure> {
  const held = new Set<Measure>();
  if (!raised.includes("system-calls")) return held;
  held.add("abstract-sockets");
  if (!processes) held.add("signals");
  const whole = (ports: Confinement["tcpBind"]) => ports === "any" || ports.length === 0;
  if (whole(tcpBind) && whole(tcpConnect)) held.add("tcp-ports");
  return held;
}

function unconfined(reason: string): Confined {
  const unavailable = Object.freeze(ALL.map((measure) => Object.freeze({ measure, reason })));
  return {
    report: Object.freeze({
      raised: Object.freeze([]),
      unavailable,
      missing: Object.freeze([]),
      landlock: 0,
    }),
    exec: () => {
      throw new SandboxError(`no program can be executed: ${reason}`);
    },
  };
}
