/** The fence table, for guests: what each act is to a component that has nothing but WASI. */
import type { GuestAttempt, Link, World } from "./act.ts";
import { acts } from "./acts.ts";

/** The way out of the mount, written so that the host has to look at it, not libc. */
const up = ({ mount }: World, path: string) => `${mount}/..${path.slice(mount.lastIndexOf("/"))}`;
const outside = (world: World, name = "") => `${up(world, world.outside)}${name}`;

/** A path of the machine, on the way out of the mount. */
const machine = ({ mount }: World, path: string) =>
  `${mount}${"/..".repeat(mount.split("/").length - 1)}${path}`;

type Words = (world: World) => string | readonly string[];

function files(words: Words): GuestAttempt {
  return { guest: "race", words: (world) => [words(world)].flat() };
}

const held = (words: Words): Link => ({ link: "held", attempt: files(words) });
const can = (words: Words): Link => ({ link: "granted", attempt: files(words) });
const always = (why: string, words: Words): Link => ({ link: "held", attempt: files(words), always: why });
const absent = (functions: RegExp): Link => ({ absent: functions });

const withHost = (...rules: readonly string[]) => rules.flatMap((rule) => ["--net", rule]);
const NAMES = [...withHost("localhost"), "--net-private"];

const connect = (address: (world: World) => string): GuestAttempt => ({
  guest: "tcp",
  words: (world) => ["a create 4", `a connect ${address(world)}`],
  grantedBy: (world) => withHost(address(world)),
});
const listen: GuestAttempt = {
  guest: "tcp",
  words: () => ["a create 4", "a bind 127.0.0.1:0", "a listen"],
  grantedBy: () => withHost("127.0.0.1"),
};
const send: GuestAttempt = {
  guest: "udp",
  words: ({ datagrams }) => ["a create 4", "a bind 0.0.0.0:0", "a stream", `a send 127.0.0.1:${datagrams} x`],
  done: /^.*: ok\n.*: ok\n.*: ok\n.*: 1\n$/,
  grantedBy: () => withHost("127.0.0.1", "0.0.0.0"),
};
const lookup: GuestAttempt = {
  guest: "lookup",
  words: () => ["localhost"],
  done: /^localhost:( (127\.0\.0\.1|::1))+\n$/,
  grantedBy: () => NAMES,
};

const NO_DEVICES = "the host opens files and directories and nothing else";
const SOCKETS = /create-(?!tcp-socket$|udp-socket$|directory-at$)\S*$|socket-pair/;
const PROCESSES = /spawn|exec|fork|command|process/;
const SIGNALS = /signal|kill/;
const CHANNELS = /shared|shm|queue|semaphore|ipc/;
const SPACES = /mount|namespace|unshare|chroot|pivot/;
const MODULES = /module|load|library|bpf|native/;
const CLOCKS = /clocks\/\S+ (set|adjust)/;

