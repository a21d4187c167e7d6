/**
 * An entry's file → a compiled component, its hash checked over the very bytes that are compiled.
 *
 * @module
 */
import { layerOf } from "../component/binary/decode.ts";
import { Component } from "../component/mod.ts";
import { at } from "../config/position.ts";
import type { WasmEntry } from "../registry/entry.ts";
import { IntegrityError, UnsupportedError } from "./error.ts";

/** `sha256:` and the digest of some bytes in lower-case hexadecimal. */
export async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * Reads, checks and compiles the module of an entry.
 *
 * @throws {IntegrityError} If the hash differs; nothing was decoded then.
 * @throws {DecodeError} If the bytes are not a valid component.
 */
export async function compileEntry(entry: WasmEntry): Promise<Component> {
  const bytes = await Deno.readFile(entry.file).catch((error: Error) => {
    throw new Deno.errors.NotFound(
      `${at(entry.where.path)}: ${entry.id} names ${entry.file}, which cannot be read: ${error.message}`,
    );
  });
  const actual = await digest(bytes);
  if (actual !== entry.hash) throw new IntegrityError(at(entry.where.hash), entry.file, entry.hash, actual);
  return compile(bytes, entry.file);
}

/** Compiles a component; refuses core modules by name. */
export function compile(bytes: Uint8Array<ArrayBuffer>, file: string): Component {
  if (layerOf(bytes) === "module") {
    throw new UnsupportedError(
      `${file} is a core module, not a component; core modules are not supported yet ` +
        `(\`wasm-tools component new --adapt\` makes a component of one)`,
    );
  }
  return Component.compileSync(bytes);
}
