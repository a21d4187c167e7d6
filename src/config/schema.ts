/**
 * The shape of every supported kind, as data: checked on load, and the source of the JSON Schema.
 *
 * A message is the rest of a sentence that begins with the field's name. What one field says about another
 * is in `rules.ts`.
 *
 * @module
 */

import * as v from "valibot";

const MAP = "must be a map";

/** What a field is for: said where it is missing, and shown by editors. */
const about = v.description;

const text = v.string("must be a string");
const filled = v.pipe(text, v.minLength(1, "must not be empty"));
const flag = v.boolean("must be true or false");
const count = v.pipe(
  v.number("must be a whole number"),
  v.integer("must be a whole number"),
  v.minValue(0, "must be 0 or more"),
  v.maxValue(Number.MAX_SAFE_INTEGER, `must be ${Number.MAX_SAFE_INTEGER} or less`),
);
const texts = v.array(text, "must be a list of strings");

const ID = "must be an id: namespace:name, or {ns, name}";
const id = v.union([
  v.pipe(text, v.regex(/^(?:[^:]*:[\s\S]+|[^:]+)$/, `${ID}; the name is missing`)),
  v.object({ ns: v.optional(text), name: filled }, MAP),
], ID);

const pool = v.object({
  type: v.optional(
    v.picklist(["", "inline", "lazy", "static", "adaptive"], "must be a known type of pool"),
  ),
  size: v.optional(count),
  workers: v.optional(count),
  buffer: v.optional(count),
  max_size: v.optional(count),
  warm_start: v.optional(flag),
  worker_class: v.optional(text),
}, MAP);

const limits = v.object({
  max_execution_ms: v.optional(v.pipe(count, about("time limit of one call; 0 or absent: none"))),
  max_memory_bytes: v.optional(v.pipe(count, about("all memories of one instance together"))),
}, MAP);

