/** The system call filter: what it answers to which call, on both architectures. */
import assert from "node:assert/strict";
import { assemble } from "../../src/sandbox/bpf.ts";
import type { Confinement } from "../../src/sandbox/confinement.ts";
import { policyOf } from "../../src/sandbox/policy.ts";
import { type Arch, HIGHEST, numberOf, type Syscall, SYSCALLS } from "../../src/sandbox/syscalls.ts";
import { answer } from "./filter.ts";
import { NOTHING } from "./support.ts";

const ARCHES: readonly Arch[] = ["x86_64", "aarch64"];
const AUDIT = { x86_64: 0xc000_003e, aarch64: 0xc000_00b7 } as const;
const PASS = [0x1234_5678_9abc_def0n, -1n, 7n] as const;
const PID = 4711;
const EPERM = 1, ENOSYS = 38;

function filter(arch: Arch, confinement: Partial<Confinement>): ArrayBuffer {
  return assemble(policyOf({ ...NOTHING, ...confinement }, { arch, pid: PID, pass: PASS }));
}

type Row = readonly [
  what: string,
  confinement: Partial<Confinement>,
  call: Syscall,
  args: readonly (number | bigint)[],
  expected: "allow" | number,
];

const TCP: Partial<Confinement> = { tcpConnect: [{ from: 80, to: 80 }] };
const LISTEN: Partial<Confinement> = { tcpBind: "any" };
const UDP: Partial<Confinement> = { udp: true };
const NEWUSER = 0x1000_0000, NEWNET = 0x4000_0000, THREAD = 0x003d_0f00;
const AF_UNIX = 1, INET = 2, INET6 = 10, STREAM = 1, DGRAM = 2, CLOEXEC = 0o2000000;

