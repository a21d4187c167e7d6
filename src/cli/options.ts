/**
 * Options of commands.
 *
 * @module
 */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { didYouMean } from "../config/nearest.ts";
import { UsageError } from "./exit_code.ts";

/** Options and the words between them. */
export interface Parsed {
  /** Values by option: strings, lists of strings, or booleans. */
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  /** Everything that is no option. */
  readonly positionals: readonly string[];
}

/**
 * Reads options.
 *
 * @throws {UsageError} For an option that does not exist or lacks its value.
 */
export function parseOptions(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig["options"]>,
): Parsed {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true }) as Parsed;
  } catch (error) {
    const { code, message } = error as Error & { readonly code?: string };
    const option = /'(--?[^' ]+)/.exec(message)?.[1];
    if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION" || option === undefined) {
      throw new UsageError(message.split("\n")[0]!);
    }
    const known = Object.keys(options).map((name) => `--${name}`);
    const rest = known.length > 0 ? `; options are ${known.join(", ")}` : "";
    throw new UsageError(`unknown option ${option}${didYouMean(option, known) || rest}`);
  }
}

/** The words that must be there. */
export function required(positionals: readonly string[], names: readonly string[]): string[] {
  const missing = names[positionals.length];
  if (missing !== undefined) throw new UsageError(`missing ${missing}`);
  return [...positionals];
}

/** Refuses words that no one asked for. */
export function noMore(positionals: readonly string[], count: number): void {
  const extra = positionals[count];
  if (extra !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(extra)}`);
}
