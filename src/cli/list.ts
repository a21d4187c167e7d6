/**
 * `list`: the entries of a configuration and its named commands.
 *
 * @module
 */
import { printIssue } from "../config/issue.ts";
import { isWasm } from "../registry/entry.ts";
import { load } from "../registry/load.ts";
import type { Command } from "./main.ts";
import { noMore, parseOptions, required } from "./options.ts";
import { note, print } from "./output.ts";

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
  const rows = registry.entries().map((entry) =>
    isWasm(entry)
      ? [entry.id, entry.kind, entry.method, entry.imports.map((i) => i.name).join(" ") || "-"]
      : [entry.id, entry.kind, entry.host, "-"]
  );
  print(table([["ENTRY", "KIND", "METHOD OR DIRECTORY", "IMPORTS"], ...rows]));
  if (registry.commands.size > 0) {
    const commands = [...registry.commands].map((
      [name, entry],
    ) => [name, entry.id, entry.command?.short ?? ""]);
    print(`\n${table([["COMMAND", "ENTRY", ""], ...commands])}`);
  }
  return Promise.resolve(0);
}

/** Columns, each as wide as its widest cell. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd() + "\n").join(
    "",
  );
}
