/**
 * The host's side of `wasi:http/incoming-handler`: an exchange in, a call of the guest's `handle`, its outcome back.
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/handler.wit}
 *
 * @module
 */
import { ExitError } from "../cli/exit.ts";
import { hostResponse, statusOf } from "./error_status.ts";
import { hasNoContent, type IncomingExchange, type ResponseHead } from "./incoming_exchange.ts";
import { HandlerError } from "./handler_error.ts";
import { IncomingRequest } from "./incoming_request.ts";
import { OutgoingResponse } from "./outgoing_response.ts";
import { type Answer, ResponseOutparam } from "./response_outparam.ts";

/** Calls `handle` of a fresh instance. */
export type Handle = (request: IncomingRequest, responseOut: ResponseOutparam) => Promise<unknown>;

/**
 * Has a guest answer a request. The response begins when the guest calls `response-outparam.set`; from then on what
 * goes wrong shows as contents that are cut off, and before that as a status. The client is always answered.
 *
 * @param exchange The request, and the way back.
 * @param handle Calls the guest. When it is done, so is the response: nothing of an instance outlives its call.
 * @param statusFor The status for a call that failed or did not answer; by default 500.
 * @throws {HandlerError} The guest did not answer, answered with an `error-code`, or left its response incomplete.
 * @throws What the call throws.
 */
export async function handleIncoming(
  exchange: IncomingExchange,
  handle: Handle,
  statusFor: (error: unknown) => number = () => 500,
): Promise<void> {
  let response: ResponseHead | undefined;
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => failure ??= { error };
  const respond = (head: ResponseHead) => {
    response = head;
    exchange.respond(head);
  };
  const answer = (answer: Answer) => {
    if (answer.tag === "err") {
      fail(new HandlerError(`it answered ${describe(answer.val)}`, answer.val));
      respond(hostResponse(statusOf(answer.val)));
      return;
    }
    try {
      respond(OutgoingResponse.headOf(answer.val, (status) => hasNoContent(exchange.method, status)));
    } catch (error) {
      if (!(error instanceof HandlerError)) throw error;
      fail(error);
      respond(hostResponse(500));
    }
  };
  try {
    await handle(new IncomingRequest(exchange), new ResponseOutparam(answer));
  } catch (error) {
    // A guest that exits after a complete response has done its work.
    if (!(error instanceof ExitError && error.exitCode === 0)) fail(error);
  }
  exchange.body.close?.();
  if (response === undefined) {
    fail(new HandlerError("it returned without calling response-outparam.set"));
    exchange.respond(hostResponse(statusFor(failure!.error)));
  } else if (response.body.state !== "finished") {
    response.body.cut();
    // A guest whose client has left cannot finish what it writes.
    if (!response.body.gone) fail(new HandlerError("it returned without finishing its response"));
  }
  if (failure) throw failure.error;
}

function describe(code: { readonly tag: string; readonly val?: unknown }): string {
  const { tag, val } = code;
  if (val === undefined) return tag;
  return `${tag} (${typeof val === "object" ? JSON.stringify(val, plain) : String(val)})`;
}

function plain(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
