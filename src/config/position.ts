/**
 * Places in a text, as an editor counts them.
 *
 * @module
 */

/** A place in a configuration file. Lines and columns count from 1, columns in UTF-16 units, as editors do. */
export interface Position {
  /** The file's name as it was given. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;
}

/** Where the lines of a text stand in a file, which may have more in front of each. */
export interface Lines {
  /** Where the first one begins. */
  readonly first: Position;
  /** In which column each other one begins; `undefined`: there is no other. */
  readonly column: number | undefined;
}

/** The place in the file of a place in the text; `undefined` where that is not known. */
export function placeIn(
  { first, column: rest }: Lines,
  { line, column }: Omit<Position, "file">,
): Position | undefined {
  const begin = line === 1 ? first.column : rest;
  if (begin === undefined) return undefined;
  return { file: first.file, line: first.line + line - 1, column: begin + column - 1 };
}

/** `file:line:column`, which terminals and editors turn into a link. */
export function at(position: Position): string {
  return `${position.file}:${position.line}:${position.column}`;
}

/** A function from an offset in `text` to its place. Line breaks are those of YAML: LF, CR LF and CR. */
export function places(text: string, file: string): (offset: number) => Position {
  const starts = [0];
  for (const { index, 0: { length } } of text.matchAll(/\r\n?|\n/g)) starts.push(index + length);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return Object.freeze({ file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 });
  };
}
