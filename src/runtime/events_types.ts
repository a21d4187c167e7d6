/**
 * The events of a runtime, as plain data.
 *
 * @module
 */
import type { Wall } from "../grant/error.ts";

/** What every event has. */
export interface EventBase {
  /** When it happened, in milliseconds since 1970. */
  readonly time: number;
}

/** Which call an event is about. */
export interface CallSubject {
  /** The id of the entry. */
  readonly entry: string;
  /** The number of the call: no other call of this runtime has it. */
  readonly call: number;
  /** The number of the call that has asked for this one, where a guest has called another entry. */
  readonly parent?: number;
}

/** An error, as events tell of it. */
export interface EventError {
  /** Its class: `Trap`, `CapabilityError`, `LimitError` … */
  readonly name: string;
  /** What is stable of it for programs, where its class has such a thing. */
  readonly code: string | number | undefined;
  /** What it says, to the operator: it may name files of the host. */
  readonly message: string;
}

/** A call was asked for. It may wait for a slot of its entry's pool first. */
export interface CallStarted extends EventBase, CallSubject {
  /** Which event it is. */
  readonly type: "call-started";
}

/** A call is over. */
export interface CallEnded extends EventBase, CallSubject {
  /** Which event it is. */
  readonly type: "call-ended";
  /** `ok`: the method returned; a program, with the exit code 0. A request counts as `ok` where its guest did not fail. */
  readonly outcome: "ok" | "error";
  /** What it failed with. */
  readonly error?: EventError;
  /** How long it took, the time in which it waited for a slot included, in milliseconds. */
  readonly ms: number;
}

/** A guest was refused what it asked for. Of equal refusals in one call, the first is told. */
export interface Refused extends EventBase, CallSubject {
  /** Which event it is. */
  readonly type: "refused";
  /** The function that it called, as `interface#function`. */
  readonly capability: string;
  /** What it wanted it for, where that is known: a path in the guest, `scheme://host:port`, a name. */
  readonly target?: string;
  /** Which wall refused. */
  readonly wall: Wall;
}

/** Something runs again that had ended: a service, or the process of a guest that had crashed. */
export interface Restarted extends EventBase {
  /** Which event it is. */
  readonly type: "restarted";
  /** The id of the `process.service`, or of the entry whose guests the process is for. */
  readonly entry: string;
  /** What it had ended with. */
  readonly reason: string;
  /** How long it was not running, in milliseconds. */
  readonly after: number;
  /** Of a service: which restart this is, since it was last stable. */
  readonly attempt?: number;
}

/** A service runs no more, and is not started again by itself. */
export interface ServiceEnded extends EventBase {
  /** Which event it is. */
  readonly type: "service-ended";
  /** The id of the `process.service`. */
  readonly entry: string;
  /**
   * `finished`: its process has returned; `given-up`: it failed, and was restarted as often as it may be; `stopped`: it was
   * told to.
   */
  readonly outcome: "finished" | "given-up" | "stopped";
  /** What it failed with at last. */
  readonly error?: EventError;
}

/** The application was loaded anew, and what has changed is in force. */
export interface Reloaded extends EventBase {
  /** Which event it is. */
  readonly type: "reloaded";
  /** Ids of entries that are declared otherwise, or that name one which is. */
  readonly changed: readonly string[];
  /** Ids of entries that are new. */
  readonly added: readonly string[];
  /** Ids of entries that are gone. */
  readonly removed: readonly string[];
}

/** The application was to be loaded anew and could not be: what was in force before still is. */
export interface ReloadFailed extends EventBase {
  /** Which event it is. */
  readonly type: "reload-failed";
  /** Why. */
  readonly error: EventError;
}

/** Whoever reads this stream was too slow: events that would have stood here are lost. */
export interface Lost extends EventBase {
  /** Which event it is. */
  readonly type: "lost";
  /** How many. */
  readonly count: number;
}

/** Something that happened in a runtime; `type` tells what. Frozen. */
export type RuntimeEvent =
  | CallStarted
  | CallEnded
  | Refused
  | Restarted
  | ServiceEnded
  | Reloaded
  | ReloadFailed
  | Lost;
