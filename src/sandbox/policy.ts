/**
 * Which system calls a confined process may make: everything but what is listed here, and nothing that is newer than the list.
 *
 * It refuses what Landlock has no say about, what nobody needs who runs WebAssembly, and whatever has a way around Landlock.
 * A refusal is an error and not a signal, since libraries try things out and go on without them.
 *
 * @module
 */
import type { Case, Policy, Question, Rule, Verdict } from "./bpf.ts";
import type { Confinement } from "./confinement.ts";
import { type Arch, HIGHEST, numberOf, type Syscall } from "./syscalls.ts";

/** What the policy knows of the process besides its confinement. */
export interface Subject {
  readonly arch: Arch;
  /** Its process id, which `execve` leaves as it is. */
  readonly pid: number;
  /** Three numbers that only this room knows: an `execve` that carries them in its unused registers is ours. */
  readonly pass: readonly [bigint, bigint, bigint];
}

const REFUSE: Verdict = { errno: 1 }; // EPERM
const ABSENT: Verdict = { errno: 38 }; // ENOSYS

const AUDIT_ARCH: Readonly<Record<Arch, number>> = { x86_64: 0xc000_003e, aarch64: 0xc000_00b7 };

/** Never, whatever is granted. */
const NEVER: readonly Syscall[] = [
  // Other processes: their memory, their files, their scheduling. What Landlock denies of this only across its own border.
  ...["ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease"] as const,
  ...["kcmp", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "tkill", "get_robust_list"] as const,
  ...["move_pages", "migrate_pages", "sched_setaffinity", "sched_setscheduler", "sched_setparam"] as const,
  ...["sched_setattr", "setpriority", "ioprio_set"] as const,
  // To put off the end that was set for it.
  ...["setitimer", "alarm"] as const,
  // Memory and queues that all processes of one user share, out of Landlock's sight.
  ...["shmget", "shmat", "shmctl", "msgget", "msgsnd", "msgrcv", "msgctl"] as const,
  ...["semget", "semop", "semtimedop", "semctl", "mq_open", "mq_unlink"] as const,
  // The parts of the kernel with the most holes in their history. io_uring makes calls that no filter sees.
  ...["io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "perf_event_open"] as const,
  ...["userfaultfd", "add_key", "request_key", "keyctl", "modify_ldt", "iopl", "ioperm"] as const,
  ...["uselib", "ustat", "sysfs", "lookup_dcookie", "nfsservctl"] as const,
  // Other views of the file system.
  ...["mount", "umount2", "pivot_root", "chroot", "mount_setattr", "open_tree", "open_tree_attr"] as const,
  ...["move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "statmount", "listmount"] as const,
  ...["unshare", "setns", "open_by_handle_at", "name_to_handle_at"] as const,
  // What is changed about a file, or learnt of a directory, without opening it.
  ...["chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat"] as const,
  ...["setxattr", "lsetxattr", "fsetxattr", "setxattrat", "getxattr", "lgetxattr", "fgetxattr"] as const,
  ...["getxattrat", "listxattr", "llistxattr", "flistxattr", "listxattrat", "removexattr"] as const,
  ...["lremovexattr", "fremovexattr", "removexattrat", "file_setattr", "mknod", "mknodat"] as const,
  ...["utime", "utimes", "futimesat"] as const,
  ...["inotify_init", "inotify_init1", "inotify_add_watch", "fanotify_init", "fanotify_mark"] as const,
  // The machine.
  ...["kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot"] as const,
  ...["swapon", "swapoff", "acct", "quotactl", "quotactl_fd", "syslog", "vhangup", "settimeofday"] as const,
  ...["clock_settime", "adjtimex", "clock_adjtime", "sethostname", "setdomainname"] as const,
];

/**
 * The policy of a confined process.
 *
 * @param confinement What remains allowed.
 * @param subject Whose policy it is.
 * @returns The rules, ready to be assembled.
 */
export function policyOf(confinement: Confinement, subject: Subject): Policy {
  const rules: Rule[] = [];
  const add = (name: Syscall, otherwise: Verdict, cases: readonly Case[] = []) => {
    const number = numberOf(subject.arch, name);
    if (number !== undefined) rules.push({ number, cases, otherwise });
  };
  for (const name of NEVER) add(name, REFUSE);
  processes(add, confinement, subject);
  sockets(add, confinement);
  others(add, confinement);
  return { audit: AUDIT_ARCH[subject.arch], highest: HIGHEST, rules };
}

type Add = (name: Syscall, otherwise: Verdict, cases?: readonly Case[]) => void;

const CLONE_THREAD = 0x0001_0000;
/** Every CLONE_NEW* that fits into this argument: a namespace of its own gives a process powers in it. */
const CLONE_NEW = 0x7e02_0000;

function processes(add: Add, { processes }: Confinement, { pid, pass }: Subject): void {
  // Its flags are in memory, where no filter looks; without it, libraries use clone.
  add("clone3", ABSENT);
  // 0 is itself.
  const own = processes ? [0] : [0, pid];
  add("prlimit64", REFUSE, own.map((is) => allow({ arg: 0, is })));
  if (processes) {
    add("clone", REFUSE, [allow({ arg: 0, mask: CLONE_NEW, is: 0 })]);
    // A program that is a file of no path: Landlock's right to execute does not reach it.
    add("execveat", REFUSE);
    add("memfd_create", REFUSE);
    return;
  }
  add("clone", REFUSE, [allow({ arg: 0, mask: CLONE_NEW | CLONE_THREAD, is: CLONE_THREAD })]);
  add("fork", REFUSE);
  add("vfork", REFUSE);
  add("execveat", REFUSE);
  add("execve", REFUSE, [allow(...pass.flatMap((value, i) => wholly(3 + i, value)))]);
  // To itself only, which is what abort() does. Landlock says the same where it knows signals.
  for (const name of ["kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"] as const) {
    add(name, REFUSE, [allow({ arg: 0, is: pid })]);
  }
}

const AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10;
const SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_TYPE = 0xf;
const IPPROTO_TCP = 6, IPPROTO_UDP = 17;
const MSG_FASTOPEN = 0x2000_0000, SOL_TCP = 6, TCP_ULP = 31;

function sockets(add: Add, { tcpConnect, tcpBind, udp }: Confinement): void {
  const connects = tcpConnect === "any" || tcpConnect.length > 0;
  const listens = tcpBind === "any" || tcpBind.length > 0;
  const kinds: Case[] = [];
  for (const family of [AF_INET, AF_INET6]) {
    // The protocol is part of the question: to Landlock, a socket of MPTCP, SCTP or SMC is no TCP socket.
    const kind = (type: number, protocol: number) =>
      [0, protocol].map((is) =>
        allow({ arg: 0, is: family }, { arg: 1, mask: SOCK_TYPE, is: type }, { arg: 2, is })
      );
    if (connects || listens) kinds.push(...kind(SOCK_STREAM, IPPROTO_TCP));
    if (udp) kinds.push(...kind(SOCK_DGRAM, IPPROTO_UDP));
  }
  // No other family either: not netlink, not packets, and no Unix socket to the services of this host.
  add("socket", REFUSE, kinds);
  // A pair is how a runtime wakes itself. One of datagrams could be connected to a service afterwards.
  add("socketpair", REFUSE, [allow({ arg: 0, is: AF_UNIX }, { arg: 1, mask: SOCK_TYPE, is: SOCK_STREAM })]);
  if (!connects && !udp) add("connect", REFUSE);
  if (!listens && !udp) add("bind", REFUSE);
  // Listening without bind takes any free port, and Landlock is not asked.
  if (!listens) { for (const name of ["listen", "accept", "accept4"] as const) add(name, REFUSE); }
  // Sends and connects at once, and Landlock is not asked: https://github.com/landlock-lsm/linux/issues/41
  add("sendto", "allow", [refuse({ arg: 3, mask: MSG_FASTOPEN, is: MSG_FASTOPEN })]);
  add("sendmsg", "allow", [refuse({ arg: 2, mask: MSG_FASTOPEN, is: MSG_FASTOPEN })]);
  add("sendmmsg", "allow", [refuse({ arg: 3, mask: MSG_FASTOPEN, is: MSG_FASTOPEN })]);
  // Makes a TCP socket one of another protocol.
  add("setsockopt", "allow", [refuse({ arg: 1, is: SOL_TCP }, { arg: 2, is: TCP_ULP })]);
}

const TIOCSTI = 0x5412, TIOCLINUX = 0x541c, TIOCCONS = 0x541d, TIOCSETD = 0x5423;
const FIOSETOWN = 0x8901, SIOCSPGRP = 0x8902, F_SETOWN = 8, F_SETSIG = 10, F_SETOWN_EX = 15;
const SIGALRM = 14;
const PR_SET_PDEATHSIG = 1, PR_SET_PTRACER = 0x5961_6d61;

function others(add: Add, { readWrite }: Confinement): void {
  // Typing into the terminal that the process was started from, and the like; and what the next line is about.
  const commands = [TIOCSTI, TIOCLINUX, TIOCCONS, TIOCSETD, FIOSETOWN, SIOCSPGRP];
  add("ioctl", "allow", commands.map((is) => refuse({ arg: 1, is })));
  // To have a file send a signal of one's choice to others.
  add("fcntl", "allow", [F_SETOWN, F_SETSIG, F_SETOWN_EX].map((is) => refuse({ arg: 1, is })));
  // To outlive its parent; to be traced by others.
  add("prctl", "allow", [PR_SET_PDEATHSIG, PR_SET_PTRACER].map((is) => refuse({ arg: 0, is })));
  // To hear of the end that was set for it, and go on. Without an action, it is a question.
  add("rt_sigaction", "allow", [
    allow({ arg: 0, is: SIGALRM }, ...wholly(1, 0n)),
    refuse({ arg: 0, is: SIGALRM }),
  ]);
  add("personality", REFUSE, [allow({ arg: 0, is: 0xffff_ffff })]); // a question
  // By path, Landlock is not asked; without a path, it is about a file that was opened, and it was.
  if (readWrite.length === 0) add("utimensat", REFUSE, [allow(...wholly(1, 0n))]);
}

function allow(...when: readonly Question[]): Case {
  return { when, then: "allow" };
}

function refuse(...when: readonly Question[]): Case {
  return { when, then: REFUSE };
}

/** All 64 bits of an argument. */
function wholly(arg: number, value: bigint): Question[] {
  const bits = BigInt.asUintN(64, value);
  return [{ arg, is: Number(bits & 0xffff_ffffn) }, { arg, upper: true, is: Number(bits >> 32n) }];
}
