/**
 * What goes wrong on the network, in one vocabulary for sockets and HTTP.
 *
 * @module
 */
import type { Wall } from "../../grant/error.ts";
import { wallBehind } from "../denial.ts";

/** Why the network did not do what was asked. Hosts map it to the codes of their specification. */
export type Reason =
  | "denied"
  | "private"
  | "invalid-name"
  | "not-found"
  | "try-again"
  | "resolver-failed"
  | "refused"
  | "unreachable"
  | "timeout"
  | "reset"
  | "address-in-use"
  | "address-not-available"
  | "too-many-sockets"
  | "too-large"
  | "not-capable"
  | "other";

/** The network did not do what was asked. The message is for the operator: a guest is told the reason only. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  /** Why. */
  readonly reason: Reason;

  constructor(reason: Reason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Which wall refused; `undefined` where none did. */
export function wallOfNetwork(error: NetworkError): Wall | undefined {
  switch (error.reason) {
    case "denied":
    case "private":
      return "link";
    case "not-capable":
      return wallBehind(error);
    default:
      return undefined;
  }
}

/** The codes of `node:` modules, and the names of Deno's own error classes. */
const REASONS: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: "refused",
  ConnectionRefused: "refused",
  EHOSTUNREACH: "unreachable",
  EHOSTDOWN: "unreachable",
  ENETUNREACH: "unreachable",
  ENETDOWN: "unreachable",
  NetworkUnreachable: "unreachable",
  ETIMEDOUT: "timeout",
  TimedOut: "timeout",
  ECONNRESET: "reset",
  ECONNABORTED: "reset",
  EPIPE: "reset",
  ConnectionReset: "reset",
  ConnectionAborted: "reset",
  BrokenPipe: "reset",
  EADDRINUSE: "address-in-use",
  AddrInUse: "address-in-use",
  EADDRNOTAVAIL: "address-not-available",
  AddrNotAvailable: "address-not-available",
  ENOTFOUND: "not-found",
  ENODATA: "not-found",
  EAI_NODATA: "not-found",
  EAI_NONAME: "not-found",
  EAI_AGAIN: "try-again",
  EAI_FAIL: "resolver-failed",
  EAI_SYSTEM: "resolver-failed",
  ESERVFAIL: "resolver-failed",
  EMSGSIZE: "too-large",
  EMFILE: "too-many-sockets",
  ENFILE: "too-many-sockets",
  ENOBUFS: "too-many-sockets",
  ENOMEM: "too-many-sockets",
  // The lookup of a name outside Deno's scope is EPERM; under Landlock the kernel answers EACCES.
  EPERM: "not-capable",
  EACCES: "not-capable",
  NotCapable: "not-capable",
  PermissionDenied: "not-capable",
};

/**
 * What an error of `node:net`, `node:dgram`, `node:dns` or Deno means.
 *
 * @param error Whatever was thrown or emitted.
 * @returns The same error where it is a {@linkcode NetworkError}; else one that has it as its cause.
 */
export function networkError(error: unknown): NetworkError {
  if (error instanceof NetworkError) return error;
  if (!(error instanceof Error)) return new NetworkError("other", String(error), { cause: error });
  const { code, syscall } = error as Error & { readonly code?: unknown; readonly syscall?: unknown };
  const name = typeof code === "string" && code in REASONS ? code : error.name;
  const reason = code === "EINVAL" && syscall === "bind"
    // To bind to an address of another machine is EADDRNOTAVAIL, but some kernels say this.
    ? "address-not-available"
    : code === "EINVAL" && syscall === "connect"
    // A link-local address without its zone.
    ? "unreachable"
    : Object.hasOwn(REASONS, name)
    ? REASONS[name]!
    : "other";
  return new NetworkError(reason, error.message || String(code ?? error.name), { cause: error });
}
