/**
 * Which known name was probably meant.
 *
 * @module
 */

// Longer texts are no misspelt names, and the distance costs the product of the lengths.
const LONGEST_NAME = 100;

/**
 * How many single characters must be inserted, removed, replaced or swapped with their neighbour to turn
 * one text into the other (optimal string alignment).
 */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/**
 * The known name nearest to what was found, or `undefined` where none is near: within a third of the
 * length, at least 2. Case does not count.
 */
export function nearest(found: string, known: Iterable<string>): string | undefined {
  if (found.length === 0 || found.length > LONGEST_NAME) return undefined;
  const lower = found.toLowerCase();
  let least = Math.max(2, Math.floor(found.length / 3)) + 1;
  let name: string | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - found.length) >= least) continue;
    const far = distance(lower, candidate.toLowerCase());
    // A name replaced in all its characters is another name, however short.
    if (far < least && far < candidate.length) {
      least = far;
      name = candidate;
    }
  }
  return name;
}

/** `; did you mean NAME?` for the nearest known name, or nothing. */
export function didYouMean(found: string, known: Iterable<string>): string {
  const name = nearest(found, known);
  return name === undefined ? "" : `; did you mean ${name}?`;
}
