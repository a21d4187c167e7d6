/**
 * `run`: calls an entry and prints its result.
 *
 * @module
 */
import { printIssue } from "../config/issue.ts";
import { load } from "../registry/load.ts";
import { Callable } from "../runtime/callable.ts";
import type { Command } from "./main.ts";
import { UsageError } from "./exit_code.ts";
import { note } from "./output.ts";
import { printResult, readArguments } from "./result.ts";

const help = `run [--root <dir>] <config> <entry> [args…]

Calls an entry of a configuration file, or of a directory of them, and prints its result: a string raw,
nothing for no result, anything else as JSON.

  <entry>        an id (namespace:name), a command's name, or a name that only one entry has
  args           one for each parameter: a string as it is, anything else as JSON. An entry whose method is
                 wasi:cli/run gets them as the program's arguments, after its name
  --root <dir>   the project root, which relative directories are relative to; otherwise the directory that
                 holds wippy.lock, otherwise that of the configuration
`;

/** The command. */
export const command: Command = { summary: "call an entry and print its result", help, run };

async function run(args: string[]): Promise<number> {
  let root: string | undefined;
  const words = [...args];
  // Options end at the first word: what follows may be options of the guest.
  while (words[0]?.startsWith("-")) {
    const option = words.shift()!;
    if (option === "--root") root = words.shift() ?? usage("--root needs a directory");
    else if (option.startsWith("--root=")) root = option.slice("--root=".length);
    else usage(`unknown option ${option}`);
  }
  const [config, name, ...rest] = words;
  if (config === undefined) return usage("missing <config>");
  const registry = load(config, { root });
  for (const warning of registry.warnings) note(printIssue(warning));
  if (name === undefined) return usage("missing <entry>");
  const entry = registry.findWasm(name);
  const callable = await Callable.of(entry, registry);
  if (callable.isProgram) {
    const program = [entry.command?.name ?? entry.name, ...rest];
    return await printResult(callable.type, callable.call([], { stdio: {}, args: program }));
  }
  const values = readArguments(callable.method, rest);
  return await printResult(callable.type, callable.call(values, { stdio: {}, args: rest }));
}

function usage(message: string): never {
  throw new UsageError(message);
}
