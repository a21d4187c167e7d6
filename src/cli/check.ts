/**
 * `check`: everything that can be known without running.
 *
 * @module
 */
import { printIssue } from "../config/issue.ts";
import { load } from "../registry/load.ts";
import { check, printFinding } from "../runtime/check.ts";
import { LOAD_HELP, LOAD_OPTIONS, loadingOf } from "./loading.ts";
import type { Command } from "./main.ts";
import { noMore, parseOptions, required } from "./options.ts";
import { note } from "./output.ts";

const help = `check [--root <dir>] [-o <override>] <config>

Checks a configuration file, or a directory of them, without running anything: fields, references, hashes,
methods, and the imports that are declared against those that the components have. Prints every problem as
file:line:column: message; the exit code is 2 if any of them is an error.

${LOAD_HELP}`;

/** The command. */
export const command: Command = { summary: "everything that can be known without running", help, run };

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, LOAD_OPTIONS);
  const [config] = required(positionals, ["<config>"]);
  noMore(positionals, 1);
  const registry = load(config!, loadingOf(values));
  for (const warning of registry.warnings) note(printIssue(warning));
  const findings = await check(registry);
  for (const finding of findings) note(printFinding(finding));
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const count = registry.entries().length;
  note(
    count === 0
      ? `${config}: no entries were found`
      : `${count} entries checked: ${errors === 0 ? "ok" : `${errors} cannot run`}`,
  );
  return errors > 0 ? 2 : 0;
}
