/**
 * The text format of core WebAssembly → bytes. Nothing but this module knows the package that does it, which is loaded
 * where there is text.
 *
 * @see https://webassembly.github.io/spec/core/text/index.html
 * @module
 */
import { WatError } from "./error.ts";

/** What V8 has, the package takes for a proposal, and writes as it should: data of a second memory it does not. */
const FEATURES = {
  exceptions: true,
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  threads: true,
  function_references: true,
  multi_value: true,
  tail_call: true,
  bulk_memory: true,
  reference_types: true,
  annotations: true,
  memory64: true,
  extended_const: true,
  relaxed_simd: true,
};

/** More characters than this are no text that somebody wrote; a compiler's belongs into a file of bytes. */
export const MAX_TEXT = 16 * 1024 * 1024;

/** The most of a message that is shown. */
const MOST_SHOWN = 300;

/** The name of the file for the package. It stands in front of each of its messages. */
const NAME = "text";

/**
 * Makes a core module of its text.
 *
 * @param text The text.
 * @returns The module; V8 validates it when it is compiled.
 * @throws {WatError} With line and column, where the text is wrong.
 */
export async function parseWat(text: string): Promise<Uint8Array<ArrayBuffer>> {
  if (text.length > MAX_TEXT) throw new WatError(`the text is longer than ${MAX_TEXT} characters`);
  const { default: load } = await import("wabt");
  const wabt = await load();
  let module: ReturnType<typeof wabt.parseWat> | undefined;
  try {
    // As bytes: of a string the package keeps the low half of each unit.
    module = wabt.parseWat(NAME, new TextEncoder().encode(text), FEATURES);
    // What may be validated is not what may be parsed, unless it is said twice.
    (module.validate as (features: typeof FEATURES) => void)(FEATURES);
    return module.toBinary({ write_debug_names: true }).buffer.slice();
  } catch (error) {
    throw asWatError(error as Error, text);
  } finally {
    module?.destroy();
  }
}

/** The first of what the package found, in one line. What it shows of the text stands below its messages. */
function asWatError(error: Error, text: string): WatError {
  const found = new RegExp(`^${NAME}:(\\d+):(\\d+): (?:error: )?(.*)$`, "m").exec(error.message);
  if (found) {
    const [, line, column, said] = found as unknown as [string, string, string, string];
    const place = { line: Number(line), column: columnOf(text, Number(line), Number(column)) };
    return new WatError(shown(said), place);
  }
  const [line = ""] = error.message.split("\n");
  return new WatError(`the text cannot be read: ${shown(line)}`);
}

/** The package counts bytes where editors count UTF-16 units. */
function columnOf(text: string, line: number, byte: number): number {
  const bytes = new TextEncoder().encode(lineOf(text, line).text).subarray(0, byte - 1);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).length + 1;
}

/** A line, and where in the text it begins. */
export function lineOf(text: string, line: number): { readonly text: string; readonly start: number } {
  let start = 0;
  for (let i = 1; i < line; i++) start = text.indexOf("\n", start) + 1;
  const end = text.indexOf("\n", start);
  return { text: text.slice(start, end < 0 ? undefined : end), start };
}

/** A message on one line, cut where it is long: an identifier in it may be the whole text. */
export function shown(message: string): string {
  const line = message.trim().replaceAll(/\s+/g, " ");
  return line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN)}…` : line;
}
