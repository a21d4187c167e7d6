/**
 * `permissions`: what each entry may touch, and which wall holds it.
 *
 * @module
 */
import { isHandler } from "../compartment/method.ts";
import { printIssue } from "../config/issue.ts";
import { type Entry, isWasm, type WasmEntry } from "../registry/entry.ts";
import { load } from "../registry/load.ts";
import type { Registry } from "../registry/registry.ts";
import { type OsWall, osWall } from "../runtime/os_wall.ts";
import {
  type EntryPermissions,
  flagsOfEntries,
  permissionsOfEntry,
  setsOfEntries,
} from "../runtime/permissions.ts";
import { UsageError } from "./exit_code.ts";
import { LOAD_HELP, LOAD_OPTIONS, loadingOf } from "./loading.ts";
import type { Command } from "./main.ts";
import { noMore, parseOptions, required } from "./options.ts";
import { note, printAbout } from "./output.ts";
import { isService, permissionsOfService, withListening } from "./permissions_services.ts";

const FORMATS = ["table", "flags", "json", "deno-json"] as const;
type Format = typeof FORMATS[number];

const help =
  `permissions [--root <dir>] [-o <override>] [--format table|flags|json|deno-json] <config> [entry]

Prints what an entry may touch, or what each entry of a configuration may, and which wall holds it: link, the
functions that are linked into the guest; deno, the permissions of its process; os, what the kernel leaves to
that. Nothing runs; with --allow-run it is tried whether the kernel's wall can be raised here.

An http.service or process.service is an entry too: where it listens, what it shows, and what it runs.

  table      in words: what, where, and the walls. deno+ and os+ are walls that allow more than was granted;
             below it stands why
  flags      one line to paste after \`deno run --no-prompt\`, for a process that runs or serves the entry;
             without an entry, for one that runs or serves any of them
  json       {"version": 1, "os": {"raised": […], "why": text or null}, "entries": [{"id", "kind", "at",
             "isolation", "permissions": [{"what", "where", "walls": {"link", "deno", "os"}}], "guest",
             "run", "flags"}]}. A wall is "exact", "wider" or "none". "isolation" is "process" for a guest
             that gets one of its own, "inline" for one that never does, "auto" where that depends on what
             else this one may do. "guest" is the scope of a process that serves the guest alone, "run" that
             of one which runs it by itself: lists by kind (read, write, net, env, sys, run, ffi, import; net
             may be true), and the sentences "wider" and "narrower". "flags" are those of "run", item by
             item; null where Deno's flags cannot name something
  deno-json  {"permissions": {…}} with a set for each entry, to paste into deno.json, for
             \`deno run -P=<id>\`

${LOAD_HELP}`;

/** The command. */
export const command: Command = { summary: "what each entry may touch, and which wall holds it", help, run };

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...LOAD_OPTIONS,
    format: { type: "string" },
  });
  const [config, name] = required(positionals, ["<config>"]);
  noMore(positionals, 2);
  const format = (values["format"] ?? "table") as Format;
  if (!FORMATS.includes(format)) throw new UsageError(`--format ${format}: there are ${FORMATS.join(", ")}`);
  const root = values["root"] as string | undefined;
  const registry = load(config!, loadingOf(values));
  for (const warning of registry.warnings) note(printIssue(warning));
  const entries = name === undefined ? registry.entries() : [entryNamed(name, registry)];
  // Flags and sets say nothing of the third wall: it is not tried for them.
  const os = format === "table" || format === "json" ? await osWall() : { raised: [], why: undefined };
  const loading = { config: config!, root };
  const of = (entry: WasmEntry) => permissionsOfEntry(entry, registry, loading, os);
  const serves = name === undefined && registry.entries().some(({ kind }) => kind === "http.service");
  const all = entries.flatMap((entry) => {
    if (isService(entry)) return [permissionsOfService(entry, registry, loading, of)];
    if (!isWasm(entry)) return [];
    // Where there are services, who is not named does not listen itself.
    return [isHandler(entry.method) && !serves ? withListening(of(entry), registry) : of(entry)];
  });
  printAbout(printed(format, all, os));
  return 0;
}

/** What may be run or served. */
function entryNamed(name: string, registry: Registry): Entry {
  const entry = registry.get(name);
  return entry !== undefined && isService(entry) ? entry : registry.findWasm(name);
}

function printed(format: Format, all: readonly EntryPermissions[], os: OsWall): string {
  switch (format) {
    case "flags":
      return `${flagsOfEntries(all).line}\n`;
    case "deno-json":
      return json({ permissions: setsOfEntries(all) });
    case "json":
      return json({
        version: 1,
        os: { raised: os.raised, why: os.why ?? null },
        entries: all.map((entry) => ({ ...entry, flags: flags(entry)?.argv ?? null })),
      });
    case "table":
      return all.map((entry) => `${paragraph(entry)}\n`).join("") + legend(os);
  }
}

const PORTS_ONLY =
  "the kernel tells TCP ports apart, and no hosts; of datagrams only whether there may be any";

/** The flags of an entry; `undefined` where Deno's flags have no words for them. */
function flags(entry: EntryPermissions): { argv: readonly string[]; line: string } | undefined {
  try {
    return flagsOfEntries([entry]);
  } catch (error) {
    if (error instanceof Error && error.name === "ScopeError") return undefined;
    throw error;
  }
}

function paragraph(entry: EntryPermissions): string {
  const { id, kind, at, isolation, permissions, guest, run } = entry;
  const rows = permissions.map(({ what, where, walls }) => {
    const held = Object.entries(walls).filter(([, hold]) => hold !== "none");
    return [what, where || "-", held.map(([wall, hold]) => hold === "wider" ? `${wall}+` : wall).join(", ")];
  });
  const lines = [
    `${id}  ${kind}  ${at}`,
    ...columns(
      rows.length > 0
        ? rows
        : [["may do nothing but compute", "-", isolation === "inline" ? "link, deno" : "link, deno, os"]],
    ),
    ...list("deno+ allows more:", guest.wider),
    ...list("os+ allows more:", permissions.some(({ walls }) => walls.os === "wider") ? [PORTS_ONLY] : []),
    ...list("does not work in a process with these permissions:", guest.narrower),
    ...list("run itself reads:", run.read.filter((path) => !guest.read.includes(path))),
    ...list("run itself looks up the variables:", run.env),
    ...list("run itself starts, for the guest and with its permissions only:", run.run),
    ...list("deno run --no-prompt:", [
      flags(entry)?.line ?? "Deno's flags cannot name a path with a comma; see deno-json",
    ]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${line}`)];
}

/** Rows, each cell as wide as the widest of its column. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd()}`);
}

function legend({ raised, why }: OsWall): string {
  const os = raised.length > 0 ? `can be raised here: ${raised.join(", ")}` : undefined;
  return `link: holds wherever the guest runs
deno: holds in a process that is started with these flags
os:   ${[os, why].filter((part) => part !== undefined).join("; ")}
`;
}

/** JSON that is the same when a terminal shows it: no character that it would obey. */
function json(value: unknown): string {
  const escaped = (characters: string) =>
    characters.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  return `${JSON.stringify(value, null, 2).replaceAll(/[^\P{C}\n]/gu, escaped)}\n`;
}
