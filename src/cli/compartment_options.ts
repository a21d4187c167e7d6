/**
 * Where a component without a configuration runs, and its limits: options of `exec` and `serve`.
 *
 * @module
 */
import type { Wanted } from "../compartment/isolation.ts";
import { reasonOf } from "../registry/files.ts";
import { checkRead } from "../registry/permitted.ts";
import { UsageError } from "./exit_code.ts";

/** The options, for `parseArgs`. */
export const COMPARTMENT_OPTIONS = {
  isolation: { type: "string" },
  "max-execution-ms": { type: "string" },
  "max-memory-bytes": { type: "string" },
} as const;

/** The module's real place: the process that runs it may read that file, and none of the links to it. */
export function moduleFile(file: string): string {
  try {
    checkRead(file);
    const path = Deno.realPathSync(file);
    checkRead(path);
    if (Deno.statSync(path).isFile) return path;
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${reasonOf(error)}`);
  }
  throw new UsageError(`cannot read ${file}: it is no file`);
}

/** `--isolation`. */
export function isolation(value: unknown): Wanted["isolation"] {
  if (value === undefined) return "auto";
  if (value === "auto" || value === "inline" || value === "process") return value;
  throw new UsageError(`--isolation ${value}: expected auto, inline or process`);
}

/** A number above 0. */
export function count(option: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const text = value as string;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`${option} ${text}: expected a number above 0`);
}
