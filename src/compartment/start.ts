/**
 * Starting the process of a guest: Deno with exactly the flags of its grant, born inside the kernel's fence.
 *
 * @module
 */
import type { Confinement } from "../sandbox/confinement.ts";
import { checkRun } from "../sandbox/permitted.ts";
import { flagsOf, scopeOf } from "../scope/mod.ts";
import { CompartmentError } from "./error.ts";
import type { ChildProcess, Start } from "./process.ts";
import type { GuestSpec } from "./spec.ts";

/** The third wall around processes. */
export interface OsWall {
  /** Told, once, that it or a part of it is not there, and why. */
  readonly lacking: (reason: string) => void;
}

/** How guests' processes come to be where this one is no `deno run` of Airlock: a compiled program starts itself. */
export interface GuestProgram {
  /** The program, as this process may start it. */
  readonly path: string;
  /** The words after its name that make it a guest's process. */
  readonly args: (mode: "channel" | "run") => readonly string[];
  /** The words after its name that make it confine itself and become another; an order follows. */
  readonly launcher: readonly string[];
  /** What it must read to be there, beside itself. */
  readonly sources: readonly string[];
}

let own: GuestProgram | undefined;

/** Has guests' processes be started like this from now on. Like its arguments, that is of the whole process. */
export function useGuestProgram(program: GuestProgram): void {
  own = program;
}

/** What this process starts, to start a guest's. */
export function startedProgram(): string {
  return own?.path ?? Deno.execPath();
}

/** The words that start a guest's process, after the program's own name. */
export function guestArguments(
  spec: GuestSpec,
  mode: "channel" | "run",
  env: readonly string[] = [],
): string[] {
  return own === undefined ? denoArguments(spec, mode, env) : [...own.args(mode)];
}

/** What confines itself before it becomes a guest's process; by default a program of Airlock's own. */
function launcher(): string[] | undefined {
  return own && [own.path, ...own.launcher];
}

/** Airlock's own files that guests' processes read: their program and its parts. */
function programs(): { readonly main: string; readonly parts: readonly string[] } {
  const url = new URL("../../dist/", import.meta.url);
  if (url.protocol !== "file:") {
    throw new CompartmentError(
      `guests' processes are started from files, and Airlock was loaded from ${url.origin}: ` +
        "use a checkout of it, or isolation: inline",
    );
  }
  const directory = decodeURIComponent(url.pathname);
  const parts = ["guest.json", "more.json"].map((name) => directory + name);
  return { main: `${directory}guest.js`, parts };
}

/** The program that guests' processes run. */
export function guestProgram(): string {
  return programs().main;
}

/** What `deno` is told beside permissions: nothing is read, asked for or fetched that the guest's program does not name. */
export const QUIET: readonly string[] = [
  "--quiet",
  "--no-prompt",
  "--no-config",
  "--no-lock",
  "--no-npm",
  "--no-remote",
  "--no-code-cache",
  "--cached-only",
];

/**
 * The words after `deno` that start a guest's process.
 *
 * @param spec The guest.
 * @param mode What the program is to be.
 * @param env Variables that it may read.
 */
export function denoArguments(
  spec: GuestSpec,
  mode: "channel" | "run",
  env: readonly string[] = [],
): string[] {
  const scope = scopeOf(spec.grant, { read: readsOf(spec), env });
  return ["run", ...QUIET, ...flagsOf(scope), guestProgram(), mode];
}

/** What the kernel leaves to a guest's process, without what starting it takes. */
export async function confinementFor(spec: GuestSpec): Promise<Confinement> {
  const { confinementOf } = await import("../sandbox/rules.ts");
  return confinementOf(spec.grant, { read: [], execute: [] });
}

/** What a guest's program itself reads: its modules Deno loads without asking, as parts of the program. */
export function readsOf(spec: GuestSpec): string[] {
  return spec.bytes === undefined ? [spec.file] : [];
}

