/**
 * Guests that are given as text: made modules before they go anywhere. A guest's process is told the bytes, and needs
 * neither the text nor what reads it.
 *
 * @module
 */
import { ConfigError } from "../config/issue.ts";
import type { GuestSpec } from "./spec.ts";

/**
 * A spec without text: its `bytes` are what the text says.
 *
 * @param spec Any guest; one that is no text is returned as it is.
 * @throws {ConfigError} If the text is wrong, and a file declares it.
 * @throws {WatError} If the text is wrong, and is a file of its own.
 */
export async function withModule(spec: GuestSpec): Promise<GuestSpec> {
  const { source, where, grant, file } = spec;
  if (source === undefined) return spec;
  const { WatError } = await import("../preview1/error.ts");
  try {
    return { ...spec, source: undefined, bytes: await moduleOfText(source, where ? "source" : file) };
  } catch (error) {
    if (!(error instanceof WatError) || where === undefined) throw error;
    const message = `${grant.holder}: ${error.message}`;
    throw new ConfigError([{ ...where.file, code: "value", severity: "error", message }]);
  }
}

/**
 * The core module that a text says.
 *
 * @param text The text.
 * @param name What to call it, in front of the place of an error.
 * @throws {WatError} If it says none.
 */
export async function moduleOfText(text: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const [{ parseWat }, { WatError }] = await Promise.all([
    import("../preview1/wat.ts"),
    import("../preview1/error.ts"),
  ]);
  try {
    return await parseWat(text);
  } catch (error) {
    if (error instanceof WatError) {
      const { line, column } = error;
      error.message = `${name}${line === undefined ? "" : `:${line}:${column}`}: ${error.message}`;
    }
    throw error;
  }
}
