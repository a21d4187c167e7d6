/** Acts on other processes, and new ones. */
import { type Act, c, call, native, reach } from "./act.ts";

function start(program: string, args: string[]): string {
  const { code, stdout } = new Deno.Command(program, { args, stdin: "inherit" }).outputSync();
  if (code !== 0) throw new Error(`exit code ${code}`);
  return new TextDecoder().decode(stdout);
}

export const processes: readonly Act[] = [
  { act: "start a shell", attempt: () => start("/bin/sh", ["-c", "echo hello"]), os: "held", deno: "held" },
  {
    act: "start another copy of the runtime",
    attempt: () => start(Deno.execPath(), ["--version"]),
    os: "held",
    deno: "held",
  },
  native({
    act: "execute a program by the kernel's own call",
    attempt: () => reach("execve", c("/nonexistent"), 0, 0),
    os: "held",
  }),
  native({
    act: "execute a program that is a file without a path",
    attempt: () => reach("execveat", call("memfd_create", c("x"), 0), c(""), 0, 0, 0x1000),
    os: "held",
  }),
  {
    act: "send a signal to another process",
    attempt: ({ victim }) => Deno.kill(victim, "SIGCONT"),
    os: "held",
    deno: "held",
  },
  {
    act: "send a signal to its parent",
    attempt: ({ parent }) => Deno.kill(parent, "SIGCONT"),
    os: "held",
    deno: "held",
  },
  native({
    act: "send a signal to every process",
    attempt: () => reach("kill", -1, 0),
    os: "held",
  }),
  native({
    act: "send a signal to the threads of another process",
    attempt: ({ victim }) => reach("tgkill", victim, victim, 18),
    os: "held",
  }),
  native({
    act: "have a file send signals to another process",
    attempt: ({ victim }) => reach("fcntl", 0, 8, /* F_SETOWN */ victim),
    os: "held",
  }),
  native({
    act: "trace another process",
    attempt: ({ victim }) => reach("ptrace", 0x4206, /* PTRACE_SEIZE */ victim, 0, 0),
    os: "held",
  }),
  native({
    act: "read the memory of another process",
    attempt: ({ victim }) => {
      const piece = new BigUint64Array([0n, 8n]).buffer;
      return reach("process_vm_readv", victim, piece, 1, piece, 1, 0);
    },
    os: "held",
  }),
  native({
    act: "get hold of another process",
    attempt: ({ victim }) => reach("pidfd_open", victim, 0),
    os: "held",
  }),
  native({
    act: "take a file from another process",
    attempt: () => reach("pidfd_getfd", -1, 0, 0),
    os: "held",
  }),
  native({
    act: "read or set the limits of another process",
    attempt: ({ victim }) => reach("prlimit64", victim, 7, 0, new ArrayBuffer(16)),
    os: "held",
  }),
  native({
    act: "slow another process down",
    attempt: ({ victim }) => reach("setpriority", 0, victim, 1),
    os: "held",
  }),
  native({
    act: "outlive its parent",
    attempt: () => reach("prctl", 1, /* PR_SET_PDEATHSIG */ 0, 0, 0, 0),
    os: "held",
  }),
  {
    act: "hear of the end that was set for it, and go on",
    attempt: () => Deno.addSignalListener("SIGALRM", () => {}),
    os: "held",
    deno: { not: "Deno asks for no permission to handle signals" },
  },
  native({
    act: "put off the end that was set for it",
    attempt: () => reach("setitimer", 0, new ArrayBuffer(32), 0),
    os: "held",
  }),
  native({
    act: "share memory with other processes",
    attempt: () => call("shmctl", call("shmget", 0, 4096, 0o600), 0, /* IPC_RMID */ 0),
    os: "held",
  }),
  native({
    act: "use message queues of other processes",
    attempt: () => call("msgctl", call("msgget", 0, 0o600), 0, /* IPC_RMID */ 0),
    os: "held",
  }),
  native({
    act: "use semaphores of other processes",
    attempt: () => call("semctl", call("semget", 0, 1, 0o600), 0, 0 /* IPC_RMID */),
    os: "held",
  }),
  native({
    act: "type into the terminal that it was started from",
    attempt: () => reach("ioctl", 0, 0x5412, /* TIOCSTI */ c("x")),
    os: "held",
  }),
];
