/** What both walls leave. */
import type { Act } from "./act.ts";

const both = { os: "granted", deno: "granted" } as const;

export const granted: readonly Act[] = [
  {
    act: "read a file of its mount",
    attempt: ({ mount }) => Deno.readTextFileSync(`${mount}/file`),
    ...both,
  },
  {
    act: "read a file of a read-only mount",
    attempt: ({ readOnly }) => Deno.readTextFileSync(`${readOnly}/file`),
    ...both,
  },
  { act: "list its mount", attempt: ({ mount }) => [...Deno.readDirSync(mount)].length, ...both },
  {
    act: "make a directory, and a file in it",
    attempt: ({ mount }) => {
      Deno.mkdirSync(`${mount}/granted`);
      Deno.writeTextFileSync(`${mount}/granted/file`, "text");
    },
    ...both,
  },
  {
    act: "append to a file and cut it short",
    attempt: ({ mount }) => {
      Deno.writeTextFileSync(`${mount}/granted/file`, "more", { append: true });
      Deno.truncateSync(`${mount}/granted/file`, 3);
      return Deno.readTextFileSync(`${mount}/granted/file`);
    },
    ...both,
  },
  {
    act: "set the times of a file of its mount",
    attempt: ({ mount }) => Deno.utimeSync(`${mount}/granted/file`, 1, 1),
    ...both,
  },
  {
    act: "rename a file from one directory of its mount to another",
    attempt: ({ mount }) => Deno.renameSync(`${mount}/granted/file`, `${mount}/renamed`),
    ...both,
  },
  {
    act: "remove what it made",
    attempt: ({ mount }) => {
      Deno.removeSync(`${mount}/renamed`);
      Deno.removeSync(`${mount}/granted`);
    },
    ...both,
  },
  {
    act: "make a link in its mount",
    attempt: ({ mount }) => Deno.symlinkSync("file", `${mount}/own-link`),
    os: "granted",
    deno: "held",
  },
  {
    act: "run WebAssembly",
    attempt: () =>
      new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))),
    ...both,
  },
  { act: "wait", attempt: () => new Promise((resolve) => setTimeout(resolve, 1)), ...both },
  { act: "draw random numbers", attempt: () => crypto.getRandomValues(new Uint8Array(8)).length, ...both },
  {
    act: "have threads",
    attempt: async () => {
      const worker = new Worker(`data:text/javascript,${encodeURIComponent("postMessage(1)")}`, {
        type: "module",
      });
      await new Promise((resolve) => worker.onmessage = resolve);
      worker.terminate();
    },
    ...both,
  },
  {
    act: "connect to a port that is granted",
    world: "network",
    attempt: ({ granted }) => Deno.connect({ hostname: "127.0.0.1", port: granted }).then((it) => it.close()),
    ...both,
  },
  {
    act: "look a name up where names are granted",
    world: "network",
    attempt: async () => {
      const { lookup } = await import("node:dns");
      return new Promise((resolve, reject) =>
        lookup("localhost", (error, address) => error ? reject(error) : resolve(address))
      );
    },
    os: "granted",
    deno: "held",
  },
];
