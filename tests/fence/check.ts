/** One column of the fence table, checked row by row. */
import assert from "node:assert/strict";
import type { Act, Verdict } from "./act.ts";
import { acts } from "./acts.ts";
import type { Result } from "./child.ts";
import { linkOf } from "./link_acts.ts";

/** Columns of the table: the three walls, the second and the third again as a real grant makes them, and these two
 * together. */
export const WALLS = ["link", "deno", "os", "flags", "rules", "compartment"] as const;

/** One of them. */
export type Column = typeof WALLS[number];

/** `absent`: no guest has a function to try it by. */
export type Expected = Verdict | { readonly absent: RegExp };

/** What the table says of an act and a wall. */
export function expected(act: Act, wall: Column): Expected {
  switch (wall) {
    case "link": {
      const link = linkOf(act.act);
      return "absent" in link ? link : link.link;
    }
    case "flags":
      return act.deno;
    case "rules":
      return act.rules ?? act.os;
    case "compartment":
      // Whichever holds is enough.
      return [act.deno, act.rules ?? act.os].find((verdict) => verdict === "held") ?? act.deno;
    default:
      return act[wall];
  }
}

/** How a wall refuses, by the names that guests and people see. Anything else is another mishap, and proves nothing. */
const BY_THE_LINK = /EPERM|EROFS|access-denied|HTTP-request-denied|the link refuses it|MISSING: not there/;

/**
 * Checks that a wall does what the table says of it, and that each act is a feat where nothing holds it. Prints how many
 * acts it holds.
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
  wall: Column,
  superuser: boolean,
): Promise<void> {
  assert.equal(free.length, acts.length, "every act was tried without a wall");
  assert.equal(column.length, acts.length, "every act was tried behind it");
  for (const row of acts) {
    const verdict = expected(row, wall);
    await t.step(`${can(verdict)} ${row.act}`, () => checkRow(row, free, column, wall, superuser));
  }
  console.log(summary(wall));
}

function checkRow(
  row: Act,
  free: readonly Result[],
  column: readonly Result[],
  wall: Column,
  superuser: boolean,
): void {
  const verdict = expected(row, wall);
  const of = (results: readonly Result[]) => results.find(({ act }) => act === row.act)!;
  const before = of(free), after = of(column);
  const always = wall === "link" && "always" in linkOf(row.act);
  if (before.outcome === "refused") {
    assert.ok(always || (row.root && !superuser), `it is no feat without a wall either: ${before.detail}`);
  } else assert.ok(!always, "the table says that it never succeeds");
  if (verdict === "held") {
    assert.notEqual(after.outcome, "done", after.detail);
    if (wall === "link" && !always) assert.match(after.detail, BY_THE_LINK);
  } else if (before.outcome === "done") assert.equal(after.outcome, "done", after.detail);
}

/** How many acts a wall holds, in words. */
export function summary(wall: Column): string {
  const all = acts.map((act) => expected(act, wall));
  const count = (what: (verdict: Expected) => boolean) => all.filter(what).length;
  const absent = count((verdict) => typeof verdict === "object" && "absent" in verdict);
  const not = count((verdict) => typeof verdict === "object" && "not" in verdict);
  const parts = [
    `${count((verdict) => verdict === "held")} held`,
    ...absent > 0 ? [`${absent} that no function is for`] : [],
    ...not > 0 ? [`${not} not held, each with its reason`] : [],
    `${count((verdict) => verdict === "granted")} granted`,
  ];
  return `fence, ${wall}: ${all.length} acts: ${parts.join(", ")}`;
}

function can(verdict: Expected): string {
  if (verdict === "held") return "cannot";
  if (verdict === "granted") return "can";
  return "absent" in verdict ? "has no function to" : "can, and the table says why,";
}
