/** `deno task fence`: tries every act behind every wall, now, and prints the table. Ends with 1 if a wall did not hold. */
import { acts } from "./acts.ts";
import { type Expected, expected, summary, WALLS } from "./check.ts";
import type { Result } from "./child.ts";
import { runCompartment } from "./compartment.ts";
import { runLink } from "./link.ts";
import { runTable } from "./table.ts";

const columns: Readonly<Record<typeof WALLS[number], readonly Result[]>> = {
  link: await runLink("world"),
  deno: await runTable("deno"),
  os: await runTable("os"),
  flags: await runCompartment("flags"),
  rules: await runCompartment("rules"),
  compartment: await runCompartment("compartment"),
};

/** A cell: what came of it; `!` where that is not what the table says. */
function cell(verdict: Expected, { outcome }: Result): string {
  if (outcome === "absent") {
    return typeof verdict === "object" && "absent" in verdict ? "absent" : "no such call";
  }
  const right = (outcome === "refused") === (verdict === "held");
  const word = outcome === "refused" ? "held" : verdict === "granted" ? "granted" : "not held";
  return right ? word : `! ${word}`;
}

const notes: string[] = [];
const rows = acts.map((act) => [
  ...WALLS.map((wall) => {
    const verdict = expected(act, wall);
    const text = cell(verdict, columns[wall].find((result) => result.act === act.act)!);
    if (typeof verdict !== "object" || !("not" in verdict)) return text;
    if (!notes.includes(verdict.not)) notes.push(verdict.not);
    return `${text} [${notes.indexOf(verdict.not) + 1}]`;
  }),
  act.act,
]);
const head = [...WALLS, "act"];
const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
for (const row of [head, ...rows]) {
  console.log(row.map((text, i) => text.padEnd(widths[i]!)).join("  ").trimEnd());
}

console.log(`
link         a guest, by WASI, in a process that may do everything
deno, os     JavaScript that has broken out, behind Deno's permissions alone and behind the kernel's fence alone
flags        the same, with exactly the flags that a guest's process has
rules        the same, with all of Deno's permissions, behind the fence that a guest's process has
compartment  the same, with those flags, behind that fence
absent       no function of WASI has such a name; no such call: this kernel does not have it

${notes.map((note, i) => `[${i + 1}] ${note}`).join("\n")}

${WALLS.map(summary).join("\n")}`);
Deno.exit(rows.some((row) => row.some((text) => text.startsWith("! "))) ? 1 : 0);
