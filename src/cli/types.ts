/**
 * `types`: TypeScript declarations of a component's imports and exports.
 *
 * @module
 */
import { definitionOf } from "../component/component.ts";
import { declareTypes } from "../component/wit/declare.ts";
import { UnsupportedError } from "../compartment/error.ts";
import { isCore } from "../compartment/method.ts";
import { compile } from "../compartment/module.ts";
import type { Command } from "./main.ts";
import { noMore, parseOptions, required } from "./options.ts";
import { printAbout } from "./output.ts";
import { moduleBytes } from "./text.ts";

const help = `types [--async | --sync] <file.wasm|file.wat>

Prints TypeScript declarations: \`Imports\` for what instantiate() takes, \`Exports\` for what instance.exports
is. Functions return promises as well where the component imports something that may block; --async says so
of any component, --sync of none, for hosts that decide it otherwise. Nothing of the component runs.
`;

/** The command. */
export const command: Command = { summary: "TypeScript declarations of imports and exports", help, run };

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    async: { type: "boolean" },
    sync: { type: "boolean" },
  });
  const [file] = required(positionals, ["<file.wasm|file.wat>"]);
  noMore(positionals, 1);
  const component = await compile(await moduleBytes(file!), file!);
  if (isCore(component)) {
    throw new UnsupportedError(`${file} is a core module: it has no types but numbers; inspect shows them`);
  }
  const definition = definitionOf(component);
  const given = values["async"] === true ? true : values["sync"] === true ? false : undefined;
  printAbout(declareTypes(definition, given === undefined ? {} : { suspends: given }));
  return 0;
}
