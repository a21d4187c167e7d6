/**
 * An entry's file → a compiled component, its hash checked over the very bytes that are compiled.
 *
 * @module
 */
import { layerOf } from "../component/binary/decode.ts";
import { Component, DecodeError } from "../component/mod.ts";
import { ConfigError } from "../config/issue.ts";
import { at } from "../config/position.ts";
import type { WasmEntry } from "../registry/entry.ts";
import { reasonOf } from "../registry/files.ts";
import { IntegrityError, UnsupportedError } from "./error.ts";

/** `sha256:` and the digest of some bytes in lower-case hexadecimal. */
export async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * Reads, checks and compiles the module of an entry.
 *
 * @throws {ConfigError} If the file cannot be read.
 * @throws {IntegrityError} If the hash differs; nothing was decoded then.
 * @throws {DecodeError} If the bytes are not a valid component.
 */
export async function compileEntry(entry: WasmEntry): Promise<Component> {
  const bytes = await Deno.readFile(entry.file).catch((error: Error) => {
    const message = `${entry.id} names ${entry.file}, which cannot be read: ${reasonOf(error)}`;
    throw new ConfigError([{ ...entry.where.path, code: "file", severity: "error", message }]);
  });
  const actual = await digest(bytes);
  if (actual !== entry.hash) throw new IntegrityError(at(entry.where.hash), entry.file, entry.hash, actual);
  return compile(bytes, `${at(entry.where.path)}: ${entry.file}`);
}

/**
 * Compiles a component; refuses core modules by name.
 *
 * @param file The name of the file, for errors.
 * @throws {DecodeError} If the bytes are not a valid component.
 */
export function compile(bytes: Uint8Array<ArrayBuffer>, file: string): Component {
  try {
    if (layerOf(bytes) !== "module") return Component.compileSync(bytes);
  } catch (error) {
    // The engine knows bytes and offsets, and of no file.
    if (error instanceof DecodeError) error.message = `${file} is not a valid component: ${error.message}`;
    throw error;
  }
  throw new UnsupportedError(
    `${file} is a core module, not a component; core modules are not supported yet ` +
      `(\`wasm-tools component new --adapt\` makes a component of one)`,
  );
}
