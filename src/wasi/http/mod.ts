/**
 * `wasi:http` as import objects.
 *
 * @module
 */
import type { Checked } from "../checked.ts";
import type { HostInterface } from "../imports.ts";
import type { Reach } from "../network/reach.ts";
import { httpErrorCode } from "./error_code.ts";
import { Fields } from "./fields.ts";
import { FutureIncomingResponse } from "./future_incoming_response.ts";
import { FutureTrailers } from "./future_trailers.ts";
import { IncomingBody } from "./incoming_body.ts";
import { IncomingRequest } from "./incoming_request.ts";
import { IncomingResponse } from "./incoming_response.ts";
import { OutgoingBody } from "./outgoing_body.ts";
import { handleOf } from "./outgoing_handler.ts";
import { OutgoingRequest } from "./outgoing_request.ts";
import { OutgoingResponse } from "./outgoing_response.ts";
import { RequestOptions } from "./request_options.ts";
import { ResponseOutparam } from "./response_outparam.ts";

type Types = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-http-types");
type OutgoingHandler = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-http-outgoing-handler");

/** `wasi:http/types`. */
export function typesInterface(): HostInterface {
  return {
    Fields,
    FutureIncomingResponse,
    FutureTrailers,
    IncomingBody,
    IncomingRequest,
    IncomingResponse,
    OutgoingBody,
    OutgoingRequest,
    OutgoingResponse,
    RequestOptions,
    ResponseOutparam,
    httpErrorCode,
  } satisfies Checked<Types>;
}

/**
 * `wasi:http/outgoing-handler`.
 *
 * @param reach The guest's way out.
 */
export function outgoingHandlerInterface(reach: Reach): HostInterface {
  return { handle: handleOf(reach) } satisfies Checked<OutgoingHandler>;
}
