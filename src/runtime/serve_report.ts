/**
 * What went wrong with a request, as a line for the operator.
 *
 * @module
 */
import type { RequestRecord } from "./serve.ts";

const encoder = new TextEncoder();

/**
 * Prints the line on standard error, and below it where in the guest it was.
 *
 * @param holder Who holds the grant: the entry's id.
 * @param request Which request it was.
 */
export function printFailure(
  holder: string,
  request: Pick<RequestRecord, "method" | "path">,
  error: unknown,
): void {
  const lines = [`${holder}: ${request.method} ${request.path}: ${describe(error)}`];
  const { frames } = error as { readonly frames?: readonly string[] };
  for (const frame of frames ?? []) lines.push(`    at ${frame}`);
  const text = lines.map((line) => `${harmless(line)}\n`).join("");
  try {
    Deno.stderr.writeSync(encoder.encode(text));
  } catch {
    // Nobody reads any more: a service does not end for that.
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Clients choose the path: what a terminal would obey, or what would begin another line, is shown instead. */
function harmless(line: string): string {
  return line.replaceAll(/[^\P{C}\t]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}
