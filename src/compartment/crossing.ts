/**
 * Errors on their way between processes: data, and the same class again at the other end.
 *
 * @module
 */
import { ConfigError, type Issue } from "../config/issue.ts";
import { ComponentError, DecodeError, LimitError, LinkError, Trap } from "../component/error.ts";
import { CapabilityError, type Refusal } from "../grant/error.ts";
import { ExitError } from "../wasi/cli/exit.ts";
import { HttpError } from "../wasi/http/error_code.ts";
import { HandlerError } from "../wasi/http/handler_error.ts";
import type { ErrorCode } from "../wasi/http/types.ts";
import { type Place, WitError } from "../preview1/error.ts";
import { CompartmentError, IntegrityError, MethodError, UnsupportedError } from "./error.ts";

/** An error as plain data. */
export interface PlainError {
  /** Its class. */
  readonly name: string;
  /** Its message. */
  readonly message: string;
  /** What its class knows beside. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The facts of each class, as properties that hold plain data. */
const FACTS: Readonly<Record<string, readonly string[]>> = {
  Trap: ["frames"],
  ComponentError: ["payload"],
  LinkError: ["imports"],
  DecodeError: ["offset", "reading", "code"],
  LimitError: ["limit", "value", "asked"],
  CapabilityError: ["asked", "allowed", "wall", "hint"],
  ExitError: ["exitCode"],
  IntegrityError: ["expected", "actual"],
  MethodError: ["methods"],
  WitError: ["line", "column"],
  ConfigError: ["issues"],
  HandlerError: ["errorCode"],
  HttpError: ["code"],
};

/** An error as plain data. What is no error is told as text. */
export function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), facts: {} };
  const facts = Object.fromEntries(
    (FACTS[error.name] ?? []).map((key) => [key, (error as unknown as Record<string, unknown>)[key]]),
  );
  return { name: error.name, message: error.message, facts };
}

/**
 * The error that {@linkcode plainError} told of, of the same class, with the same message and facts.
 *
 * @param told What came; a process that ran hostile code may have written it.
 * @returns An error in any case; what tells of no known class is a `CompartmentError`.
 */
export function errorOf(told: unknown): Error {
  const { name, message, facts } = (told ?? {}) as Partial<PlainError>;
  if (
    typeof name !== "string" || typeof message !== "string" || typeof facts !== "object" || facts === null
  ) {
    return new CompartmentError("the guest's process failed and did not say how");
  }
  const error = revived(name, message, facts);
  // Constructors compose messages out of what they know; this one is composed already.
  Object.defineProperty(error, "message", { value: message, configurable: true, writable: true });
  return error;
}

function revived(name: string, message: string, facts: Readonly<Record<string, unknown>>): Error {
  switch (name) {
    case "Trap":
      return new Trap(message, {}, texts(facts["frames"]));
    case "ComponentError":
      return new ComponentError(facts["payload"]);
    case "LinkError":
      return new LinkError(message, texts(facts["imports"]));
    case "DecodeError":
      return new DecodeError(
        message,
        Number(facts["offset"]),
        String(facts["reading"]),
        facts["code"] === "invalid" ? "invalid" : "malformed",
      );
    case "CapabilityError":
      return new CapabilityError({
        asked: String(facts["asked"]),
        allowed: texts(facts["allowed"]),
        wall: wallOf(facts["wall"]),
        hint: String(facts["hint"]),
      });
    case "ExitError":
      return new ExitError(Number(facts["exitCode"]) & 0xff);
    case "IntegrityError":
      return new IntegrityError("", "", String(facts["expected"]), String(facts["actual"]));
    case "MethodError":
      return new MethodError(message, texts(facts["methods"]));
    case "UnsupportedError":
      return new UnsupportedError(message);
    case "WitError":
      return new WitError(message, placeOf(facts));
    case "ConfigError":
      return new ConfigError(issuesOf(facts["issues"]));
    case "LimitError":
      return new LimitError(message, String(facts["limit"]), Number(facts["value"]), {
        asked: facts["asked"] === undefined ? undefined : Number(facts["asked"]),
      });
    case "HandlerError":
      return new HandlerError(message, facts["errorCode"] as ErrorCode | undefined);
    case "HttpError":
      return new HttpError(facts["code"] as ErrorCode);
    case "NotFound":
      return new Deno.errors.NotFound(message);
    case "NotCapable":
      return new Deno.errors.NotCapable(message);
    case "TypeError":
      return new TypeError(message);
    case "RangeError":
      return new RangeError(message);
    default:
      return new CompartmentError(`${name}: ${message}`);
  }
}

/** The issues of a module that could not be read: the host wrote them, and a place is all that is asked of them. */
function issuesOf(value: unknown): Issue[] {
  return Array.isArray(value) ? value.map((issue) => ({ ...issue as Issue })) : [];
}

function placeOf({ line, column }: Readonly<Record<string, unknown>>): Place | undefined {
  return line === undefined ? undefined : { line: Number(line), column: Number(column) };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function wallOf(value: unknown): Refusal["wall"] {
  return value === "deno" || value === "os" ? value : "link";
}
