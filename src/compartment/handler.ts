/**
 * What answers HTTP requests for a server: a guest, in whichever process it runs.
 *
 * @module
 */
import { handleIncoming } from "../wasi/http/incoming_handler.ts";
import type { IncomingExchange } from "../wasi/http/incoming_exchange.ts";
import type { CallOptions, Guest } from "./guest.ts";
import { isolationOf, type Wanted } from "./isolation.ts";
import type { Start } from "./process.ts";
import type { GuestSpec } from "./spec.ts";

/** A guest that exports `wasi:http/incoming-handler`. */
export interface Handler {
  /** Who it is, for messages. */
  readonly holder: string;
  /**
   * Has a fresh instance answer a request.
   *
   * @param exchange The request, and the way back.
   * @param statusFor The status where the guest failed before it answered.
   * @throws What went wrong. Where no process could be started, nothing was answered.
   */
  handle(exchange: IncomingExchange, options: CallOptions, statusFor: () => number): Promise<void>;
  /** Ends what it has started. */
  close(): Promise<void>;
}

/** A guest in this process. */
export function inlineHandler(guest: Guest): Handler {
  return {
    holder: guest.spec.grant.holder,
    handle: (exchange, options, statusFor) =>
      handleIncoming(
        exchange,
        (request, responseOut) => guest.call([request, responseOut], options),
        statusFor,
      ),
    close: () => Promise.resolve(),
  };
}

/**
 * Makes a guest ready to answer, in the process that it belongs in.
 *
 * @param spec The guest.
 * @param wanted Which process was asked for.
 * @param start How processes of guests are started; asked for where one is.
 * @throws {ConfigError | IntegrityError | DecodeError | LinkError | MethodError | CompartmentError}
 */
export async function openHandler(
  spec: GuestSpec,
  wanted: Omit<Wanted, "grant">,
  start: () => Promise<Start>,
): Promise<Handler> {
  const { grant } = spec;
  if (isolationOf({ ...wanted, grant }) === "inline") {
    const { Guest } = await import("./guest.ts");
    return inlineHandler(await Guest.load(spec));
  }
  const { Processes } = await import("./processes.ts");
  const { maxExecutionMs } = wanted;
  const processes = new Processes(spec, { start: await start(), maxExecutionMs });
  try {
    // A module that is not as declared shows before anything is served.
    await processes.method();
  } catch (error) {
    await processes.close();
    throw error;
  }
  return {
    holder: grant.holder,
    handle: (exchange, options, statusFor) => processes.handle(exchange, options, statusFor),
    close: () => processes.close(),
  };
}
