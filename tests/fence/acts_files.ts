/** Acts on files. */
import { Absent, type Act, c, call, native, reach } from "./act.ts";

const METADATA = "Landlock has no right for what a path tells without being opened; no content can be had";
const SET_TIMES =
  "with a writable mount, times are set by path, and Landlock has no right for it; owners only, and no content";
const FOLLOWS = "Deno checks where a link is, and opens where it leads";
const OWN = "a process sees its own memory anyway; what is in it must not be a secret to the guest";

function device(path: string): void {
  try {
    Deno.openSync(path).close();
  } catch (error) {
    throw error instanceof Deno.errors.NotFound ? new Absent(path) : error;
  }
}

export const files: readonly Act[] = [
  {
    act: "read a file outside",
    attempt: ({ secret }) => Deno.readTextFileSync(secret),
    os: "held",
    deno: "held",
  },
  {
    act: "list a directory outside",
    attempt: ({ outside }) => [...Deno.readDirSync(outside)].map(({ name }) => name),
    os: "held",
    deno: "held",
  },
  {
    act: "list the directory above its mounts",
    attempt: ({ mount }) => [...Deno.readDirSync(`${mount}/..`)].map(({ name }) => name),
    os: "held",
    deno: "held",
  },
  {
    act: "write to a file outside",
    attempt: ({ outside }) => Deno.writeTextFileSync(`${outside}/writable`, "changed"),
    os: "held",
    deno: "held",
  },
  {
    act: "cut a file outside short",
    attempt: ({ outside }) => Deno.truncateSync(`${outside}/writable`, 1),
    os: "held",
    deno: "held",
  },
  {
    act: "make a file outside",
    attempt: ({ outside }) => Deno.writeTextFileSync(`${outside}/new-file`, ""),
    os: "held",
    deno: "held",
  },
  {
    act: "make a directory outside",
    attempt: ({ outside }) => Deno.mkdirSync(`${outside}/new-directory`),
    os: "held",
    deno: "held",
  },
  {
    act: "make a link outside",
    attempt: ({ outside }) => Deno.symlinkSync("nowhere", `${outside}/new-link`),
    os: "held",
    deno: "held",
  },
  {
    act: "remove a file outside",
    attempt: ({ outside }) => Deno.removeSync(`${outside}/removable`),
    os: "held",
    deno: "held",
  },
  {
    act: "write to a file of a read-only mount",
    attempt: ({ readOnly }) => Deno.writeTextFileSync(`${readOnly}/file`, "changed"),
    os: "held",
    deno: "held",
  },
  {
    act: "make a file in a read-only mount",
    attempt: ({ readOnly }) => Deno.writeTextFileSync(`${readOnly}/new-file`, ""),
    os: "held",
    deno: "held",
  },
  {
    act: "rename a file of a read-only mount",
    attempt: ({ readOnly }) => Deno.renameSync(`${readOnly}/renamable`, `${readOnly}/renamed`),
    os: "held",
    deno: "held",
  },
  {
    act: "follow a link out of its mount",
    attempt: ({ mount }) => Deno.readTextFileSync(`${mount}/link`),
    os: "held",
    deno: { not: FOLLOWS },
  },
  {
    act: "follow a link to a directory out of its mount",
    attempt: ({ mount }) => Deno.readTextFileSync(`${mount}/links/secret`),
    os: "held",
    deno: { not: FOLLOWS },
  },
  {
    act: "write through a link out of its mount",
    attempt: ({ mount }) => Deno.writeTextFileSync(`${mount}/links/written`, ""),
    os: "held",
    deno: { not: FOLLOWS },
  },
  {
    act: "give a file outside a name in its mount",
    attempt: ({ secret, mount }) => Deno.linkSync(secret, `${mount}/hard-link`),
    os: "held",
    deno: "held",
  },
  {
    act: "give a file of its mount a name outside",
    attempt: ({ outside, mount }) => Deno.linkSync(`${mount}/file`, `${outside}/hard-link`),
    os: "held",
    deno: "held",
  },
  {
    act: "move a file into its mount",
    attempt: ({ outside, mount }) => Deno.renameSync(`${outside}/movable`, `${mount}/moved`),
    os: "held",
    deno: "held",
  },
  {
    act: "move a file out of its mount",
    attempt: ({ outside, mount }) => Deno.renameSync(`${mount}/movable`, `${outside}/moved`),
    os: "held",
    deno: "held",
  },
  {
    act: "import a module from outside",
    attempt: async ({ outsideModule }) => (await import(`file://${outsideModule}`)).canary,
    os: "held",
    deno: "held",
  },
  {
    act: "write to the source of the runtime",
    attempt: ({ source }) => Deno.openSync(source, { append: true }).close(),
    os: "held",
    deno: "held",
  },
  {
    act: "make a file in the cache of the runtime",
    attempt: ({ cache }) => Deno.writeTextFileSync(`${cache}/planted.js`, ""),
    os: "held",
    deno: "held",
  },
  {
    act: "put another program in the place of the runtime's own",
    attempt: () => {
      const name = `${Deno.execPath()}-planted-${Deno.pid}`;
      Deno.writeTextFileSync(name, "");
      Deno.removeSync(name);
    },
    root: true,
    os: "held",
    deno: "held",
  },
  {
    act: "read the superuser's passwords",
    attempt: () => Deno.readTextFileSync("/etc/shadow").length,
    root: true,
    os: "held",
    deno: "held",
  },
  {
    act: "read the names of the users",
    attempt: () => Deno.readTextFileSync("/etc/passwd").length,
    os: "held",
    deno: "held",
  },
  {
    act: "open the machine's memory",
    attempt: () => device("/dev/mem"),
    root: true,
    os: "held",
    deno: "held",
  },
  {
    act: "open the kernel's log",
    attempt: () => device("/dev/kmsg"),
    root: true,
    os: "held",
    deno: "held",
  },
  {
    act: "list the processes of this machine",
    attempt: () => [...Deno.readDirSync("/proc")].length,
    os: "held",
    deno: "held",
  },
  {
    act: "read the command line of another process",
    attempt: ({ victim }) => Deno.readTextFileSync(`/proc/${victim}/cmdline`),
    os: "held",
    deno: "held",
  },
  {
    act: "read the environment of another process",
    attempt: ({ victim }) => Deno.readTextFileSync(`/proc/${victim}/environ`),
    os: "held",
    deno: "held",
  },
  {
    act: "read the environment of its parent",
    attempt: ({ parent }) => Deno.readTextFileSync(`/proc/${parent}/environ`).length,
    os: "held",
    deno: "held",
  },
  {
    act: "open the memory of another process",
    attempt: ({ victim }) => Deno.openSync(`/proc/${victim}/mem`, { read: true, write: true }).close(),
    os: "held",
    deno: "held",
  },
  {
    act: "read its own environment as a file",
    attempt: () => Deno.readTextFileSync("/proc/self/environ").length,
    os: "held",
    deno: "held",
  },
  {
    act: "open its own memory as a file",
    attempt: () => Deno.openSync("/proc/self/mem").close(),
    os: "held",
    deno: "held",
  },
  native({
    act: "read its own memory",
    attempt: () => {
      const bytes = new Uint8Array([1, 2, 3]);
      return new Deno.UnsafePointerView(Deno.UnsafePointer.of(bytes)!).getUint8(2);
    },
    os: { not: OWN },
  }),
  {
    act: "learn how big a file outside is",
    attempt: ({ secret }) => Deno.statSync(secret).size,
    os: { not: METADATA },
    deno: "held",
  },
  {
    act: "learn where a link outside leads",
    attempt: ({ outside }) => Deno.readLinkSync(`${outside}/somewhere`),
    os: { not: METADATA },
    deno: "held",
  },
  {
    act: "watch a directory outside",
    attempt: ({ outside }) => Deno.watchFs(outside, { recursive: false }).close(),
    os: "held",
    deno: "held",
  },
  {
    act: "change the mode of a file outside",
    attempt: ({ secret }) => Deno.chmodSync(secret, 0o600),
    os: "held",
    deno: "held",
  },
  {
    act: "change the owner of a file outside",
    attempt: ({ secret }) => Deno.chownSync(secret, Deno.uid(), Deno.gid()),
    os: "held",
    deno: "held",
  },
  {
    act: "set the times of a file outside",
    attempt: ({ secret }) => Deno.utimeSync(secret, 1, 1),
    os: { not: SET_TIMES },
    deno: "held",
  },
  native({
    act: "set the times of a file outside, without a writable mount",
    world: "network",
    attempt: ({ secret }) => reach("utimensat", -100, c(secret), 0, 0),
    os: "held",
  }),
  native({
    act: "set an attribute of a file outside",
    attempt: ({ secret }) => reach("setxattr", c(secret), c("user.airlock"), c("x"), 1, 0),
    os: "held",
  }),
  native({
    act: "read an attribute of a file outside",
    attempt: ({ secret }) => reach("getxattr", c(secret), c("user.airlock"), new ArrayBuffer(8), 8),
    os: "held",
  }),
  native({
    act: "get hold of a file outside without opening it",
    attempt: ({ secret }) => {
      // struct file_handle, with room for 128 bytes.
      const handle = new Uint32Array(34);
      handle[0] = 128;
      return reach("name_to_handle_at", -100, c(secret), handle.buffer, new ArrayBuffer(8), 0);
    },
    os: "held",
  }),
  native({
    act: "open a file by its handle",
    attempt: () => reach("open_by_handle_at", -100, new ArrayBuffer(8), 0),
    root: true,
    os: "held",
  }),
  native({
    act: "make a pipe or a device in its mount",
    attempt: ({ mount }) => call("mknodat", -100, c(`${mount}/pipe`), 0o010600, 0),
    os: "held",
  }),
  native({
    act: "load native code from outside",
    attempt: ({ outsideLibrary }) => Deno.dlopen(outsideLibrary, {}).close(),
    os: "held",
  }),
  native({
    act: "load native code from its mount",
    attempt: ({ mount }) => Deno.dlopen(`${mount}/library`, {}).close(),
    os: {
      not: "Landlock's right to execute is about programs; whoever may read a file may map it. " +
        "The filter and the rules bind native code too",
    },
  }),
];
