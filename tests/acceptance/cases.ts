/** Rows of a table of calls: each is made twice, by the library and by the command line. */
import assert from "node:assert/strict";
import { Runtime } from "../../mod.ts";
import { airlock, inRepository } from "../support/airlock.ts";

/** A call, and what is expected of it. */
export interface Case {
  /** What it shows, a sentence. */
  readonly title: string;
  /** The entry's id. */
  readonly id: string;
  /** Values in the JavaScript mapping; by default none. */
  readonly args?: readonly unknown[];
  /** What the call resolves to, or what judges that. */
  readonly returns?: unknown;
  /** Or the error that it rejects with: its name, and properties of it. */
  readonly rejects?: Readonly<Record<string, unknown>>;
  /** The words of the command line; by default the arguments, each a string as it is, anything else as JSON. */
  readonly words?: readonly string[];
  /** What the command prints on stdout, without the end of the line; by default nothing. */
  readonly prints?: string | RegExp;
  /** What it says on stderr beside the entries that it skips; by default nothing. */
  readonly says?: RegExp;
  /** Its exit code; by default 0. */
  readonly code?: number;
}

/** Two tests for each row. */
export function table(app: string, rows: readonly Case[]): void {
  for (const row of rows) {
    Deno.test(`${row.title}: by the library`, async () => {
      await using runtime = await Runtime.load(inRepository(app));
      await call(runtime, row);
    });
    Deno.test(`${row.title}: by the command line`, () => run(app, row));
  }
}

/** Calls, and compares. */
export async function call(runtime: Runtime, { id, args = [], returns, rejects }: Case): Promise<void> {
  const outcome = runtime.call(id, ...args);
  if (rejects) {
    await assert.rejects(outcome, (error: Error & Readonly<Record<string, unknown>>) => {
      const found = Object.keys(rejects).map((key) => [key, error[key]]);
      assert.deepEqual(Object.fromEntries(found), rejects, error.message);
      return true;
    });
  } else if (typeof returns === "function") returns(await outcome);
  else assert.deepEqual(await outcome, returns);
}

async function run(app: string, { id, args = [], words, prints = "", says, code = 0 }: Case): Promise<void> {
  const given = words ?? args.map((arg) => typeof arg === "string" ? arg : JSON.stringify(arg));
  const outcome = await airlock(["run", app, id, ...given]);
  const stdout = outcome.stdout.replace(/\n$/, "");
  const stderr = withoutSkipped(outcome.stderr);
  const part = (text: string, wanted: string | RegExp) =>
    wanted instanceof RegExp && wanted.test(text) ? wanted : text;
  assert.deepEqual(
    { code: outcome.code, stdout: part(stdout, prints), stderr: part(stderr, says ?? "") },
    { code, stdout: prints, stderr: says ?? "" },
  );
}

/** Standard error without the warnings about what of Lua and other services is skipped. */
export function withoutSkipped(stderr: string): string {
  return stderr.split("\n").filter((line) => {
    const kind = /: warning: (\S+): kind "(\S+)" is not supported; \1 is ignored$/.exec(line)?.[2];
    const field = /: warning: \S+: "(\S+)" is no known field and is ignored$/.exec(line)?.[1];
    return !SKIPPED.has(kind ?? field ?? line);
  }).join("\n");
}

/** Kinds of other languages and services, and a field that its kind does not have. */
const SKIPPED = new Set([
  "function.lua",
  "library.lua",
  "process.lua",
  "registry.entry",
  "exec.native",
  "host.max_processes",
]);

/** Judges that a value is a number of milliseconds. */
export function milliseconds(value: unknown): void {
  assert.equal(typeof value, "bigint");
  assert.ok(value as bigint >= 0n, `${value}`);
}
