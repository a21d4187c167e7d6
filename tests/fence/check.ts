/** One column of the fence table, checked row by row. */
import assert from "node:assert/strict";
import type { Verdict } from "./act.ts";
import { acts } from "./acts.ts";
import type { Result } from "./child.ts";

/**
 * Checks that a wall does what the table says of it, and that each act is a feat where nothing holds it.
 *
 * @param t Each row is a step.
 * @param free What came of the acts without a wall.
 * @param column What came of them behind it.
 * @param wall Which.
 * @param superuser Whether the superuser tried.
 */
export async function check(
  t: Deno.TestContext,
  free: readonly Result[],
  column: readonly Result[],
  wall: "os" | "deno",
  superuser: boolean,
): Promise<void> {
  assert.equal(free.length, acts.length, "every act was tried without a wall");
  assert.equal(column.length, acts.length, "every act was tried behind it");
  const of = (results: readonly Result[], act: string) => results.find((result) => result.act === act)!;
  for (const row of acts) {
    const verdict = row[wall];
    await t.step(`${can(verdict)} ${row.act}`, () => {
      const before = of(free, row.act), after = of(column, row.act);
      if (before.outcome === "refused") {
        assert.ok(row.root && !superuser, `it is no feat without a wall either: ${before.detail}`);
      }
      if (verdict === "held") assert.notEqual(after.outcome, "done", after.detail);
      else if (before.outcome === "done") assert.equal(after.outcome, "done", after.detail);
    });
  }
}

function can(verdict: Verdict): string {
  return verdict === "held" ? "cannot" : verdict === "granted" ? "can" : "can, and the table says why,";
}
