/**
 * `list`: the entries of a configuration and its named commands.
 *
 * @module
 */
import { printIssue } from "../config/issue.ts";
import { type Entry, type HttpServiceEntry, isWasm } from "../registry/entry.ts";
import { load } from "../registry/load.ts";
import type { Registry } from "../registry/registry.ts";
import { LOAD_HELP, LOAD_OPTIONS, loadingOf } from "./loading.ts";
import type { Command } from "./main.ts";
import { noMore, parseOptions, required } from "./options.ts";
import { note, printAbout } from "./output.ts";

const help = `list [--root <dir>] [-o <override>] <config>

Prints the entries of a configuration file, or of a directory of them: id, kind, method and imports; then the
named commands, and what answers which HTTP requests.

${LOAD_HELP}`;

/** The command. */
export const command: Command = { summary: "entries and named commands", help, run };

function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, LOAD_OPTIONS);
  const [config] = required(positionals, ["<config>"]);
  noMore(positionals, 1);
  const registry = load(config!, loadingOf(values));
  for (const warning of registry.warnings) note(printIssue(warning));
  printEntries(registry);
  return Promise.resolve(0);
}

/** Prints the entries of an application. */
export function printEntries(registry: Registry): void {
  const rows = registry.entries().map((entry) => {
    const imports = isWasm(entry) ? entry.imports.map((i) => i.name).join(" ") : "";
    return [entry.id, entry.kind, essence(entry) || "-", imports || "-"];
  });
  printAbout(table([["ENTRY", "KIND", "METHOD OR DIRECTORY", "IMPORTS"], ...rows]));
  if (registry.commands.size > 0) {
    const commands = [...registry.commands].map((
      [name, entry],
    ) => [name, entry.command?.short ?? "", entry.id]);
    printAbout(`\n${table([["COMMAND", "", "ENTRY"], ...commands])}`);
  }
  const routes = routesOf(registry);
  if (routes.length > 0) printAbout(`\n${table([["METHOD", "PATH", "ADDRESS", "ENTRY"], ...routes])}`);
}

/** What an entry runs, or where it has from what it gives. Never a value: that may be a secret. */
function essence(entry: Entry): string {
  switch (entry.kind) {
    case "function.wasm":
    case "process.wasm":
    case "function.wat":
      return entry.method;
    case "fs.directory":
      return entry.host;
    case "http.service":
      return addressOf(entry);
    case "http.router":
      return entry.prefix || "/";
    case "http.endpoint":
      return `${entry.method} ${entry.path}`;
    case "http.static":
      return entry.host;
    case "process.service":
      return `${entry.process} on ${entry.host}`;
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

/** What answers which requests, and where. */
function routesOf(registry: Registry): string[][] {
  const service = (id: string): string => {
    const entry = registry.get(id);
    return entry?.kind === "http.service" ? addressOf(entry) : id;
  };
  return registry.entries().flatMap((entry): string[][] => {
    if (entry.kind === "http.static") {
      return [["GET", `${entry.path.replace(/\/$/, "")}/`, service(entry.server), entry.id]];
    }
    if (entry.kind !== "http.endpoint") return [];
    const router = registry.get(entry.router);
    const [prefix, server] = router?.kind === "http.router" ? [router.prefix, router.server] : ["", ""];
    return [[entry.method, `${prefix}${entry.path}`, service(server), entry.func]];
  });
}

/** The address of a service, as a URL has it. */
function addressOf({ hostname, port, tls }: HttpServiceEntry): string {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return `${tls === undefined ? "http" : "https"}://${host}:${port}`;
}

/** Columns, each as wide as its widest cell. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd() + "\n").join(
    "",
  );
}
