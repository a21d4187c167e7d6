/** Staged programs: what `deno compile` would be given, run by `deno run` with the very flags. */
import assert from "node:assert/strict";
import { runArguments } from "../../src/compile/deno.ts";
import { flagsOfPermissions, type Manifest } from "../../src/compile/manifest.ts";
import { airlock, environment, type Outcome, type Start } from "../support/airlock.ts";
import { Service } from "./serve_support.ts";

/** A staged program, which is removed at the end of its scope. */
export class Staged implements AsyncDisposable {
  /** Its folder. */
  readonly directory: string;
  readonly manifest: Manifest;
  /** What `compile --stage` printed. */
  readonly outcome: Outcome;

  private constructor(directory: string, manifest: Manifest, outcome: Outcome) {
    this.directory = directory;
    this.manifest = manifest;
    this.outcome = outcome;
  }

  /** `compile <args> --stage` some new folder. */
  static async of(args: readonly string[], start: Start = {}): Promise<Staged> {
    // Not below /tmp, which a test may mount.
    const directory = await Deno.realPath(await Deno.makeTempDir({ prefix: "airlock-staged-" }));
    const outcome = await airlock(["compile", ...args, "--stage", directory], start);
    assert.equal(outcome.code, 0, outcome.stderr);
    return new Staged(directory, JSON.parse(read(`${directory}/manifest.json`)), outcome);
  }

  /** The flags that are baked in. */
  get flags(): readonly string[] {
    return flagsOfPermissions(this.manifest.permissions);
  }

  /** The words after `deno` that run it. */
  get words(): readonly string[] {
    return runArguments(this.manifest, this.directory);
  }

  /** Runs it to its end. */
  async run(args: readonly string[], start: Omit<Start, "flags"> = {}): Promise<Outcome> {
    return await run([Deno.execPath(), ...this.words, ...args], start);
  }

  /** Has it serve; resolves once it listens. */
  async serve(args: readonly string[] = []): Promise<Service> {
    return await Service.of([Deno.execPath(), ...this.words, "serve", ...args]);
  }

  /** Changes one of its files. */
  edit(name: string, change: (text: string) => string): void {
    const path = `${this.directory}/${name}`;
    const before = read(path), after = change(before);
    assert.notEqual(after, before, `${name} was changed`);
    Deno.writeTextFileSync(path, after);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Deno.remove(this.directory, { recursive: true });
  }
}

/** Runs a program to its end. */
export async function run(
  [program, ...args]: readonly string[],
  { stdin, cwd = "/", env }: Omit<Start, "flags"> = {},
): Promise<Outcome> {
  const child = new Deno.Command(program!, {
    ...{ args, cwd, clearEnv: true, env: environment(env) },
    ...{ stdin: stdin === undefined ? "null" : "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  const output = child.output();
  if (stdin !== undefined) await new Blob([stdin]).stream().pipeTo(child.stdin);
  const { code, stdout, stderr } = await output;
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

function read(path: string): string {
  return Deno.readTextFileSync(path);
}
