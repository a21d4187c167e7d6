/**
 * The shape of `fs.directory`.
 *
 * @module
 */

import * as v from "valibot";
import { about, filled, flag, lazy, MAP, text } from "./common.ts";

/** The fields of `fs.directory`. */
export const directorySchema = lazy(() =>
  v.object({
    directory: v.pipe(filled, about("the directory on the host, relative to the project root")),
    auto_init: v.optional(v.pipe(flag, about("whether to create the directory where it is missing"))),
    mode: v.optional(v.pipe(
      v.string('must be a string of octal digits in quotes, like "0755"'),
      v.regex(/^(?:0*[0-7]{1,4})?$/, 'must be octal digits, like "0755"'),
      about('permission bits that no access exceeds, in quotes, by default "0755"'),
    )),
    base: v.optional(v.pipe(
      v.picklist(["", "project", "module"], "must be a known base"),
      about("what a relative directory is relative to: by default the entry's module, where it has one"),
    )),
    type: v.optional(text),
  }, MAP)
);
