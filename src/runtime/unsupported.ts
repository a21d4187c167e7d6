/**
 * What a declaration may say and this version cannot do.
 *
 * @module
 */
import { at } from "../config/position.ts";
import type { WasmEntry } from "../registry/entry.ts";
import { UnsupportedError } from "./error.ts";

/** A declaration that asks for a fence or a service that is not there yet is not run without it. */
export function refuseUnsupported(entry: WasmEntry): void {
  const { pool } = entry;
  const asked: string[] = [];
  if (pool.type === "adaptive") asked.push("pool.type: adaptive");
  if (asked.length === 0) return;
  throw new UnsupportedError(
    `${at(entry.at)}: ${entry.id} asks for what is not supported yet: ${asked.join(", ")}`,
  );
}
