/**
 * `.wippy.yaml`: a project's settings, of which the overrides of entries count here.
 *
 * @module
 */

import type { Issues } from "../config/issue.ts";
import { field, quote, show } from "../config/node.ts";
import { type Override, readOverrides } from "../config/override.ts";
import { fillPlaceholders } from "../config/placeholder.ts";
import { rewrite } from "../config/rewrite.ts";
import { tree } from "../config/tree.ts";

/** The file of settings, which lies beside the lock file. */
export const SETTINGS_FILE = ".wippy.yaml";

/** A variable of the settings themselves. */
const OWN_VARIABLE = /\$\{[a-z]\w*\}/;

/**
 * Reads the overrides of a project's settings.
 *
 * @param text The file's text.
 * @param file Its name, for positions.
 * @param os Reads a variable of this process: here, that is what `${env:NAME}` names.
 * @param issues Receives what is wrong.
 */
export function overridesOf(
  text: string,
  file: string,
  os: (name: string) => string | undefined,
  issues: Issues,
): readonly Override[] {
  const before = issues.errors;
  const root = tree(text, file, issues);
  const overrides = root?.type === "map" ? field(root, "override") : undefined;
  if (overrides === undefined) return [];
  if (overrides.type !== "map") {
    issues.error("type", overrides.at, `override must be a map, found ${show(overrides)}`);
    return [];
  }
  const lookUp = (name: string) => {
    try {
      const value = os(name);
      return value === undefined ? { none: "is not set in the environment of this process" } : { value };
    } catch (error) {
      return { wrong: `cannot be read: ${error instanceof Error ? error.message : String(error)}` };
    }
  };
  const filled = rewrite(overrides, "override", (scalar, path) => {
    if (typeof scalar.value !== "string" || !OWN_VARIABLE.test(scalar.value)) return scalar;
    const message = `${path}: variables of the settings are not supported, found ${quote(scalar.value)}`;
    issues.error("unsupported", scalar.at, message);
    return scalar;
  });
  const all = fillPlaceholders("override", filled, lookUp, issues);
  // What has no value would be looked for among the entries' variables next.
  return issues.errors > before ? [] : readOverrides(all, issues);
}
