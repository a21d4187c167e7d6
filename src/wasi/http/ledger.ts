/**
 * What this process holds for guests beside their own memory: fields, and contents on their way. Each piece is
 * bounded, and so is the number of a guest's handles; a million pieces of a hundred kilobytes would be too much all
 * the same.
 *
 * The sum is the process's, as its memory is.
 *
 * @module
 */
import { Signal } from "../io/waitable.ts";

/** Room for a thousand bodies that are full, and for everything that no guest means harm with. */
export const MOST_HELD = 256 << 20;

/** Told when there is room again. */
export const roomAgain: Signal = new Signal();

let held = 0;

/** What is given back where a guest ended without dropping it: once nobody can reach its owner. */
const forgotten = new FinalizationRegistry<{ bytes: number }>((entry) => change(entry, 0));

/** How many bytes may be added. */
export function roomLeft(): number {
  return Math.max(0, MOST_HELD - held);
}

/** One owner's part of the sum. */
export class Holding {
  readonly #entry = { bytes: 0 };

  /** @param owner Who holds it. */
  constructor(owner: object) {
    forgotten.register(owner, this.#entry);
  }

  /** It holds so much now. */
  set(bytes: number): void {
    change(this.#entry, bytes);
  }
}

function change(entry: { bytes: number }, bytes: number): void {
  const full = held >= MOST_HELD;
  held += bytes - entry.bytes;
  entry.bytes = bytes;
  if (full && held < MOST_HELD) roomAgain.fire();
}
