/**
 * Where the lines of a YAML scalar's text stand in its file: of those scalars whose lines are whole there.
 *
 * @module
 */
import { SCALAR_STYLE, type ScalarEvent } from "js-yaml";
import type { Lines, Position } from "./position.ts";

/**
 * The lines of a literal block, behind its indentation; or the one line of a scalar that is spelled as it reads. Others are
 * folded or escaped, and have none.
 *
 * @param event The scalar.
 * @param text What it says.
 * @param source The text of the file.
 * @param place The place of an offset in that.
 */
export function linesOf(
  { style, valueStart, valueEnd, indent }: ScalarEvent,
  text: string,
  source: string,
  place: (offset: number) => Position,
): Lines | undefined {
  if (style === SCALAR_STYLE.LITERAL_BLOCK) {
    return { first: { ...place(valueStart), column: indent + 1 }, column: indent + 1 };
  }
  // Of others a text of WebAssembly is asked for them, and no key.
  if (text.length !== valueEnd - valueStart || !text.startsWith("(")) return undefined;
  return source.startsWith(text, valueStart) ? { first: place(valueStart), column: undefined } : undefined;
}
