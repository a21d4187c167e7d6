/** Applications of one directory, for the tests of this room. */
import { Runtime, type RuntimeOptions } from "../../mod.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";

/** The guests that the tests of this room call. */
const GUESTS = {
  calculator: "examples/calculator/calculator.wasm",
  hello: "examples/hello/hello.wasm",
  kinds: "tests/guests/kinds/kinds.wasm",
  lines: "tests/guests/zig/lines.wasm",
  shell: "tests/guests/shell/shell.wasm",
  sleeper: "tests/guests/sleeper/sleeper.wasm",
} as const;

/** The name of a guest. */
export type Guest = keyof typeof GUESTS;

/** Everything that command components import. */
export const WASI = "[wasi:cli, wasi:io, wasi:clocks, wasi:filesystem, wasi:random]";

/** An entry named `it` for a guest, with more fields or others. */
export async function it(
  guest: Guest,
  method: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const hash = await hashOf(component(GUESTS[guest]));
  return entry({ path: `${guest}.wasm`, hash, method, imports: WASI, ...more });
}

/** A loaded application, and the directory it is in. */
export interface App extends AsyncDisposable {
  readonly runtime: Runtime;
  readonly directory: string;
}

/** Loads an index file of these entries, all guests beside it. */
export async function load(entries: string, options: RuntimeOptions = {}): Promise<App> {
  const used = Object.entries(GUESTS).filter(([name]) => entries.includes(`${name}.wasm`));
  const files = Object.fromEntries(used.map(([name, path]) => [`${name}.wasm`, component(path)]));
  const folder = await project({ ...files, "app.yaml": HEAD + entries });
  const runtime = await Runtime.load(`${folder.directory}/app.yaml`, options);
  return {
    runtime,
    directory: folder.directory,
    async [Symbol.asyncDispose]() {
      await runtime[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Collects what a guest writes. */
export class Collector {
  #text = "";
  readonly #decoder = new TextDecoder();

  /** All of it so far. */
  get text(): string {
    return this.#text;
  }

  writeSync(bytes: Uint8Array): number {
    this.#text += this.#decoder.decode(bytes, { stream: true });
    return bytes.length;
  }
}

/** Standard input that holds this text. */
export function input(text: string): { read(buffer: Uint8Array): Promise<number | null> } {
  let rest = new TextEncoder().encode(text);
  return {
    read(buffer) {
      if (rest.length === 0) return Promise.resolve(null);
      const part = rest.subarray(0, buffer.length);
      buffer.set(part);
      rest = rest.subarray(part.length);
      return Promise.resolve(part.length);
    },
  };
}
