/**
 * The program of a guest's process: one guest, called over standard input and output.
 *
 * It loads the engine and the hosts and nothing of configuration; what it may touch was fixed when the process was
 * started, and again by the grant that it is told first.
 *
 * @module
 */
import type { FuncType } from "../component/mod.ts";
import { handleIncoming } from "../wasi/http/incoming_handler.ts";
import type { Stdio } from "../wasi/mod.ts";
import { AuditLog, MAX_EVENTS } from "./audit_log.ts";
import { plainError } from "./crossing.ts";
import { ChannelError } from "./error.ts";
import { ChannelExchange } from "./http_channel.ts";
import type { PlainRequest } from "./http_conversation.ts";
import { encodeFrame, type Frame, FrameReader, Kind } from "./frame.ts";
import type { AskFuncs, FuncsAnswer } from "./funcs.ts";
import { type CallOptions, Guest } from "./guest.ts";
import { type GuestSpec, type PlainSpec, specOf } from "./spec.ts";
import { decodeValue, encodeValue } from "./value.ts";

/** What a `Call` frame says. */
export interface PlainCall {
  /** Values in the JavaScript mapping of their WIT types. */
  readonly args: readonly unknown[];
  /** The program's arguments. */
  readonly words: readonly string[] | undefined;
  /** The variables that the guest sees. */
  readonly env: CallOptions["env"];
  /** Which of the standard streams are terminals. */
  readonly terminals: readonly boolean[];
  /** Whether to tell what is used and what is refused. */
  readonly audit: boolean;
  /** Whether somebody makes its calls of other entries. */
  readonly funcs: boolean;
}

/** What a `Ready` frame says: the method that is called. */
export interface Described {
  /** Its name. */
  readonly name: string;
  /** Its WIT type; `undefined` where it has resources in it. */
  readonly type: FuncType | undefined;
}

/** Frames out. Written at once: while the parent does not read, the guest's process stands still, and so does the guest. */
function send(kind: number, call: number, body?: Uint8Array): void {
  const bytes = encodeFrame(kind, call, body);
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

/** The calls that wait for standard input, and what wakes them. */
const readers = new Map<number, PromiseWithResolvers<Uint8Array>>();

function stdioOf(call: number, terminals: readonly boolean[]): Stdio {
  let rest: Uint8Array | undefined;
  let ended = false;
  const output = (kind: number, i: number) => ({
    writeSync(bytes: Uint8Array): number {
      send(kind, call, bytes);
      return bytes.length;
    },
    isTerminal: () => terminals[i] === true,
  });
  return {
    stdin: {
      async read(into) {
        if (ended || into.length === 0) return ended ? null : 0;
        if (rest === undefined) {
          const reader = Promise.withResolvers<Uint8Array>();
          readers.set(call, reader);
          send(Kind.WantStdin, call);
          rest = await reader.promise;
        }
        if (rest.length === 0) {
          ended = true;
          return null;
        }
        const count = Math.min(into.length, rest.length);
        into.set(rest.subarray(0, count));
        rest = count < rest.length ? rest.subarray(count) : undefined;
        return count;
      },
      isTerminal: () => terminals[0] === true,
    },
    stdout: output(Kind.Stdout, 1),
    stderr: output(Kind.Stderr, 2),
  };
}

/** The calls whose guest waits for another entry, and what wakes them. */
const askers = new Map<number, (answer: FuncsAnswer) => void>();

/** Has the other end make the calls. That ends them by itself where this call ends: a signal has nothing to say to it. */
function askFor(call: number): AskFuncs {
  return (request) => {
    const { promise, resolve } = Promise.withResolvers<FuncsAnswer>();
    askers.set(call, resolve);
    send(Kind.Funcs, call, encodeValue(request));
    return promise;
  };
}

/** Calls under way, each with what gives it up. */
const calls = new Map<
  number,
  { readonly controller: AbortController; readonly exchange?: ChannelExchange }
>();

async function call(
  guest: Guest,
  id: number,
  { args, words, env, terminals, audit, funcs }: PlainCall,
): Promise<void> {
  const controller = new AbortController();
  calls.set(id, { controller });
  const { signal } = controller;
  const stdio = stdioOf(id, terminals);
  const options = { stdio, args: words, env, signal, funcs: funcs ? askFor(id) : undefined };
  await settle(id, guest.call(args, audit ? { ...options, audit: auditTo(id) } : options));
}

/** One more than the other end keeps, so that it knows that there was more. */
function auditTo(call: number): NonNullable<CallOptions["audit"]> {
  const log = new AuditLog((event) => send(Kind.Audit, call, encodeValue(event)), MAX_EVENTS + 1);
  return (event) => log.add(event);
}

/** Has a fresh instance answer a request. Its response is out before the call counts as done. */
async function handle(guest: Guest, id: number, request: PlainRequest): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const exchange = new ChannelExchange(request, (kind, body) => send(kind, id, body));
  calls.set(id, { controller, exchange });
  const { terminals, env, funcs, audit } = request;
  const stdio = stdioOf(id, terminals);
  const asked = { stdio, env, signal, funcs: funcs ? askFor(id) : undefined };
  const options = audit ? { ...asked, audit: auditTo(id) } : asked;
  const handled = handleIncoming(
    exchange,
    (request, responseOut) => guest.call([request, responseOut], options),
    () => {
      exchange.failed = true;
      return 500;
    },
  );
  await settle(id, handled.finally(() => exchange.delivered));
}

