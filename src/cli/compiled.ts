/**
 * The command line of a compiled program.
 *
 * @module
 */
import { flagsOfPermissions } from "../compile/manifest.ts";
import type { Program } from "../compile/program.ts";
import { report, UsageError } from "./exit_code.ts";
import { noMore } from "./options.ts";
import { note, printAbout } from "./output.ts";

const help = ({ name, manifest }: Program) =>
  `Usage: ${name} [-o <override>] <entry> [args…]
       ${name} [-o <override>] run | serve | list | permissions

  <entry> [args…]         calls an entry (an id, a command's name, or a name that only one has), and prints
                          its result
  run <entry> [args…]     the same, whatever the entry is called
  serve [options] [entry] answers HTTP requests: --host, --port, --log, --ready-path, --request-timeout,
                          --max-body
  list                    entries and named commands
  permissions             what this program may do, as flags of deno

  -o, --override <namespace:entry:field=value>
                          a value in the place of the one that the entry has

What it may do was fixed when Airlock ${manifest.airlock} compiled it. Exit codes: the guest's own; 1 for a trap or
an err result; 2 for wrong usage, configuration or integrity; 124 where the time was up.
`;

/**
 * Runs a command of a compiled program.
 *
 * @param args The words after the program's name.
 * @returns The exit code.
 */
export async function command(program: Program, args: readonly string[]): Promise<number> {
  const words = [...args];
  const overrides: string[] = [];
  try {
    while (words[0]?.startsWith("-")) {
      const word = words.shift()!;
      if (word === "--help" || word === "-h") return done(help(program));
      if (word === "--version") {
        return done(`${program.name}, compiled by airlock ${program.manifest.airlock}\n`);
      }
      if (word === "-o" || word === "--override") {
        overrides.push(words.shift() ?? usage(`${word} needs namespace:entry:field=value`));
      } else if (word.startsWith("--override=")) overrides.push(word.slice("--override=".length));
      else usage(`unknown option ${word}; options are --override, --help, --version`);
    }
    const [word, ...rest] = words;
    switch (word) {
      case undefined:
        note(help(program).trimEnd());
        return 2;
      case "help":
        return done(help(program));
      case "permissions":
        noMore(rest, 0);
        return done(`${flagsOfPermissions(program.manifest.permissions).join("\n")}\n`);
      case "list": {
        noMore(rest, 0);
        const { printEntries } = await import("./list.ts");
        printEntries(await program.load(overrides));
        return 0;
      }
      case "serve": {
        const { serve } = await import("./compiled_serve.ts");
        return await serve(program, rest, overrides);
      }
      default: {
        const { call } = await import("./compiled_call.ts");
        const [name, ...own] = word === "run" ? rest : words;
        return await call(program, name, own, overrides);
      }
    }
  } catch (error) {
    const code = report(error);
    if (error instanceof UsageError) note(`\`${program.name} --help\` tells more`);
    return code;
  }
}

function done(text: string): number {
  printAbout(text);
  return 0;
}

function usage(message: string): never {
  throw new UsageError(message);
}
