/**
 * A guest in this process, as a compartment.
 *
 * @module
 */
import { handleIncoming } from "../wasi/http/incoming_handler.ts";
import type { Compartment } from "./compartment.ts";
import type { Guest } from "./guest.ts";

/** A loaded guest, to be called here. */
export function inlineCompartment(guest: Guest): Compartment {
  return {
    holder: guest.spec.grant.holder,
    method: { name: guest.method.name, type: guest.method.type },
    isProgram: guest.isProgram,
    call: (args, options) => guest.call(args, options),
    handle: (exchange, options, statusFor) =>
      handleIncoming(
        exchange,
        (request, responseOut) => guest.call([request, responseOut], options),
        statusFor,
      ),
    close: () => Promise.resolve(),
  };
}
