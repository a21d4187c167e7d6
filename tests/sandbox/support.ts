/** What tests of the third wall share. */
import { type Confinement, runtimeVariables, spawn, type SpawnOptions } from "../../src/sandbox/mod.ts";
import { fromFileUrl } from "../support/tree.ts";

/** Whether there is such a wall here at all. */
export const linux: boolean = Deno.build.os === "linux";

/** The confinement that leaves nothing. */
export const NOTHING: Confinement = Object.freeze({
  ...{ read: [], readWrite: [], execute: [] },
  ...{ tcpConnect: [], tcpBind: [], udp: false },
  processes: false,
});

/** The words that make `deno` run a script with everything Deno can permit. */
export const RUN: readonly string[] = [
  ...[
    "run",
    "--quiet",
    "--no-prompt",
    "--no-config",
    "--no-lock",
    "--no-npm",
    "--no-remote",
    "--cached-only",
  ],
  "--allow-all",
];

const here = (path: string): string => fromFileUrl(new URL(path, import.meta.url));

/** The script that does as it is told. */
export const script: string = here("child.ts");

/** A file that leaves no trace. */
export async function temporary(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "airlock-sandbox-" }));
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Starts {@linkcode script} behind the wall. The words tell it what to do. */
export function start(words: readonly string[], options: Partial<SpawnOptions> = {}): Deno.ChildProcess {
  return spawn({
    confinement: NOTHING,
    start: { sources: [here("."), here("../../src/sandbox")] },
    args: [...RUN, script, ...words],
    env: runtimeVariables(),
    stdout: "piped",
    stderr: "piped",
    ...options,
  });
}

/** What a process left behind. */
export async function outcome(
  process: { output(): Promise<Deno.CommandOutput> },
): Promise<{ code: number; signal: Deno.Signal | null; stdout: string; stderr: string }> {
  const { code, signal, stdout, stderr } = await process.output();
  const text = new TextDecoder();
  return { code, signal, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
