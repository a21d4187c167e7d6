/** `airlock serve` as a process, and curl as its client. */
import assert from "node:assert/strict";
import { commandLine, environment, repository } from "../support/airlock.ts";

export const PROXY = "tests/guests/proxy/proxy.wasm";

/** A service in a process of its own. */
export class Service implements AsyncDisposable {
  /** `http://127.0.0.1:port` */
  url = "";
  /** Everything that it has written to standard error so far. */
  stderr = "";
  readonly pid: number;
  readonly #child: Deno.ChildProcess;
  readonly #waiting = new Set<() => void>();
  readonly #stdout: Promise<string>;
  readonly #read: Promise<void>;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.pid = child.pid;
    this.#stdout = new Response(child.stdout).text();
    this.#read = this.#collect();
  }

  /** Starts `airlock serve <args>`; resolves once it listens. */
  static async start(args: readonly string[], flags?: readonly string[]): Promise<Service> {
    return await Service.of(commandLine(["serve", ...args, "--port", "0"], flags));
  }

  /** Starts any program that serves; resolves once it listens. */
  static async of([program, ...rest]: readonly string[]): Promise<Service> {
    const child = new Deno.Command(program!, {
      args: rest,
      cwd: repository,
      clearEnv: true,
      env: environment(),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const service = new Service(child);
    await service.until(/^listening on (http:\S+)\/$/m);
    service.url = /^listening on (http:\S+)\/$/m.exec(service.stderr)![1]!;
    return service;
  }

  /** The port. */
  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Waits until standard error matches. */
  async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.stderr)) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
      if (this.#ended && !pattern.test(this.stderr)) {
        assert.fail(`it ended before ${pattern}: ${this.stderr}`);
      }
    }
  }

  #ended = false;

  async #collect(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of this.#child.stderr) {
      this.stderr += decoder.decode(bytes, { stream: true });
      this.#wake();
    }
    this.#ended = true;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Sends a signal. */
  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** How it ended: its exit code, and what it wrote to standard output. */
  async end(): Promise<{ code: number; stdout: string }> {
    const { code } = await this.#child.status;
    await this.#read;
    return { code, stdout: await this.#stdout };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) {
      try {
        this.#child.kill("SIGKILL");
      } catch {
        // It has ended meanwhile.
      }
    }
    await this.end();
  }
}

/** What curl did. */
export interface Curled {
  readonly code: number;
  readonly stdout: string;
}

/** Runs curl, quietly and not for ever. Text is one character for each byte. */
export async function curl(args: readonly string[], stdin?: Uint8Array<ArrayBuffer>): Promise<Curled> {
  const child = new Deno.Command("curl", {
    args: ["--silent", "--max-time", "60", ...args],
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const output = child.output();
  if (stdin !== undefined) {
    await new Blob([stdin]).stream().pipeTo(child.stdin).catch(() => {});
  }
  const { code, stdout } = await output;
  let text = "";
  for (let i = 0; i < stdout.length; i += 8192) text += String.fromCharCode(...stdout.subarray(i, i + 8192));
  return { code, stdout: text };
}