const wasi = v.object({
  args: v.optional(v.pipe(texts, about("what the guest reads as its arguments"))),
  cwd: v.optional(
    v.pipe(text, v.regex(/^(?:\/[\s\S]*)?$/, 'must be an absolute guest path, like "/data"')),
  ),
  env: v.optional(v.array(
    v.object({
      id: v.pipe(id, about("the env.variable entry")),
      // One pattern a field: JSON Schema has room for no more.
      name: v.pipe(
        text,
        v.regex(/^[^=\0]*[^=\0\s][^=\0]*$/, "must be a name, not blank and without ="),
        about("the name that the guest sees"),
      ),
      required: v.optional(flag),
    }, MAP),
    "must be a list",
  )),
  mounts: v.optional(v.array(
    v.object({
      fs: v.pipe(id, about("the fs.directory entry to mount")),
      guest: v.pipe(
        text,
        v.regex(/^\s*\//, 'must be an absolute guest path, like "/data"'),
        about("the absolute path under which the guest sees it"),
      ),
      read_only: v.optional(flag),
    }, MAP),
    "must be a list",
  )),
  network: v.optional(v.object({
    allow: v.optional(v.pipe(texts, about("hosts and ports that the guest may reach"))),
    private: v.optional(v.pipe(flag, about("whether names may resolve to private addresses"))),
  }, MAP)),
}, MAP);

const wasmEntries = {
  fs: v.pipe(id, about("the fs.directory entry that holds the module")),
  path: v.pipe(filled, about("the module's file inside fs")),
  hash: v.pipe(
    filled,
    v.regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 lower-case hexadecimal digits"),
    about("sha256: and the module's digest, 64 lower-case hexadecimal digits"),
  ),
  method: v.pipe(filled, about("the export to call")),
  wit: v.optional(v.pipe(text, about("the signatures of a core module's exports"))),
  transport: v.optional(v.picklist(["", "payload", "wasi-http"], "must be a known transport")),
  imports: v.optional(v.array(v.union([text, id], ID), "must be a list of names")),
  pool: v.optional(pool),
  limits: v.optional(limits),
  wasi: v.optional(wasi),
  isolation: v.optional(v.picklist(["auto", "process", "inline"], "must be a known isolation")),
  require: v.optional(v.pipe(
    v.array(v.picklist(["deno", "os"], "must be a wall"), "must be a list"),
    about("walls without which the entry does not run"),
  )),
  strict: v.optional(v.pipe(flag, about("whether an undeclared import is a load error"))),
  allow_system: v.optional(v.pipe(flag, about("whether mounts may show /, /proc, /sys or /dev"))),
};

const directoryEntries = {
  directory: v.pipe(filled, about("the directory on the host, relative to the project root")),
  auto_init: v.optional(v.pipe(flag, about("whether to create the directory where it is missing"))),
  mode: v.optional(v.pipe(
    v.string('must be a string of octal digits in quotes, like "0755"'),
    v.regex(/^(?:0*[0-7]{1,4})?$/, 'must be octal digits, like "0755"'),
  )),
  base: v.optional(v.picklist(["", "project", "module"], "must be a known base")),
  type: v.optional(text),
};

const BITS = "must be permission bits, like 0644";
const bits = v.pipe(v.number(BITS), v.integer(BITS), v.minValue(0, BITS));

const fileStorageEntries = {
  file_path: v.pipe(
    text,
    v.regex(/^[^\0]+$/, "must be the name of a file"),
    about("the file of KEY=VALUE lines, relative to the project root"),
  ),
  auto_create: v.optional(v.pipe(flag, about("whether a first write creates the file"))),
  file_mode: v.optional(v.pipe(bits, about("permission bits of a file that is created"))),
  dir_mode: v.optional(v.pipe(bits, about("permission bits of directories that are created"))),
};

const variableEntries = {
  variable: v.optional(v.pipe(
    text,
    v.regex(/^[A-Za-z0-9_]*$/, "must be letters, digits and underscores"),
    about("its public name, which is its key in the storage; by default its id"),
  )),
  storage: v.pipe(id, about("the env.storage.* entry that holds its value")),
  default: v.optional(v.pipe(text, about("its value where the storage has none"))),
  readonly: v.optional(v.pipe(flag, about("whether nothing may write it"))),
};

/** The fields of `function.wasm` and `process.wasm`. */
export const wasmSchema = v.object(wasmEntries, MAP);

/** The fields of `fs.directory`. */
export const directorySchema = v.object(directoryEntries, MAP);

/** The fields of `env.storage.memory` and `env.storage.os`: none. */
export const bareStorageSchema = v.object({}, MAP);

/** The fields of `env.storage.static`. */
export const staticStorageSchema = v.object({
  values: v.optional(v.pipe(v.record(text, text, MAP), about("the values by key"))),
}, MAP);

/** The fields of `env.storage.file`. */
export const fileStorageSchema = v.object(fileStorageEntries, MAP);

/** The fields of `env.storage.router`. */
export const routerStorageSchema = v.object({
  storages: v.pipe(
    v.array(id, "must be a list of ids"),
    v.minLength(1, "must name at least one env.storage.* entry"),
    about("the env.storage.* entries to look in, in order"),
  ),
}, MAP);

/** The fields of `env.variable`. */
export const variableSchema = v.object(variableEntries, MAP);

/** `meta.command` of a process: the name under which the command line runs it. */
export const commandSchema = v.object({
  name: v.pipe(filled, about("the name of the command")),
  short: v.optional(v.pipe(text, about("one line of help"))),
  main: v.optional(flag),
  use_case: v.optional(text),
}, MAP);

/** What `wasmSchema` lets through. */
export type WasmFields = v.InferOutput<typeof wasmSchema>;

/** What `directorySchema` lets through. */
export type DirectoryFields = v.InferOutput<typeof directorySchema>;

/** What `commandSchema` lets through. */
export type CommandFields = v.InferOutput<typeof commandSchema>;
