/**
 * The standard streams of guests that run for a library.
 *
 * @module
 */
import type { Stdio } from "../wasi/mod.ts";

/**
 * Where guests of a library lead unless it says otherwise: nothing to read, and both outputs to this
 * process's standard error, where logs go.
 */
export const logStdio: Stdio = {
  stdin: { read: () => Promise.resolve(null) },
  stdout: { writeSync: (bytes) => Deno.stderr.writeSync(bytes) },
  stderr: { writeSync: (bytes) => Deno.stderr.writeSync(bytes) },
};
