/**
 * `list`: the entries of a configuration and its named commands.
 *
 * @module
 */
import { printIssue } from "../config/issue.ts";
import { type Entry, isWasm } from "../registry/entry.ts";
import { load } from "../registry/load.ts";
import type { Command } from "./main.ts";
import { noMore, parseOptions, required } from "./options.ts";
import { note, printAbout } from "./output.ts";

const help = `list [--root <dir>] <config>

Prints the entries of a configuration file, or of a directory of them: id, kind, method and imports; then the
named commands.
`;

/** The command. */
export const command: Command = { summary: "entries and named commands", help, run };

function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { root: { type: "string" } });
  const [config] = required(positionals, ["<config>"]);
  noMore(positionals, 1);
  const registry = load(config!, { root: values["root"] as string | undefined });
  for (const warning of registry.warnings) note(printIssue(warning));
  const rows = registry.entries().map((entry) => {
    const imports = isWasm(entry) ? entry.imports.map((i) => i.name).join(" ") : "";
    return [entry.id, entry.kind, essence(entry) || "-", imports || "-"];
  });
  printAbout(table([["ENTRY", "KIND", "METHOD OR DIRECTORY", "IMPORTS"], ...rows]));
  if (registry.commands.size > 0) {
    const commands = [...registry.commands].map((
      [name, entry],
    ) => [name, entry.id, entry.command?.short ?? ""]);
    printAbout(`\n${table([["COMMAND", "ENTRY", ""], ...commands])}`);
  }
  return Promise.resolve(0);
}

/** What an entry runs, or where it has from what it gives. Never a value: that may be a secret. */
function essence(entry: Entry): string {
  switch (entry.kind) {
    case "function.wasm":
    case "process.wasm":
      return entry.method;
    case "fs.directory":
      return entry.host;
    case "env.variable":
      return `${entry.key} in ${entry.storage}`;
    case "env.storage.file":
      return entry.file;
    case "env.storage.router":
      return entry.storages.join(" ");
    default:
      return "";
  }
}

/** Columns, each as wide as its widest cell. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd() + "\n").join(
    "",
  );
}
