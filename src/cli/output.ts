/**
 * Printing: results to stdout, everything of Airlock's own to stderr.
 *
 * @module
 */

const encoder = new TextEncoder();

function writeAll(to: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = encoder.encode(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(to.writeSync(bytes));
    } catch (error) {
      // The reader is gone: what it does not want is not an error of ours.
      if (error instanceof Deno.errors.BrokenPipe) return;
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
    }
  }
}

/** What a terminal would obey, or would reorder, is shown instead. */
function harmless(text: string): string {
  return text.replaceAll(
    /[^\P{C}\t\n]/gu,
    (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`,
  );
}

/** Writes what Airlock says of a component or a configuration, in which others chose names. */
export function printAbout(text: string): void {
  writeAll(Deno.stdout, harmless(text));
}

/** Writes a result, as it is. */
export function print(text: string): void {
  writeAll(Deno.stdout, text);
}

/**
 * Writes a line about what Airlock does or could not do. Messages carry names that guests chose: what a
 * terminal would obey is shown, not sent.
 */
export function note(text: string): void {
  const shown = harmless(text);
  writeAll(Deno.stderr, `${shown}\n`);
}
