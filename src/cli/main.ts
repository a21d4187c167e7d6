/**
 * The command line.
 *
 * @module
 */
import { didYouMean } from "../config/nearest.ts";
import { quote } from "../config/node.ts";
import { report, UsageError } from "./exit_code.ts";
import { note, print } from "./output.ts";

/** One command. Its module is loaded when it is used. */
export interface Command {
  /** Its line in the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Whether its words ask for help; by default if `--help` or `-h` is one of them. */
  readonly asksHelp?: (args: readonly string[]) => boolean;
  /** Runs it; returns the exit code. */
  run(args: string[]): Promise<number>;
}

const LOADERS: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  run: () => import("./run.ts"),
  exec: () => import("./exec.ts"),
  serve: () => import("./serve.ts"),
  list: () => import("./list.ts"),
  check: () => import("./check.ts"),
  permissions: () => import("./permissions.ts"),
  inspect: () => import("./inspect.ts"),
  types: () => import("./types.ts"),
  audit: () => import("./audit.ts"),
  compile: () => import("./compile.ts"),
};

const SUMMARIES: Readonly<Record<string, string>> = {
  run: "run <config> <entry> [args…]      call an entry and print its result",
  exec: "exec <file> [-- args…]            run a component, a core module or text with no config",
  serve: "serve <config> [entry]            answer HTTP requests, and run services",
  list: "list <config>                     entries and named commands",
  check: "check <config>                    everything that can be known without running",
  permissions: "permissions <config> [entry]      what each entry may touch, and which wall holds it",
  inspect: "inspect <file>                    imports and exports as WIT, sha256, an entry to paste",
  types: "types <file>                      TypeScript declarations of imports and exports",
  audit: "audit <file…>                     the smallest grant that would have sufficed",
  compile: "compile <config> -o <file>        a binary with its permissions baked in",
};

const HELP = `Airlock runs WebAssembly components with exactly the capabilities they declare.

Commands:
${Object.values(SUMMARIES).map((line) => `  ${line}`).join("\n")}

\`<command> --help\` tells more of one. Exit codes: the guest's own; 1 for a trap or an err result;
2 for wrong usage, configuration or integrity; 124 where its time was up.
`;

/**
 * Runs a command line.
 *
 * @param args The words after the program's name.
 * @returns The exit code.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  let usage = "`--help` lists the commands";
  try {
    if (name === undefined) {
      note(HELP.trimEnd());
      return 2;
    }
    if (name === "--version") {
      const { VERSION } = await import("./version.ts");
      print(`airlock ${VERSION}\n`);
      return 0;
    }
    if (name === "--help" || name === "-h" || name === "help") {
      print(HELP);
      return 0;
    }
    const load = Object.hasOwn(LOADERS, name) ? LOADERS[name] : undefined;
    if (!load) {
      const commands = Object.keys(LOADERS);
      throw new UsageError(
        `there is no command ${quote(name)}; commands are ${commands.join(", ")}${
          didYouMean(name, commands)
        }`,
      );
    }
    const { command } = await load();
    usage = `usage: ${command.help.split("\n")[0]} (\`${name} --help\` tells more)`;
    if (command.asksHelp ? command.asksHelp(rest) : asksHelp(rest)) {
      print(command.help);
      return 0;
    }
    return await command.run(rest);
  } catch (error) {
    const code = report(error);
    if (error instanceof UsageError) note(usage);
    return code;
  }
}

/** Whether the words in front of `--` ask for help. */
function asksHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  return own.includes("--help") || own.includes("-h");
}
