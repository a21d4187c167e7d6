/**
 * The shapes of what processes run on, and of processes that start by themselves.
 *
 * @module
 */

import * as v from "valibot";
import { about, count, flag, id, lazy, lifecycle, MAP } from "./common.ts";

/** The fields of `process.host`. */
export const processHostSchema = lazy(() =>
  v.object({
    host: v.optional(v.object({
      workers: v.optional(
        v.pipe(count, about("how many processes run at once; 0 or absent: as many as there are")),
      ),
      queue_size: v.optional(v.pipe(count, about("how many more may wait, by default 1024"))),
      local_queue_size: v.optional(
        v.pipe(count, about("part of the original's scheduler; it has no meaning here")),
      ),
    }, MAP)),
    lifecycle: v.optional(lifecycle()),
  }, MAP)
);

/** The fields of `terminal.host`. */
export const terminalHostSchema = lazy(() =>
  v.object({
    hide_logs: v.optional(v.pipe(flag, about("whether nothing but the process writes to the terminal"))),
    lifecycle: v.optional(lifecycle()),
  }, MAP)
);

/** The fields of `process.service`. */
export const processServiceSchema = lazy(() =>
  v.object({
    process: v.pipe(id, about("the process.wasm entry to start")),
    host: v.pipe(id, about("the process.host or terminal.host entry that it runs on")),
    input: v.optional(
      v.pipe(v.array(v.unknown(), "must be a list"), about("what the process is called with")),
    ),
    lifecycle: v.optional(lifecycle()),
  }, MAP)
);
