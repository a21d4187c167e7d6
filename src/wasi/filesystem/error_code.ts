/**
 * `enum error-code` of `wasi:filesystem/types`:
 * {@link https://github.com/WebAssembly/wasi-filesystem/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
import { IoError } from "../io/error.ts";

/** The codes that a stream's failure can have so far. */
export type StreamErrorCode =
  | "access"
  | "would-block"
  | "bad-descriptor"
  | "busy"
  | "interrupted"
  | "io"
  | "insufficient-space"
  | "file-too-large"
  | "pipe"
  | "quota";

const CODES: Readonly<Record<string, StreamErrorCode>> = {
  EACCES: "access",
  EAGAIN: "would-block",
  EBADF: "bad-descriptor",
  EBUSY: "busy",
  EDQUOT: "quota",
  EFBIG: "file-too-large",
  EINTR: "interrupted",
  EIO: "io",
  ENOSPC: "insufficient-space",
  EPIPE: "pipe",
};

/**
 * `filesystem-error-code: func(err: borrow<error>) -> option<error-code>`: libc asks it about every stream that
 * failed, standard output too.
 */
export function filesystemErrorCode(error: IoError): StreamErrorCode | undefined {
  const cause = IoError.causeOf(error);
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" && Object.hasOwn(CODES, code) ? CODES[code] : undefined;
}
