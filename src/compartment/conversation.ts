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
import { type FuncsAnswer, type FuncsRequest, requestOf } from "./funcs.ts";
import type { CallOptions } from "./guest.ts";
import { decodeValue, encodeValue } from "./value.ts";

/** Says something of this call to the process; what it returns resolves when it is out of this one. */
export type Send = (kind: number, body?: Uint8Array) => Promise<void> | void;

/** How much of standard input is read at once, in bytes. */
const STDIN_CHUNK = 64 * 1024;

/** One call under way: its standard streams, and its end. */
export class Conversation {
  /** Says something of this call to the process. */
  protected readonly send: Send;
  readonly #stdio: Partial<Stdio>;
  readonly #audit: CallOptions["audit"];
  readonly #funcs: CallOptions["funcs"];
  readonly #done: PromiseWithResolvers<unknown> = Promise.withResolvers();
  #over = false;
  #reading = false;
  /** Ends the call of another entry that is under way. A guest waits for one at a time. */
  #asking: AbortController | undefined;
  /** Resolves when what was sent of all that it has wished for is out. One that does not read gets nothing more. */
  protected sent: Promise<void> | void = undefined;

  /**
   * @param send Says something of this call to the process.
   * @param stdio Where the guest's standard streams lead.
   * @param audit Told of what is used and what is refused, if anybody is.
   * @param funcs Makes the calls of other entries, if the guest may make any.
   */
  constructor(
    send: Send,
    stdio: Partial<Stdio>,
    audit?: CallOptions["audit"],
    funcs?: CallOptions["funcs"],
  ) {
    this.send = send;
    this.#stdio = stdio;
    this.#audit = audit;
    this.#funcs = funcs;
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
      case Kind.Funcs:
        if (this.#funcs === undefined) break;
        if (this.#asking) throw new ChannelError("a second call of a function before the first was answered");
        return void this.#ask(requestOf(decodeValue(body)), this.#funcs);
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
    this.#asking?.abort(new Error("the caller is not there any more"));
  }

  async #ask(request: FuncsRequest, ask: NonNullable<CallOptions["funcs"]>): Promise<void> {
    const { signal } = this.#asking = new AbortController();
    await this.sent;
    if (this.#over) return;
    const answer: FuncsAnswer = await ask(request, signal);
    this.#asking = undefined;
    if (!this.#over) this.sent = this.send(Kind.FuncsAnswer, encodeValue(answer));
  }

  async #stdin(): Promise<void> {
    this.#reading = true;
    await this.sent;
    if (this.#over) return;
    const buffer = new Uint8Array(STDIN_CHUNK);
    let kind: number = Kind.Stdin;
    let count: number | null = null;
    try {
      count = await (this.#stdio.stdin ?? Deno.stdin).read(buffer);
    } catch {
      kind = Kind.StdinFailed;
    }
    this.#reading = false;
    if (!this.#over) this.sent = this.send(kind, buffer.subarray(0, count ?? 0));
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
