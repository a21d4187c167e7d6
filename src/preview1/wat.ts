/**
 * The text format of core WebAssembly → bytes. Nothing but this module knows the package that does it, which is loaded
 * where there is text.
 *
 * @see https://webassembly.github.io/spec/core/text/index.html
 * @module
 */
import { type Place, WatError } from "./error.ts";

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
const MAX_TEXT = 16 * 1024 * 1024;

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
    module = wabt.parseWat(NAME, text, FEATURES);
    // What may be validated is not what may be parsed, unless it is said twice.
    (module.validate as (features: typeof FEATURES) => void)(FEATURES);
    return module.toBinary({ write_debug_names: true }).buffer.slice();
  } catch (error) {
    throw asWatError(error as Error);
  } finally {
    module?.destroy();
  }
}

const COMPONENT = "this is the text of a component, and only core modules can be given as text; " +
  "make a file of it (`wasm-tools parse text.wat -o component.wasm`)";

/** The first of what the package found, in one line. What it shows of the text stands below its messages. */
function asWatError(error: Error): WatError {
  const found = new RegExp(`^${NAME}:(\\d+):(\\d+): (?:error: )?(.*)$`, "m").exec(error.message);
  if (found) {
    const [, line, column, said] = found as unknown as [string, string, string, string];
    const place: Place = { line: Number(line), column: Number(column) };
    return new WatError(said.startsWith('unexpected token "component"') ? COMPONENT : said, place);
  }
  const [line = ""] = error.message.split("\n");
  return new WatError(`the text cannot be read: ${line}`);
}
