/**
 * A guest's file → a compiled component or core module, its hash checked over the very bytes that are compiled.
 *
 * @module
 */
import { layerOf } from "../component/binary/decode.ts";
import { Component, DecodeError, LimitError } from "../component/mod.ts";
import { ConfigError } from "../config/issue.ts";
import { at } from "../config/position.ts";
import { WitError } from "../preview1/error.ts";
import type { CoreModule, CoreOptions } from "../preview1/mod.ts";
import { checkRead } from "../sandbox/permitted.ts";
import { IntegrityError, NOT_TOLD } from "./error.ts";
import { isCore } from "./method.ts";
import { nameAsDeclared } from "./limit_name.ts";
import type { GuestSpec } from "./spec.ts";

/** `sha256:` and the digest of some bytes in lower-case hexadecimal. */
export async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** A compiled module: either has imports, typed exports, and instances. */
export type GuestModule = Component | CoreModule;

export type { CoreModule };

/**
 * Reads, checks and compiles a guest's module.
 *
 * @throws {ConfigError} If the file cannot be read.
 * @throws {IntegrityError} If the hash differs; nothing was decoded then.
 * @throws {DecodeError} If the bytes are neither a valid component nor a valid core module.
 * @throws {WitError} If its signatures cannot be read.
 */
export async function compileFile(spec: GuestSpec): Promise<GuestModule> {
  const { file, hash, where, grant, maxMemoryBytes, wit } = spec;
  const name = where ? `${at(where.file)}: ${file}` : grant.holder;
  // Exports that take numbers go without a signature where nobody could have declared one.
  const options = { maxMemoryBytes, wit, numbers: where === undefined };
  const bytes = bytesOf(spec);
  if (hash !== undefined) {
    const actual = await digest(bytes);
    if (actual !== hash) throw new IntegrityError(where ? at(where.hash) : grant.holder, file, hash, actual);
  }
  try {
    const module = await compile(bytes, name, options);
    if (wit !== undefined && where === undefined && !isCore(module)) {
      throw new WitError("a component has types of its own; --wit is for core modules");
    }
    return module;
  } catch (error) {
    if (error instanceof WitError) {
      error.message = `${where ? `${at(where.wit ?? where.method)}: ` : ""}${grant.holder}: ${error.message}`;
    }
    if (error instanceof DecodeError && spec.concealed) error.message = `${name} is not valid; ${NOT_TOLD}`;
    throw error;
  }
}

/**
 * The bytes of a guest's module, whatever they are.
 *
 * @throws {ConfigError} If the file cannot be read.
 */
export function bytesOf(spec: GuestSpec): Uint8Array<ArrayBuffer> {
  const { file, source, where, grant } = spec;
  if (spec.bytes !== undefined) return spec.bytes;
  if (source !== undefined) throw new TypeError(`the text of ${grant.holder} has not become a module yet`);
  try {
    // At a terminal, without asking.
    checkRead(file);
    // At once: the first asynchronous read of a process costs two milliseconds, and compiling will not wait either.
    return Deno.readFileSync(file);
  } catch (error) {
    const reason = reasonOf(error instanceof Error ? error : new Error(String(error)));
    const message = `${grant.holder} names ${file}, which cannot be read: ${reason}`;
    if (where === undefined) throw new Deno.errors.NotFound(message);
    throw new ConfigError([{ ...where.file, code: "file", severity: "error", message }]);
  }
}

/** Why a file cannot be read, without the name of the call, and of the file, that Deno puts after it. */
function reasonOf(error: Error): string {
  return error.message.replace(/: \w+ '.*'$/s, "");
}

/**
 * Compiles a component, or a core module. What runs the latter is loaded for those who have one.
 *
 * @param file The name of the file, for errors.
 * @param options What its instances may hold, and of a core module how its exports are typed.
 * @throws {DecodeError} If the bytes are not a valid component or core module.
 * @throws {LimitError} If what they hold cannot be bounded.
 * @throws {WitError} If its signatures cannot be read.
 */
export async function compile(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  options: CoreOptions = {},
): Promise<GuestModule> {
  const core = layerOf(bytes) === "module";
  try {
    if (!core) return Component.compileSync(bytes, options);
    const { CoreModule } = await import("../preview1/mod.ts");
    return CoreModule.compile(bytes, options);
  } catch (error) {
    // The engine knows bytes and offsets, and of no file.
    if (error instanceof DecodeError) {
      error.message = `${file} is not a valid ${core ? "core module" : "component"}: ${error.message}`;
    }
    if (error instanceof LimitError) error.message = `${file}: ${error.message}`;
    nameAsDeclared(error);
    throw error;
  }
}
