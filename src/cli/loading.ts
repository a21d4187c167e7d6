/**
 * Options of the commands that load a configuration.
 *
 * @module
 */
import type { LoadOptions } from "../registry/load.ts";
import type { Parsed } from "./options.ts";

/** The options, as `parseArgs` of node:util has them. */
export const LOAD_OPTIONS = {
  root: { type: "string" },
  override: { type: "string", short: "o", multiple: true },
} as const;

/** What they do, for `--help`. */
export const LOAD_HELP =
  `  --root <dir>   the project root, which relative directories are relative to; otherwise the directory that
                 holds wippy.lock, otherwise that of the configuration
  -o, --override <namespace:entry:field=value>
                 a value in the place of the one that the entry has, a list as '["a", "b"]'; of a nested
                 field with dots between the names, and of kind and meta.… too. May be given several times;
                 more than .wippy.yaml says
`;

/** What they come to. */
export function loadingOf(values: Parsed["values"]): Pick<LoadOptions, "root" | "overrides"> {
  return {
    root: values["root"] as string | undefined,
    overrides: values["override"] as readonly string[] | undefined,
  };
}