/** Each act, by its name. */
export const links: Readonly<Record<string, Link>> = {
  "read a file outside": held((w) => `read=${outside(w, "/secret")}`),
  "list a directory outside": held((w) => `list=${outside(w)}`),
  "list the directory above its mounts": held(({ mount }) => `list=${mount}/..`),
  "write to a file outside": held((w) => `write=${outside(w, "/writable")}`),
  "cut a file outside short": held((w) => `truncate=${outside(w, "/writable")}`),
  "make a file outside": held((w) => `create=${outside(w, "/new-file")}`),
  "make a directory outside": held((w) => `mkdir=${outside(w, "/new-directory")}`),
  "make a link outside": held((w) => `symlink=nowhere:${outside(w, "/new-link")}`),
  "remove a file outside": held((w) => `unlink=${outside(w, "/removable")}`),
  "write to a file of a read-only mount": held(({ readOnly }) => `write=${readOnly}/file`),
  "make a file in a read-only mount": held(({ readOnly }) => `create=${readOnly}/new-file`),
  "rename a file of a read-only mount": held(({ readOnly }) =>
    `rename=${readOnly}/renamable:${readOnly}/renamed`
  ),
  "follow a link out of its mount": held(({ mount }) => `read=${mount}/link`),
  "follow a link to a directory out of its mount": held(({ mount }) => `read=${mount}/links/secret`),
  "write through a link out of its mount": held(({ mount }) => `create=${mount}/links/written`),
  "give a file outside a name in its mount": held((w) =>
    `link=${outside(w, "/secret")}:${w.mount}/hard-link`
  ),
  "give a file of its mount a name outside": held((w) => `link=${w.mount}/file:${outside(w, "/hard-link")}`),
  "move a file into its mount": held((w) => `rename=${outside(w, "/movable")}:${w.mount}/moved`),
  "move a file out of its mount": held((w) => `rename=${w.mount}/movable:${outside(w, "/moved")}`),
  "import a module from outside": absent(MODULES),
  "write to the source of the runtime": held((w) => `write=${up(w, w.source)}`),
  "make a file in the cache of the runtime": held((w) => `create=${up(w, w.cache)}/planted.js`),
  "put another program in the place of the runtime's own": held((w) =>
    `plant=${machine(w, `${Deno.execPath()}-planted-${Deno.pid}`)}`
  ),
  "read the superuser's passwords": held((w) => `read=${machine(w, "/etc/shadow")}`),
  "read the names of the users": held((w) => `read=${machine(w, "/etc/passwd")}`),
  "open the machine's memory": always(NO_DEVICES, (w) => `read=${machine(w, "/dev/mem")}`),
  "open the kernel's log": always(NO_DEVICES, (w) => `update=${machine(w, "/dev/kmsg")}`),
  "list the processes of this machine": held((w) => `list=${machine(w, "/proc")}`),
  "read the command line of another process": held((w) => `read=${machine(w, `/proc/${w.victim}/cmdline`)}`),
  "read the environment of another process": held((w) => `read=${machine(w, `/proc/${w.victim}/environ`)}`),
  "read the environment of its parent": held((w) => `read=${machine(w, `/proc/${w.parent}/environ`)}`),
  "open the memory of another process": held((w) => `update=${machine(w, `/proc/${w.victim}/mem`)}`),
  "read its own environment as a file": held((w) => `read=${machine(w, "/proc/self/environ")}`),
  "open its own memory as a file": held((w) => `update=${machine(w, "/proc/self/mem")}`),
  "read its own memory": absent(/memory|peek|pointer/),
  "learn how big a file outside is": held((w) => `stat=${outside(w, "/secret")}`),
  "learn where a link outside leads": held((w) => `readlink=${outside(w, "/relative")}`),
  "watch a directory outside": absent(/watch|notify/),
  "change the mode of a file outside": absent(/mode|chmod|permission/),
  "change the owner of a file outside": absent(/owner|chown/),
  "set the times of a file outside": held((w) => `times=${outside(w, "/secret")}`),
  "set the times of a file outside, without a writable mount": held((w) => `times=${outside(w, "/secret")}`),
  "set an attribute of a file outside": absent(/attr/),
  "read an attribute of a file outside": absent(/attr/),
  "get hold of a file outside without opening it": absent(/to-handle|file-handle/),
  "open a file by its handle": absent(/by-handle|file-handle/),
  "make a pipe or a device in its mount": absent(/pipe|device|node|fifo/),
  "load native code from outside": absent(MODULES),
  "load native code from its mount": absent(MODULES),

  "connect anywhere when nothing is granted": {
    link: "held",
    attempt: connect(({ granted }) => `127.0.0.1:${granted}`),
  },
  "wait for connections when nothing is granted": { link: "held", attempt: listen },
  "send a datagram when nothing is granted": { link: "held", attempt: send },
  "look a name up when nothing is granted": { link: "held", attempt: lookup },
  "connect to a port that is not granted": {
    link: "held",
    attempt: connect(({ notGranted }) => `127.0.0.1:${notGranted}`),
  },
  "wait for connections when only connecting is granted": { link: "held", attempt: listen },
  "send a datagram to a port that is not granted, where any may be sent": { link: "held", attempt: send },
  "connect to an address that is not granted, on a port that is": {
    link: "held",
    attempt: connect(({ granted }) => `127.0.0.2:${granted}`),
  },
  "ask a web server that is not granted": {
    link: "held",
    attempt: {
      guest: "http_client",
      words: ({ web }) => ["GET", `http://127.0.0.1:${web}/`],
      done: /^status: 200\n/,
      grantedBy: ({ web }) => withHost(`127.0.0.1:${web}`),
    },
  },
  "connect by sending, which is not asked about": absent(/sendto|fast-?open/),
  "listen without binding, which is not asked about": {
    link: "held",
    always: "WASI has it that a socket is bound first: invalid-state",
    attempt: {
      guest: "tcp",
      words: () => ["a create 4", "a listen"],
      grantedBy: () => withHost("127.0.0.1", "0.0.0.0"),
    },
  },
  "make a socket of multipath TCP, which is no TCP to Landlock": absent(SOCKETS),
  "make a socket of SCTP, which is no TCP to Landlock": absent(SOCKETS),
  "make a TCP socket one of another protocol": absent(/set-(socket-option|protocol)/),
  "write packets of its own": absent(SOCKETS),
  "read the packets of others": absent(SOCKETS),
  "ask the kernel about interfaces and routes": absent(/interface-(name|list)|route|netlink/),
  "talk to the machine that this one runs on": absent(SOCKETS),
  "connect to a Unix socket, even in its mount": absent(/unix|local-socket/),
  "connect to an abstract Unix socket": absent(/unix|local-socket/),
  "make a pair of sockets that can be connected to a service afterwards": absent(SOCKETS),

  "start a shell": absent(PROCESSES),
  "start another copy of the runtime": absent(PROCESSES),
  "execute a program by the kernel's own call": absent(PROCESSES),
  "execute a program that is a file without a path": absent(PROCESSES),
  "send a signal to another process": absent(SIGNALS),
  "send a signal to its parent": absent(SIGNALS),
  "send a signal to every process": absent(SIGNALS),
  "send a signal to the threads of another process": absent(SIGNALS),
  "have a file send signals to another process": absent(SIGNALS),
  "trace another process": absent(/trace|attach/),
  "read the memory of another process": absent(/memory|peek|pointer/),
  "get hold of another process": absent(PROCESSES),
  "take a file from another process": absent(PROCESSES),
  "read or set the limits of another process": absent(/limits|rlimit/),
  "slow another process down": absent(/priority|nice/),
  "outlive its parent": absent(/parent|detach|daemon/),
  "hear of the end that was set for it, and go on": absent(SIGNALS),
  "put off the end that was set for it": absent(/timer|alarm|deadline/),
  "share memory with other processes": absent(CHANNELS),
  "use message queues of other processes": absent(CHANNELS),
  "use semaphores of other processes": absent(CHANNELS),
  "type into the terminal that it was started from": absent(/ioctl|terminal-\S+ (?!get-|\[resource-drop\])/),

  "mount a file system": absent(SPACES),
  "get hold of a mount": absent(SPACES),
  "list the mounts": absent(SPACES),
  "have a namespace of its own": absent(SPACES),
  "enter the namespace of others": absent(SPACES),
  "start a process in a namespace of its own": absent(PROCESSES),
  "use the kernel's keys": absent(/key/),
  "add a key": absent(/key/),
  "have the kernel do its calls from a queue": absent(CHANNELS),
  "measure the kernel's events": absent(/perf|event|counter/),
  "change its personality": absent(/personality/),
  "set the clock": absent(CLOCKS),
  "adjust the clock": absent(CLOCKS),
  "open a message queue": absent(CHANNELS),
  "compare itself with other processes": absent(/compare|process/),
  "load a program into the kernel": absent(MODULES),
  "handle the page faults of the kernel": absent(/fault|page/),
  "make a file system": absent(/create-(filesystem|fs)|mkfs/),
  "exchange the root directory": absent(SPACES),
  "change its root directory": absent(SPACES),
  "unmount a file system": absent(SPACES),
  "restart the machine": absent(/reboot|restart|shutdown-(system|machine)/),
  "load a module into the kernel": absent(MODULES),
  "swap memory to a file": absent(/swap|memory/),
  "keep accounts of processes": absent(/account|process/),
  "read the kernel's log": absent(/syslog|kernel/),
  "rename the machine": absent(/host-?name/),
  "use the ports of the processor": absent(/ioport|ioperm|processor/),
  "learn the name of the machine": absent(/host-?name|uname/),
  "read a variable that is not granted": {
    link: "held",
    attempt: {
      guest: "process",
      words: () => ["env"],
      done: /^DENO_DIR=/m,
      grantedBy: () => ["--env", "DENO_DIR=granted"],
    },
  },

  "read a file of its mount": can(({ mount }) => `read=${mount}/file`),
  "read a file of a read-only mount": can(({ readOnly }) => `read=${readOnly}/file`),
  "list its mount": can(({ mount }) => `list=${mount}`),
  "make a directory, and a file in it": can(({ mount }) => [
    `mkdir=${mount}/granted`,
    `create=${mount}/granted/file`,
  ]),
  "append to a file and cut it short": can(({ mount }) => [
    `write=${mount}/granted/file`,
    `truncate=${mount}/granted/file`,
  ]),
  "set the times of a file of its mount": can(({ mount }) => `times=${mount}/granted/file`),
  "rename a file from one directory of its mount to another": can(({ mount }) =>
    `rename=${mount}/granted/file:${mount}/renamed`
  ),
  "remove what it made": can(({ mount }) => [`unlink=${mount}/renamed`, `rmdir=${mount}/granted`]),
  "make a link in its mount": can(({ mount }) => `symlink=file:${mount}/own-link`),
  "run WebAssembly": can(({ mount }) => `stat=${mount}`),
  "wait": can(() => "sleep=1"),
  "draw random numbers": can(() => "random=8"),
  "have threads": absent(/thread/),
  "connect to a port that is granted": {
    link: "granted",
    attempt: connect(({ granted }) => `127.0.0.1:${granted}`),
  },
  "look a name up where names are granted": { link: "granted", attempt: lookup },
};

/** The link's column of an act. */
export function linkOf(act: string): Link {
  const link = Object.hasOwn(links, act) ? links[act] : undefined;
  if (link === undefined) throw new Error(`the link's column says nothing of: ${act}`);
  return link;
}

/** Names in the column that are no act of the table's. */
export const strangers: readonly string[] = Object.keys(links).filter((name) =>
  !acts.some(({ act }) => act === name)
);
