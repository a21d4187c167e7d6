/**
 * `wasi:filesystem` as import objects.
 *
 * @module
 */
import type { Grant } from "../../grant/grant.ts";
import type { Checked } from "../checked.ts";
import type { HostInterface } from "../imports.ts";
import { Descriptor } from "./descriptor.ts";
import { DirectoryEntryStream } from "./entries.ts";
import { filesystemErrorCode } from "./error_code.ts";
import { getDirectories } from "./preopens.ts";

type Types = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-filesystem-types");
type Preopens = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-filesystem-preopens");

/** `wasi:filesystem/types`. */
export function typesInterface(): HostInterface {
  return { Descriptor, DirectoryEntryStream, filesystemErrorCode } satisfies Checked<Types>;
}

/** `wasi:filesystem/preopens`. */
export function preopensInterface(grant: Grant, atEnd?: (() => void)[]): HostInterface {
  return { getDirectories: getDirectories(grant, atEnd) } satisfies Checked<Preopens>;
}
