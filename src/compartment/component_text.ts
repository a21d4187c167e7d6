/**
 * The text format of components → bytes. Nothing but this module knows the package that does it, which is loaded where
 * there is such a text.
 *
 * `src/RATIONALE.md` tells why: "Why is a package's WebAssembly imported, and not the package?"
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md
 * @module
 */
import { layerOf } from "../component/binary/decode.ts";
import { type Place, WatError } from "../preview1/error.ts";
import { lineOf, shown } from "../preview1/wat.ts";
import { UnsupportedError } from "./error.ts";

/**
 * The `wat` crate of Bytecode Alliance, as MDN publishes it: pure computation, that is given nothing of this process. In
 * full, since the names of deno.json mean something only where that is read.
 */
export const READER = "npm:@mdn/watify@1.1.9/watify_bg.wasm";

/** The reader takes time with the square of what it reads: about three seconds for as much text. */
const MAX_COMPONENT = 1024 * 1024;

/** What the reader exports: the interface that wasm-bindgen gives `fn watify(text: &str) -> Result<Vec<u8>, JsValue>`. */
interface Reader {
  readonly memory: WebAssembly.Memory;
  readonly __wbindgen_externrefs: WebAssembly.Table;
  readonly __wbindgen_start: () => void;
  readonly __wbindgen_malloc: (size: number, align: number) => number;
  readonly watify: (
    text: number,
    length: number,
  ) => [bytes: number, length: number, error: number, failed: number];
}

/**
 * Makes a component of its text.
 *
 * @param text The text.
 * @returns The component. It is well-formed; whether it is valid, whoever decodes it finds out.
 * @throws {WatError} With line and column, where the text is wrong.
 * @throws {UnsupportedError} If the reader of such texts cannot be loaded here.
 */
export async function parseComponent(text: string): Promise<Uint8Array<ArrayBuffer>> {
  if (text.length > MAX_COMPONENT) throw new WatError(`the text is longer than ${MAX_COMPONENT} characters`);
  const reader = await loadReader();
  const found = read(reader, text);
  if (typeof found !== "string") {
    // `(component binary "…")` may hold anything.
    if (layerOf(found) === "component") return found;
    throw new WatError("the bytes in the text are no component");
  }
  const wrong = wrongOf(found);
  if (wrong.place === undefined) throw new WatError(`the text cannot be read: ${wrong.message}`);
  // It counts the columns of a terminal, which has two for a character of Chinese, and editors count UTF-16 units. Where
  // each of these is a character of one column, the two are the same.
  const plain = withPlainLine(text, wrong.place.line);
  const again = plain === text ? found : read(reader, plain);
  const same = typeof again === "string" ? wrongOf(again) : wrong;
  throw new WatError(wrong.message, same.message === wrong.message ? same.place : wrong.place);
}

/** Its code alone: importing that needs no permission, and nothing in the package runs. */
async function loadReader(): Promise<WebAssembly.Module> {
  try {
    // TypeScript and the bundler do not know the syntax yet: https://github.com/tc39/proposal-source-phase-imports
    return await new Function("name", "return import.source(name)")(READER);
  } catch (cause) {
    const [why = ""] = String((cause as Error).message).split("\n");
    const message = `text of components is read by ${READER}, which cannot be loaded: ${why}`;
    throw new UnsupportedError(message, { cause });
  }
}

/**
 * The bytes of a text, or what is wrong with it. Each has a new instance: what a text does to it, no other sees, and its
 * memory goes with it.
 */
function read(module: WebAssembly.Module, text: string): Uint8Array<ArrayBuffer> | string {
  const decoder = new TextDecoder();
  const view = (at: number, length: number) => new Uint8Array(reader.memory.buffer, at >>> 0, length >>> 0);
  const imports: WebAssembly.Imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    // Of its two imports one makes a JavaScript string, the error, and one prepares a table that then holds that alone.
    (imports[from] ??= {})[name] = name.startsWith("__wbindgen_cast_")
      ? (at: number, length: number) => decoder.decode(view(at, length))
      : () => {};
  }
  const reader = new WebAssembly.Instance(module, imports).exports as unknown as Reader;
  try {
    reader.__wbindgen_start();
    const bytes = new TextEncoder().encode(text);
    const at = reader.__wbindgen_malloc(bytes.length, 1);
    view(at, bytes.length).set(bytes);
    const [from, length, error, failed] = reader.watify(at, bytes.length);
    return failed === 0 ? view(from, length).slice() : String(reader.__wbindgen_externrefs.get(error));
  } catch (error) {
    // What it has no room for, and what it has not foreseen.
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
      return `its reader failed with ${error.message}`;
    }
    throw error;
  }
}

/** What was found, in one line. Below it stand the place and what the text has there; of a long line the place alone. */
function wrongOf(said: string): { readonly message: string; readonly place?: Place } {
  const found = /(?:-->|at) <anon>:(\d+):(\d+)(?:\n|$)/.exec(said);
  if (!found) return { message: shown(said) };
  const place = { line: Number(found[1]), column: Number(found[2]) };
  return { message: shown(said.slice(0, found.index)), place };
}

/** A text with letters in place of everything in one line that is not ASCII. */
function withPlainLine(text: string, line: number): string {
  const { text: there, start } = lineOf(text, line);
  const plain = there.replaceAll(/[^\0-\x7f]/g, "x");
  return plain === there ? text : text.slice(0, start) + plain + text.slice(start + there.length);
}
