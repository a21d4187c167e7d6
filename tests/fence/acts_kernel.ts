/** Acts on the kernel and on the machine. Most are made with arguments that do no harm: it matters whether they are reached. */
import { type Act, c, native, type NativeAct, reach } from "./act.ts";

/** Anybody may try these. */
const anybody: readonly Pick<NativeAct, "act" | "attempt">[] = [
  { act: "mount a file system", attempt: () => reach("mount", 0, 0, 0, 0, 0) },
  { act: "get hold of a mount", attempt: () => reach("open_tree", -100, c("/"), 0) },
  { act: "list the mounts", attempt: () => reach("statmount", 0, 0, 0, 0) },
  { act: "have a namespace of its own", attempt: () => reach("unshare", 0) },
  { act: "enter the namespace of others", attempt: () => reach("setns", -1, 0) },
  { act: "start a process in a namespace of its own", attempt: () => reach("clone", 0x1000_0000 | 0x200, 0) },
  { act: "use the kernel's keys", attempt: () => reach("keyctl", 0, -3, 0) },
  { act: "add a key", attempt: () => reach("add_key", 0, 0, 0, 0, 0) },
  { act: "have the kernel do its calls from a queue", attempt: () => reach("io_uring_setup", 0, 0) },
  { act: "measure the kernel's events", attempt: () => reach("perf_event_open", 0, 0, -1, -1, 0) },
  { act: "change its personality", attempt: () => reach("personality", 0) },
  { act: "set the clock", attempt: () => reach("clock_settime", 0, 0) },
  { act: "adjust the clock", attempt: () => reach("adjtimex", 0) },
  { act: "open a message queue", attempt: () => reach("mq_open", 0, 0, 0, 0) },
  { act: "compare itself with other processes", attempt: () => reach("kcmp", Deno.pid, Deno.pid, 0, 0, 0) },
];

/** Only the superuser gets past the kernel's own check with these. */
const superuser: readonly Pick<NativeAct, "act" | "attempt">[] = [
  { act: "load a program into the kernel", attempt: () => reach("bpf", 0, 0, 0) },
  { act: "handle the page faults of the kernel", attempt: () => reach("userfaultfd", 0) },
  { act: "make a file system", attempt: () => reach("fsopen", 0, 0) },
  { act: "exchange the root directory", attempt: () => reach("pivot_root", 0, 0) },
  { act: "change its root directory", attempt: () => reach("chroot", c("/")) },
  { act: "unmount a file system", attempt: () => reach("umount2", c("/nonexistent"), 0) },
  { act: "restart the machine", attempt: () => reach("reboot", 0, 0, 0, 0) },
  { act: "load a module into the kernel", attempt: () => reach("finit_module", -1, 0, 0) },
  { act: "swap memory to a file", attempt: () => reach("swapon", 0, 0) },
  { act: "keep accounts of processes", attempt: () => reach("acct", c("/nonexistent")) },
  { act: "read the kernel's log", attempt: () => reach("syslog", 10, 0, 0) },
  { act: "rename the machine", attempt: () => reach("sethostname", 0, -1) },
  { act: "use the ports of the processor", attempt: () => reach("ioperm", 0x80, 1, 0) },
];

export const kernel: readonly Act[] = [
  ...anybody.map((act) => native({ ...act, os: "held" })),
  ...superuser.map((act) => native({ ...act, root: true, os: "held" })),
  {
    act: "learn the name of the machine",
    attempt: () => Deno.hostname(),
    os: { not: "it is no secret to a process; a filter that refuses uname breaks libraries" },
    deno: "held",
  },
  {
    act: "read a variable that is not granted",
    attempt: () => {
      const value = Deno.env.get("DENO_DIR");
      if (value === undefined) throw new Error("it is not there");
    },
    os: { not: "variables are in the process's own memory; so it is given none but its own" },
    deno: "held",
  },
];