const ROWS: readonly Row[] = [
  ["a thread", {}, "clone", [THREAD], "allow"],
  ["a process", {}, "clone", [0x4111], EPERM],
  ["a process in a namespace", {}, "clone", [THREAD | NEWNET], EPERM],
  ["clone3, whose flags no filter sees", {}, "clone3", [0, 0], ENOSYS],
  ["fork", {}, "fork", [], EPERM],
  ["vfork", {}, "vfork", [], EPERM],
  ["a process where they are allowed", { processes: true }, "clone", [0x4111], "allow"],
  ["a process in a namespace where they are allowed", { processes: true }, "clone", [NEWUSER | 17], EPERM],
  ["clone3 where processes are allowed", { processes: true }, "clone3", [0, 0], ENOSYS],
  ["executing without the pass", {}, "execve", [1, 2, 3], EPERM],
  ["executing with zeros for a pass", {}, "execve", [1, 2, 3, 0, 0, 0], EPERM],
  ["executing with part of the pass", {}, "execve", [1, 2, 3, PASS[0], PASS[1], 8], EPERM],
  ["executing with half of a word of the pass", {}, "execve", [
    1,
    2,
    3,
    PASS[0] & 0xffff_ffffn,
    PASS[1],
    PASS[2],
  ], EPERM],
  ["executing with the pass", {}, "execve", [1, 2, 3, ...PASS], "allow"],
  ["executing where processes are allowed", { processes: true }, "execve", [1, 2, 3], "allow"],
  ["executing a file without a path", { processes: true }, "execveat", [3, 0, 0, 0, 0x1000], EPERM],

  ["a signal to itself", {}, "kill", [PID, 6], "allow"],
  ["a signal to another", {}, "kill", [1, 9], EPERM],
  ["a signal to its group", {}, "kill", [0, 9], EPERM],
  ["a signal to everybody", {}, "kill", [-1, 9], EPERM],
  ["a signal to its own thread", {}, "tgkill", [PID, PID, 6], "allow"],
  ["a signal to a thread of another", {}, "tgkill", [1, 1, 6], EPERM],
  ["its own limits", {}, "prlimit64", [0, 7, 0, 0], "allow"],
  ["the limits of another", {}, "prlimit64", [1, 7, 0, 0], EPERM],

  [
    "its own limits by number, where it has children",
    { processes: true },
    "prlimit64",
    [PID, 7, 0, 0],
    EPERM,
  ],
  ["a flag of a file", {}, "fcntl", [3, 4, 0], "allow"],
  ["a file that signals others", {}, "fcntl", [3, 8, 1], EPERM],
  ["a file that signals others, in the long form", { processes: true }, "fcntl", [3, 15, 0], EPERM],
  ["the signal that a file sends", {}, "fcntl", [3, 10, 9], EPERM],
  ["a socket that signals others", {}, "ioctl", [3, 0x8901, 0], EPERM],
  ["the action of a signal", {}, "rt_sigaction", [15, 1, 0, 8], "allow"],
  ["the action of its end", {}, "rt_sigaction", [14, 1, 0, 8], EPERM],
  ["what the action of its end is", {}, "rt_sigaction", [14, 0, 1, 8], "allow"],
  ["a timer that would replace that of its end", {}, "setitimer", [0, 1, 0], EPERM],

  ["a TCP socket without a network", {}, "socket", [INET, STREAM | CLOEXEC, 6], EPERM],
  ["a UDP socket without a network", {}, "socket", [INET6, DGRAM, 17], EPERM],
  ["a TCP socket", TCP, "socket", [INET, STREAM | CLOEXEC, 6], "allow"],
  ["a TCP socket of no stated protocol", TCP, "socket", [INET6, STREAM, 0], "allow"],
  ["a TCP socket to listen", LISTEN, "socket", [INET6, STREAM, 0], "allow"],
  ["a UDP socket where TCP is granted", TCP, "socket", [INET, DGRAM, 0], EPERM],
  ["a UDP socket", UDP, "socket", [INET, DGRAM | CLOEXEC, 0], "allow"],
  ["a TCP socket where UDP is granted", UDP, "socket", [INET, STREAM, 0], EPERM],
  ["a ping socket", UDP, "socket", [INET, DGRAM, 1], EPERM],
  ["a raw socket", { ...TCP, ...UDP }, "socket", [INET, 3, 0], EPERM],
  ["multipath TCP", TCP, "socket", [INET, STREAM, 262], EPERM],
  ["SCTP", TCP, "socket", [INET, STREAM, 132], EPERM],
  ["a sequence of packets", TCP, "socket", [INET, 5, 0], EPERM],
  ["a Unix socket", { ...TCP, ...UDP }, "socket", [AF_UNIX, STREAM, 0], EPERM],
  ["a netlink socket", { ...TCP, ...UDP }, "socket", [16, 3, 0], EPERM],
  ["a packet socket", { ...TCP, ...UDP }, "socket", [17, 3, 0], EPERM],
  ["a family in the upper half of the register", TCP, "socket", [0x1_0000_0001n, STREAM, 0], EPERM],
  ["a pair of sockets", {}, "socketpair", [AF_UNIX, STREAM | CLOEXEC, 0, 0], "allow"],
  ["a pair of datagram sockets", {}, "socketpair", [AF_UNIX, DGRAM, 0, 0], EPERM],
  ["connecting without a network", {}, "connect", [3, 0, 16], EPERM],
  ["connecting", TCP, "connect", [3, 0, 16], "allow"],
  ["connecting where only listening is granted", LISTEN, "connect", [3, 0, 16], EPERM],
  ["binding where only connecting is granted", TCP, "bind", [3, 0, 16], EPERM],
  ["binding for datagrams", UDP, "bind", [3, 0, 16], "allow"],
  ["listening without binding", { ...TCP, ...UDP }, "listen", [3, 1], EPERM],
  ["listening", LISTEN, "listen", [3, 1], "allow"],
  ["accepting", LISTEN, "accept4", [3, 0, 0, 0], "allow"],
  ["accepting where only connecting is granted", TCP, "accept4", [3, 0, 0, 0], EPERM],
  ["sending", TCP, "sendto", [3, 0, 1, 0x4000, 0, 0], "allow"],
  ["sending that connects", TCP, "sendto", [3, 0, 1, 0x2000_4000, 0, 0], EPERM],
  ["a message that connects", TCP, "sendmsg", [3, 0, 0x2000_0000], EPERM],
  ["messages that connect", TCP, "sendmmsg", [3, 0, 1, 0x2000_0000], EPERM],
  ["an option of a socket", TCP, "setsockopt", [3, 6, 1, 0, 4], "allow"],
  ["another protocol for a socket", TCP, "setsockopt", [3, 6, 31, 0, 3], EPERM],
  ["option 31 of another level", TCP, "setsockopt", [3, 1, 31, 0, 4], "allow"],

  ["a question to a terminal", {}, "ioctl", [0, 0x5401, 0], "allow"],
  ["typing into a terminal", {}, "ioctl", [0, 0x5412, 0], EPERM],
  [
    "typing into a terminal, with a high bit that the kernel ignores",
    {},
    "ioctl",
    [0, 0x1_0000_5412n, 0],
    EPERM,
  ],
  ["pasting into a console", {}, "ioctl", [0, 0x541c, 0], EPERM],
  ["a thread's name", {}, "prctl", [15, 0], "allow"],
  ["outliving its parent", {}, "prctl", [1, 0], EPERM],
  ["asking for its personality", {}, "personality", [0xffff_ffff], "allow"],
  ["changing its personality", {}, "personality", [0x40000], EPERM],
  ["times of an open file", {}, "utimensat", [5, 0, 0, 0], "allow"],
  ["times by path", {}, "utimensat", [-100, 0x7f00_0000_0000n, 0, 0], EPERM],
  ["times by a path at a low address", {}, "utimensat", [-100, 0x1000, 0, 0], EPERM],
  ["times by path where a mount is writable", { readWrite: ["/x"] }, "utimensat", [-100, 1, 0, 0], "allow"],
  ["opening a file", {}, "openat2", [-100, 0, 0, 24], "allow"],
];