/** What a guest's process must read to be there. */
export function sourcesOf(spec: GuestSpec): string[] {
  if (own !== undefined) return [...own.sources];
  const { main, parts } = programs();
  return [main, ...parts, ...readsOf(spec)];
}

/**
 * How guests' processes are started here.
 *
 * @param wall The third wall.
 */
export function starter(wall: OsWall): Start {
  let height: Promise<Height> | undefined;
  return async (spec, onBytes) => {
    const args = guestArguments(spec, "channel");
    const child = await startAt(await (height ??= heightOf(wall)), spec, args, {}, "piped");
    void pump(child.stdout, onBytes);
    return processOf(child);
  };
}

/**
 * Starts a guest's program as a child.
 *
 * @param args What `guestArguments` made.
 * @param env Its variables, beside those that Deno needs.
 * @param streams Where its standard input and output lead.
 */
export async function startGuest(
  spec: GuestSpec,
  args: string[],
  env: Readonly<Record<string, string>>,
  wall: OsWall,
  streams: "piped" | "inherit",
): Promise<Deno.ChildProcess> {
  return await startAt(await heightOf(wall), spec, args, env, streams);
}

type Height = "whole" | "partly" | "none";

async function startAt(
  height: Height,
  spec: GuestSpec,
  args: string[],
  env: Readonly<Record<string, string>>,
  streams: "piped" | "inherit",
): Promise<Deno.ChildProcess> {
  if (spec.osRequired && height !== "whole") throw new CompartmentError(insists(spec));
  const { looksUpNames, runtimeVariables, spawn } = await import("../sandbox/mod.ts");
  const options = {
    args,
    env: { ...runtimeVariables(), ...env },
    stdin: streams,
    stdout: streams,
    stderr: "inherit",
  } as const;
  const program = startedProgram();
  checkRun(program);
  if (height === "none") return new Deno.Command(program, { ...options, clearEnv: true }).spawn();
  return spawn({
    ...options,
    launcher: launcher(),
    confinement: await confinementFor(spec),
    start: { sources: sourcesOf(spec), names: looksUpNames(spec.grant) },
    whole: height === "whole",
  });
}

/** Why a guest does not run. */
export function insists({ grant }: GuestSpec): string {
  return `${grant.holder} requires the OS wall (require: [os]), and that is not whole here: it does not run without it`;
}

/** How much of the third wall there is. Found out by a process that does nothing else, once. */
async function heightOf({ lacking }: OsWall): Promise<Height> {
  const reasons = await missing();
  if (reasons.length === 0) return "whole";
  lacking(`the OS wall is not whole: ${reasons.join("; ")}`);
  return Deno.build.os === "linux" ? "partly" : "none";
}

/** What of the third wall is missing on this machine. */
async function missing(): Promise<string[]> {
  if (Deno.build.os !== "linux") return [`there is none on ${Deno.build.os} yet`];
  const { probe } = await import("../sandbox/mod.ts");
  const { unavailable } = await probe(undefined, launcher());
  return unavailable.map(({ measure, reason }) => `${measure}: ${reason}`);
}

function processOf(child: Deno.ChildProcess): ChildProcess {
  const writer = child.stdin.getWriter();
  // A process that is gone does not read: how it ended tells more than that.
  writer.closed.catch(() => {});
  return {
    pid: child.pid,
    send: (bytes) => writer.write(bytes).catch(() => {}),
    kill() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended by itself.
      }
    },
    hold: (wait) => wait ? child.ref() : child.unref(),
    ended: child.status.then(({ code, signal }) =>
      signal === null ? { code, signal: undefined } : { code: undefined, signal }
    ),
  };
}

async function pump(stream: ReadableStream<Uint8Array>, onBytes: (bytes: Uint8Array) => void): Promise<void> {
  try {
    for await (const bytes of stream) onBytes(bytes);
  } catch {
    // The stream broke off with its process.
  }
}
