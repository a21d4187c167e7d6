/**
 * `enum error-code` of `wasi:filesystem/types`:
 * {@link https://github.com/WebAssembly/wasi-filesystem/blob/v0.2.3/wit/types.wit}
 *
 * A code is all that a guest learns. The host's own messages name host paths, which are not the guest's to know.
 *
 * @module
 */
import { ComponentError } from "../../component/error.ts";
import { denial } from "../denial.ts";
import { IoError } from "../io/error.ts";
import type { ErrorCode } from "./types.ts";

/** By the POSIX name, which Deno gives most errors as `code`. */
const BY_NAME: Readonly<Record<string, ErrorCode>> = {
  E2BIG: "invalid",
  EACCES: "access",
  EAGAIN: "would-block",
  EALREADY: "already",
  EBADF: "bad-descriptor",
  EBUSY: "busy",
  EDEADLK: "deadlock",
  EDQUOT: "quota",
  EEXIST: "exist",
  EFBIG: "file-too-large",
  EILSEQ: "illegal-byte-sequence",
  EINPROGRESS: "in-progress",
  EINTR: "interrupted",
  EINVAL: "invalid",
  EIO: "io",
  EISDIR: "is-directory",
  ELOOP: "loop",
  // The host is out of descriptors. The enum has no code of that name; memory is the nearest thing to run out of.
  EMFILE: "insufficient-memory",
  EMLINK: "too-many-links",
  EMSGSIZE: "message-size",
  ENAMETOOLONG: "name-too-long",
  ENFILE: "insufficient-memory",
  ENODEV: "no-device",
  ENOENT: "no-entry",
  ENOLCK: "no-lock",
  ENOMEM: "insufficient-memory",
  ENOSPC: "insufficient-space",
  ENOSYS: "unsupported",
  ENOTDIR: "not-directory",
  ENOTEMPTY: "not-empty",
  ENOTRECOVERABLE: "not-recoverable",
  ENOTSUP: "unsupported",
  ENOTTY: "no-tty",
  ENXIO: "no-such-device",
  EOPNOTSUPP: "unsupported",
  EOVERFLOW: "overflow",
  EPERM: "not-permitted",
  EPIPE: "pipe",
  EROFS: "read-only",
  ESPIPE: "invalid-seek",
  ETXTBSY: "text-file-busy",
  EXDEV: "cross-device",
};

/** By number, for the few that Deno leaves unnamed. Up to 34 they are the same on every POSIX system. */
const BY_NUMBER: Readonly<Record<number, string | undefined>> = {
  1: "EPERM",
  5: "EIO",
  6: "ENXIO",
  12: "ENOMEM",
  16: "EBUSY",
  18: "EXDEV",
  19: "ENODEV",
  23: "ENFILE",
  24: "EMFILE",
  25: "ENOTTY",
  26: "ETXTBSY",
  27: "EFBIG",
  28: "ENOSPC",
  29: "ESPIPE",
  30: "EROFS",
  31: "EMLINK",
  32: "EPIPE",
  ...(Deno.build.os === "linux"
    ? {
      35: "EDEADLK",
      37: "ENOLCK",
      38: "ENOSYS",
      75: "EOVERFLOW",
      84: "EILSEQ",
      95: "ENOTSUP",
      122: "EDQUOT",
    }
    : {}),
};

/** By class, for errors that come from Deno and not from the system. */
const BY_CLASS: Readonly<Record<string, ErrorCode>> = {
  // Outside of the process's own permissions: forbidden by policy, as EPERM is.
  NotCapable: "not-permitted",
  // A name that is not UTF-8.
  InvalidData: "illegal-byte-sequence",
  BadResource: "bad-descriptor",
  Interrupted: "interrupted",
};

/** The error that a function of this package ends with. */
export function failure(code: ErrorCode): ComponentError<ErrorCode> {
  return new ComponentError(code);
}

/** The code of an error of the host, if it is one of files at all. */
export function codeOf(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (code !== undefined && Object.hasOwn(BY_NAME, code)) return BY_NAME[code];
  if (Object.hasOwn(BY_CLASS, error.name)) return BY_CLASS[error.name];
  const number = /\(os error (\d+)\)/.exec(error.message)?.[1];
  if (number === undefined) return undefined;
  return BY_NAME[BY_NUMBER[Number(number)] ?? "EIO"];
}

/** What the guest is told instead of `error`. What is no error of files is a bug of the host, and stays itself. */
export function translated(error: unknown): unknown {
  if (error instanceof ComponentError) return error;
  const code = codeOf(error);
  return code === undefined ? error : denial(failure(code), error);
}

/** Runs one call on the host's files; its error becomes a code. */
export function attempt<T>(operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw translated(error);
  }
}

/**
 * `filesystem-error-code: func(err: borrow<error>) -> option<error-code>`: libc asks it about every stream that
 * failed, standard output too.
 */
export function filesystemErrorCode(error: IoError): ErrorCode | undefined {
  return codeOf(IoError.causeOf(error));
}
