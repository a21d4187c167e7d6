/**
 * What the two ends of a channel say of one call, at the end that asks.
 *
 * @module
 */
import type { Stdio } from "../wasi/mod.ts";
import { auditEventOf } from "./audit_log.ts";
import { errorOf } from "./crossing.ts";
import { ChannelError } from "./error.ts";
import { Kind } from "./frame.ts";
import type { CallOptions } from "./guest.ts";
import { decodeValue } from "./value.ts";

/** Says something of this call to the process. */
export type Send = (kind: number, body?: Uint8Array) => void;

/** How much of standard input is read at once, in bytes. */
const STDIN_CHUNK = 64 * 1024;

/** One call under way: its standard streams, and its end. */
export class Conversation {
  /** Says something of this call to the process. */
  protected readonly send: Send;
  readonly #stdio: Partial<Stdio>;
  readonly #audit: CallOptions["audit"];
  readonly #done: PromiseWithResolvers<unknown> = Promise.withResolvers();
  #over = false;
  #reading = false;

  /**
   * @param send Says something of this call to the process.
   * @param stdio Where the guest's standard streams lead.
   * @param audit Told of what is used and what is refused, if anybody is.
   */
  constructor(send: Send, stdio: Partial<Stdio>, audit?: CallOptions["audit"]) {
    this.send = send;
    this.#stdio = stdio;
    this.#audit = audit;
  }

  /** The result, or why there is none. */
  get done(): Promise<unknown> {
    return this.#done.promise;
  }

  /** Whether nothing more is to be said. */
  get over(): boolean {
    return this.#over;
  }

  /**
   * Takes what the process says.
   *
   * @throws {ChannelError} If no process says this here.
   */
  take(kind: number, body: Uint8Array): void {
    switch (kind) {
      case Kind.Result:
        return this.end(() => this.#done.resolve(decodeValue(body)));
      case Kind.Failed:
        return this.end(() => this.#done.reject(errorOf(decodeValue(body))));
      case Kind.Stdout:
        return write(this.#stdio.stdout ?? Deno.stdout, body);
      case Kind.Stderr:
        return write(this.#stdio.stderr ?? Deno.stderr, body);
      case Kind.WantStdin:
        if (this.#reading) throw new ChannelError("a second wish for input before the first was granted");
        return void this.#stdin();
      case Kind.Audit:
        if (this.#audit === undefined) break;
        return this.#audit(auditEventOf(decodeValue(body)));
    }
    throw new ChannelError(`a frame of kind ${kind} that this call has no use for`);
  }

  /** The process is gone, or not to be trusted any more. */
  fail(why: Error): void {
    this.end(() => this.#done.reject(why));
  }

  /** Nothing more is said after this. */
  protected end(settle: () => void): void {
    if (this.#over) return;
    settle();
    this.#over = true;
  }

  async #stdin(): Promise<void> {
    this.#reading = true;
    const buffer = new Uint8Array(STDIN_CHUNK);
    let kind: number = Kind.Stdin;
    let count: number | null = null;
    try {
      count = await (this.#stdio.stdin ?? Deno.stdin).read(buffer);
    } catch {
      kind = Kind.StdinFailed;
    }
    this.#reading = false;
    if (!this.#over) this.send(kind, buffer.subarray(0, count ?? 0));
  }
}

/** Which of the standard streams are terminals. */
export function terminalsOf(stdio: Partial<Stdio>): boolean[] {
  return [stdio.stdin, stdio.stdout, stdio.stderr].map((stream) => stream?.isTerminal?.() ?? false);
}

/** A reader that is slow, or gone, is not the channel's matter: what it does not take is lost. */
function write(to: Stdio["stdout"], bytes: Uint8Array): void {
  try {
    for (let at = 0; at < bytes.length;) {
      const count = to.writeSync(bytes.subarray(at));
      if (count <= 0) return;
      at += count;
    }
  } catch {
    // Nobody reads any more.
  }
}
