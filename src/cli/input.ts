/**
 * Files that are named on the command line.
 *
 * @module
 */
import { reasonOf } from "../registry/files.ts";
import { checkRead } from "../registry/permitted.ts";
import { UsageError } from "./exit_code.ts";

/**
 * Reads a module.
 *
 * @throws {UsageError} If it cannot be read.
 */
export async function readWasm(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    checkRead(file);
    return await Deno.readFile(file);
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${reasonOf(error)}`);
  }
}
