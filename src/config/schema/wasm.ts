/**
 * The shape of `function.wasm`, `process.wasm` and `function.wat`.
 *
 * @module
 */

import * as v from "valibot";
import { about, count, filled, flag, ID, id, lazy, MAP, text, texts } from "./common.ts";

const pool = lazy(() =>
  v.object({
    type: v.optional(
      v.picklist(["", "inline", "lazy", "static", "adaptive"], "must be a known type of pool"),
    ),
    size: v.optional(v.pipe(count, about("workers of a static pool that does not say how many"))),
    workers: v.optional(v.pipe(count, about("how many calls a static pool runs at once; needs a size"))),
    buffer: v.optional(v.pipe(count, about("how many calls a static pool queues before callers wait"))),
    max_size: v.optional(v.pipe(count, about("how many calls a lazy or adaptive pool runs at most"))),
    warm_start: v.optional(v.pipe(flag, about("whether instances are made before the first call"))),
    worker_class: v.optional(v.pipe(text, about("a class of workers that are processes of their own"))),
  }, MAP)
);

const limits = lazy(() =>
  v.object({
    max_execution_ms: v.optional(v.pipe(count, about("time limit of one call; 0 or absent: none"))),
    max_memory_bytes: v.optional(v.pipe(count, about("all memories of one instance together"))),
  }, MAP)
);

const env = lazy(() =>
  v.object({
    id: v.pipe(id, about("the env.variable entry")),
    // One pattern a field: JSON Schema has room for no more.
    name: v.pipe(
      text,
      v.regex(/^[^=\0]*[^=\0\s][^=\0]*$/, "must be a name, not blank and without ="),
      about("the name that the guest sees"),
    ),
    required: v.optional(v.pipe(flag, about("whether a call fails where it has no value"))),
  }, MAP)
);

const mount = lazy(() =>
  v.object({
    fs: v.pipe(id, about("the fs.directory entry to mount")),
    guest: v.pipe(
      text,
      v.regex(/^\s*\//, 'must be an absolute guest path, like "/data"'),
      about("the absolute path under which the guest sees it"),
    ),
    read_only: v.optional(v.pipe(flag, about("whether the guest may only read it"))),
  }, MAP)
);

const wasi = lazy(() =>
  v.object({
    args: v.optional(v.pipe(texts, about("what the guest reads as its arguments"))),
    cwd: v.optional(v.pipe(
      text,
      v.regex(/^(?:\/[\s\S]*)?$/, 'must be an absolute guest path, like "/data"'),
      about("the guest's working directory, by default /"),
    )),
    env: v.optional(v.pipe(v.array(env(), "must be a list"), about("the guest's whole environment"))),
    mounts: v.optional(
      v.pipe(v.array(mount(), "must be a list"), about("all directories that the guest sees")),
    ),
    network: v.optional(v.object({
      allow: v.optional(v.pipe(texts, about("hosts and ports that the guest may reach"))),
      private: v.optional(v.pipe(flag, about("whether names may resolve to private addresses"))),
    }, MAP)),
  }, MAP)
);

const call = lazy(() => ({
  method: v.pipe(filled, about("the export to call")),
  wit: v.optional(v.pipe(text, about("the signatures of a core module's exports"))),
  transport: v.optional(v.pipe(
    v.picklist(["", "payload", "wasi-http"], "must be a known transport"),
    about("how a caller's input becomes arguments, by default payload"),
  )),
  imports: v.optional(v.pipe(
    v.array(v.union([text, id], ID), "must be a list of names"),
    about("packages of host functions that the guest may use"),
  )),
  pool: v.optional(v.pipe(pool(), about("how many calls run at once"))),
  limits: v.optional(limits()),
  wasi: v.optional(v.pipe(wasi(), about("what the guest sees of the world"))),
  isolation: v.optional(v.pipe(
    v.picklist(["auto", "process", "inline"], "must be a known isolation"),
    about("which process it runs in, by default auto"),
  )),
  require: v.optional(v.pipe(
    v.array(v.picklist(["deno", "os"], "must be a wall"), "must be a list"),
    about("walls without which the entry does not run"),
  )),
  strict: v.optional(v.pipe(flag, about("whether an undeclared import is a load error"))),
  allow_system: v.optional(v.pipe(flag, about("whether mounts may show /, /proc, /sys or /dev"))),
}));

/** The fields of `function.wasm` and `process.wasm`. */
export const wasmSchema = lazy(() =>
  v.object({
    fs: v.pipe(id, about("the fs.directory entry that holds the module")),
    path: v.pipe(filled, about("the module's file inside fs")),
    hash: v.pipe(
      filled,
      v.regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 lower-case hexadecimal digits"),
      about("sha256: and the module's digest, 64 lower-case hexadecimal digits"),
    ),
    ...call(),
  }, MAP)
);

/** The fields of `function.wat`. */
export const watSchema = lazy(() =>
  v.object({
    source: v.pipe(filled, about("the module's text, or the file:// that holds it")),
    ...call(),
  }, MAP)
);

/** `meta.command` of a process: the name under which the command line runs it. */
export const commandSchema = lazy(() =>
  v.object({
    name: v.pipe(filled, about("the name of the command")),
    short: v.optional(v.pipe(text, about("one line of help"))),
    main: v.optional(v.pipe(flag, about("whether it is the application's main command"))),
    use_case: v.optional(text),
  }, MAP)
);

/** What `wasmSchema` lets through, without what names the module. */
export type CallFields = Omit<WasmFields, "fs" | "path" | "hash">;

/** What `wasmSchema` lets through. */
export type WasmFields = v.InferOutput<ReturnType<typeof wasmSchema>>;
