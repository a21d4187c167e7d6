/**
 * `run`: calls an entry and prints its result.
 *
 * @module
 */
import { printIssue } from "../config/issue.ts";
import { isWasm, type WasmEntry } from "../registry/entry.ts";
import { EntryError } from "../registry/error.ts";
import { load } from "../registry/load.ts";
import type { Registry } from "../registry/registry.ts";
import { environmentOf } from "../grant/environment.ts";
import { processSources } from "../runtime/env_sources.ts";
import { callsOthers } from "../runtime/callables.ts";
import { checkPermissions } from "../runtime/lacking.ts";
import { isolationAsked, specOfEntry } from "../runtime/spec.ts";
import { callOnce } from "./call.ts";
import { LOAD_HELP } from "./loading.ts";
import type { Command } from "./main.ts";
import { UsageError } from "./exit_code.ts";
import { note } from "./output.ts";

const help = `run [--root <dir>] [-o <override>] [--audit <file>] <config> <entry> [args…]

Calls an entry of a configuration file, or of a directory of them, and prints its result: a string raw,
nothing for no result, anything else as JSON.

  <entry>        an id (namespace:name), a command's name, or a name that only one entry has
  args           one for each parameter: a string as it is, anything else as JSON. An entry whose method is
                 wasi:cli/run gets them as the program's arguments, after its name
${LOAD_HELP}  --audit <file> adds a line of JSON to a file for each capability that is used or refused; the audit command
                 makes the smallest grant of it
`;

/** The command. */
export const command: Command = {
  summary: "call an entry and print its result",
  help,
  asksHelp: (args) => parse(args).help,
  run,
};

interface Words {
  readonly help: boolean;
  readonly root: string | undefined;
  readonly overrides: readonly string[];
  readonly audit: string | undefined;
  readonly config: string | undefined;
  readonly name: string | undefined;
  readonly rest: readonly string[];
}

/** Options end at the entry's name: what follows may be options of the guest. */
function parse(args: readonly string[]): Words {
  let help = false;
  let root: string | undefined;
  let audit: string | undefined;
  const overrides: string[] = [];
  const found: string[] = [];
  const words = [...args];
  while (words.length > 0 && found.length < 2) {
    const word = words.shift()!;
    if (word === "--help" || word === "-h") help = true;
    else if (word === "--root") root = words.shift() ?? usage("--root needs a directory");
    else if (word.startsWith("--root=")) root = word.slice("--root=".length);
    else if (word === "-o" || word === "--override") {
      overrides.push(words.shift() ?? usage(`${word} needs namespace:entry:field=value`));
    } else if (word.startsWith("--override=")) overrides.push(word.slice("--override=".length));
    else if (word === "--audit") audit = words.shift() ?? usage("--audit needs a file");
    else if (word.startsWith("--audit=")) audit = word.slice("--audit=".length);
    else if (word.startsWith("-") && word !== "-") {
      usage(`unknown option ${word}; options are --root, --override, --audit`);
    } else found.push(word);
  }
  return { help, root, overrides, audit, config: found[0], name: found[1], rest: words };
}

async function run(args: string[]): Promise<number> {
  const { root, overrides, audit, config, name, rest } = parse(args);
  if (config === undefined) return usage("missing <config>");
  const registry = load(config, { root, overrides });
  for (const warning of registry.warnings) note(printIssue(warning));
  if (name === undefined) {
    const ids = registry.entries().filter(isWasm).map(({ id }) => id);
    return usage(`missing <entry>; ${config} has ${ids.join(", ") || "none"}`);
  }
  const entry = entryNamed(name, config, registry);
  await checkPermissions(entry, registry);
  if (callsOthers(entry)) {
    const { callWithOthers } = await import("./call_funcs.ts");
    return await callWithOthers(entry, registry, rest, audit);
  }
  return await callOnce({
    spec: specOfEntry(entry, registry),
    isolation: isolationAsked(entry),
    require: entry.require,
    maxExecutionMs: entry.limits.maxExecutionMs,
    words: rest,
    env: environmentOf(entry, registry, processSources),
    audit: audit === undefined ? undefined : { file: audit, entry },
  });
}

function entryNamed(name: string, config: string, registry: Registry): WasmEntry {
  const other = registry.get(name);
  if (other?.kind !== "http.service" && other?.kind !== "process.service") return registry.findWasm(name);
  const message =
    `${other.id} is ${other.kind}, which is served, and not called: \`serve ${config} ${other.id}\` starts it`;
  throw new EntryError("wrong-kind", name, [other.id], message);
}

function usage(message: string): never {
  throw new UsageError(message);
}
