/**
 * One call of an entry whose guest may call other entries: this process stays, as the one that makes those calls.
 *
 * @module
 */
import { isProgram } from "../compartment/method.ts";
import { starter } from "../compartment/start.ts";
import type { WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { Callables } from "../runtime/callables.ts";
import { specOfEntry } from "../runtime/spec.ts";
import { logStdio } from "../runtime/stdio.ts";
import { processStdio } from "../wasi/cli/stdio.ts";
import { note } from "./output.ts";
import { printResult, readArguments } from "./result.ts";

/**
 * Calls an entry and prints its result. The standard streams are its own alone: what it calls has none to read, and
 * prints to standard error.
 *
 * @param words The words of the command line.
 * @param audit Where to write what the entry uses and what is refused to it.
 * @returns The exit code.
 */
export async function callWithOthers(
  entry: WasmEntry,
  registry: Registry,
  words: readonly string[],
  audit: string | undefined,
): Promise<number> {
  const start = starter({ lacking: (reason) => note(`airlock: ${reason}`) });
  const callables = new Callables(registry, { start: () => Promise.resolve(start), stdio: logStdio });
  try {
    const callable = await callables.get(entry);
    const { name, type } = callable.method;
    if (type === undefined) {
      throw new TypeError(`${name} takes or returns resources: these cannot be printed`);
    }
    const args = isProgram(name) ? [] : readArguments({ name, type }, words);
    const options = { stdio: processStdio, args: words, audit: await auditTo(audit, entry, registry) };
    return await printResult(type, callable.call(args, options));
  } finally {
    await callables.close();
  }
}

async function auditTo(file: string | undefined, entry: WasmEntry, registry: Registry) {
  if (file === undefined) return undefined;
  const { auditFile } = await import("./audit_file.ts");
  return auditFile(file, specOfEntry(entry, registry), entry);
}
