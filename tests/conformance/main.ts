/**
 * `deno task conformance`: runs the specification's test scripts and prints a table.
 *
 * @module
 */
import { type Kind, KINDS, runScript, type Verdict } from "./run.ts";
import { findScripts, FOLDERS, NOT_YET, problems, readExpected } from "./suite.ts";

/** Kinds that the specification's scripts assert outright; the others are what they need to get there. */
const ASSERTED: ReadonlySet<Kind> = new Set<Kind>(["return", "trap", "invalid", "malformed", "unlinkable"]);

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  const scripts = findScripts();
  if ("skipped" in scripts) {
    console.log(`skipped: ${scripts.skipped}`);
    return 0;
  }
  const expected = readExpected();
  const verdicts = new Map<string, Verdict[]>(FOLDERS.map((folder) => [folder, []]));
  const wrong: string[] = [];
  for (const { path, folder, source } of scripts) {
    const found = await runScript(source());
    verdicts.get(folder)!.push(...found);
    wrong.push(...problems(path, found, expected));
  }
  printTable(verdicts);
  for (const [folder, why] of NOT_YET) console.log(`${folder}: not yet: ${why}`);
  for (const problem of wrong) console.log(problem);
  console.log(wrong.length > 0 ? `${wrong.length} problems` : "no unexpected failures");
  return wrong.length > 0 ? 1 : 0;
}

function printTable(verdicts: ReadonlyMap<string, readonly Verdict[]>): void {
  const all = [...verdicts.values()].flat();
  const kinds = KINDS.filter((kind) => all.some((v) => v.kind === kind));
  const rows = [...verdicts, ["total", all] as const].map(([name, list]) => [
    name,
    ...kinds.map((kind) => ratio(list.filter((v) => v.kind === kind))),
    ratio(list),
    String(count(list, "unreached")),
    percent(list),
  ]);
  const table = [["folder", ...kinds, "all", "unreached", "passed"], ...rows];
  const widths = table[0]!.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
  for (const row of table) {
    const cells = row.map((cell, i) => i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!));
    console.log(cells.join("  "));
  }
  console.log(
    `return, trap, invalid and malformed alone: ${percent(all.filter((v) => ASSERTED.has(v.kind)))}`,
  );
  console.log(
    "unreached: the text encoder refused the text, so that the engine had no say; not counted as passed",
  );
}

function count(verdicts: readonly Verdict[], status: Verdict["status"]): number {
  return verdicts.filter((v) => v.status === status).length;
}

function ratio(verdicts: readonly Verdict[]): string {
  return verdicts.length === 0 ? "" : `${count(verdicts, "passed")}/${verdicts.length}`;
}

function percent(verdicts: readonly Verdict[]): string {
  return `${(100 * count(verdicts, "passed") / verdicts.length).toFixed(1)} %`;
}
