/**
 * `inspect`: what a component or core module imports and exports, its hash, and entries ready to paste.
 *
 * @module
 */
import { definitionOf } from "../component/component.ts";
import type { Component } from "../component/mod.ts";
import { printWit } from "../component/wit/print.ts";
import { packageOf } from "../config/imports.ts";
import { isCore, isProgram, methodsOf } from "../compartment/method.ts";
import { compile, digest } from "../compartment/module.ts";
import type { Command } from "./main.ts";
import { noMore, parseOptions, required } from "./options.ts";
import { printAbout } from "./output.ts";
import { isText, moduleBytes } from "./text.ts";

const help = `inspect [--wit] <file.wasm|file.wat>

Prints a component's imports and exports as WIT (of a core module: their core types), its sha256, and for each
exported function an entry to paste into a configuration. Nothing of it runs.

  --wit    only the WIT, or the core types
`;

/** The command. */
export const command: Command = {
  summary: "imports and exports, sha256, an entry to paste",
  help,
  run,
};

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { wit: { type: "boolean" } });
  const [file] = required(positionals, ["<file.wasm|file.wat>"]);
  noMore(positionals, 1);
  const text = isText(file!);
  const bytes = await moduleBytes(file!);
  const component = await compile(bytes, file!, { numbers: true });
  if (isCore(component)) {
    const { inspectCore } = await import("./inspect_core.ts");
    inspectCore(
      component,
      { bytes, file: file!, hash: text ? undefined : await digest(bytes) },
      values["wit"] === true,
    );
    return 0;
  }
  printAbout(printWit(definitionOf(component)));
  if (values["wit"] === true) return 0;
  const hash = text ? undefined : await digest(bytes);
  printAbout(`\n// ${hash === undefined ? "" : `${hash}  `}${file}\n`);
  const methods = methodsOf(component);
  if (methods.length === 0) return 0;
  printAbout(`\n# Entries to paste; ${whereItIs(hash)}.\n`);
  const names = entryNames(methods.map(({ name }) => name));
  methods.forEach(({ name }, i) => printAbout(entryText(component, names[i]!, name, file!, hash)));
  return 0;
}

/** What entries take for granted of their module. */
export function whereItIs(hash: string | undefined): string {
  return hash === undefined
    ? "the text stands beside the configuration"
    : "`files` is an fs.directory that holds the file";
}

/** The lines of an entry that name its module: a file by its digest, or a text. */
export function moduleLines(file: string, hash: string | undefined, program: boolean): readonly string[] {
  const base = file.split("/").at(-1)!;
  return hash === undefined ? ["  kind: function.wat", `  source: ${JSON.stringify(`file://${base}`)}`] : [
    `  kind: ${program ? "process.wasm" : "function.wasm"}`,
    "  fs: files",
    `  path: ${yamlText(`/${base}`)}`,
    `  hash: ${hash}`,
  ];
}

/** One entry, with exactly the imports that the component can call. */
function entryText(
  component: Component,
  name: string,
  method: string,
  file: string,
  hash: string | undefined,
): string {
  const packages = new Set<string>();
  const unknown: string[] = [];
  for (const [imported, type] of component.imports) {
    const calls = type.kind === "func" ||
      (type.kind === "instance" && [...type.exports.values()].some((e) => e.kind === "func"));
    if (!calls) continue;
    const base = imported.split("@")[0]!;
    const found = packageOf(base) ?? packageOf(base.split("/")[0]!);
    if (found) packages.add(found);
    else unknown.push(imported);
  }
  // wasi:io is error, streams and poll.
  if (packages.has("wasi:io")) packages.delete("wasi:poll");
  const lines = [
    `- name: ${name}`,
    ...moduleLines(file, hash, isProgram(method)),
    `  method: ${method}`,
  ];
  if (packages.size > 0) lines.push(`  imports: [${[...packages].sort().join(", ")}]`);
  if (unknown.length > 0) lines.push(`  # no host provides ${unknown.join(", ")}: calls of it trap`);
  lines.push("  pool: {type: inline}");
  return `${lines.join("\n")}\n`;
}

/**
 * `wasi:cli/run@0.2.3#run` → `run`; where another method would have that name too (or it is that of the
 * directory), `run-run`, and then `wasi-cli-run-0-2-3-run`.
 */
export function entryNames(methods: readonly string[]): string[] {
  const forms = methods.map((method) => {
    const [path = "", func] = method.includes("#") ? method.split("#") : ["", method];
    const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
    const last = path.split("@")[0]!.split(/[:/]/).at(-1)!;
    return [func!, [last, func].filter(Boolean).join("-"), [...words, func].join("-")];
  });
  return forms.map((own) => {
    const free = own.find((form, level) =>
      form !== "files" && forms.every((other) => other === own || other[level] !== form)
    );
    return free ?? own.at(-1)!;
  });
}

/** A text as YAML: in quotes where it would mean something else without. */
export function yamlText(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : JSON.stringify(text);
}
