/**
 * Where the values of variables are: this process's environment, and files of this machine.
 *
 * @module
 */
import { reasonOf } from "./files.ts";

/**
 * What storages of variables read. Neither function asks anybody for permission: where it may not look it throws an
 * error named `NotCapable`, whose message tells which flag would let it.
 */
export interface EnvSources {
  /** A variable of this process, and of no other name; `undefined` where it is not set. */
  os(name: string): string | undefined;
  /** A file's text; `undefined` where there is no such file. */
  readText(path: string): string | undefined;
}

/** What this process may read of its own, one name at a time. It never asks: a guest's call is no time for it. */
export const processSources: EnvSources = {
  os(name) {
    // No environment can hold such a name.
    if (/[=\0]/.test(name)) return undefined;
    const what = `the environment variable ${name}`;
    return reading(what, { name: "env", variable: name }, `--allow-env=${name}`, () => Deno.env.get(name));
  },
  readText(path) {
    const bytes = reading(path, { name: "read", path }, `--allow-read=${path}`, () => {
      try {
        return Deno.readFileSync(path);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
          return undefined;
        }
        throw error;
      }
    });
    if (bytes === undefined) return undefined;
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      throw new Error(`${path} is not UTF-8 text`);
    }
  },
};

/** Reads, or says which flag would let it; where Deno would ask, it is a refusal. */
function reading<T>(what: string, descriptor: Deno.PermissionDescriptor, flag: string, read: () => T): T {
  const { state } = Deno.permissions.querySync(descriptor);
  const refuse = (cause?: unknown) => {
    const advice = state === "denied" ? "it was started with a --deny flag" : `add ${flag}`;
    return new Deno.errors.NotCapable(`this process may not read ${what}; ${advice}`, { cause });
  };
  if (state === "prompt") throw refuse();
  try {
    return read();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw refuse(error);
    throw new Error(`${what} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}
