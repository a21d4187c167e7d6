/**
 * What a guest is told of a call of another entry that failed: a kind, and what happened, in a line.
 *
 * The guest may be hostile, and the callee's failure may speak of the host: so only those messages are passed on that are
 * made of what the caller gave, what the callee's guest said, and what the configuration calls things.
 *
 * @module
 */
import { LimitError, Trap } from "../component/mod.ts";
import { CapabilityError } from "../grant/error.ts";
import { ArgumentError } from "../transport/json.ts";
import { ExitError } from "../wasi/mod.ts";

/** The first word of what a guest is told. */
export type FuncsKind =
  | "Invalid"
  | "NotFound"
  | "PermissionDenied"
  | "Unavailable"
  | "Internal"
  | "Canceled"
  | "Timeout"
  | "Unknown";

/** A longer text is cut: guests choose its length. */
const LONGEST = 1000;

/** A call that was not made, or whose result cannot be given back: all of this is the caller's to know. */
export class FuncsError extends Error {
  /** Always `FuncsError`. */
  override readonly name = "FuncsError";
  /** Always `funcs`. */
  readonly code = "funcs";
  /** What kind of failure it is. */
  readonly kind: FuncsKind;

  /**
   * Makes the error.
   *
   * @param kind What kind of failure it is.
   * @param message What happened, for the guest that called.
   */
  constructor(kind: FuncsKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A failure, as a guest is told of it. */
export interface Told {
  /** `Kind: what happened`. */
  readonly text: string;
  /** Whether there is more to it than that: whoever runs the application wants to know. */
  readonly reduced: boolean;
}

/**
 * What a guest is told of an entry that could not be made ready to be called.
 *
 * @param id The entry.
 */
export function toldOfLoading(error: unknown, id: string): Told {
  const known = error instanceof Error && Object.hasOwn(KNOWN, error.name) ? KNOWN[error.name] : undefined;
  const [kind, what] = known ?? ["Internal", "cannot be loaded"];
  return told(kind, `${id} ${what}`, kind !== "Unavailable");
}

/**
 * What a guest is told of a call that failed.
 *
 * @param error What went wrong. That the callee itself has returned `err` is none.
 * @param id The callee.
 */
export function toldOf(error: unknown, id: string): Told {
  if (error instanceof FuncsError) return told(error.kind, error.message);
  if (error instanceof ArgumentError) return told("Invalid", `${id}: ${error.message}`);
  if (error instanceof Trap) return told("Internal", `${id} trapped: ${firstLine(error.message)}`, true);
  if (error instanceof ExitError) return told("Internal", `${id} exited with code ${error.exitCode}`);
  if (error instanceof CapabilityError) {
    return told("PermissionDenied", `${id} was refused ${error.asked}`, true);
  }
  if (error instanceof LimitError) {
    return error.limit === "max_execution_ms"
      ? told("Timeout", `${id} ran longer than the ${error.value} ms that it may`, true)
      : told("Internal", `${id} reached its limit ${error.limit} of ${error.value}`, true);
  }
  const known = error instanceof Error && Object.hasOwn(KNOWN, error.name) ? KNOWN[error.name] : undefined;
  const [kind, what] = known ?? ["Internal", "failed"];
  return told(kind, `${id} ${what}`, kind !== "Unavailable");
}

function told(kind: FuncsKind, message: string, reduced = false): Told {
  return { text: `${kind}: ${cut(message)}`, reduced };
}

/** Errors whose messages are for those who run the application: they name files. */
const KNOWN: Readonly<Record<string, readonly [FuncsKind, string]>> = {
  ClosedError: ["Unavailable", "takes no more calls"],
  ChannelError: ["Internal", "lost its process"],
  CompartmentError: ["Internal", "lost its process, or could not be given one"],
  ConfigError: ["Internal", "cannot be loaded"],
  DecodeError: ["Internal", "cannot be loaded"],
  EnvironmentError: ["NotFound", "has no value for a variable that it needs"],
  IntegrityError: ["Internal", "is not the module that was declared"],
  LinkError: ["Internal", "cannot be linked"],
  MethodError: ["NotFound", "does not have its method"],
  NotCapable: ["PermissionDenied", "asks for more than the runtime itself may do"],
  NotFound: ["Internal", "cannot be loaded"],
  UnsupportedError: ["Internal", "asks for what is not supported"],
};

/** As an error's own message goes on, it may speak of where things stand. */
function firstLine(text: string): string {
  return text.split("\n", 1)[0]!;
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
