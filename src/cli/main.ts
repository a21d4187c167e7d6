/**
 * The command line.
 *
 * @module
 */
import { report, UsageError } from "./exit_code.ts";
import { note, print } from "./output.ts";

/** One command. Its module is loaded when it is used. */
export interface Command {
  /** Its line in the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Runs it; returns the exit code. */
  run(args: string[]): Promise<number>;
}

const LOADERS: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  run: () => import("./run.ts"),
  exec: () => import("./exec.ts"),
  list: () => import("./list.ts"),
  inspect: () => import("./inspect.ts"),
  types: () => import("./types.ts"),
};

const SUMMARIES: Readonly<Record<string, string>> = {
  run: "run <config> <entry> [args…]      call an entry and print its result",
  exec: "exec <file.wasm> [-- args…]       run a component with no config",
  list: "list <config>                     entries and named commands",
  inspect: "inspect <file.wasm>               imports and exports as WIT, sha256, an entry to paste",
  types: "types <file.wasm>                 TypeScript declarations of imports and exports",
};

/** Commands of the design that are not there yet; asked for, they say so. */
const PLANNED: ReadonlySet<string> = new Set(["check", "permissions", "serve", "compile", "audit"]);

const HELP = `Airlock runs WebAssembly components with exactly the capabilities they declare.

Commands:
${Object.values(SUMMARIES).map((line) => `  ${line}`).join("\n")}

\`<command> --help\` tells more of one. Exit codes: the guest's own; 1 for a trap or an err result;
2 for wrong usage, configuration or integrity.
`;

/**
 * Runs a command line.
 *
 * @param args The words after the program's name.
 * @returns The exit code.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === undefined || name === "--help" || name === "-h" || name === "help") {
      print(HELP);
      return name === undefined ? 2 : 0;
    }
    const load = Object.hasOwn(LOADERS, name) ? LOADERS[name] : undefined;
    if (!load) {
      if (PLANNED.has(name)) throw new UsageError(`the command ${name} is not supported yet`);
      const commands = Object.keys(LOADERS).join(", ");
      throw new UsageError(`there is no command ${JSON.stringify(name)}; commands are ${commands}`);
    }
    const { command } = await load();
    const end = rest.indexOf("--");
    const own = end < 0 ? rest : rest.slice(0, end);
    // After the entry of \`run\`, words belong to the guest.
    const asksHelp = name === "run" ? own.slice(0, 1) : own;
    if (asksHelp.includes("--help") || asksHelp.includes("-h")) {
      print(command.help);
      return 0;
    }
    return await command.run(rest);
  } catch (error) {
    const code = report(error);
    if (error instanceof UsageError) note("`--help` tells how to use it");
    return code;
  }
}
