/**
 * The kinds of entries: which work, which others do, and which are misspelt.
 *
 * @module
 */

import { distance } from "./nearest.ts";

/** The kinds that work. */
export const SUPPORTED_KINDS = [
  "function.wasm",
  "process.wasm",
  "function.wat",
  "fs.directory",
  "env.variable",
  "env.storage.memory",
  "env.storage.os",
  "env.storage.static",
  "env.storage.file",
  "env.storage.router",
  "http.service",
  "http.router",
  "http.endpoint",
  "http.static",
  "process.host",
  "terminal.host",
  "process.service",
] as const;

/** A kind that works. */
export type Kind = typeof SUPPORTED_KINDS[number];

/** Kinds of the format that belong to other languages and services. */
export const OTHER_KINDS = [
  "function.lua",
  "function.lua.bc",
  "process.lua",
  "process.lua.bc",
  "workflow.lua",
  "workflow.lua.bc",
  "library.lua",
  "library.lua.bc",
  "fs.embed",
  "registry.entry",
] as const;

/** How many characters two kinds may differ in for one to be the other, misspelt. More, and it is another kind. */
const SLIP = 2;

/**
 * What to do with an entry of this kind.
 *
 * The original runtime ignores kinds that nobody has registered, and so an application may hold entries for whatever else
 * there is. They are skipped here too, with a warning; but a kind that is all but one that works is an error: a misspelt
 * `function.wsam` would otherwise vanish, and what names it would be told of another mistake.
 */
export function kindStatus(kind: string): "supported" | "skipped" | "misspelt" {
  if (isKind(kind)) return "supported";
  return meantKind(kind) === undefined ? "skipped" : "misspelt";
}

/** Whether a kind works. */
export function isKind(kind: string): kind is Kind {
  return (SUPPORTED_KINDS as readonly string[]).includes(kind);
}

/** The kind that a misspelt one was meant to be. */
export function meantKind(kind: string): string | undefined {
  const known: readonly string[] = [...SUPPORTED_KINDS, ...OTHER_KINDS];
  if (known.includes(kind)) return undefined;
  const lower = kind.toLowerCase();
  return known.find((name) => Math.abs(name.length - lower.length) <= SLIP && distance(lower, name) <= SLIP);
}
