/**
 * The shapes of `env.*`.
 *
 * @module
 */

import * as v from "valibot";
import { about, flag, id, lazy, MAP, text } from "./common.ts";

/** The fields of `env.storage.memory` and `env.storage.os`: none. */
export const bareStorageSchema = lazy(() => v.object({}, MAP));

/** The fields of `env.storage.static`. */
export const staticStorageSchema = lazy(() =>
  v.object({
    values: v.optional(v.pipe(v.record(text, text, MAP), about("the values by key"))),
  }, MAP)
);

/** The fields of `env.storage.file`. */
export const fileStorageSchema = lazy(() => {
  const BITS = "must be permission bits, like 0644";
  const bits = v.pipe(v.number(BITS), v.integer(BITS), v.minValue(0, BITS));
  return v.object({
    file_path: v.pipe(
      text,
      v.regex(/^[^\0]+$/, "must be the name of a file"),
      about("the file of KEY=VALUE lines, relative to the project root"),
    ),
    auto_create: v.optional(v.pipe(flag, about("whether a first write creates the file"))),
    file_mode: v.optional(v.pipe(bits, about("permission bits of a file that is created"))),
    dir_mode: v.optional(v.pipe(bits, about("permission bits of directories that are created"))),
  }, MAP);
});

/** The fields of `env.storage.router`. */
export const routerStorageSchema = lazy(() =>
  v.object({
    storages: v.pipe(
      v.array(id, "must be a list of ids"),
      v.minLength(1, "must name at least one env.storage.* entry"),
      about("the env.storage.* entries to look in, in order"),
    ),
  }, MAP)
);

/** The fields of `env.variable`. */
export const variableSchema = lazy(() =>
  v.object({
    variable: v.optional(v.pipe(
      text,
      v.regex(/^[A-Za-z0-9_]*$/, "must be letters, digits and underscores"),
      about("its public name, which is its key in the storage; by default its id"),
    )),
    storage: v.pipe(id, about("the env.storage.* entry that holds its value")),
    default: v.optional(v.pipe(text, about("its value where the storage has none"))),
    readonly: v.optional(v.pipe(flag, about("whether nothing may write it"))),
  }, MAP)
);