for (const arch of ARCHES) {
  for (const [what, confinement, call, args, expected] of ROWS) {
    const number = numberOf(arch, call);
    if (number === undefined) continue;
    Deno.test(`${arch}: ${what}: ${expected === "allow" ? "is allowed" : "is refused"}`, () => {
      const found = answer(filter(arch, confinement), { number, audit: AUDIT[arch], args });
      assert.equal(found, expected);
    });
  }

  Deno.test(`${arch}: calls of another convention, and calls newer than the policy, do not exist`, () => {
    const program = filter(arch, { tcpConnect: "any", tcpBind: "any", udp: true, processes: true });
    const other = AUDIT[ARCHES.find((it) => it !== arch)!];
    const I386 = 0x4000_0003;
    for (const audit of [other, I386, 0]) assert.equal(answer(program, { number: 0, audit }), ENOSYS);
    const X32 = 0x4000_0000;
    for (const number of [HIGHEST + 1, 1000, X32, X32 + 1, -1]) {
      assert.equal(answer(program, { number, audit: AUDIT[arch] }), ENOSYS, `${number}`);
    }
    assert.equal(answer(program, { number: 0, audit: AUDIT[arch] }), "allow");
  });
}

Deno.test("no two calls of an architecture share a number, and none is above the highest", () => {
  for (const arch of ARCHES) {
    const numbers = SYSCALLS.map((name) => numberOf(arch, name)).filter((it) => it !== undefined);
    assert.equal(new Set(numbers).size, numbers.length);
    assert.equal(Math.max(...numbers), HIGHEST);
  }
});

/** What is allowed to somebody, or asks about its arguments. */
const SOMETIMES: readonly Syscall[] = [
  ...["execve", "clone", "clone3", "fork", "vfork", "personality", "prctl", "rt_sigaction"] as const,
  ...["socket", "socketpair", "connect", "bind", "listen", "accept", "accept4"] as const,
  ...["sendto", "sendmsg", "sendmmsg", "setsockopt", "ioctl", "fcntl", "utimensat"] as const,
  ...["kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "prlimit64"] as const,
  // What this room calls, and may be called again.
  ...["close", "close_range", "openat2", "read", "readlinkat", "getpid", "getppid"] as const,
  ...["capget", "capset", "seccomp"] as const,
  ...["landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"] as const,
];

Deno.test("whatever else is in the list of calls is refused by the widest filter too", () => {
  const widest = { tcpConnect: "any", tcpBind: "any", udp: true, processes: true, readWrite: ["/"] } as const;
  for (const arch of ARCHES) {
    const program = filter(arch, widest);
    for (const name of SYSCALLS) {
      const number = numberOf(arch, name);
      if (number === undefined || SOMETIMES.includes(name)) continue;
      assert.equal(answer(program, { number, audit: AUDIT[arch] }), EPERM, name);
    }
  }
});
