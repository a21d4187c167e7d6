/**
 * What the shapes of several kinds have in common.
 *
 * A message is the rest of a sentence that begins with the field's name. What one field says about another is in the rules of
 * the kind.
 *
 * @module
 */

import * as v from "valibot";
import { DURATION } from "../duration.ts";

/** A shape that is made when an entry first needs it: a file has few kinds, and a start waits for each that is made. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** What a map is told that is none. */
export const MAP = "must be a map";

/** What a field is for: said where it is missing, and shown by editors. */
export const about = v.description;

/** A string. */
export const text = v.string("must be a string");

/** A string with something in it. */
export const filled = v.pipe(text, v.minLength(1, "must not be empty"));

/** True or false. */
export const flag = v.boolean("must be true or false");

/** A whole number, 0 or more. */
export const count = v.pipe(
  v.number("must be a whole number"),
  v.integer("must be a whole number"),
  v.minValue(0, "must be 0 or more"),
  v.maxValue(Number.MAX_SAFE_INTEGER, `must be ${Number.MAX_SAFE_INTEGER} or less`),
);

/** Strings. */
export const texts = v.array(text, "must be a list of strings");

/** What an id is told that is none. */
export const ID = "must be an id: namespace:name, or {ns, name}";

/** The id of an entry. */
export const id = v.union([
  v.pipe(text, v.regex(/^(?:[^:]*:[\s\S]+|[^:]+)$/, `${ID}; the name is missing`)),
  v.object({ ns: v.optional(text), name: filled }, MAP),
], ID);

const LENGTH = 'must be a duration of 0 or more, like "500ms" or "1m30s"';

/** A length of time as Go writes it; 0 needs no unit. */
export const duration = v.union([v.pipe(text, v.regex(DURATION, LENGTH)), v.literal(0, LENGTH)], LENGTH);

/** `lifecycle` of what is started and stopped. */
export const lifecycle = lazy(() => {
  const share = v.pipe(
    v.number("must be a number"),
    v.minValue(0, "must be 0 or more"),
    v.maxValue(1, "must be 1 or less"),
  );
  // 0 stands for the standard, as it does everywhere below a lifecycle.
  const factor = v.union(
    [v.pipe(v.number("must be a number"), v.minValue(1, "must be 1 or more")), v.literal(0)],
    "must be a number, 1 or more",
  );
  return v.object({
    auto_start: v.optional(
      v.pipe(flag, about("whether it starts with the application; otherwise it never does")),
    ),
    start_timeout: v.optional(v.pipe(duration, about("how long a start may take, by default 10s"))),
    stop_timeout: v.optional(v.pipe(duration, about("how long a stop may take, by default 10s"))),
    stable_threshold: v.optional(
      v.pipe(duration, about("after how long it counts as started for good, by default 5s")),
    ),
    requires: v.optional(
      v.pipe(v.array(id, "must be a list of ids"), about("services that must run before it")),
    ),
    depends_on: v.optional(
      v.pipe(v.array(id, "must be a list of ids"), about("the older name of requires; both count")),
    ),
    startup: v.optional(v.pipe(text, about("optional: the application goes on where this fails to start"))),
    security: v.optional(v.unknown()),
    restart: v.optional(v.object({
      initial_delay: v.optional(v.pipe(duration, about("before the first new start, by default 1s"))),
      max_delay: v.optional(v.pipe(duration, about("the longest delay, by default 90s"))),
      backoff_factor: v.optional(v.pipe(factor, about("what each delay is multiplied by, by default 2.0"))),
      jitter: v.optional(v.pipe(share, about("share by which a delay varies at random, by default 0.1"))),
      max_attempts: v.optional(v.pipe(count, about("new starts before it is given up; 0: no end"))),
    }, MAP)),
  }, MAP);
});

/** What `lifecycle` lets through. */
export type LifecycleFields = v.InferOutput<ReturnType<typeof lifecycle>>;
