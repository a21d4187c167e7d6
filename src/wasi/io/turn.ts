/**
 * Fairness towards the event loop.
 *
 * @module
 */

/** How many polls may be answered in a row without letting the event loop run. */
const STREAK = 64;

let streak = 0;
let next: Promise<void> | undefined;

/**
 * Called before a poll is answered at once. A guest that asks "anything on standard input? with a zero timeout" in
 * a loop is always answered at once, since the timeout has passed; but the read that would bring the input only ends
 * when the event loop runs. So the 64th such answer since the last turn of the loop waits for the next one, which
 * costs about 6 µs.
 *
 * The count is the process's, as the event loop is.
 *
 * @returns A promise to wait for first, or nothing.
 */
export function turn(): Promise<void> | undefined {
  next ??= new Promise((resolve) =>
    setImmediate(() => {
      streak = 0;
      next = undefined;
      resolve();
    })
  );
  return ++streak < STREAK ? undefined : next;
}
