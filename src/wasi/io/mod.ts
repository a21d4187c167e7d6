/**
 * `wasi:io` as import objects.
 *
 * @module
 */
import type { Checked } from "../checked.ts";
import type { HostInterface } from "../imports.ts";
import { IoError } from "./error.ts";
import { InputStream } from "./input_stream.ts";
import { OutputStream } from "./output_stream.ts";
import { poll, Pollable } from "./pollable.ts";

type Error = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-io-error");
type Poll = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-io-poll");
type Streams = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-io-streams");

/** `wasi:io/error`. */
export function errorInterface(): HostInterface {
  return { Error: IoError } satisfies Checked<Error>;
}

/** `wasi:io/poll`, which an entry can declare by itself as `wasi:poll`. */
export function pollInterface(): HostInterface {
  return { poll, Pollable } satisfies Checked<Poll>;
}

/** `wasi:io/streams`. */
export function streamsInterface(): HostInterface {
  return { InputStream, OutputStream } satisfies Checked<Streams>;
}
