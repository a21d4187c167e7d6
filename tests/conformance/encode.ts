/**
 * Text → bytes, by the wasm-tools that Bytecode Alliance publishes to npm. It encodes without validating.
 *
 * @module
 */
// deno-lint-ignore no-import-prefix -- a tool of this folder alone
import { parse } from "npm:@bytecodealliance/jco-transpile@0.12.1/wasm-tools";

/** The encoder did not accept a text; the engine never saw it. */
export class EncodeError extends Error {
  override readonly name = "EncodeError";
}

/**
 * Encodes a component.
 *
 * @throws {EncodeError} If the text cannot be read.
 */
export async function encode(text: string): Promise<Uint8Array> {
  try {
    return await parse(text);
  } catch (cause) {
    throw new EncodeError(/Custom\("(.*?)"\)|kind: (\w+)/.exec(String(cause))?.[0] ?? String(cause), {
      cause,
    });
  }
}
