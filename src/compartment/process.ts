/**
 * A guest in a process of its own: started when it is first called, started again after a crash, killed at its limit.
 *
 * @module
 */
import type { IncomingExchange } from "../wasi/http/incoming_exchange.ts";
import { Conversation, type Send, terminalsOf } from "./conversation.ts";
import type { Described, PlainCall } from "./child.ts";
import { errorOf } from "./crossing.ts";
import { ChannelError, CompartmentError } from "./error.ts";
import { encodeFrame, type Frame, FrameReader, Kind } from "./frame.ts";
import type { CallOptions } from "./guest.ts";
import { HttpConversation, type PlainRequest } from "./http_conversation.ts";
import { type GuestSpec, plainSpec } from "./spec.ts";
import { decodeValue, encodeValue } from "./value.ts";

/** How a process ended. */
export interface Ended {
  /** Its exit code; undefined where a signal ended it. */
  readonly code: number | undefined;
  /** The signal that ended it. */
  readonly signal: string | undefined;
}

/** A process at the other end of a channel. */
export interface ChildProcess {
  /** Its number. */
  readonly pid: number;
  /** Puts bytes on their way to it, in order; what it returns resolves when they are out of this process. */
  send(bytes: Uint8Array<ArrayBuffer>): Promise<void> | void;
  /** Ends it at once. */
  kill(): void;
  /** Whether this process, which has nothing else to do, waits for it. It does at first. */
  hold?(wait: boolean): void;
  /** How it ended, once it has. Never rejects. */
  readonly ended: Promise<Ended>;
}

/** Starts the process of a guest. `onBytes` is told what it writes, in order. */
export type Start = (spec: GuestSpec, onBytes: (bytes: Uint8Array) => void) => Promise<ChildProcess>;

/** How long a process may take to load its module, in milliseconds. Nothing of the guest runs in that time. */
const START_TIMEOUT = 30_000;

/** How long a guest that was given up may take to end by itself, in milliseconds: one that computes never does. */
const CANCEL_TIMEOUT = 1_000;

/** One process with one guest in it. */
export class GuestProcess {
  readonly #reader = new FrameReader();
  readonly #calls = new Map<number, Conversation>();
  /** Calls that were given up and have not ended yet, and when that is too late. */
  readonly #abandoned = new Map<number, ReturnType<typeof setTimeout>>();
  #process: ChildProcess | undefined;
  #nextCall = 1;
  readonly #mayAsk: boolean;
  readonly #ready: PromiseWithResolvers<Described> = Promise.withResolvers();
  /** Why it takes no more calls. */
  #over: Error | undefined;

  private constructor({ grant }: GuestSpec) {
    this.#mayAsk = grant.packages.has("funcs");
    // Whoever starts it waits for it; without a waiter the failure still shows at the next call.
    this.#ready.promise.catch(() => {});
  }

