/**
 * `wippy:runtime/funcs`: a guest calls another entry by its id.
 *
 * Here is what the guest's end of it looks like, in whichever process that is. Who is called, and what came of it, is for
 * the runtime to say: it alone knows the other entries.
 *
 * @module
 */
import { ComponentError } from "../component/error.ts";
import { type Signatures, withSignatures } from "../component/link/signatures.ts";
import { suspending } from "../component/link/suspending.ts";
import type { Grant } from "../grant/grant.ts";
import type { HostInterface } from "../wasi/imports.ts";
import { turn } from "../wasi/io/turn.ts";
import { ChannelError, UnsupportedError } from "./error.ts";

/** The interface, in the version whose functions these are. Every import of an 0.1.x is served by it. */
export const FUNCS = "wippy:runtime/funcs@0.1.0";

const SIGNATURES: Signatures = {
  "call-string": "func(target: string, input: string) -> result<string, string>",
  "call-bytes": "func(target: string, input: list<u8>) -> result<list<u8>, string>",
};

/**
 * The most that one call takes, and the most that it gives back, in bytes (of text: as UTF-8). What is on its way is in
 * memory as a whole, in up to three processes, for each of the calls that nest.
 */
export const MAX_PAYLOAD = 16 * 1024 * 1024;

/** The longest id, in UTF-16 code units. No file has one of a tenth of this. */
const MAX_TARGET = 1024;

/** A call that a guest wants made. */
export interface FuncsRequest {
  /** The id as the guest gave it: `namespace:name`, or a name of its own entry's namespace. */
  readonly target: string;
  /** What the function is given: a text of `call-string`, bytes of `call-bytes`. What it gives back is of the same kind. */
  readonly input: string | Uint8Array;
}

/** What came of it. Texts of `err` are written for guests: they hold no path and no secret of the host. */
export type FuncsAnswer = { readonly ok: string | Uint8Array } | { readonly err: string };

/**
 * Makes the calls that a guest wants made. Never rejects: whatever goes wrong is an `err`.
 *
 * @param request The call.
 * @param signal Ends it: the caller is not there any more.
 */
export type AskFuncs = (request: FuncsRequest, signal: AbortSignal) => Promise<FuncsAnswer>;

const NEVER = new AbortController().signal;

/**
 * The host interface of one call of a guest. Both functions suspend it until the answer is there.
 *
 * @param grant What the guest was granted; `funcs` is in it.
 * @param ask Makes the calls; `undefined` where there is nobody to call.
 * @param signal Ends the guest's own call.
 */
export function funcsInterface(
  { holder }: Grant,
  ask: AskFuncs | undefined,
  signal: AbortSignal = NEVER,
): HostInterface {
  const call = suspending(async (target: string, input: string | Uint8Array) => {
    if (ask === undefined) {
      throw new UnsupportedError(`${holder} declares funcs, and runs where there are no other entries`);
    }
    const wrong = wrongRequest({ target, input });
    if (wrong !== undefined) throw new ComponentError(wrong);
    // A guest that calls in a loop would otherwise keep the event loop from everybody else.
    await turn();
    signal.throwIfAborted();
    const answer = await ask({ target, input }, signal);
    if ("err" in answer) throw new ComponentError(answer.err);
    return answer.ok;
  });
  return withSignatures({ callString: call, callBytes: call }, SIGNATURES);
}

/** Why a request is not made, as the guest is told; `undefined`: it is. */
function wrongRequest({ target, input }: FuncsRequest): string | undefined {
  if (target.length > MAX_TARGET) return "Invalid: the target is longer than any id";
  return isTooLarge(input) ? `Invalid: the input is larger than ${MAX_PAYLOAD} bytes` : undefined;
}

/** Whether something is more than a call takes or gives back. A text is encoded only where that depends on its letters. */
export function isTooLarge(payload: string | Uint8Array): boolean {
  if (payload.length > MAX_PAYLOAD) return true;
  return typeof payload === "string" && payload.length * 3 > MAX_PAYLOAD &&
    new TextEncoder().encode(payload).length > MAX_PAYLOAD;
}

/**
 * A request that came from a guest's process. Its own end has checked it; but that process may say anything by now.
 *
 * @throws {ChannelError} If it is none.
 */
export function requestOf(value: unknown): FuncsRequest {
  const { target, input } = (value ?? {}) as Partial<FuncsRequest>;
  if (typeof target === "string" && (typeof input === "string" || input instanceof Uint8Array)) {
    const request = { target, input };
    if (wrongRequest(request) === undefined) return request;
  }
  throw new ChannelError("a call of a function that is none");
}