async function settle(id: number, work: Promise<unknown>): Promise<void> {
  try {
    const value = encodeValue(await work);
    send(Kind.Result, id, value);
  } catch (error) {
    send(Kind.Failed, id, encodedError(error));
  } finally {
    readers.delete(id);
    askers.delete(id);
    calls.delete(id);
  }
}

/** What the method is. A type with resources in it stays here: their identity is of this process. */
function described({ method }: Guest): Uint8Array {
  const told: Described = { name: method.name, type: method.type };
  try {
    return encodeValue(told);
  } catch {
    return encodeValue({ name: method.name, type: undefined });
  }
}

/** The payload of an error may be a resource, which cannot leave. */
function encodedError(error: unknown): Uint8Array {
  try {
    return encodeValue(plainError(error));
  } catch (why) {
    return encodeValue(plainError(why));
  }
}

/**
 * Serves the channel until the other end closes it. It never returns.
 *
 * @param prepare What is left to do once this process knows its guest, before anything of that is loaded.
 */
export async function serveChannel(
  prepare: (spec: GuestSpec) => Promise<GuestSpec> = (spec) => Promise.resolve(spec),
): Promise<never> {
  const reader = new FrameReader();
  let guest: Guest | undefined;
  const take = async ({ kind, call: id, body }: Frame) => {
    if (kind === Kind.Start) {
      try {
        guest = await Guest.load(await prepare(specOf(decodeValue(body) as PlainSpec)));
        send(Kind.Ready, 0, described(guest));
      } catch (error) {
        send(Kind.Failed, 0, encodedError(error));
      }
    } else if (guest === undefined) throw new ChannelError(`a frame of kind ${kind} before the first`);
    else if (kind === Kind.Call) void call(guest, id, decodeValue(body) as PlainCall);
    else if (kind === Kind.Request) void handle(guest, id, decodeValue(body) as PlainRequest);
    else if (kind === Kind.FuncsAnswer) {
      const answered = askers.get(id);
      askers.delete(id);
      answered?.(decodeValue(body) as FuncsAnswer);
    } else if (kind === Kind.Cancel) calls.get(id)?.controller.abort(new Error("the call was given up"));
    else if (kind === Kind.Stdin || kind === Kind.StdinFailed) {
      const reader = readers.get(id);
      readers.delete(id);
      // The bytes are kept until the guest has read them; the frame's buffer is its own.
      if (kind === Kind.Stdin) reader?.resolve(body);
      else reader?.reject(new Error("standard input cannot be read"));
    } else calls.get(id)?.exchange?.take(kind, body);
  };
  const buffer = new Uint8Array(64 * 1024);
  for (;;) {
    const count = await Deno.stdin.read(buffer);
    // The parent is gone, or has no more use for this process.
    if (count === null) Deno.exit(0);
    for (const frame of reader.push(buffer.slice(0, count))) await take(frame);
  }
}
