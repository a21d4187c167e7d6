/**
 * A guest that can be called, in whichever process it runs.
 *
 * @module
 */
import type { IncomingExchange } from "../wasi/http/incoming_exchange.ts";
import type { Described } from "./child.ts";
import type { CallOptions } from "./guest.ts";
import { isolationOf, type Wanted } from "./isolation.ts";
import { isProgram } from "./method.ts";
import type { Start } from "./process.ts";
import type { Keep } from "./processes.ts";
import type { GuestSpec } from "./spec.ts";
import { withModule } from "./wat.ts";

/** What a guest is called in: this process, or others. */
export interface Compartment {
  /** Who the guest is, for messages. */
  readonly holder: string;
  /** The method that is called. */
  readonly method: Described;
  /** Whether that is a whole program, `wasi:cli/run`. */
  readonly isProgram: boolean;
  /**
   * Calls the method on a fresh instance.
   *
   * @param args Values in the JavaScript mapping of their WIT types.
   * @throws What went wrong, there or on the way.
   */
  call(args: readonly unknown[], options: CallOptions): Promise<unknown>;
  /**
   * Has a fresh instance answer a request. The method is `wasi:http/incoming-handler#handle`.
   *
   * @param exchange The request, and the way back.
   * @param statusFor The status where the guest failed before it answered.
   * @throws What went wrong. Where no process could be started, nothing was answered.
   */
  handle(exchange: IncomingExchange, options: CallOptions, statusFor: () => number): Promise<void>;
  /** Ends what it has started. Calls that are under way in processes fail. */
  close(): Promise<void>;
}

/** Which process a guest runs in, and how many there are where it has its own. */
export interface Placement extends Omit<Wanted, "grant">, Keep {
  /** How many of its processes are started before the first call; by default one, which checks the module. */
  readonly warm?: number;
}

/**
 * Makes a guest ready to be called, in the process that it belongs in: a module that is not as declared shows here. What
 * only one kind of compartment needs is loaded where that is chosen.
 *
 * @param spec The guest.
 * @param placement Which process was asked for.
 * @param start How processes of guests are started; asked for where one is.
 * @throws {ConfigError | IntegrityError | DecodeError | LinkError | MethodError | UnsupportedError | CompartmentError}
 */
export async function openCompartment(
  spec: GuestSpec,
  placement: Placement,
  start: () => Promise<Start>,
): Promise<Compartment> {
  const { grant } = spec;
  const whole = await withModule(spec);
  if (isolationOf({ ...placement, grant }) === "inline") {
    const [{ Guest }, { inlineCompartment }] = await Promise.all([
      import("./guest.ts"),
      import("./inline.ts"),
    ]);
    return inlineCompartment(await Guest.load(whole));
  }
  const { Processes } = await import("./processes.ts");
  const { maxExecutionMs, shared, idle, warm = 1 } = placement;
  const processes = new Processes(whole, { start: await start(), maxExecutionMs, shared, idle });
  try {
    const method = await processes.method();
    if (warm > 1) await processes.warm(warm);
    return {
      holder: grant.holder,
      method,
      isProgram: isProgram(method.name),
      call: (args, options) => processes.call(args, options),
      handle: (exchange, options, statusFor) => processes.handle(exchange, options, statusFor),
      close: () => processes.close(),
    };
  } catch (error) {
    await processes.close();
    throw error;
  }
}
