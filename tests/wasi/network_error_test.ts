/** What errors of the platform mean: codes of `node:` modules, and Deno's own classes. */
import assert from "node:assert/strict";
import { NetworkError, networkError, type Reason } from "../../src/wasi/network/error.ts";

function coded(code: string, syscall = "connect"): Error {
  return Object.assign(new Error(`${syscall} ${code} 127.0.0.1:1`), { code, syscall });
}

const CASES: readonly (readonly [error: unknown, reason: Reason])[] = [
  [coded("ECONNREFUSED"), "refused"],
  [coded("EHOSTUNREACH"), "unreachable"],
  [coded("EHOSTDOWN"), "unreachable"],
  [coded("ENETUNREACH"), "unreachable"],
  [coded("ENETDOWN"), "unreachable"],
  [coded("EINVAL"), "unreachable"],
  [coded("EINVAL", "bind"), "address-not-available"],
  [coded("EINVAL", "write"), "other"],
  [coded("ETIMEDOUT"), "timeout"],
  [coded("ECONNRESET", "read"), "reset"],
  [coded("ECONNABORTED", "read"), "reset"],
  [coded("EPIPE", "write"), "reset"],
  [coded("EADDRINUSE", "bind"), "address-in-use"],
  [coded("EADDRNOTAVAIL", "bind"), "address-not-available"],
  [coded("ENOTFOUND", "getaddrinfo"), "not-found"],
  [coded("EAI_AGAIN", "getaddrinfo"), "try-again"],
  [coded("EAI_FAIL", "getaddrinfo"), "resolver-failed"],
  [coded("EPERM", "getaddrinfo"), "not-capable"],
  [coded("EACCES"), "not-capable"],
  [coded("EMSGSIZE", "send"), "too-large"],
  [coded("EMFILE", "open"), "too-many-sockets"],
  [coded("ENOBUFS"), "too-many-sockets"],
  [coded("E_NEW"), "other"],
  [coded("constructor"), "other"],
  [new Deno.errors.NotCapable("x"), "not-capable"],
  [new Deno.errors.PermissionDenied("x"), "not-capable"],
  [new Deno.errors.ConnectionRefused("x"), "refused"],
  [new Deno.errors.ConnectionReset("x"), "reset"],
  [new Deno.errors.BrokenPipe("x"), "reset"],
  [new Deno.errors.AddrInUse("x"), "address-in-use"],
  [new Deno.errors.AddrNotAvailable("x"), "address-not-available"],
  [new Deno.errors.NetworkUnreachable("x"), "unreachable"],
  [new Deno.errors.TimedOut("x"), "timeout"],
  [new TypeError("x"), "other"],
  [Object.assign(new AggregateError([coded("ECONNREFUSED")]), { code: "ECONNREFUSED" }), "refused"],
  ["x", "other"],
  [undefined, "other"],
];

Deno.test("an error of the platform becomes a reason, and stays its cause", () => {
  for (const [error, reason] of CASES) {
    const made = networkError(error);
    assert.equal(made.reason, reason, String(error));
    assert.equal(made.cause, error);
    assert.notEqual(made.message, "");
  }
});

Deno.test("an error that has its reason already is passed on as it is", () => {
  const error = new NetworkError("denied", "no rule allows it");
  assert.equal(networkError(error), error);
  assert.deepEqual([error.name, error.message], ["NetworkError", "no rule allows it"]);
});
