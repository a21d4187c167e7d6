/**
 * Starting a process inside its fence, from a process that is not.
 *
 * @module
 */
import { type Confinement, type ConfineReport, SandboxError } from "./confinement.ts";
import { CHILD_VARIABLE, type Order } from "./launch_order.ts";
import { checkRun } from "./permitted.ts";
import type { Starting } from "./runtime_paths.ts";

/** What to start, and how. */
export interface SpawnOptions {
  /** What the child may still do. What the runtime needs for itself is added by `start`. */
  readonly confinement: Confinement;
  /** What the child starts, if it is Deno. */
  readonly start?: Starting;
  /** The program, absolute; by default this one. */
  readonly path?: string;
  /** Its arguments, without its own name. */
  readonly args: readonly string[];
  /** Its variables, all of them. */
  readonly env: Readonly<Record<string, string>>;
  /** Its working directory; by default this process's. */
  readonly cwd?: string;
  /** When the kernel kills it, whatever else happens. */
  readonly milliseconds?: number;
  /**
   * Whether it is not to start if any part of the wall is not available here; by default so. Where there is no wall at
   * all (no Linux), nothing starts this way.
   */
  readonly whole?: boolean;
  /** Its standard input; by default empty. */
  readonly stdin?: "piped" | "inherit" | "null";
  /** Its standard output; by default this process's. */
  readonly stdout?: "piped" | "inherit" | "null";
  /** Its standard error; by default this process's. */
  readonly stderr?: "piped" | "inherit" | "null";
  /** How the launcher is started; by default by `deno run`. A compiled program starts itself. */
  readonly launcher?: readonly string[] | undefined;
}

/**
 * Starts a program that is born confined, and ends when this process (the thread that calls) does.
 *
 * It needs `--allow-run` for this program, and no native code. If the fence cannot be raised, the child says so on its
 * standard error and exits with {@linkcode LAUNCH_FAILED}.
 *
 * @param options What to start.
 * @returns The child.
 * @throws {Deno.errors.NotCapable} If this process may not start it.
 */
export function spawn(options: SpawnOptions): Deno.ChildProcess {
  const path = options.path ?? Deno.execPath();
  const order: Order = {
    confinement: options.confinement,
    start: options.start,
    program: { path, args: [path, ...options.args] },
    life: { parent: Deno.pid, milliseconds: options.milliseconds },
    whole: options.whole ?? true,
  };
  const { stdin = "null", stdout = "inherit", stderr = "inherit" } = options;
  return command(order, options.launcher, {
    // The launcher has this process's variables, for it is Deno too; the child has its own only.
    env: Object.fromEntries(
      Object.entries(options.env).map(([name, value]) => [CHILD_VARIABLE + name, value]),
    ),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdin,
    stdout,
    stderr,
  }).spawn();
}

/** Restrictive in everything, so that each measure is tried. */
const NOTHING: Confinement = {
  read: [],
  readWrite: [],
  execute: [],
  tcpConnect: [],
  tcpBind: [],
  udp: false,
  processes: false,
};

/**
 * What a confined child would be held by on this machine: found out by confining a process that does nothing else.
 *
 * @param confinement By default the one that allows nothing.
 * @param launcher As in {@linkcode SpawnOptions}.
 * @returns The report of that process.
 * @throws {SandboxError} If it could not report.
 */
export async function probe(
  confinement: Confinement = NOTHING,
  launcher?: readonly string[],
): Promise<ConfineReport> {
  const options = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  const { code, stdout, stderr } = await command({ confinement, whole: false }, launcher, options).output();
  const text = new TextDecoder();
  if (code !== 0) {
    throw new SandboxError(`the OS wall cannot be tried (${code}): ${text.decode(stderr).trim()}`);
  }
  return JSON.parse(text.decode(stdout));
}

function command(
  order: Order,
  launcher: readonly string[] | undefined,
  options: Deno.CommandOptions,
): Deno.Command {
  const [program, ...args] = launcher ?? defaultLauncher();
  checkRun(program!);
  return new Deno.Command(program!, { ...options, args: [...args, JSON.stringify(order)] });
}

/** Trusted, and gone before anything else runs: so it may do what confining takes. */
function defaultLauncher(): string[] {
  const flags = [
    "--quiet",
    "--no-prompt",
    "--no-config",
    "--no-lock",
    "--no-npm",
    "--cached-only",
    "--allow-all",
  ];
  return [Deno.execPath(), "run", ...flags, new URL("../sandbox/launch.ts", import.meta.url).href];
}
