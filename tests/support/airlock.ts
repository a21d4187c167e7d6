/** The command line in a process of its own, as a shell would start it. */
import assert from "node:assert/strict";
import { fromFileUrl } from "./tree.ts";

/** The folder of the repository, without a slash at its end. */
export const repository: string = fromFileUrl(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** A file of the repository. */
export function inRepository(path: string): string {
  return `${repository}/${path}`;
}

/** What a process left behind. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to start it. */
export interface Start {
  /** Its standard input; by default empty. */
  readonly stdin?: string;
  /** Variables beside the few that Deno itself needs; nothing else of this process's own is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its working directory; by default the repository. */
  readonly cwd?: string;
  /** Deno's permissions; by default all. */
  readonly flags?: readonly string[];
}

const needed = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME"].flatMap((name) => {
  const value = Deno.env.get(name);
  return value === undefined ? [] : [[name, value] as const];
});

/** The command line as an array: Deno, its flags, `main.ts`, and the words after it. */
export function commandLine(args: readonly string[], flags: readonly string[] = ["-A"]): string[] {
  return [Deno.execPath(), "run", "--quiet", "--no-prompt", ...flags, inRepository("main.ts"), ...args];
}

/** What every process is started with. */
export function environment(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { ...Object.fromEntries(needed), NO_COLOR: "1", ...env };
}

/** Runs `airlock <args>` to its end. */
export async function airlock(args: readonly string[], start: Start = {}): Promise<Outcome> {
  const [program, ...rest] = commandLine(args, start.flags);
  const child = new Deno.Command(program!, {
    args: rest,
    cwd: start.cwd ?? repository,
    clearEnv: true,
    env: environment(start.env),
    stdin: start.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  if (start.stdin !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(start.stdin));
    await writer.close();
  }
  return decoded(await output);
}

/** Runs a shell script in which `airlock` is the command line. */
export async function shell(script: string, start: Omit<Start, "stdin"> = {}): Promise<Outcome> {
  const words = commandLine([], start.flags).map((word) => `'${word}'`).join(" ");
  const output = await new Deno.Command("bash", {
    args: ["-c", `airlock() { ${words} "$@"; }\n${script}`],
    cwd: start.cwd ?? repository,
    clearEnv: true,
    env: environment(start.env),
    stdin: "null",
  }).output();
  return decoded(output);
}

/** Whether a program is on the path. */
export async function has(program: string): Promise<boolean> {
  const args = ["-c", `command -v '${program}'`];
  return (await new Deno.Command("bash", { args, stdout: "null" }).output()).success;
}

function decoded({ code, stdout, stderr }: Deno.CommandOutput): Outcome {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** What is expected of a run: exactly this on stdout, on stderr, and as exit code. */
export interface Expected {
  /** By default nothing. */
  readonly stdout?: string | RegExp;
  /** By default nothing. */
  readonly stderr?: string | RegExp;
  /** By default 0. */
  readonly code?: number;
}

/** Compares an outcome, all of it at once, so that a failure shows stderr beside the exit code. */
export function assertOutcome(outcome: Outcome, { stdout = "", stderr = "", code = 0 }: Expected): void {
  const part = (found: string, expected: string | RegExp) =>
    expected instanceof RegExp && expected.test(found) ? expected : found;
  const found = {
    code: outcome.code,
    stdout: part(outcome.stdout, stdout),
    stderr: part(outcome.stderr, stderr),
  };
  assert.deepEqual(found, { code, stdout, stderr });
}

/** One row of a table: the words of a command line and what comes of them. */
export type Row = readonly [args: readonly string[], expected: Expected, start?: Start];

/** A test for each row. */
export function table(name: string, rows: readonly Row[]): void {
  for (const [args, expected, start] of rows) {
    const words = args.join(" ").replaceAll("\n", "\\n");
    const title = words.length > 100 ? `${words.slice(0, 99)}…` : words;
    Deno.test(`${name}: ${title || "(no words)"}`, async () => {
      assertOutcome(await airlock(args, start), expected);
    });
  }
}
