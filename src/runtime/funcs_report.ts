/**
 * A call of another entry that failed, as a line for whoever runs the application: its caller is told less.
 *
 * @module
 */
import type { Stdio } from "../wasi/mod.ts";

/** A longer line is cut, and more frames than this are left out: guests choose both. */
const LONGEST = 2000, MOST_FRAMES = 20;

const encoder = new TextEncoder();

/**
 * Prints the line, and below it where in the guest it was.
 *
 * @param to Where the standard error of the callee leads.
 * @param caller The entry that called.
 * @param callee The entry that was called.
 */
export function reportFailure(to: Stdio["stderr"], caller: string, callee: string, error: unknown): void {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const { frames = [] } = Object(error) as { readonly frames?: readonly string[] };
  const lines = [
    `airlock: ${callee}, called by ${caller}: ${what}`,
    ...frames.slice(0, MOST_FRAMES).map((frame) => `    at ${frame}`),
  ];
  try {
    to.writeSync(encoder.encode(lines.map((line) => `${harmless(line)}\n`).join("")));
  } catch {
    // Nobody reads any more: a call does not fail for that.
  }
}

/** What a terminal would obey, or what would begin another line, is shown instead. */
function harmless(line: string): string {
  const short = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
  return short.replaceAll(/[^\P{C}\t]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}
