/** A program that is told one step after the other, and answers each with a line. */
import assert from "node:assert/strict";
import { commandLine, environment, type Outcome, repository } from "../support/airlock.ts";
import { pathOf } from "./run.ts";

/** A program in C under way, told its steps on standard input. */
export class Conversation implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncIterator<string>;
  readonly #stderr: Promise<string>;

  /**
   * Starts it.
   *
   * @param name Of the program.
   * @param options Of `exec`.
   * @param words What it is called with; `-` makes it read steps.
   */
  constructor(name: string, options: readonly string[] = [], words: readonly string[] = ["-"]) {
    const [program, ...args] = commandLine(["exec", pathOf(name), ...options, "--", ...words]);
    this.#child = new Deno.Command(program!, {
      args,
      cwd: repository,
      clearEnv: true,
      env: environment(),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#lines = linesOf(this.#child.stdout);
    this.#stderr = new Response(this.#child.stderr).text();
  }

  /** Says a step; what the program answers. */
  async say(step: string): Promise<string> {
    await this.#input.write(new TextEncoder().encode(`${step}\n`));
    return await this.line();
  }

  /** Says several, one after the other. */
  async all(...steps: readonly string[]): Promise<string[]> {
    const answers = [];
    for (const step of steps) answers.push(await this.say(step));
    return answers;
  }

  /** The next line that it prints. */
  async line(): Promise<string> {
    const { done, value } = await this.#lines.next();
    if (done) throw new Error(`the guest has ended: ${await this.#stderr}`);
    return value;
  }

  /** Kills it where it stands. */
  kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch { /* It has ended by itself. */ }
  }

  /** Ends its standard input; what it printed after that. */
  async end(): Promise<Outcome> {
    await this.#input.close().catch(() => {});
    let stdout = "";
    for (let next = await this.#lines.next(); !next.done; next = await this.#lines.next()) {
      stdout += `${next.value}\n`;
    }
    const [{ code }, stderr] = await Promise.all([this.#child.status, this.#stderr]);
    return { code, stdout, stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.end();
  }
}

/** Steps, and what must be answered to each. */
export type Talk = readonly (readonly [step: string, answer: string | RegExp])[];

/** Says all of them; the answers are compared all at once, beside their steps. */
export async function converse(guest: Conversation, talk: Talk): Promise<void> {
  const found: string[] = [], expected: string[] = [];
  for (const [step, answer] of talk) {
    const said = await guest.say(step);
    found.push(`${step}: ${said}`);
    const right = answer instanceof RegExp ? answer.test(said) : answer === said;
    expected.push(`${step}: ${right ? said : answer}`);
  }
  assert.deepEqual(found, expected);
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
  return undefined;
}
