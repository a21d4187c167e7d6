/** Runs the table: every act, behind one wall or behind none. */
import { runtimeVariables, spawn } from "../../src/sandbox/mod.ts";
import { fromFileUrl } from "../support/tree.ts";
import type { World } from "./act.ts";
import type { Result } from "./child.ts";
import { type LivingWorld, makeWorld } from "./world.ts";

/** Which wall stands around the child, made by hand: no mistake in making it of a grant hides one in the wall. */
export type Wall = "none" | "deno" | "os";

/** The two worlds. */
export type Kind = "files" | "network";

/** The script of the child, which is told the kind of its world and the world, in JSON. */
export const child = fromFileUrl(new URL("./child.ts", import.meta.url));
/** What the child is made of. */
const sources = ["./", "../../src/sandbox/"].map((path) => fromFileUrl(new URL(path, import.meta.url)));
const QUIET = [
  "--quiet",
  "--no-prompt",
  "--no-config",
  "--no-lock",
  "--no-npm",
  "--no-remote",
  "--cached-only",
];

/** The results of both worlds behind a wall. */
export function runTable(wall: Wall): Promise<Result[]> {
  return runWorlds((kind, { world }) => start(wall, kind, world));
}

/** The results of both worlds in processes that are started so. */
export async function runWorlds(start: Start): Promise<Result[]> {
  return [...await runWorld("files", start), ...await runWorld("network", start)];
}

type Start = (kind: Kind, living: LivingWorld) => Promise<Deno.ChildProcess> | Deno.ChildProcess;

async function runWorld(kind: Kind, start: Start): Promise<Result[]> {
  await using living = await makeWorld();
  const process = await start(kind, living);
  // Whatever hangs fails.
  const timer = setTimeout(() => process.kill("SIGKILL"), 60_000);
  const { code, signal, stdout, stderr } = await process.output();
  clearTimeout(timer);
  const text = new TextDecoder();
  if (code !== 0) {
    throw new Error(`${kind}: ${signal ?? code}: ${text.decode(stderr)}${text.decode(stdout)}`);
  }
  return text.decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
}

function start(wall: Wall, kind: Kind, world: World): Deno.ChildProcess {
  const words = [child, kind, JSON.stringify(world)];
  const env = runtimeVariables();
  const pipes = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  if (wall === "os") {
    return spawn({ ...confinementOf(world, kind), args: ["run", ...QUIET, "-A", ...words], env, ...pipes });
  }
  const flags = wall === "none" ? ["-A"] : scopesOf(world, kind);
  const args = ["run", ...QUIET, ...flags, ...words];
  return new Deno.Command(Deno.execPath(), { args, env, clearEnv: true, ...pipes }).spawn();
}

/** What the kernel leaves: in the world of the network no mount is writable. */
function confinementOf({ mount, readOnly, source, cache, granted }: World, kind: Kind) {
  const files = kind === "files";
  return {
    confinement: {
      read: files ? [readOnly] : [readOnly, mount],
      readWrite: files ? [mount] : [],
      execute: [],
      tcpConnect: files ? [] : [{ from: granted, to: granted }],
      tcpBind: [],
      udp: !files,
      processes: false,
    },
    start: { sources: [...sources, source, cache], names: !files },
  };
}

/** The same as Deno's permissions. */
function scopesOf({ mount, readOnly, source, cache, granted }: World, kind: Kind): string[] {
  const read = `--allow-read=${[mount, readOnly, source, cache, ...sources].join(",")}`;
  return kind === "files" ? [read, `--allow-write=${mount}`] : [read, `--allow-net=127.0.0.1:${granted}`];
}

if (import.meta.main) {
  const walls = Deno.args as Wall[];
  for (const wall of walls) console.log(JSON.stringify(await runTable(wall)));
  // What the runtime still keeps open of the sockets does not matter.
  Deno.exit(0);
}
