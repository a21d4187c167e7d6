/**
 * Scope → the flags of `deno run`.
 *
 * @module
 */
import { ScopeError } from "./error.ts";
import { type Kind, KINDS, NOWHERE, type Scope } from "./scope.ts";

/** Linux takes no argument above 128 KiB. A flag that is given twice adds to itself. */
const LONGEST = 64 * 1024;

/**
 * The flags of a scope, each an item of argv: nothing is quoted for a shell. To be used with `--no-prompt`.
 *
 * There is one for each kind that is not empty, and always one for imports, since without it Deno allows some.
 *
 * @param scope What the process may do.
 * @returns Such as `["--allow-read=/data", "--allow-import=none.invalid:0"]`.
 * @throws {ScopeError} For a value with a comma. Deno's flags have no way to write one; its permission sets have.
 */
export function flagsOf(scope: Scope): string[] {
  return KINDS.flatMap((kind) => {
    const nowhere = kind === "import" && scope.import.length === 0;
    return flagsOfKind(kind, nowhere ? [NOWHERE] : scope[kind]);
  });
}

/**
 * The flags of one kind; none for an empty list.
 *
 * @param kind What is allowed.
 * @param values Of what; `true`: all.
 * @throws {ScopeError} For a value with a comma.
 */
export function flagsOfKind(kind: Kind, values: readonly string[] | true): string[] {
  if (values === true) return [`--allow-${kind}`];
  return chunks(values.map(word)).map((chunk) => `--allow-${kind}=${chunk}`);
}

function word(value: string): string {
  if (!value.includes(",")) return value;
  throw new ScopeError(
    value,
    `Deno's flags cannot name ${value}, since they separate values by commas; a permission set in deno.json can`,
  );
}

/** Lists of words, separated by commas, none too long for one argument. */
function chunks(words: readonly string[]): string[] {
  const lists: string[] = [];
  let list = "";
  for (const word of words) {
    if (list !== "" && list.length + word.length > LONGEST) {
      lists.push(list);
      list = "";
    }
    list += list === "" ? word : `,${word}`;
  }
  return list === "" ? lists : [...lists, list];
}

/**
 * Flags as one line for a shell.
 *
 * @param flags Items of argv.
 * @returns The line, without characters that a terminal would obey.
 */
export function shellLine(flags: readonly string[]): string {
  return flags.map(quoted).join(" ");
}

function quoted(text: string): string {
  if (/^[\w./:,=@%+*[\]-]+$/.test(text) && !/[*[\]]/.test(text)) return text;
  if (!/\p{C}/u.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const safe = text.replaceAll(/[\\']/g, (c) => `\\${c}`).replaceAll(/\p{C}/gu, bytes);
  return `$'${safe}'`;
}

/** A character as bash and zsh read it in $'…', whatever the locale. */
function bytes(character: string): string {
  return [...new TextEncoder().encode(character)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`)
    .join("");
}
