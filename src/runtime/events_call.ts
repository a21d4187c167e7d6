/**
 * One call, as events tell of it.
 *
 * @module
 */
import type { AskFuncs } from "../compartment/funcs.ts";
import type { CallOptions } from "../compartment/guest.ts";
import { CapabilityError } from "../grant/error.ts";
import type { AuditEvent } from "../wasi/audit.ts";
import type { Events } from "./events.ts";
import { eventError } from "./events_error.ts";
import type { CallEnded, CallSubject } from "./events_types.ts";

/** Makes the calls of other entries that a guest asks for; it can be told which call asks. */
export type NestedFuncs = (
  ...args: [...Parameters<AskFuncs>, parent?: number | undefined]
) => ReturnType<AskFuncs>;

/** The most different refusals that are told of one call: a guest may ask for a million files. */
const MAX_REFUSALS = 256;

/** A call that somebody listens to. */
export class CallWatch {
  /** Which call it is. */
  readonly subject: CallSubject;
  readonly #events: Events;
  readonly #began = performance.now();
  readonly #refused = new Set<string>();

  /** @param subject Which call it is. */
  constructor(events: Events, subject: CallSubject) {
    this.#events = events;
    this.subject = subject;
  }

  /** The options of a call, so that it tells of its refusals, and of the calls that it asks for. */
  options<T extends Pick<CallOptions, "audit" | "funcs">>(options: T): T {
    const { audit, funcs } = options;
    const { call } = this.subject;
    return {
      ...options,
      ...funcs && { funcs: ((request, signal) => (funcs as NestedFuncs)(request, signal, call)) as AskFuncs },
      ...this.#events.tellsRefusals && {
        audit: (event: AuditEvent) => {
          audit?.(event);
          this.#audit(event);
        },
      },
    };
  }

  /** Tells how it ends, and ends the same way. */
  async over<T>(call: Promise<T>): Promise<T> {
    try {
      const result = await call;
      this.#ended({ outcome: "ok" });
      return result;
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  /** It has failed. */
  failed(error: unknown): void {
    // What a guest was refused by a trap is known without watching its every call.
    if (error instanceof CapabilityError) this.#refusal(error.asked, undefined, error.wall);
    this.#ended({ outcome: "error", error: eventError(error) });
  }

  #ended(ending: Pick<CallEnded, "outcome" | "error">): void {
    const ms = Math.round((performance.now() - this.#began) * 1000) / 1000;
    this.#events.emit({ type: "call-ended", time: Date.now(), ...this.subject, ...ending, ms });
  }

  #audit({ interface: name, function: func, target, outcome, wall = "link" }: AuditEvent): void {
    if (outcome === "refused") this.#refusal(name === func ? name : `${name}#${func}`, target, wall);
  }

  #refusal(capability: string, target: string | undefined, wall: CapabilityError["wall"]): void {
    const key = JSON.stringify([capability, target, wall]);
    if (this.#refused.has(key) || this.#refused.size === MAX_REFUSALS) return;
    this.#refused.add(key);
    const refused = { capability, ...target !== undefined && { target }, wall };
    this.#events.emit({ type: "refused", time: Date.now(), ...this.subject, ...refused });
  }
}
