/** Core modules for tests: of text, and of toolchains. */
import { CoreModule, type CoreOptions } from "../../src/preview1/mod.ts";
import { parseWat } from "../../src/preview1/wat.ts";

/** A module of text, each time in bytes of its own: what is compiled is remembered by its bytes. */
export async function core(text: string, options: CoreOptions = {}): Promise<CoreModule> {
  return CoreModule.compile(await parseWat(text), options);
}

/** The bytes of a toolchain's module. */
export function built(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(`guests/${name}.wasm`, import.meta.url));
}

/** What a function throws, or what its promise is rejected with. */
export async function thrown(run: () => unknown): Promise<Error> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Error) return error;
    throw new TypeError(`not an error: ${error}`);
  }
  throw new TypeError("nothing was thrown");
}

/** An export, called on a fresh instance. */
export async function call(module: CoreModule, name: string, ...args: unknown[]): Promise<unknown> {
  const { exports } = await module.instantiate();
  return await exports[name](...args);
}
