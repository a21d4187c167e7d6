/**
 * The kinds of entries: which work, which are known but not supported yet, and which are misspelt.
 *
 * @module
 */

/** The kinds that work. */
export const SUPPORTED_KINDS = [
  "function.wasm",
  "process.wasm",
  "fs.directory",
  "env.variable",
  "env.storage.memory",
  "env.storage.os",
  "env.storage.static",
  "env.storage.file",
  "env.storage.router",
] as const;

/** A kind that works. */
export type Kind = typeof SUPPORTED_KINDS[number];

/** Kinds of the format that are not supported yet, or that belong to other languages and services. */
const KNOWN_KINDS = [
  "function.wat",
  "function.lua",
  "function.lua.bc",
  "process.lua",
  "process.lua.bc",
  "process.host",
  "process.service",
  "workflow.lua",
  "workflow.lua.bc",
  "library.lua",
  "library.lua.bc",
  "terminal.host",
  "fs.embed",
  "http.service",
  "http.router",
  "http.endpoint",
  "http.static",
  "registry.entry",
] as const;

/** Families of which only the first part is known; they grow with every service of the original runtime. */
const KNOWN_FAMILIES = [
  "registry.",
  "module.",
  "template.",
  "queue.",
  "db.",
  "sql.",
  "contract.",
  "ns.",
  "security.",
  "store.",
  "cloudstorage.",
  "config.",
  "exec.",
  "temporal.",
  "events.",
] as const;

/** Every name that a misspelt kind may have meant. */
export const ALL_KINDS: readonly string[] = [...SUPPORTED_KINDS, ...KNOWN_KINDS];

/**
 * What to do with an entry of this kind.
 *
 * A kind that nobody knows is an error even though the original runtime ignores some: a misspelt
 * `function.wsam` would otherwise vanish without a word. Kinds known to the format are skipped with a
 * warning, so that a file which also declares Lua functions or databases still loads.
 */
export function kindStatus(kind: string): "supported" | "skipped" | "unknown" {
  if ((SUPPORTED_KINDS as readonly string[]).includes(kind)) return "supported";
  if ((KNOWN_KINDS as readonly string[]).includes(kind)) return "skipped";
  return KNOWN_FAMILIES.some((family) => kind.startsWith(family) && kind.length > family.length)
    ? "skipped"
    : "unknown";
}
