/**
 * Guests that are given as text: made modules before they go anywhere. A guest's process is told the bytes, and needs
 * neither the text nor what reads it.
 *
 * @module
 */
import { ConfigError } from "../config/issue.ts";
import { placeIn } from "../config/position.ts";
import type { WatError } from "../preview1/error.ts";
import { NOT_TOLD } from "./error.ts";
import type { GuestSpec } from "./spec.ts";

/**
 * A spec without text: its `bytes` are what the text says.
 *
 * @param spec Any guest; one that is no text is returned as it is.
 * @throws {ConfigError} If the text is wrong, and a file declares it.
 * @throws {WatError} If the text is wrong, and is a file of its own.
 * @throws {UnsupportedError} If what reads it cannot be loaded.
 */
export async function withModule(spec: GuestSpec): Promise<GuestSpec> {
  const { source, lines, concealed, where, grant, file } = spec;
  if (source === undefined) return spec;
  const { WatError } = await import("../preview1/error.ts");
  try {
    return {
      ...spec,
      source: undefined,
      lines: undefined,
      bytes: await bytesOfText(source),
    };
  } catch (error) {
    if (!(error instanceof WatError)) throw error;
    if (where === undefined) throw named(error, file);
    if (concealed) error.message = `cannot be read; ${NOT_TOLD}`;
    const { line, column } = error;
    const place = lines && line && column ? placeIn(lines, { line, column }) : undefined;
    const message = `${grant.holder}: ${(place ? error : named(error, "source")).message}`;
    throw new ConfigError([{ ...place ?? where.file, code: "value", severity: "error", message }]);
  }
}

/**
 * The module or component that a text says.
 *
 * @param text The text.
 * @param name What to call it, in front of the place of an error.
 * @throws {WatError} If it says none.
 * @throws {UnsupportedError} If what reads it cannot be loaded.
 */
export async function moduleOfText(text: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const { WatError } = await import("../preview1/error.ts");
  try {
    return await bytesOfText(text);
  } catch (error) {
    throw error instanceof WatError ? named(error, name) : error;
  }
}

async function bytesOfText(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const { isComponentText } = await import("../config/component_text.ts");
  if (isComponentText(text)) return await (await import("./component_text.ts")).parseComponent(text);
  return await (await import("../preview1/wat.ts")).parseWat(text);
}

/** The error, with its place in front of it. */
function named(error: WatError, name: string): WatError {
  const { line, column } = error;
  error.message = `${name}${line === undefined ? "" : `:${line}:${column}`}: ${error.message}`;
  return error;
}