  /**
   * Starts a process and waits until its module is compiled.
   *
   * @param signal Ends it while it starts. Whatever ends it, nothing of it is left when this throws.
   * @throws {CompartmentError} If it could not be started, or ended, or took longer than 30 seconds.
   * @throws {ConfigError | IntegrityError | DecodeError | LinkError | MethodError} As the guest's loading throws.
   */
  static async start(spec: GuestSpec, start: Start, signal?: AbortSignal): Promise<GuestProcess> {
    const guest = new GuestProcess(spec);
    const process = await start(spec, (bytes) => guest.#take(bytes));
    guest.#process = process;
    // What it said before it was known here may have been its end.
    if (guest.#over) process.kill();
    void process.ended.then((ended) => guest.#end(new CompartmentError(endedText(spec, ended))));
    guest.#send(Kind.Start, 0, encodeValue(plainSpec(spec)));
    const timer = setTimeout(
      () => guest.kill(new CompartmentError(`the process of ${spec.grant.holder} did not start in 30 s`)),
      START_TIMEOUT,
    );
    const stop = () => guest.kill(signal!.reason);
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    try {
      await guest.#ready.promise;
    } catch (error) {
      guest.kill(error as Error);
      await process.ended;
      throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
      clearTimeout(timer);
    }
    return guest;
  }

  /** The method that is called. */
  get method(): Promise<Described> {
    return this.#ready.promise;
  }

  /** Whether it takes no more calls. */
  get over(): boolean {
    return this.#over !== undefined;
  }

  /** How many calls are under way. */
  get calls(): number {
    return this.#calls.size;
  }

  /** Its number. */
  get pid(): number {
    return this.#process!.pid;
  }

  /** How it ended, once it has. */
  get ended(): Promise<Ended> {
    return this.#process!.ended;
  }

  /** Whether a program that has nothing else to do waits for it. It does at first. */
  hold(wait: boolean): void {
    this.#process?.hold?.(wait);
  }

  /** Calls the method on a fresh instance in that process. */
  async call(args: readonly unknown[], options: CallOptions): Promise<unknown> {
    const { stdio, audit } = options;
    const funcs = this.#mayAsk ? options.funcs : undefined;
    const message: PlainCall = {
      args,
      words: options.args,
      env: options.env,
      terminals: terminalsOf(stdio),
      audit: audit !== undefined,
      funcs: funcs !== undefined,
    };
    const bytes = encodeValue(message);
    return await this.#converse(
      Kind.Call,
      bytes,
      options.signal,
      (send) => new Conversation(send, stdio, audit, funcs),
    );
  }

  /**
   * Has a fresh instance answer a request.
   *
   * @param exchange The request, and the way back. It is answered in any case.
   * @param statusFor The status where the guest failed before it answered.
   */
  async handle(exchange: IncomingExchange, options: CallOptions, statusFor: () => number): Promise<void> {
    const { stdio, env, signal, audit } = options;
    const { method, scheme, authority, pathWithQuery, headers } = exchange;
    const terminals = terminalsOf(stdio);
    const funcs = this.#mayAsk ? options.funcs : undefined;
    const head: PlainRequest = {
      ...{ method, scheme, authority, pathWithQuery, headers },
      env,
      terminals,
      audit: audit !== undefined,
      funcs: funcs !== undefined,
    };
    const make = (send: Send) => new HttpConversation(send, stdio, exchange, statusFor, { funcs, audit });
    await this.#converse(Kind.Request, encodeValue(head), signal, make);
  }

  /** Ends the process at once. Calls that are under way fail with `why`. */
  kill(why: Error): void {
    this.#end(why);
    this.#process?.kill();
  }

  async #converse(
    kind: number,
    first: Uint8Array,
    signal: AbortSignal | undefined,
    make: (send: Send) => Conversation,
  ): Promise<unknown> {
    const id = this.#nextCall++;
    const conversation = make((kind, body) => this.#send(kind, id, body));
    if (this.#over) conversation.fail(this.#over);
    else {
      this.#calls.set(id, conversation);
      this.#send(kind, id, first);
    }
    const cancel = () => this.#cancel(id, signal!.reason);
    signal?.addEventListener("abort", cancel, { once: true });
    if (signal?.aborted) cancel();
    try {
      return await conversation.done;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** Gives a call up. A guest that waits is told so, and ends; one that computes hears nothing, and has its process killed. */
  #cancel(id: number, why: unknown): void {
    const conversation = this.#calls.get(id);
    if (conversation === undefined || conversation.over) return;
    this.#send(Kind.Cancel, id);
    conversation.fail(why as Error);
    const died = new CompartmentError("the guest's process was killed: a call that was given up did not end");
    this.#abandoned.set(id, setTimeout(() => this.kill(died), CANCEL_TIMEOUT));
  }

  #send(kind: number, call: number, body?: Uint8Array): Promise<void> | void {
    return this.#process?.send(encodeFrame(kind, call, body));
  }

  /** What came from the process. Whatever is wrong with it is the end of the process, and of no other. */
  #take(bytes: Uint8Array): void {
    if (this.#over) return;
    try {
      for (const frame of this.#reader.push(bytes)) this.#frame(frame);
    } catch (error) {
      this.kill(error instanceof ChannelError ? error : new ChannelError(String(error)));
    }
  }

  #frame({ kind, call: id, body }: Frame): void {
    if (id === 0) {
      if (kind === Kind.Ready) return this.#ready.resolve(decodeValue(body) as Described);
      if (kind === Kind.Failed) return this.#ready.reject(errorOf(decodeValue(body)));
      throw new ChannelError(`a frame of kind ${kind} that belongs to no call`);
    }
    const call = this.#calls.get(id);
    if (call === undefined) {
      throw new ChannelError(`a frame of kind ${kind} for a call that is not under way`);
    }
    // What a call that was given up still says is of no use to anybody.
    if (!call.over) call.take(kind, body);
    if (kind !== Kind.Result && kind !== Kind.Failed) return;
    this.#calls.delete(id);
    clearTimeout(this.#abandoned.get(id));
    this.#abandoned.delete(id);
  }

  #end(why: Error): void {
    if (this.#over) return;
    this.#over = why;
    this.#ready.reject(why);
    for (const call of this.#calls.values()) call.fail(why);
    this.#calls.clear();
    for (const timer of this.#abandoned.values()) clearTimeout(timer);
    this.#abandoned.clear();
  }
}

function endedText({ grant }: GuestSpec, { code, signal }: Ended): string {
  const how = signal !== undefined ? `was ended by ${signal}` : `ended with code ${code}`;
  return `the process of ${grant.holder} ${how} while it was needed`;
}
