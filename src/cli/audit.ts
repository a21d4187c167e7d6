/**
 * `audit`: the smallest grant that would have sufficed for what was run.
 *
 * @module
 */
import { reasonOf } from "../registry/files.ts";
import { checkRead } from "../registry/permitted.ts";
import { smallestGrant } from "../runtime/audit.ts";
import { type Audited, readAudit } from "../runtime/audit_record.ts";
import { UsageError } from "./exit_code.ts";
import type { Command } from "./main.ts";
import { parseOptions, required } from "./options.ts";
import { note, printAbout } from "./output.ts";

const help = `audit <file…>

Prints the smallest grant that would have sufficed for the runs that were recorded by --audit: YAML to paste
into each entry in place of its imports and wasi. What is declared and not needed stands in it as comments,
and what was refused, with the line that would allow it. A run shows what it did, not all that the program can
do: record those that matter.

  <file…>   files that run --audit <file> and exec --audit <file> have written
`;

/** The command. */
export const command: Command = { summary: "the smallest grant that would have sufficed", help, run };

function run(args: string[]): Promise<number> {
  const { positionals } = parseOptions(args, {});
  const files = required(positionals, ["<file…>"]);
  const all = new Map<string, Audited>();
  const problems = files.flatMap((file) => readAudit(read(file), file, all));
  for (const problem of problems) note(problem);
  printAbout([...all.values()].map(smallestGrant).join("\n"));
  return Promise.resolve(problems.length > 0 ? 2 : 0);
}

function read(file: string): string {
  try {
    checkRead(file);
    return Deno.readTextFileSync(file);
  } catch (error) {
    throw new UsageError(`${file}: ${reasonOf(error)}`);
  }
}
