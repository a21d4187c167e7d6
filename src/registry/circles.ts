/**
 * References that lead back to where they began.
 *
 * @module
 */

import type { Outline, Reference } from "../config/declaration.ts";
import type { Issues } from "../config/issue.ts";

/**
 * Reports every circle of references once, where it closes.
 *
 * @param known All entries by id.
 * @param from The references of an entry that count.
 * @param issues Receives what is wrong.
 */
export function checkCircles(
  known: ReadonlyMap<string, Outline>,
  from: (outline: Outline) => readonly Reference[],
  issues: Issues,
): void {
  const done = new Set<string>();
  for (const start of known.values()) {
    // A stack of its own: a chain of references may be longer than the engine's stack is deep.
    const path = done.has(start.id) ? [] : [{ outline: start, next: 0 }];
    const open = new Set(path.map(({ outline }) => outline.id));
    while (path.length > 0) {
      const top = path.at(-1)!;
      const reference = from(top.outline)[top.next++];
      if (reference === undefined) {
        done.add(top.outline.id);
        open.delete(top.outline.id);
        path.pop();
        continue;
      }
      if (open.has(reference.target)) {
        const first = path.findIndex(({ outline }) => outline.id === reference.target);
        const circle = [...path.slice(first).map(({ outline }) => outline.id), reference.target];
        const message = `${top.outline.id}: ${reference.field} leads in a circle: ${circle.join(" → ")}`;
        issues.error("value", reference.at, message);
        continue;
      }
      const below = known.get(reference.target);
      if (below === undefined || done.has(below.id)) continue;
      path.push({ outline: below, next: 0 });
      open.add(below.id);
    }
  }
}
