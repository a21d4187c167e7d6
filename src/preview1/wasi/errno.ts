/**
 * `errno` of preview 1, and what every error of the hosts becomes there:
 * {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#errno}
 *
 * @module
 */
import { ComponentError } from "../../component/error.ts";
import { codeOf } from "../../wasi/filesystem/error_code.ts";
import type { ErrorCode } from "../../wasi/filesystem/types.ts";
import { isClosed } from "../../wasi/io/stream_error.ts";

/** In the order of the specification: a name's place is its number. */
// deno-fmt-ignore
export const NAMES = [
  "success", "2big", "acces", "addrinuse", "addrnotavail", "afnosupport", "again", "already", "badf", "badmsg",
  "busy", "canceled", "child", "connaborted", "connrefused", "connreset", "deadlk", "destaddrreq", "dom", "dquot",
  "exist", "fault", "fbig", "hostunreach", "idrm", "ilseq", "inprogress", "intr", "inval", "io",
  "isconn", "isdir", "loop", "mfile", "mlink", "msgsize", "multihop", "nametoolong", "netdown", "netreset",
  "netunreach", "nfile", "nobufs", "nodev", "noent", "noexec", "nolck", "nolink", "nomem", "nomsg",
  "noprotoopt", "nospc", "nosys", "notconn", "notdir", "notempty", "notrecoverable", "notsock", "notsup", "notty",
  "nxio", "overflow", "ownerdead", "perm", "pipe", "proto", "protonosupport", "prototype", "range", "rofs",
  "spipe", "srch", "stale", "timedout", "txtbsy", "xdev", "notcapable",
] as const;

/** The name of an errno. */
export type Name = typeof NAMES[number];

/** The numbers, by name. */
export const Errno: Readonly<Record<Name, number>> = Object.freeze(
  Object.fromEntries(NAMES.map((name, number) => [name, number])) as Record<Name, number>,
);

/**
 * `error-code` of `wasi:filesystem`, one by one. A path that would leave its directory is `perm` and not `notcapable`:
 * the hosts say `not-permitted` of it, and `notcapable` is for rights alone.
 */
const BY_CODE: Readonly<Record<ErrorCode, Name>> = {
  access: "acces",
  "would-block": "again",
  already: "already",
  "bad-descriptor": "badf",
  busy: "busy",
  deadlock: "deadlk",
  quota: "dquot",
  exist: "exist",
  "file-too-large": "fbig",
  "illegal-byte-sequence": "ilseq",
  "in-progress": "inprogress",
  interrupted: "intr",
  invalid: "inval",
  io: "io",
  "is-directory": "isdir",
  loop: "loop",
  "too-many-links": "mlink",
  "message-size": "msgsize",
  "name-too-long": "nametoolong",
  "no-device": "nodev",
  "no-entry": "noent",
  "no-lock": "nolck",
  "insufficient-memory": "nomem",
  "insufficient-space": "nospc",
  "not-directory": "notdir",
  "not-empty": "notempty",
  "not-recoverable": "notrecoverable",
  unsupported: "notsup",
  "no-tty": "notty",
  "no-such-device": "nxio",
  overflow: "overflow",
  "not-permitted": "perm",
  pipe: "pipe",
  "read-only": "rofs",
  "invalid-seek": "spipe",
  "text-file-busy": "txtbsy",
  "cross-device": "xdev",
};

/**
 * What the guest is told of an error of the hosts.
 *
 * @param error What was thrown.
 * @returns The errno; `undefined` where it is none for guests: a trap, an exit, a bug of the host.
 */
export function errnoOf(error: unknown): number | undefined {
  // Standard output whose reader is gone.
  if (isClosed(error)) return Errno.pipe;
  const code = error instanceof ComponentError ? error.payload : codeOf(error);
  if (typeof code !== "string" || !Object.hasOwn(BY_CODE, code)) return undefined;
  return Errno[BY_CODE[code as ErrorCode]];
}
