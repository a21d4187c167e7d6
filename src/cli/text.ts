/**
 * Modules that are named on the command line and may be text.
 *
 * @module
 */
import type { GuestSpec } from "../compartment/spec.ts";
import { moduleFile } from "./compartment_options.ts";
import { UsageError } from "./exit_code.ts";
import { readWasm } from "./input.ts";

/**
 * Where a module is: in a file, or in a text, which the name of its file tells.
 *
 * @throws {UsageError} If it cannot be read.
 */
export async function fileOrText(file: string): Promise<Pick<GuestSpec, "file" | "source">> {
  const path = moduleFile(file);
  return isText(file) ? { file, source: await readText(file) } : { file: path };
}

/**
 * The bytes of a module, of the text where its file is one.
 *
 * @throws {UsageError} If it cannot be read.
 * @throws {WatError} If the text says none.
 */
export async function moduleBytes(file: string): Promise<Uint8Array<ArrayBuffer>> {
  if (!isText(file)) return await readWasm(file);
  const { moduleOfText } = await import("../compartment/wat.ts");
  return await moduleOfText(await readText(file), file);
}

/** Whether a file has the text of a module in it, by its name. */
export function isText(file: string): boolean {
  return file.toLowerCase().endsWith(".wat");
}

/**
 * The text of a module.
 *
 * @throws {UsageError} If it cannot be read, or is none.
 */
export async function readText(file: string): Promise<string> {
  const bytes = await readWasm(file);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${file} is no text: it is not valid UTF-8`);
  }
}
