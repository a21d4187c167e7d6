/**
 * A guest's file → a compiled component, its hash checked over the very bytes that are compiled.
 *
 * @module
 */
import { layerOf } from "../component/binary/decode.ts";
import { type CompileOptions, Component, DecodeError, LimitError } from "../component/mod.ts";
import { ConfigError } from "../config/issue.ts";
import { at } from "../config/position.ts";
import { checkRead } from "../sandbox/permitted.ts";
import { IntegrityError, UnsupportedError } from "./error.ts";
import type { GuestSpec } from "./spec.ts";

/** `sha256:` and the digest of some bytes in lower-case hexadecimal. */
export async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * Reads, checks and compiles a guest's module.
 *
 * @throws {ConfigError} If the file cannot be read.
 * @throws {IntegrityError} If the hash differs; nothing was decoded then.
 * @throws {DecodeError} If the bytes are not a valid component.
 */
export async function compileFile(spec: GuestSpec): Promise<Component> {
  const { file, hash, where, grant } = spec;
  const bytes = await read(file).catch((error: Error) => {
    const message = `${grant.holder} names ${file}, which cannot be read: ${reasonOf(error)}`;
    if (where === undefined) throw new Deno.errors.NotFound(message);
    throw new ConfigError([{ ...where.file, code: "file", severity: "error", message }]);
  });
  if (hash !== undefined) {
    const actual = await digest(bytes);
    if (actual !== hash) throw new IntegrityError(where ? at(where.hash) : grant.holder, file, hash, actual);
  }
  return compile(bytes, where ? `${at(where.file)}: ${file}` : grant.holder, spec);
}

/** At a terminal, without asking. */
async function read(file: string): Promise<Uint8Array<ArrayBuffer>> {
  checkRead(file);
  return await Deno.readFile(file);
}

/** Why a file cannot be read, without the name of the call, and of the file, that Deno puts after it. */
function reasonOf(error: Error): string {
  return error.message.replace(/: \w+ '.*'$/s, "");
}

/**
 * Compiles a component; refuses core modules by name.
 *
 * @param file The name of the file, for errors.
 * @param options What its instances may hold.
 * @throws {DecodeError} If the bytes are not a valid component.
 * @throws {LimitError} If what they hold cannot be bounded.
 */
export function compile(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  { maxMemoryBytes }: CompileOptions = {},
): Component {
  try {
    if (layerOf(bytes) !== "module") return Component.compileSync(bytes, { maxMemoryBytes });
  } catch (error) {
    // The engine knows bytes and offsets, and of no file.
    if (error instanceof DecodeError) error.message = `${file} is not a valid component: ${error.message}`;
    if (error instanceof LimitError) error.message = `${file}: ${error.message}`;
    throw error;
  }
  throw new UnsupportedError(
    `${file} is a core module, not a component; core modules are not supported yet ` +
      `(\`wasm-tools component new --adapt\` makes a component of one)`,
  );
}
